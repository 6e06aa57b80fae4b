package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

func batchNorm(s isa) {
	normalize(s)
	normalizeGradient(s)
	moments(s)
}

// normalize writes (x - mean) slope + shift, or its positive part, for rows that are rowBytes apart.
func normalize(s isa) {
	s.text("normalize", "func(y, x *float32, rowBytes uintptr, rows int, mean, slope, shift *float32, vectors, relu int)")
	y, x := param("y"), param("x")
	mean, slope, shift := param("mean"), param("slope"), param("shift")
	floor := reluFloor(s)
	eachRow(s, []reg.GPVirtual{y, x}, func(offset reg.GPVirtual) {
		d := s.load(indexed(x, offset))
		VSUBPS(indexed(mean, offset), d, d)
		f := s.load(indexed(slope, offset))
		VFMADD213PS(indexed(shift, offset), d, f)
		VMAXPS(f, floor, f) // NaN stays NaN
		VMOVUPS(f, indexed(y, offset))
	})
}

// passed returns dy where the output, d slope + shift with d = x - mean, was positive or NaN, else 0.
func passed(s isa, dy, d vec, slope, shift Mem, zero vec) vec {
	y := s.load(slope)
	VFMADD213PS(shift, d, y)
	return s.choose(s.compare(notLessOrEqual, zero, y), dy)
}

// normalizeGradient writes g factor + (x - mean) tilt + lift for rows that are rowBytes apart, where g is
// what passed of dy.
func normalizeGradient(s isa) {
	s.text("normalizeGradient", "func(dx, dy, x *float32, rowBytes uintptr, rows int, mean, slope, shift, factor, tilt, lift *float32, vectors int)")
	dx, dy, x := param("dx"), param("dy"), param("x")
	mean, slope, shift := param("mean"), param("slope"), param("shift")
	factor, tilt, lift, zero := param("factor"), param("tilt"), param("lift"), s.zero()
	eachRow(s, []reg.GPVirtual{dx, dy, x}, func(offset reg.GPVirtual) {
		d := s.load(indexed(x, offset))
		VSUBPS(indexed(mean, offset), d, d)
		g := passed(s, s.load(indexed(dy, offset)), d, indexed(slope, offset), indexed(shift, offset), zero)
		f := s.load(indexed(tilt, offset))
		VFMADD213PS(indexed(lift, offset), d, f)
		VFMADD231PS(indexed(factor, offset), g, f)
		VMOVUPS(f, indexed(dx, offset))
	})
}

// eachRow repeats body for every vector of every row, given how far into the row it is, and ends the
// function. It moves the maps on by a row at a time.
func eachRow(s isa, maps []reg.GPVirtual, body func(offset reg.GPVirtual)) {
	offset := GP64()
	countdown(param("rows"), func() {
		XORQ(offset, offset)
		countdown(param("vectors"), func() {
			body(offset)
			s.advance(offset)
		})
		for _, m := range maps {
			ADDQ(param("rowBytes"), m)
		}
	})
	ret()
}

func indexed(base, offset reg.GPVirtual) Mem { return Mem{Base: base, Index: offset, Scale: 1} }

// moments writes, for each channel, the sums of g and of g (b - mean) over rows that are rowBytes apart,
// where g is what passed of a.
func moments(s isa) {
	s.text("moments", "func(a, b *float32, rowBytes uintptr, rows int, mean, slope, shift *float32, sums, products *float64, vectors int)")
	a, b, mean, slope, shift := param("a"), param("b"), param("mean"), param("slope"), param("shift")
	sums, products, rowBytes := param("sums"), param("products"), param("rowBytes")
	zero := s.zero()
	countdown(param("vectors"), func() {
		p, q := clone(a), clone(b)
		sum, product := [2]vec{s.zero(), s.zero()}, [2]vec{s.zero(), s.zero()}
		countdown(param("rows"), func() {
			d := s.load(at(q, 0))
			VSUBPS(at(mean, 0), d, d)
			g := s.halves(passed(s, s.load(at(p, 0)), d, at(slope, 0), at(shift, 0), zero))
			for half, f := range s.halves(d) {
				VADDPD(g[half], sum[half], sum[half])
				VFMADD231PD(g[half], f, product[half])
			}
			ADDQ(rowBytes, p)
			ADDQ(rowBytes, q)
		})
		for half := range 2 {
			VMOVUPD(sum[half], at(sums, half*s.bytes))
			VMOVUPD(product[half], at(products, half*s.bytes))
		}
		s.advance(a, b, mean, slope, shift, sums, sums, products, products)
	})
	ret()
}

// halves returns the lower and the upper half of a vector as double precision.
func (s isa) halves(x vec) [2]vec {
	low, high, upper := s.vec(), s.vec(), s.half()
	if s.bytes == 64 {
		VEXTRACTF64X4(Imm(1), x, upper)
		VCVTPS2PD(x.AsY(), low)
	} else {
		VEXTRACTF128(Imm(1), x, upper)
		VCVTPS2PD(x.AsX(), low)
	}
	VCVTPS2PD(upper, high)
	return [2]vec{low, high}
}

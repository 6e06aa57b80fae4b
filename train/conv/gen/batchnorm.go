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

// normalize writes (x - mean) slope + shift for rows that are rowBytes apart.
func normalize(s isa) {
	s.text("normalize", "func(y, x *float32, rowBytes uintptr, rows int, mean, slope, shift *float32, vectors int)")
	y, x := param("y"), param("x")
	mean, slope, shift := param("mean"), param("slope"), param("shift")
	eachRow(s, []reg.GPVirtual{y, x}, func(offset reg.GPVirtual) {
		d := s.load(indexed(x, offset))
		VSUBPS(indexed(mean, offset), d, d)
		f := s.load(indexed(slope, offset))
		VFMADD213PS(indexed(shift, offset), d, f)
		VMOVUPS(f, indexed(y, offset))
	})
}

// normalizeGradient writes dy slope + (x - mean) tilt + shift for rows that are rowBytes apart.
func normalizeGradient(s isa) {
	s.text("normalizeGradient", "func(dx, dy, x *float32, rowBytes uintptr, rows int, mean, slope, tilt, shift *float32, vectors int)")
	dx, dy, x := param("dx"), param("dy"), param("x")
	mean, slope, tilt, shift := param("mean"), param("slope"), param("tilt"), param("shift")
	eachRow(s, []reg.GPVirtual{dx, dy, x}, func(offset reg.GPVirtual) {
		d := s.load(indexed(x, offset))
		VSUBPS(indexed(mean, offset), d, d)
		f := s.load(indexed(tilt, offset))
		VFMADD213PS(indexed(shift, offset), d, f)
		g := s.load(indexed(dy, offset))
		VFMADD231PS(indexed(slope, offset), g, f)
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

// moments writes, for each channel, the sums of a and of a (b - mean) over rows that are rowBytes apart.
func moments(s isa) {
	s.text("moments", "func(a, b *float32, rowBytes uintptr, rows int, mean *float32, sums, products *float64, vectors int)")
	a, b, mean := param("a"), param("b"), param("mean")
	sums, products, rowBytes := param("sums"), param("products"), param("rowBytes")
	countdown(param("vectors"), func() {
		p, q := clone(a), clone(b)
		sum, product := [2]vec{s.zero(), s.zero()}, [2]vec{s.zero(), s.zero()}
		countdown(param("rows"), func() {
			for half := range 2 {
				part := func(base reg.Register) Mem { return at(base, half*s.bytes/2) }
				x, d, y := s.vec(), s.half(), s.vec()
				VCVTPS2PD(part(p), x)
				VMOVUPS(part(q), d)
				VSUBPS(part(mean), d, d)
				VCVTPS2PD(d, y)
				VADDPD(x, sum[half], sum[half])
				VFMADD231PD(x, y, product[half])
			}
			ADDQ(rowBytes, p)
			ADDQ(rowBytes, q)
		})
		for half := range 2 {
			VMOVUPD(sum[half], at(sums, half*s.bytes))
			VMOVUPD(product[half], at(products, half*s.bytes))
		}
		s.advance(a, b, mean, sums, sums, products, products)
	})
	ret()
}

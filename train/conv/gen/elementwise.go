package main

import (
	"math"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// Predicates of VCMPPS.
const (
	equal          = 0  // EQ_OQ
	unordered      = 3  // UNORD_Q: either is NaN
	notLessOrEqual = 22 // NLE_UQ: greater, or either is NaN
)

func elementwise(s isa) {
	finish(s)
	maskNegative(s)
	maxPool(s)
	maxPoolGradient(s)
}

// mask is a comparison's result: a k register for AVX-512, a vector for AVX2.
type mask struct {
	k reg.OpmaskVirtual
	v vec
}

func (s isa) compare(predicate int, a Op, b vec) mask {
	if s.bytes == 64 {
		m := mask{k: K()}
		VCMPPS(Imm(uint64(predicate)), a, b, m.k)
		return m
	}
	m := mask{v: YMM()}
	VCMPPS(Imm(uint64(predicate)), a, b, m.v)
	return m
}

// choose returns x where the mask is set and 0 elsewhere.
func (s isa) choose(m mask, x vec) vec {
	r := s.vec()
	if s.bytes == 64 {
		VMOVAPS_Z(x, m.k, r)
	} else {
		VANDPS(x, m.v, r)
	}
	return r
}

// take returns a AND b and removes it from b.
func (s isa) take(a, b mask) mask {
	if s.bytes == 64 {
		r := mask{k: K()}
		KANDW(a.k, b.k, r.k)
		KANDNW(b.k, r.k, b.k)
		return r
	}
	r := mask{v: YMM()}
	VANDPS(a.v, b.v, r.v)
	VANDNPS(b.v, r.v, b.v)
	return r
}

func (s isa) all() mask {
	if s.bytes == 64 {
		m := mask{k: K()}
		KXNORW(m.k, m.k, m.k)
		return m
	}
	m := mask{v: s.zero()}
	VCMPPS(Imm(equal), m.v, m.v, m.v)
	return m
}

// finish writes dst = src + bias, or its positive part, for rows of pixels that are stride bytes apart.
func finish(s isa) {
	s.text("finish", "func(dst *float32, dstStride uintptr, src *float32, srcStride uintptr, pixels int, bias *float32, vectors, relu int)")
	dst, src, pixels := param("dst"), param("src"), param("pixels")
	dstStride, srcStride := param("dstStride"), param("srcStride")
	floor := reluFloor(s)
	countdown(pixels, func() {
		to, from, bias := clone(dst), clone(src), param("bias")
		countdown(param("vectors"), func() {
			x := s.load(at(from, 0))
			VADDPS(at(bias, 0), x, x)
			VMAXPS(x, floor, x) // NaN stays NaN
			VMOVUPS(x, at(to, 0))
			s.advance(to, from, bias)
		})
		ADDQ(dstStride, dst)
		ADDQ(srcStride, src)
	})
	ret()
}

// reluFloor is 0 in every element, or minus infinity when the parameter relu is zero.
func reluFloor(s isa) vec {
	relu, floor, done := param("relu"), s.zero(), label("floor")
	TESTQ(relu, relu)
	JNZ(LabelRef(done))
	VBROADCASTSS(constant(float32(math.Inf(-1))), floor)
	Label(done)
	return floor
}

// maskNegative writes dx = dy where y > 0 or NaN and 0 elsewhere, and adds dx to the sums of its
// channels.
func maskNegative(s isa) {
	s.text("maskNegative", "func(dx, dy, y *float32, pixels int, sums *float32, vectors int)")
	dx, dy, y, pixels := param("dx"), param("dy"), param("y"), param("pixels")
	zero := s.zero()
	countdown(pixels, func() {
		sums := param("sums")
		countdown(param("vectors"), func() {
			positive := s.compare(notLessOrEqual, zero, s.load(at(y, 0)))
			x := s.choose(positive, s.load(at(dy, 0)))
			VMOVUPS(x, at(dx, 0))
			VADDPS(at(sums, 0), x, x)
			VMOVUPS(x, at(sums, 0))
			s.advance(dx, dy, y, sums)
		})
	})
	ret()
}

// square is the four pixels of a 2 x 2 pool, given the upper left.
func square(corner, pixel, below reg.GPVirtual) [4]Mem {
	return [4]Mem{{Base: corner}, {Base: corner, Index: pixel, Scale: 1}, {Base: below}, {Base: below, Index: pixel, Scale: 1}}
}

func under(p, rowBytes reg.GPVirtual) reg.GPVirtual {
	below := clone(p)
	ADDQ(rowBytes, below)
	return below
}

// maxPool writes the given vectors of channels of one row of a 2 x 2 pool of stride 2. A NaN among the
// four gives NaN, which VMAXPS alone would lose.
func maxPool(s isa) {
	s.text("maxPool2", "func(x *float32, rowBytes, pixelBytes uintptr, y *float32, pixels, vectors int)")
	x, y, pixels := param("x"), param("y"), param("pixels")
	rowBytes, pixel := param("rowBytes"), param("pixelBytes")
	countdown(pixels, func() {
		from, to := clone(x), clone(y)
		countdown(param("vectors"), func() {
			var v [4]vec
			for i, m := range square(from, pixel, under(from, rowBytes)) {
				v[i] = s.load(m)
			}
			top, bottom := s.maxNaN(v[0], v[1]), s.maxNaN(v[2], v[3])
			VMOVUPS(s.maxNaN(top, bottom), at(to, 0))
			s.advance(from, to)
		})
		LEAQ(Mem{Base: x, Index: pixel, Scale: 2}, x)
		ADDQ(pixel, y)
	})
	ret()
}

// advance moves pointers on by one vector.
func (s isa) advance(pointers ...reg.GPVirtual) {
	for _, p := range pointers {
		ADDQ(Imm(uint64(s.bytes)), p)
	}
}

// maxNaN is the larger of a and b, or NaN if either is.
func (s isa) maxNaN(a, b vec) vec {
	larger, sum := s.vec(), s.vec()
	VMAXPS(a, b, larger)
	VADDPS(a, b, sum)
	m := s.compare(unordered, a, b)
	if s.bytes == 64 {
		VMOVAPS(sum, m.k, larger)
	} else {
		VBLENDVPS(m.v, sum, larger, larger)
	}
	return larger
}

// maxPoolGradient gives each pixel's gradient to the first of the four, in row order, that equals the
// maximum, and zero to the others.
func maxPoolGradient(s isa) {
	s.text("maxPool2Gradient", "func(x *float32, rowBytes, pixelBytes uintptr, y, dy, dx *float32, pixels, vectors int)")
	x, y, dy, dx, pixels := param("x"), param("y"), param("dy"), param("dx"), param("pixels")
	rowBytes, pixel := param("rowBytes"), param("pixelBytes")
	offset, vectors := GP64(), GP64()
	countdown(pixels, func() {
		XORQ(offset, offset)
		MOVQ(param("vectors"), vectors)
		countdown(vectors, func() {
			from, to := clone(x), clone(dx)
			ADDQ(offset, from)
			ADDQ(offset, to)
			squareTo := square(to, pixel, under(to, rowBytes))
			largest := s.load(Mem{Base: y, Index: offset, Scale: 1})
			gradient := s.load(Mem{Base: dy, Index: offset, Scale: 1})
			open := s.all()
			for i, m := range square(from, pixel, under(from, rowBytes)) {
				chosen := s.take(s.compare(equal, m, largest), open)
				VMOVUPS(s.choose(chosen, gradient), squareTo[i])
			}
			s.advance(offset)
		})
		LEAQ(Mem{Base: x, Index: pixel, Scale: 2}, x)
		LEAQ(Mem{Base: dx, Index: pixel, Scale: 2}, dx)
		ADDQ(pixel, y)
		ADDQ(pixel, dy)
	})
	ret()
}

package main

import (
	"math"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// columnPass transforms each of the columns of the input into the scratch, where rows are as long as
// the input's.
func columnPass(s arithmetic, input reg.GPVirtual, in int, f line) {
	column, scratch := clone(input), param("scratch")
	irs, ics := param("irs"), param("ics")
	times(in, func() {
		p := clone(column)
		d := make([]vec, in)
		for i := range d {
			d[i] = s.load(at(p, 0))
			if i < in-1 {
				ADDQ(irs, p)
			}
		}
		f(s, d, func(i int, x vec) { VMOVUPS(x, at(scratch, i*in*s.bytes)) })
		ADDQ(ics, column)
		ADDQ(Imm(uint64(s.bytes)), scratch)
	})
}

// rowPass transforms each row of the scratch into a row of the output.
func rowPass(s arithmetic, output reg.GPVirtual, in, out int, f line, end func(vec) vec) {
	row, scratch := clone(output), param("scratch")
	ors, ocs := param("ors"), param("ocs")
	times(out, func() {
		d := make([]vec, in)
		for i := range d {
			d[i] = s.load(at(scratch, i*s.bytes))
		}
		element := outputAddresses(row, ocs)
		f(s, d, func(i int, x vec) { VMOVUPS(end(x), element(i)) })
		ADDQ(ors, row)
		ADDQ(U32(uint32(in*s.bytes)), scratch)
	})
}

// outputAddresses returns where the up to eight pixels of an output row are.
func outputAddresses(row, ocs reg.GPVirtual) func(i int) Mem {
	ocs3, half := GP64(), GP64()
	LEAQ(Mem{Base: ocs, Index: ocs, Scale: 2}, ocs3)
	LEAQ(Mem{Base: row, Index: ocs, Scale: 4}, half)
	return func(i int) Mem {
		m := Mem{Base: row}
		if i >= 4 {
			m.Base = half
		}
		switch i % 4 {
		case 1, 2:
			m.Index, m.Scale = ocs, uint8(i%4)
		case 3:
			m.Index, m.Scale = ocs3, 1
		}
		return m
	}
}

// finisher returns what to do before each vector of channels and to each of its outputs.
func finisher(s arithmetic) (begin func(), end func(vec) vec) {
	bias, floor, current := param("bias"), reluFloor(s.isa), s.vec()
	begin = func() {
		VMOVUPS(at(bias, 0), current)
		ADDQ(Imm(uint64(s.bytes)), bias)
	}
	end = func(x vec) vec {
		sum := s.add(x, current)
		VMAXPS(sum, floor, sum) // the second source, sum, when either is NaN
		return sum
	}
	return begin, end
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

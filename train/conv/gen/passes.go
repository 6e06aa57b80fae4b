package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// transform writes a function that applies a line to vectors side by side, and again a step further on.
// Element i of a line is i*is bytes into the input, i*os into the output.
func transform(s isa, name string, in int, f line) {
	s.text(name, "func(in *float32, is, inStep uintptr, out *float32, os, outStep uintptr, vectors, repeats int)")
	a := arithmetic{s, map[float32]vec{}}
	a.hold()
	input, output := param("in"), param("out")
	is, os := param("is"), param("os")
	countdown(param("repeats"), func() {
		from, to := newElements(input, is), newElements(output, os)
		countdown(param("vectors"), func() {
			d := make([]vec, in)
			for i := range d {
				d[i] = a.load(from.at(i))
			}
			f(a, d, func(i int, x vec) { VMOVUPS(x, to.at(i)) })
			s.advance(from.first, from.fifth, to.first, to.fifth)
		})
		ADDQ(param("inStep"), input)
		ADDQ(param("outStep"), output)
	})
	ret()
}

// elements is where the up to eight elements of a line are.
type elements struct{ first, fifth, stride, stride3 reg.GPVirtual }

func newElements(start, stride reg.GPVirtual) elements {
	e := elements{first: clone(start), fifth: GP64(), stride: stride, stride3: GP64()}
	LEAQ(Mem{Base: start, Index: stride, Scale: 4}, e.fifth)
	LEAQ(Mem{Base: stride, Index: stride, Scale: 2}, e.stride3)
	return e
}

func (e elements) at(i int) Mem {
	m := Mem{Base: e.first}
	if i >= 4 {
		m.Base = e.fifth
	}
	switch i % 4 {
	case 1, 2:
		m.Index, m.Scale = e.stride, uint8(i%4)
	case 3:
		m.Index, m.Scale = e.stride3, 1
	}
	return m
}

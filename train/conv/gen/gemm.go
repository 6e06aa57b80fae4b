package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// gemm writes C = A B for a panel of B as wide as the given number of vectors, or, where d is not nil,
// C = A B + D, of which relu takes the positive part.
//
// A is m x k with strides rs and cs, B is k rows bs apart, C is m rows ldc apart, D as many rows ldd
// apart; all strides are in bytes, so that A may be transposed, either may lie inside a larger tensor,
// and D may be C or the same row every time. Each element of A B is one chain of fused multiply-adds in
// the order of k, whatever its row.
func gemm(s isa, vectors int) {
	s.text(fmt.Sprintf("gemm%d", vectors),
		"func(m, k int, a *float32, rs, cs uintptr, b *float32, bs uintptr, c *float32, ldc uintptr, d *float32, ldd uintptr, relu int)")
	cs := param("cs")
	blocks(s, vectors, func(first []reg.GPVirtual) ([]reg.GPVirtual, func()) {
		return first, func() {
			for _, p := range first {
				ADDQ(cs, p)
			}
		}
	})
}

// gather writes gemm for a matrix A whose column k is offsets[k] bytes into a row: the window of a
// convolution over a map of few channels, where no long part of a row lies in one place.
func gather(s isa, vectors int) {
	s.text(fmt.Sprintf("gather%d", vectors),
		"func(m, k int, a *float32, rs uintptr, offsets *uintptr, b *float32, bs uintptr, c *float32, ldc uintptr, d *float32, ldd uintptr, relu int)")
	blocks(s, vectors, func(first []reg.GPVirtual) ([]reg.GPVirtual, func()) {
		next, offset := param("offsets"), GP64()
		column := make([]reg.GPVirtual, len(first))
		for i := range column {
			column[i] = GP64()
		}
		forward := func() {
			MOVQ(at(next, 0), offset)
			ADDQ(Imm(8), next)
			for i, p := range first {
				LEAQ(Mem{Base: p, Index: offset, Scale: 1}, column[i])
			}
		}
		forward()
		return column, forward
	})
}

// columns begins at the first column of a block of rows, given where every fourth row starts. It
// returns where those rows' elements are and how to go to the next column; it is called once more than
// there are columns.
type columns func(first []reg.GPVirtual) (current []reg.GPVirtual, next func())

// blocks writes the body of gemm and gather: full blocks of rows, then the rest. Where that would be fewer
// than four rows, whose sums are too few to hide the latency, it is a block of four and what they leave
// of a full one.
func blocks(s isa, vectors int, begin columns) {
	rows := blockRows(s, vectors)
	m, a := param("m"), param("a")
	out := output{c: param("c"), ldc: param("ldc"), d: param("d")}
	rs, bs := param("rs"), param("bs")
	full, rest, few := label("full"), label("rest"), label("few")
	block := func(n int) {
		blockOf(s, n, vectors, a, rs, bs, out, begin)
		step := clone(rs)
		IMUL3Q(Imm(uint64(n)), step, step)
		ADDQ(step, a)
		SUBQ(Imm(uint64(n)), m)
	}
	Label(full)
	CMPQ(m, Imm(uint64(rows)))
	JL(LabelRef(rest))
	if vectors == 2 {
		one := label("one")
		JE(LabelRef(one))
		CMPQ(m, Imm(uint64(rows+4)))
		JL(LabelRef(few))
		Label(one)
	}
	block(rows)
	JMP(LabelRef(full))
	Label(rest)
	for r := rows - 1; r > 0; r-- {
		next := label("fewer")
		CMPQ(m, Imm(uint64(r)))
		JNE(LabelRef(next))
		if r == 4 {
			Label(few)
		}
		block(r)
		JMP(LabelRef(rest))
		Label(next)
	}
	ret()
}

// blockRows is how many rows of C are held in registers: enough independent sums to hide the latency
// of a fused multiply-add (4 cycles, 2 a cycle), with room for the row of B and a broadcast.
func blockRows(s isa, vectors int) int {
	if s.registers == 16 && vectors == 2 {
		return 6
	}
	return 8
}

// output is where rows of C go, and what is added to them.
type output struct{ c, ldc, d reg.GPVirtual }

// blockOf writes the product for a block of rows and leaves c and d after it.
func blockOf(s isa, rows, vectors int, a, rs, bs reg.GPVirtual, out output, begin columns) {
	sum := make([][]vec, rows)
	for r := range sum {
		for range vectors {
			sum[r] = append(sum[r], s.zero())
		}
	}
	current, next := begin(everyFourth(rows, a, rs))
	element := rowAddresses(current, rs)
	b, k := param("b"), param("k")
	countdown(k, func() {
		row := make([]vec, vectors)
		for v := range row {
			row[v] = s.load(at(b, v*s.bytes))
		}
		for r := range sum {
			x := s.vec()
			VBROADCASTSS(element(r), x)
			for v := range row {
				VFMADD231PS(x, row[v], sum[r][v])
			}
		}
		ADDQ(bs, b)
		next()
	})
	storeRows(s, sum, out)
}

// everyFourth returns where rows 0 and, if there is one, 4 of a block start.
func everyFourth(rows int, a, rs reg.GPVirtual) []reg.GPVirtual {
	first := []reg.GPVirtual{clone(a)}
	if rows > 4 {
		p := GP64()
		LEAQ(Mem{Base: a, Index: rs, Scale: 4}, p)
		first = append(first, p)
	}
	return first
}

// rowAddresses returns where the current element of each row is.
func rowAddresses(current []reg.GPVirtual, rs reg.GPVirtual) func(r int) Mem {
	rs3 := GP64()
	LEAQ(Mem{Base: rs, Index: rs, Scale: 2}, rs3)
	return func(r int) Mem {
		m := Mem{Base: current[r/4]}
		switch r % 4 {
		case 1, 2:
			m.Index, m.Scale = rs, uint8(r%4)
		case 3:
			m.Index, m.Scale = rs3, 1
		}
		return m
	}
}

func storeRows(s isa, sum [][]vec, out output) {
	store := label("store")
	TESTQ(out.d, out.d)
	JZ(LabelRef(store))
	floor, ldd := reluFloor(s), param("ldd")
	for _, row := range sum {
		for v, x := range row {
			VADDPS(at(out.d, v*s.bytes), x, x)
			VMAXPS(x, floor, x) // NaN stays NaN
		}
		ADDQ(ldd, out.d)
	}
	Label(store)
	for _, row := range sum {
		for v, x := range row {
			VMOVUPS(x, at(out.c, v*s.bytes))
		}
		ADDQ(out.ldc, out.c)
	}
}

package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// gemm writes C (+)= A B for a panel of B as wide as the given number of vectors.
//
// A is m x k with strides rs and cs, B is k rows bs apart, C is m rows ldc apart; all strides are in
// bytes, so that A may be transposed and either may lie inside a larger tensor. Each element of C is
// one chain of fused multiply-adds in the order of k, whatever its row.
func gemm(s isa, vectors int) {
	s.text(fmt.Sprintf("gemm%d", vectors),
		"func(m, k int, a *float32, rs, cs uintptr, b *float32, bs uintptr, c *float32, ldc uintptr, accumulate int)")
	rows := blockRows(s, vectors)
	m, a, c := param("m"), param("a"), param("c")
	rs, cs, bs := param("rs"), param("cs"), param("bs")
	full, rest, end := label("full"), label("rest"), label("end")
	Label(full)
	CMPQ(m, Imm(uint64(rows)))
	JL(LabelRef(rest))
	gemmRows(s, rows, vectors, a, rs, cs, bs, c)
	step := clone(rs)
	IMUL3Q(Imm(uint64(rows)), step, step)
	ADDQ(step, a)
	SUBQ(Imm(uint64(rows)), m)
	JMP(LabelRef(full))
	Label(rest)
	for r := rows - 1; r > 0; r-- {
		next := label("fewer")
		CMPQ(m, Imm(uint64(r)))
		JNE(LabelRef(next))
		gemmRows(s, r, vectors, a, rs, cs, bs, c)
		JMP(LabelRef(end))
		Label(next)
	}
	Label(end)
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

// gemmRows writes the product for a block of rows and leaves c after it.
func gemmRows(s isa, rows, vectors int, a, rs, cs, bs, c reg.GPVirtual) {
	sum := make([][]vec, rows)
	for r := range sum {
		for range vectors {
			sum[r] = append(sum[r], s.zero())
		}
	}
	element, bases := rowAddresses(rows, a, rs)
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
		for _, p := range bases {
			ADDQ(cs, p)
		}
	})
	storeRows(s, sum, c)
}

// rowAddresses returns where the current element of each row of A is, and the registers to advance.
func rowAddresses(rows int, a, rs reg.GPVirtual) (func(r int) Mem, []reg.GPVirtual) {
	bases := []reg.GPVirtual{clone(a)}
	if rows > 4 {
		p := GP64()
		LEAQ(Mem{Base: a, Index: rs, Scale: 4}, p)
		bases = append(bases, p)
	}
	rs3 := GP64()
	LEAQ(Mem{Base: rs, Index: rs, Scale: 2}, rs3)
	return func(r int) Mem {
		m := Mem{Base: bases[r/4]}
		switch r % 4 {
		case 1, 2:
			m.Index, m.Scale = rs, uint8(r%4)
		case 3:
			m.Index, m.Scale = rs3, 1
		}
		return m
	}, bases
}

func storeRows(s isa, sum [][]vec, c reg.GPVirtual) {
	ldc, accumulate := param("ldc"), param("accumulate")
	store := label("store")
	TESTQ(accumulate, accumulate)
	JZ(LabelRef(store))
	p := clone(c)
	for _, row := range sum {
		for v, x := range row {
			VADDPS(at(p, v*s.bytes), x, x)
		}
		ADDQ(ldc, p)
	}
	Label(store)
	for _, row := range sum {
		for v, x := range row {
			VMOVUPS(x, at(c, v*s.bytes))
		}
		ADDQ(ldc, c)
	}
}

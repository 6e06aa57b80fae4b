// Command gen writes the AVX2 and AVX-512 kernels of prep/train/conv. Run it with go generate there.
package main

import (
	"fmt"
	"math"

	"github.com/mmcloughlin/avo/attr"
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

type vec = reg.VecVirtual

// isa is one vector instruction set.
type isa struct {
	name      string
	bytes     int // of a vector
	registers int
	vec       func() vec
	half      func() vec // a register of half a vector
}

var (
	avx2   = isa{"avx2", 32, 16, YMM, XMM}
	avx512 = isa{"avx512", 64, 32, ZMM, YMM}
)

func main() {
	for _, s := range []isa{avx512, avx2} {
		for vectors := 1; vectors <= 2; vectors++ {
			gemm(s, vectors)
			gather(s, vectors)
		}
		winograd(s)
		elementwise(s)
		batchNorm(s)
	}
	Generate()
}

// text starts a function for one instruction set that lets no pointer escape.
func (s isa) text(name, signature string) {
	TEXT(name+"_"+s.name, NOSPLIT, signature)
	Pragma("noescape")
}

func (s isa) zero() vec {
	v := s.vec()
	VXORPS(v, v, v)
	return v
}

func (s isa) load(m Mem) vec {
	v := s.vec()
	VMOVUPS(m, v)
	return v
}

// ret ends a function, leaving no dirty upper halves to slow SSE code down.
func ret() {
	VZEROUPPER()
	RET()
}

func param(name string) reg.GPVirtual { return Load(Param(name), GP64()).(reg.GPVirtual) }

func clone(r reg.Register) reg.GPVirtual {
	c := GP64()
	MOVQ(r, c)
	return c
}

var labels int

func label(name string) string {
	labels++
	return fmt.Sprintf("%s%d", name, labels)
}

// countdown repeats body, at least once, until the counter it is given is zero.
func countdown(counter reg.Register, body func()) {
	l := label("loop")
	Label(l)
	body()
	DECQ(counter)
	JNZ(LabelRef(l))
}

// times repeats body n times.
func times(n int, body func()) {
	counter := GP64()
	MOVQ(U32(n), counter)
	countdown(counter, body)
}

var constants = map[float32]Mem{}

// constant is a vector of AVX2's width in the data section, every element f.
func constant(f float32) Mem {
	m, ok := constants[f]
	if !ok {
		m = GLOBL(fmt.Sprintf("constant%08x", math.Float32bits(f)), attr.RODATA|attr.NOPTR)
		for i := range 8 {
			DATA(4*i, U32(math.Float32bits(f))) // the assembler takes no infinite float
		}
		constants[f] = m
	}
	return m
}

// at is element offset bytes after a register.
func at(base reg.Register, bytes int) Mem { return Mem{Base: base, Disp: bytes} }

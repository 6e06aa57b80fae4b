package conv

import (
	"bufio"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"
	"unsafe"
)

// machine runs kernels of kernels_amd64.s an instruction at a time, so that those of AVX-512 are tested
// where the processor has none.
type machine struct {
	general map[string]uint64
	vector  map[string]*[16]float32 // by number; float64 take two elements each
	masks   map[string]uint16
	less    bool // of the last comparison
	equal   bool
	args    []uint64
}

// assembly is the instructions of one function, operands split, and where its labels are.
type assembly struct {
	lines  [][]string
	labels map[string]int
}

// readAssembly returns the functions whose names have the suffix, by their names.
func readAssembly(t *testing.T, suffix string) map[string]*assembly {
	file, err := os.Open("kernels_amd64.s")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	functions := map[string]*assembly{}
	var current *assembly
	for lines := bufio.NewScanner(file); lines.Scan(); {
		line := strings.TrimSpace(lines.Text())
		if name, ok := strings.CutPrefix(line, "TEXT ·"); ok {
			current = &assembly{labels: map[string]int{}}
			if name, _, _ = strings.Cut(name, "(SB)"); strings.HasSuffix(name, suffix) {
				functions[strings.TrimSuffix(name, suffix)] = current
			}
			continue
		}
		if current == nil || line == "" || strings.HasPrefix(line, "//") {
			continue
		}
		if label, ok := strings.CutSuffix(line, ":"); ok {
			current.labels[label] = len(current.lines)
			continue
		}
		code, operands, _ := strings.Cut(line, " ")
		current.lines = append(current.lines, append([]string{code}, splitOperands(operands)...))
	}
	return functions
}

func splitOperands(text string) (operands []string) {
	for o := range strings.SplitSeq(text, ",") {
		if o = strings.TrimSpace(o); o != "" {
			operands = append(operands, o)
		}
	}
	return operands
}

// call runs a function on arguments of eight bytes each.
func (a *assembly) call(args ...uint64) {
	m := &machine{general: map[string]uint64{}, vector: map[string]*[16]float32{}, masks: map[string]uint16{}, args: args}
	for at := 0; at < len(a.lines); at++ {
		line := a.lines[at]
		switch code := line[0]; code {
		case "RET":
			return
		case "JMP", "JE", "JZ", "JNE", "JNZ", "JL":
			if m.jumps(code) {
				at = a.labels[line[1]] - 1
			}
		default:
			m.step(code, line[1:])
		}
	}
}

func (m *machine) jumps(code string) bool {
	switch code {
	case "JE", "JZ":
		return m.equal
	case "JNE", "JNZ":
		return !m.equal
	case "JL":
		return m.less
	}
	return true
}

func (m *machine) step(code string, o []string) {
	last := o[max(len(o)-1, 0):]
	switch code {
	case "VZEROUPPER":
	case "CMPQ":
		m.compare(int64(m.integer(o[0])), int64(m.integer(o[1])))
	case "TESTQ":
		m.compare(int64(m.integer(o[0])&m.integer(o[1])), 0)
	case "MOVQ":
		m.general[o[1]] = m.integer(o[0])
	case "LEAQ":
		m.general[o[1]] = m.address(o[0])
	case "IMUL3Q":
		m.general[o[2]] = m.integer(o[0]) * m.integer(o[1])
	case "DECQ":
		m.general[o[0]]--
		m.compare(int64(m.general[o[0]]), 0)
	case "ADDQ", "SUBQ", "XORQ":
		m.general[o[1]] = map[string]func(a, b uint64) uint64{
			"ADDQ": func(a, b uint64) uint64 { return b + a },
			"SUBQ": func(a, b uint64) uint64 { return b - a },
			"XORQ": func(a, b uint64) uint64 { return b ^ a },
		}[code](m.integer(o[0]), m.integer(o[1]))
	case "KANDW":
		m.masks[o[2]] = m.masks[o[0]] & m.masks[o[1]]
	case "KANDNW": // not the second, and the first
		m.masks[o[2]] = m.masks[o[0]] &^ m.masks[o[1]]
	case "KXNORW":
		m.masks[o[2]] = ^(m.masks[o[0]] ^ m.masks[o[1]])
	default:
		m.vectorStep(code, o, last[0])
	}
}

func (m *machine) compare(a, b int64) { m.less, m.equal = a < b, a == b }

// vectorStep does an instruction on vectors of 16 floats or 8 doubles.
func (m *machine) vectorStep(code string, o []string, to string) {
	switch code {
	case "VMOVUPS", "VMOVUPD", "VMOVAPS":
		m.store(to, m.load(o[0]))
	case "VBROADCASTSS":
		x := m.float(o[0])
		m.store(to, [16]float32{x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x})
	case "VMOVAPS.Z":
		x := m.load(o[0])
		for i := range x {
			if m.masks[o[1]]>>i&1 == 0 {
				x[i] = 0
			}
		}
		m.store(to, x)
	case "VCMPPS":
		a, b := m.load(o[1]), m.load(o[2])
		var set uint16
		for i := range a {
			if map[string]bool{"$0x00": b[i] == a[i], "$0x03": a[i] != a[i] || b[i] != b[i], "$0x16": !(b[i] <= a[i])}[o[0]] {
				set |= 1 << i
			}
		}
		m.masks[to] = set
	case "VEXTRACTF64X4":
		x := m.load(o[1])
		copy(x[:8], x[8:])
		m.store(to, x)
	case "VCVTPS2PD":
		from := m.load(o[0])
		var x [16]float32
		for i := range doubles(&x) {
			doubles(&x)[i] = float64(from[i])
		}
		m.store(to, x)
	case "VADDPD", "VFMADD231PD":
		m.store(to, doubleLanes(code, m.load(o[0]), m.load(o[1]), m.load(to)))
	default:
		a, b, x := m.load(o[0]), m.load(o[1]), m.load(to)
		for i := range x {
			x[i] = lane(code, a[i], b[i], x[i])
		}
		m.store(to, x)
	}
}

// doubleLanes does an instruction on doubles.
func doubleLanes(code string, a, b, x [16]float32) [16]float32 {
	for i, v := range doubles(&a) {
		if w := doubles(&b)[i]; code == "VADDPD" {
			doubles(&x)[i] = v + w
		} else {
			doubles(&x)[i] = math.FMA(v, w, doubles(&x)[i])
		}
	}
	return x
}

func doubles(x *[16]float32) *[8]float64 { return (*[8]float64)(unsafe.Pointer(x)) }

// lane does an instruction on one element of its operands as they are written. A product and a sum in
// float64 differ from the fused one once in 2^29 times.
func lane(code string, a, b, x float32) float32 {
	switch code {
	case "VADDPS":
		return b + a
	case "VSUBPS":
		return b - a
	case "VMULPS":
		return b * a
	case "VXORPS":
		return math.Float32frombits(math.Float32bits(a) ^ math.Float32bits(b))
	case "VMAXPS":
		if b > a {
			return b
		}
		return a
	case "VFMADD231PS":
		return float32(float64(a)*float64(b) + float64(x))
	case "VFNMADD231PS":
		return float32(-float64(a)*float64(b) + float64(x))
	case "VFMADD213PS":
		return float32(float64(x)*float64(b) + float64(a))
	}
	panic("unknown instruction " + code)
}

// integer returns an immediate, an argument, a register or what is in memory.
func (m *machine) integer(o string) uint64 {
	if text, ok := strings.CutPrefix(o, "$"); ok {
		v, err := strconv.ParseUint(text, 0, 64)
		if err != nil {
			panic(err)
		}
		return v
	}
	if _, offset, ok := strings.Cut(strings.TrimSuffix(o, "(FP)"), "+"); ok && strings.HasSuffix(o, "(FP)") {
		i, err := strconv.Atoi(offset)
		if err != nil {
			panic(err)
		}
		return m.args[i/8]
	}
	if strings.Contains(o, "(") {
		return *(*uint64)(pointer(m.address(o)))
	}
	return m.general[o]
}

// address is where disp(base)(index*scale) lies.
func (m *machine) address(o string) uint64 {
	disp, rest, _ := strings.Cut(o, "(")
	base, rest, _ := strings.Cut(rest, ")")
	at := m.general[base]
	if disp != "" {
		d, err := strconv.Atoi(disp)
		if err != nil {
			panic(err)
		}
		at += uint64(d)
	}
	if index, scale, ok := strings.Cut(strings.Trim(rest, "()"), "*"); ok {
		n, err := strconv.Atoi(scale)
		if err != nil {
			panic(err)
		}
		at += m.general[index] * uint64(n)
	}
	return at
}

func pointer(at uint64) unsafe.Pointer { return *(*unsafe.Pointer)(unsafe.Pointer(&at)) }

// float returns a float in memory or, of the constants, whose names are their bits, itself.
func (m *machine) float(o string) float32 {
	if name, ok := strings.CutPrefix(o, "constant"); ok {
		v, err := strconv.ParseUint(name[:8], 16, 32)
		if err != nil {
			panic(err)
		}
		return math.Float32frombits(uint32(v))
	}
	return *(*float32)(pointer(m.address(o)))
}

// load returns a vector register or what is in memory.
func (m *machine) load(o string) [16]float32 {
	if !strings.Contains(o, "(") {
		if m.vector[o[1:]] == nil {
			m.vector[o[1:]] = new([16]float32)
		}
		return *m.vector[o[1:]]
	}
	return *(*[16]float32)(pointer(m.address(o)))
}

func (m *machine) store(o string, x [16]float32) {
	if !strings.Contains(o, "(") {
		m.vector[o[1:]] = &x
		return
	}
	*(*[16]float32)(pointer(m.address(o))) = x
}

// held is what the interpreter has the address of. A slice that nothing else holds may be on the stack, which moves
// when it grows, or be collected while the address of it is a number.
var held []any

// place is an argument that is where x begins. x stays there until the test ends.
func place[T any](t *testing.T, x []T) uint64 {
	if len(held) == 0 {
		t.Cleanup(func() { held = nil })
	}
	held = append(held, x)
	return uint64(uintptr(unsafe.Pointer(&x[0])))
}

// wideGemm does 16 floats a vector, as AVX-512 does, by the kernel of AVX2 for two vectors of 8.
func wideGemm(vectors, m, k int, a []float32, rs, cs uintptr, offsets []uintptr, b, c, d []float32, ldd uintptr, relu int) {
	row := uintptr(vectors) * 64
	for i := 0; i < vectors*16; i += 16 {
		var from *float32
		if d != nil {
			from = &d[i]
		}
		if offsets != nil {
			gather2_avx2(m, k, &a[0], rs, &offsets[0], &b[i], row, &c[i], row, from, ldd, relu)
		} else {
			gemm2_avx2(m, k, &a[0], rs, cs, &b[i], row, &c[i], row, from, ldd, relu)
		}
	}
}

// TestProductsOfAVX512 interprets the products, for every number of rows that a block can leave over.
func TestProductsOfAVX512(t *testing.T) {
	if len(vectorKernels()) == 0 {
		t.Skip("no AVX2 to compare with")
	}
	const depth = 5
	functions := readAssembly(t, "_avx512")
	for m := 1; m <= 21; m++ {
		for vectors := 1; vectors <= 2; vectors++ {
			for kind := range 3 { // alone; added; with a bias and ReLU
				a, b, bias := random(1, m*depth+16), random(2, depth*vectors*16), random(3, vectors*16)
				got, want := random(4, m*vectors*16), random(4, m*vectors*16)
				row, relu := uintptr(vectors)*64, 0
				var ldd uintptr
				var from, to []float32
				switch kind {
				case 1:
					from, to, ldd = want, got, row
				case 2:
					from, to, relu = bias, bias, 1
				}
				d := uint64(0)
				if to != nil {
					d = place(t, to)
				}
				name := strconv.Itoa(vectors)
				end := []uint64{place(t, b), uint64(row), place(t, got), uint64(row), d, uint64(ldd), uint64(relu)}
				wideGemm(vectors, m, depth, a, depth*4, 4, nil, b, want, from, ldd, relu)
				functions["gemm"+name].call(append([]uint64{uint64(m), depth, place(t, a), depth * 4, 4}, end...)...)
				sameBits(t, "gemm"+name, want, got)
				offsets := []uintptr{8, 0, 16, 4, 12, 0}
				wideGemm(vectors, m, depth, a, depth*4, 0, offsets, b, want, from, ldd, relu)
				functions["gather"+name].call(append([]uint64{uint64(m), depth, place(t, a), depth * 4, place(t, offsets)}, end...)...)
				sameBits(t, "gather"+name, want, got)
			}
		}
	}
}

// TestBatchNormOfAVX512 interprets the kernels of batch norm.
func TestBatchNormOfAVX512(t *testing.T) {
	if len(vectorKernels()) == 0 {
		t.Skip("no AVX2 to compare with")
	}
	const rows, c, vectors = 7, 32, 2
	functions := readAssembly(t, "_avx512")
	x, dy := random(1, rows*c), random(2, rows*c)
	x[5], dy[9] = float32(math.NaN()), float32(math.NaN())
	mean, slope, shift := random(3, c), random(4, c), random(5, c)
	factor, tilt, lift := random(6, c), random(7, c), random(8, c)
	got, want := make([]float32, rows*c), make([]float32, rows*c)
	for relu := range 2 {
		normalize_avx2(&want[0], &x[0], c*4, rows, &mean[0], &slope[0], &shift[0], 2*vectors, relu)
		functions["normalize"].call(place(t, got), place(t, x), c*4, rows, place(t, mean), place(t, slope), place(t, shift), vectors, uint64(relu))
		sameBits(t, "normalize", want, got)
	}
	normalizeGradient_avx2(&want[0], &dy[0], &x[0], c*4, rows, &mean[0], &slope[0], &shift[0], &factor[0], &tilt[0], &lift[0], 2*vectors)
	functions["normalizeGradient"].call(place(t, got), place(t, dy), place(t, x), c*4, rows, place(t, mean), place(t, slope), place(t, shift),
		place(t, factor), place(t, tilt), place(t, lift), vectors)
	sameBits(t, "normalizeGradient", want, got)
	sums, products, wantSums, wantProducts := make([]float64, c), make([]float64, c), make([]float64, c), make([]float64, c)
	moments_avx2(&dy[0], &x[0], c*4, rows, &mean[0], &slope[0], &shift[0], &wantSums[0], &wantProducts[0], 2*vectors)
	functions["moments"].call(place(t, dy), place(t, x), c*4, rows, place(t, mean), place(t, slope), place(t, shift), place(t, sums), place(t, products), vectors)
	for j := range c {
		if math.Float64bits(sums[j]) != math.Float64bits(wantSums[j]) || math.Float64bits(products[j]) != math.Float64bits(wantProducts[j]) {
			t.Errorf("moments of channel %d: got %g and %g, want %g and %g", j, sums[j], products[j], wantSums[j], wantProducts[j])
		}
	}
}

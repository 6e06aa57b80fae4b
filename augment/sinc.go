package augment

import (
	"math"
	"sync"
)

const (
	// phases is the number of positions between two samples that sinc rows
	// exist for, so that speeds are multiples of 1/phases (3 cents at most).
	phases = 512
	// zeroCrossings of the sinc on each side, and the Kaiser window's beta: by
	// Kaiser's formulas a stop band of 63 dB, flat up to 0.8 of the band.
	zeroCrossings = 10
	kaiserBeta    = 6
	// tablePoints per zero crossing; linear interpolation then errs by 1e-6.
	tablePoints = 512
)

// sincTable is the right half of a Kaiser-windowed sinc.
var sincTable = sync.OnceValue(func() []float64 {
	table := make([]float64, zeroCrossings*tablePoints+2)
	for i := range table {
		t := float64(i) / tablePoints
		u := t / zeroCrossings
		if u >= 1 {
			break
		}
		s := 1.0
		if i > 0 {
			s = math.Sin(math.Pi*t) / (math.Pi * t)
		}
		table[i] = s * bessel(kaiserBeta*math.Sqrt(1-u*u)) / bessel(kaiserBeta)
	}
	return table
})

// bessel is the modified Bessel function of the first kind and order zero, by
// its power series.
func bessel(x float64) float64 {
	sum, term := 1.0, 1.0
	for k := 1.0; term > 1e-12*sum; k++ {
		term *= x * x / (4 * k * k)
		sum += term
	}
	return sum
}

// sampler reads a signal at a constant speed by windowed-sinc interpolation
// (Smith and Gossett, "A flexible sampling-rate conversion method", ICASSP
// 1984): at speeds above one the sinc is widened, which keeps out aliases.
type sampler struct {
	step int // input samples per output sample, times phases
	half int // taps on each side
	rows []float32
}

// speed returns the nearest speed that a sampler has.
func speed(v float64) int { return int(math.Round(v * phases)) }

func newSampler(step int) sampler {
	cut := min(1, phases/float64(step))
	s := sampler{step: step, half: int(math.Ceil(zeroCrossings / cut))}
	table := sincTable()
	s.rows = make([]float32, phases*2*s.half)
	for i := range s.rows {
		phase, tap := i/(2*s.half), i%(2*s.half)-s.half+1
		at := math.Abs(float64(tap)-float64(phase)/phases) * cut * tablePoints
		if k := int(at); k < len(table)-1 {
			s.rows[i] = float32(cut * (table[k] + (at-float64(k))*(table[k+1]-table[k])))
		}
	}
	return s
}

// sample fills dst: dst[at] is src[from], the others follow at the speed. It
// panics unless src reaches half taps beyond all that is read.
func (s sampler) sample(dst []float32, at int, src []float32, from int) {
	taps := 2 * s.half
	for j := range dst {
		pos := (j - at) * s.step
		whole := pos >> 9 // floor of pos / phases
		row := s.rows[(pos&(phases-1))*taps:][:taps]
		dst[j] = dot(row, src[from+whole-s.half+1:])
	}
}

// dot returns the inner product of h with the first len(h) values of x.
func dot(h, x []float32) float32 {
	x = x[:len(h)]
	var a, b, c, d float32
	for len(h) >= 8 && len(x) >= 8 {
		p, q := (*[8]float32)(h), (*[8]float32)(x)
		a += p[0]*q[0] + p[4]*q[4]
		b += p[1]*q[1] + p[5]*q[5]
		c += p[2]*q[2] + p[6]*q[6]
		d += p[3]*q[3] + p[7]*q[7]
		h, x = h[8:], x[8:]
	}
	for i, v := range h {
		a += v * x[i]
	}
	return (a + b) + (c + d)
}

package augment

import (
	"math"
	"sync"

	"prep/data/filter"
)

const (
	// phases is the number of positions between two samples that sinc rows
	// exist for, so that speeds are multiples of 1/phases (3 cents at most).
	phases     = 1 << phaseBits
	phaseBits  = 9
	maxOctaves = 1 // above normal speed
	// zeroCrossings of the sinc on each side, and the Kaiser window's beta: by
	// Kaiser's formulas a stop band of 63 dB, flat up to 0.8 of the band.
	zeroCrossings = 10
	kaiserBeta    = 6
	// bandsPerOctave is how finely the band follows the speed: a filter is up
	// to 4 % lower than it must be.
	bandsPerOctave = 16
)

// speed is how fast a signal is read, in input samples per output sample times
// phases.
type speed int

// ratio returns the speed in input samples per output sample.
func (v speed) ratio() float64 { return float64(v) / phases }

// band returns the widest filter that keeps out aliases at speed v.
func (v speed) band() int {
	return max(0, int(math.Ceil(bandsPerOctave*math.Log2(v.ratio())-1e-9)))
}

// margin returns how far beyond what it reads the filter of speed v reaches.
func (v speed) margin() int { return sincs[v.band()]().half + 2 }

// sinc is a filter for reading between samples: phases rows of 2*half taps.
type sinc struct {
	half int // a multiple of half a vector register
	rows []float32
}

// sincs are the filters by band: 0 is for speeds up to one.
var sincs = func() (filters [maxOctaves*bandsPerOctave + 1]func() sinc) {
	for band := range filters {
		filters[band] = sync.OnceValue(func() sinc {
			return newSinc(math.Exp2(-float64(band) / bandsPerOctave))
		})
	}
	return filters
}()

// newSinc returns a Kaiser-windowed sinc that ends at a share of the band.
func newSinc(cut float64) sinc {
	half := int(math.Ceil(zeroCrossings/cut/(lanes/2))) * (lanes / 2)
	s := sinc{half, make([]float32, phases*2*half)}
	for i := range s.rows {
		phase, tap := i/(2*half), i%(2*half)-half+1
		s.rows[i] = float32(cut * kaiserSinc(cut*(float64(tap)-float64(phase)/phases)))
	}
	return s
}

// kaiserSinc is a sinc of t zero crossings under a Kaiser window.
func kaiserSinc(t float64) float64 {
	u := t / zeroCrossings
	if math.Abs(u) >= 1 {
		return 0
	}
	return filter.Sinc(t) * filter.Kaiser(u, kaiserBeta) / filter.Kaiser(0, kaiserBeta)
}

// read fills dst: dst[at] is src[from], the others follow at the speed, by
// windowed-sinc interpolation (Smith and Gossett, "A flexible sampling-rate
// conversion method", ICASSP 1984): at speeds above one the sinc is widened,
// which keeps out aliases. It panics unless src reaches margin samples beyond
// all that is read.
func (v speed) read(dst []float32, at int, src []float32, from int) {
	s := sincs[v.band()]()
	pos := -at * int(v)
	first := from + pos>>phaseBits - s.half + 1
	s.interpolate(dst, src[first:], pos&(phases-1), int(v))
}

// interpolate fills dst from src at pos, pos+step and so on, in samples times
// phases; the filter reaches 2*half samples ahead.
func (s sinc) interpolate(dst, src []float32, pos, step int) {
	taps := 2 * s.half
	last := (pos+(len(dst)-1)*step)>>phaseBits + taps
	src = src[:last]
	if vectorInterpolate(dst, s.rows, src, pos, step, taps) {
		return
	}
	for j := range dst {
		dst[j] = dot(s.rows[(pos&(phases-1))*taps:][:taps], src[pos>>phaseBits:])
		pos += step
	}
}

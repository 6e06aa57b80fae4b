package segment

import (
	"math"
	"math/bits"
)

// masker holds the band levels that a new sound must exceed: those of what has
// sounded, forgotten at a rate.
type masker struct {
	keep   float32   // share of the levels that a frame leaves
	levels []float32 // of the bands, and of maxBands silent ones at either end
}

func newMasker(g grid, forgetDBPerS float64) masker {
	keep := math.Pow(10, -forgetDBPerS/10*float64(g.hop)/float64(g.rate))
	return masker{float32(keep), make([]float32, g.bands()+2*maxBands)}
}

// hear lets the levels decay by a frame and takes in those of a frame.
func (m masker) hear(levels []float32) {
	own := m.levels[maxBands:][:len(levels)]
	for b, v := range levels {
		if own[b] *= m.keep; v > own[b] {
			own[b] = v
		}
	}
}

// maximum is the maximum filter.
func (m masker) maximum(b int) float32 {
	top := float32(0)
	for _, v := range m.levels[b : b+2*maxBands+1] {
		if v > top {
			top = v
		}
	}
	return top
}

// lowest is the minimum over a sliding window of frames, by a queue whose
// values ascend.
type lowest struct {
	frame []int32
	value []float32
	lo, n int // the oldest entry, and how many there are
	mask  int // the rings' size, a power of two, less one
}

func newLowest(span int) lowest {
	size := 1 << bits.Len(uint(span))
	return lowest{frame: make([]int32, size), value: make([]float32, size), mask: size - 1}
}

// push adds the value of a frame, later than all before it.
func (q *lowest) push(frame int, v float32) {
	for q.n > 0 && q.value[(q.lo+q.n-1)&q.mask] >= v {
		q.n--
	}
	i := (q.lo + q.n) & q.mask
	q.frame[i], q.value[i] = int32(frame), v
	q.n++
}

// leastSince drops what is older than a frame and returns the minimum of the rest;
// 0 and false when nothing is left.
func (q *lowest) leastSince(frame int) (float32, bool) {
	for q.n > 0 && int(q.frame[q.lo]) < frame {
		q.lo = (q.lo + 1) & q.mask
		q.n--
	}
	if q.n == 0 {
		return 0, false
	}
	return q.value[q.lo], true
}

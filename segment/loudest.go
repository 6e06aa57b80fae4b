package segment

import "math/bits"

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

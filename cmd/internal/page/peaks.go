package page

import (
	"sync"

	"prep/cmd/internal/sonagram"
	"prep/data"
)

// blockSize is how many samples a value pair of the coarse peaks stands for.
const blockSize = 256

// peaks keeps the coarse peaks of what was looked at: 30 bytes a second at 44.1
// kHz for each of two float32.
type peaks struct {
	mu     sync.Mutex
	coarse map[string][]float32 // by recording
}

// blocks returns the least and greatest sample of each block of a recording.
func (s *peaks) blocks(id string, r data.Reader) ([]float32, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c, ok := s.coarse[id]; ok {
		return c, nil
	}
	n := (r.Len() + blockSize - 1) / blockSize
	c := make([]float32, 0, 2*n)
	buf := make([]float32, 256*blockSize)
	for pos := 0; pos < r.Len(); pos += len(buf) {
		part := buf[:min(len(buf), r.Len()-pos)]
		if err := r.ReadAt(part, pos); err != nil {
			return nil, err
		}
		for len(part) > 0 {
			k := min(blockSize, len(part))
			lo, hi := extremes(part[:k])
			c, part = append(c, lo, hi), part[k:]
		}
	}
	s.coarse[id] = c
	return c, nil
}

func extremes(x []float32) (lo, hi float32) {
	if len(x) == 0 {
		return 0, 0
	}
	lo, hi = x[0], x[0]
	for _, v := range x[1:] {
		lo, hi = min(lo, v), max(hi, v)
	}
	return lo, hi
}

// pairs returns n pairs of least and greatest sample over a stretch of r.
func (s *peaks) pairs(id string, r data.Reader, v sonagram.Span, n int) ([]float32, error) {
	out := make([]float32, 0, 2*n)
	edge := func(i, unit int) int { return (v.From + int(int64(i)*int64(v.To-v.From)/int64(n))) / unit }
	if v.To-v.From >= 2*blockSize*n {
		c, err := s.blocks(id, r)
		if err != nil {
			return nil, err
		}
		for i := range n {
			a, b := edge(i, blockSize), edge(i+1, blockSize)
			a = min(max(a, 0), len(c)/2)
			lo, hi := extremes(c[2*a : 2*min(max(b, a), len(c)/2)])
			out = append(out, lo, hi)
		}
		return out, nil
	}
	x, err := data.ReadSpan(r, v.From, v.To)
	if err != nil {
		return nil, err
	}
	for i := range n {
		a, b := edge(i, 1)-v.From, edge(i+1, 1)-v.From
		lo, hi := extremes(x[a:min(max(b, a+1), len(x))])
		out = append(out, lo, hi)
	}
	return out, nil
}

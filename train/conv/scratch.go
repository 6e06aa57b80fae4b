package conv

import "sync"

// workspace is scratch memory that pieces of work borrow, one at a time each. What it holds is left
// over from the last use.
type workspace struct{ memory []float32 }

var idle struct {
	sync.Mutex
	spaces []*workspace
}

// borrow returns a workspace of at least n floats, the smallest idle one that is large enough. The
// memory stays with the process: its size is that of the largest uses at one time.
func borrow(n int) *workspace {
	idle.Lock()
	defer idle.Unlock()
	best := -1
	for i, s := range idle.spaces {
		if best < 0 || servesBetter(len(s.memory), len(idle.spaces[best].memory), n) {
			best = i
		}
	}
	if best < 0 {
		return &workspace{make([]float32, n)}
	}
	s := idle.spaces[best]
	idle.spaces[best] = idle.spaces[len(idle.spaces)-1]
	idle.spaces = idle.spaces[:len(idle.spaces)-1]
	if len(s.memory) < n {
		s.memory = make([]float32, n)
	}
	return s
}

// servesBetter reports whether a memory of a floats serves a need of n better than one of b: the smallest
// that suffices, else the largest.
func servesBetter(a, b, n int) bool {
	if a >= n && b >= n {
		return a < b
	}
	return a > b
}

func (w *workspace) giveBack() {
	idle.Lock()
	idle.spaces = append(idle.spaces, w)
	idle.Unlock()
}

// cut splits memory into slices of the given lengths, each starting on a cache line of it.
func cut(memory []float32, lengths ...int) [][]float32 {
	parts := make([][]float32, len(lengths))
	for i, n := range lengths {
		parts[i] = memory[:n:n]
		memory = memory[lines(n):]
	}
	return parts
}

// lines rounds n floats up to whole cache lines.
func lines(n int) int { return (n + 15) / 16 * 16 }

// borrowParts borrows a workspace cut into slices of the given lengths.
func borrowParts(lengths ...int) (*workspace, [][]float32) {
	total := 0
	for _, n := range lengths {
		total += lines(n)
	}
	w := borrow(total)
	return w, cut(w.memory, lengths...)
}

package advice

import (
	"cmp"
	"context"
	"slices"
	"sync"

	"prep/cmd/internal/sonagram"
	"prep/data"
	"prep/data/num"
)

// likeShape is that of the pictures by which hits are compared: cells of 3 ms
// by half an octave or so, coarse enough that a small shift does no harm.
var likeShape = sonagram.Config{Rows: 16, Window: 512, FFT: 512}

// Likeness tells which hits of a set sound alike, by small spectrograms, each
// drawn once. It is safe for concurrent use.
type Likeness struct {
	set   *data.Set
	mu    sync.Mutex
	drawn map[sonagram.Place][]byte
}

// NewLikeness returns the likeness of hits of a set.
func NewLikeness(set *data.Set) *Likeness {
	return &Likeness{set: set, drawn: map[sonagram.Place][]byte{}}
}

// MostLike returns the indices of places, those that sound most like place i
// first. It fails when a recording cannot be read.
func (l *Likeness) MostLike(ctx context.Context, places []sonagram.Place, i int) ([]int, error) {
	pictures, err := l.pictures(ctx, places)
	if err != nil {
		return nil, err
	}
	return order(pictures, func(p []float32) float64 { return num.Apart(p, pictures[i]) }), nil
}

// LeastLike returns the indices of places, those that are least like the mean
// of all first. It fails when a recording cannot be read.
func (l *Likeness) LeastLike(ctx context.Context, places []sonagram.Place) ([]int, error) {
	pictures, err := l.pictures(ctx, places)
	middle := mean(pictures)
	return order(pictures, func(p []float32) float64 { return -num.Apart(p, middle) }), err
}

// order returns the indices of pictures by a key, smallest first.
func order(pictures [][]float32, key func([]float32) float64) []int {
	keys, indices := make([]float64, len(pictures)), make([]int, len(pictures))
	for i, p := range pictures {
		keys[i], indices[i] = key(p), i
	}
	slices.SortStableFunc(indices, func(a, b int) int { return cmp.Compare(keys[a], keys[b]) })
	return indices
}

// pictures returns a small spectrogram of each place, each less its mean.
func (l *Likeness) pictures(ctx context.Context, places []sonagram.Place) ([][]float32, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	fresh := slices.DeleteFunc(slices.Clone(places), func(at sonagram.Place) bool { return l.drawn[at] != nil })
	grids, err := likeShape.Thumbnails(ctx, l.set, fresh)
	if err != nil {
		return nil, err
	}
	for i, at := range fresh {
		l.drawn[at] = grids[i]
	}
	all := make([][]float32, len(places))
	for i, at := range places {
		all[i] = lessMean(l.drawn[at])
	}
	return all, nil
}

func lessMean(grid []byte) []float32 {
	sum := 0
	for _, b := range grid {
		sum += int(b)
	}
	mean := float32(sum) / float32(len(grid))
	x := make([]float32, len(grid))
	for i, b := range grid {
		x[i] = float32(b) - mean
	}
	return x
}

func mean(all [][]float32) []float32 {
	m := make([]float32, likeShape.Rows*likeShape.Rows)
	for _, x := range all {
		for i, v := range x {
			m[i] += v / float32(len(all))
		}
	}
	return m
}

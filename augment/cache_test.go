package augment

import (
	"slices"
	"sync"
	"testing"
)

func TestCacheKeepsTheLastUsedUpToItsBound(t *testing.T) {
	c := newCache[int](100, func(v []float32) int { return len(v) })
	made := 0
	get := func(key, size int) []float32 {
		return c.get(key, func() []float32 { made++; return slices.Repeat([]float32{float32(key)}, size) })
	}
	for _, step := range []struct{ key, size, made int }{
		{1, 40, 1}, {2, 40, 2}, {1, 40, 2}, // 1 is used last
		{3, 40, 3}, {1, 40, 3}, {2, 40, 4}, // 3 drove out 2, and 2 drives out 3
		{1, 40, 4}, {3, 40, 5},
		{4, 101, 6}, {4, 101, 7}, // larger than all: not kept
	} {
		v := get(step.key, step.size)
		if len(v) != step.size || v[0] != float32(step.key) || made != step.made {
			t.Errorf("%+v: got %d values of %v, made %d", step, len(v), v[0], made)
		}
		if c.held > c.most || c.used.Len() != len(c.entries) {
			t.Errorf("%+v: %d floats in %d of %d entries", step, c.held, c.used.Len(), len(c.entries))
		}
	}
}

func TestCacheIsForAllGoroutines(t *testing.T) {
	c := newCache[int](50, func(v []float32) int { return len(v) })
	var group sync.WaitGroup
	for g := range 8 {
		group.Go(func() {
			for i := range 1000 {
				key := (i*g + i) % 13
				v := c.get(key, func() []float32 { return []float32{float32(key), 0, 0, 0, 0, 0, 0, 0, 0, 0} })
				if v[0] != float32(key) {
					t.Errorf("key %d: got %v", key, v[0])
				}
			}
		})
	}
	group.Wait()
	if c.held > 50 {
		t.Errorf("%d floats are kept, want at most 50", c.held)
	}
}

// What was let go of is made again with the same bits.
func TestSpectraAndWindowsComeBackTheSame(t *testing.T) {
	r := room{size: -20, variant: 1, rate: rate}
	c := newConvolver(1 << 16)
	first, window := r.spectrum(c), sine(1000)
	for n := range spectra.most/(1<<16) + 1 {
		room{size: -60, variant: n, rate: rate}.spectrum(c)
	}
	for n := range 800 {
		sine(2000 + n)
	}
	if spectra.held > spectra.most || windows.held > windows.most {
		t.Errorf("%d and %d floats are kept", spectra.held, windows.held)
	}
	again := r.spectrum(c)
	if &again.Re[0] == &first.Re[0] || !slices.Equal(again.Re, first.Re) || !slices.Equal(again.Im, first.Im) {
		t.Error("the spectrum was kept, or came back different")
	}
	if w := sine(1000); &w[0] == &window[0] || !slices.Equal(w, window) {
		t.Error("the window was kept, or came back different")
	}
}

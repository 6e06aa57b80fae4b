package segment

import (
	"fmt"
	"math"
	"testing"

	"prep/data"
)

// live is a recording whose end shows only when it is reached, and which
// remembers how much of it was asked for.
type live struct {
	data.Clip
	asked int
}

func (l *live) Len() int {
	if l.asked < l.Clip.Len() {
		return math.MaxInt / 4
	}
	return l.Clip.Len()
}

func (l *live) ReadAt(dst []float32, pos int) error {
	l.asked = max(l.asked, pos+len(dst))
	return l.Clip.ReadAt(dst, pos)
}

func TestStream(t *testing.T) {
	samples := sequence()
	clip := data.Clip{Rate: rate, Samples: samples}
	c := Default()
	c.Causal = true
	want, err := c.Hits(clip)
	if err != nil || len(want) == 0 {
		t.Fatal(len(want), err)
	}
	l := &live{Clip: clip}
	n := 0
	err = Default().Stream(l, func(h data.Hit) error {
		if n == len(want) || h.Onset != want[n].Onset || h.Start != want[n].Start {
			t.Errorf("hit %d: %+v", n, h)
		}
		if late := l.asked - h.Onset; late > rate.N(latency) {
			t.Errorf("hit %d came %d samples after its onset", n, late)
		}
		n++
		return nil
	})
	if err != nil || n != len(want) {
		t.Errorf("%d of %d hits, %v", n, len(want), err)
	}
}

func TestStreamStopsAtAnError(t *testing.T) {
	samples := sequence()
	n := 0
	err := Default().Stream(data.Clip{Rate: rate, Samples: samples}, func(data.Hit) error {
		n++
		return fmt.Errorf("enough")
	})
	if err == nil || n != 1 {
		t.Errorf("%d hits, %v", n, err)
	}
}

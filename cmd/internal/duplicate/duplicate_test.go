package duplicate

import (
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"prep/data"
	"prep/data/datatest"
)

const rate data.Rate = 44100

// stroke returns a decaying tone with decaying noise, as drums have it.
func stroke(seed uint64, hz float64) []float32 {
	rng := rand.New(rand.NewPCG(seed, 1))
	x := make([]float32, 2000)
	decay := float32(1)
	osc, step := float32(0), float32(hz/float64(rate))
	for t := range x {
		osc += step
		if osc > 0.5 {
			osc--
		}
		x[t] = decay * (0.3*osc + 0.02*float32(rng.NormFloat64()))
		decay *= 0.998
	}
	return x
}

// setOf writes a set of one hit a recording, each in a group of its own.
func setOf(t *testing.T, strokes ...[]float32) *data.Set {
	t.Helper()
	c := datatest.Contents{Audio: map[string][]float32{}}
	for i, x := range strokes {
		name := string(rune('a' + i))
		c.Audio[name] = x
		c.Recordings = append(c.Recordings, data.Recording{ID: name, Name: name, Group: name, Rate: rate})
		c.Hits = append(c.Hits, data.Hit{ID: data.HitID(name, 5), Recording: name, Onset: 5, End: len(x), Offset: len(x), Mark: data.NoMark})
	}
	return datatest.NewSet(t, c)
}

func TestCopiesAreFound(t *testing.T) {
	original := stroke(1, 180)
	louder := make([]float32, len(original))
	for i, v := range original {
		louder[i] = -3 * v
	}
	later := append(make([]float32, 150), original[:1900]...)
	noisy := make([]float32, len(original))
	rng := rand.New(rand.NewPCG(9, 9))
	for i, v := range original {
		noisy[i] = v + 0.0005*float32(rng.NormFloat64())
	}
	for _, c := range []struct {
		name  string
		other []float32
		found bool
	}{
		{"the same", original, true},
		{"louder and turned over", louder, true},
		{"cut elsewhere", later, true},
		{"with noise", noisy, true},
		{"the same tone struck again", stroke(2, 180), false},
		{"another tone", stroke(1<<32, 400), false},
		{"silence", make([]float32, 2000), false},
	} {
		t.Run(c.name, func(t *testing.T) {
			copies, err := Find(context.Background(), setOf(t, original, stroke(7, 90), c.other), nil)
			twins := copies.Twins
			if err != nil {
				t.Fatal(err)
			}
			if found := len(twins) == 1 && twins[0].Hit.Group == "a" && twins[0].Other.Group == "c"; found != c.found {
				t.Errorf("got %+v, want found %v", twins, c.found)
			}
		})
	}
}

func TestCellsBoundTheCorrelation(t *testing.T) {
	set := setOf(t, stroke(1, 180), stroke(2, 180), stroke(3, 181), stroke(4, 90), stroke(1, 180)[:1500])
	examples, err := originals(set)
	if err != nil {
		t.Fatal(err)
	}
	s, err := newSearch(context.Background(), set, examples)
	if err != nil {
		t.Fatal(err)
	}
	for i := range examples {
		a, _, _ := s.spectrum(s.plan, i)
		for j := range examples {
			b, _, _ := s.spectrum(s.plan, j)
			c := correlation(s.plan, a, b)
			var bound float64
			for k, v := range s.cells[i].Data {
				bound += float64(v) * float64(s.cells[j].Data[k])
			}
			if c > bound+1e-4 {
				t.Errorf("hits %d and %d: correlation %.5f above its bound %.5f", i, j, c, bound)
			}
			if i == j && (c < 0.9999 || c > 1.0001) {
				t.Errorf("hit %d with itself: correlation %.5f, want 1", i, c)
			}
		}
	}
}

func TestHitsOfAFewSamples(t *testing.T) {
	twins, err := Find(context.Background(), setOf(t, stroke(1, 180)[:9], stroke(1, 180)[:9]), nil)
	if err != nil || len(twins.Twins) != 1 {
		t.Errorf("got %v, %v; want the pair", twins, err)
	}
}

func TestHitsOfOneGroupMayBeAlike(t *testing.T) {
	set := setOf(t, stroke(1, 180), stroke(1, 180))
	recordings, err := set.Recordings()
	if err != nil {
		t.Fatal(err)
	}
	recordings[1].Group = recordings[0].Group
	if err := set.WriteRecordings(recordings); err != nil {
		t.Fatal(err)
	}
	if twins, err := Find(context.Background(), set, nil); err != nil || len(twins.Twins) > 0 {
		t.Errorf("got %v, %v; want none", twins, err)
	}
}

// What is augmented is a copy of its parent and no twin, and a search that
// cannot go on says why.
func TestFindEnds(t *testing.T) {
	set := setOf(t, stroke(1, 180), stroke(2, 180))
	hits, err := set.Hits()
	if err != nil {
		t.Fatal(err)
	}
	twin := hits[0]
	twin.ID, twin.Parent = twin.ID+"+1", twin.ID
	if err := set.WriteHits(append(hits, twin)); err != nil {
		t.Fatal(err)
	}
	steps := 0
	twins, err := Find(context.Background(), set, func(data.Step) { steps++ })
	if err != nil || len(twins.Twins) != 0 || steps != 2 {
		t.Errorf("%v in %d steps, %v", twins, steps, err)
	}
	ended, end := context.WithCancel(context.Background())
	end()
	if _, err := Find(ended, set, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("after the end: %v", err)
	}
	if err := os.Remove(set.Path("audio", "b.wav")); err != nil {
		t.Fatal(err)
	}
	if _, err := Find(context.Background(), set, nil); err == nil || !strings.Contains(err.Error(), "hit "+hits[1].ID) {
		t.Errorf("without audio: %v", err)
	}
	if twins, err := Find(context.Background(), datatest.NewSet(t, datatest.Contents{}), nil); twins.Twins != nil || err != nil {
		t.Errorf("of nothing: %v, %v", twins, err)
	}
}

// Where not every pair can be compared, some hits look at all others, before and behind them, and it
// is said.
func TestSomeHitsAreLookedAt(t *testing.T) {
	set := setOf(t, stroke(1, 180), stroke(2, 90), stroke(3, 240), stroke(4, 300), stroke(2, 90), stroke(1, 180))
	all, err := Find(context.Background(), set, nil)
	if err != nil || len(all.Twins) != 2 || all.Sampled() || strings.Contains(all.Word(), "looked") {
		t.Errorf("of all: %+v, %v", all, err)
	}
	some, err := find(context.Background(), set, nil, 3*6)
	if err != nil || len(some.Twins) != 2 || some.Looked != 3 || some.Of != 6 { // hits 0, 2 and 4
		t.Fatalf("of some: %+v, %v", some, err)
	}
	if got := some.Twins[1]; got.Hit.Group != "e" || got.Other.Group != "b" || !strings.HasSuffix(some.Word(), "; 3 of 6 hits were looked at, spread over the set") {
		t.Errorf("got %s", some.Word())
	}
}

package corpus

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"prep/data"
)

// The truth of a mix is where its cuts begin, whatever surrounds it.
func TestMixesBeginWhereTheySay(t *testing.T) {
	cuts := Bursts(44100, 1, 20)
	m := DefaultMix(44100, 3)
	m.ClosestS, m.FarthestS, m.RangeDB = 0.3, 0.3, 0
	take := m.Perform("mix", cuts)
	if len(take.Truth) < 5 {
		t.Fatalf("%d hits", len(take.Truth))
	}
	again := m.Perform("mix", cuts)
	if !slices.Equal(take.Clip.Samples, again.Clip.Samples) {
		t.Error("two performances of one name differ")
	}
	energy := func(lo, hi int) (sum float64) {
		for _, v := range take.Clip.Samples[max(lo, 0):max(hi, 0)] {
			sum += float64(v) * float64(v)
		}
		return sum
	}
	for _, e := range take.Truth {
		if before, after := energy(e.Onset-44, e.Onset), energy(e.Onset, e.Onset+44); after < 2*before {
			t.Errorf("at %d the energy goes from %g to %g", e.Onset, before, after)
		}
	}
}

// Another room, microphone or recorder moves no onset: of a click's samples the loudest
// stays within a millisecond. What it makes is finite, within full scale, and the same
// again.
func TestSurroundMovesNothing(t *testing.T) {
	clip := data.Clip{Rate: 44100, Samples: make([]float32, 44100)}
	for _, at := range []int{10000, 25000} {
		for i := range 30 {
			clip.Samples[at+i] = float32(0.9 * math.Exp(-float64(i)/6) * float64(1-2*(i%2)))
		}
	}
	near := 0
	for i := range 40 {
		name := fmt.Sprint("take ", i)
		got := Surround(clip, 1, name).Samples
		if !slices.Equal(got, Surround(clip, 1, name).Samples) {
			t.Fatalf("%s: two renderings differ", name)
		}
		for _, v := range got {
			if !(math.Abs(float64(v)) <= 1) {
				t.Fatalf("%s: a sample of %v", name, v)
			}
		}
		loudest := 24000
		for j := 24000; j < 26000; j++ {
			if math.Abs(float64(got[j])) > math.Abs(float64(got[loudest])) {
				loudest = j
			}
		}
		if d := loudest - 25000; d > -10 && d < 100 {
			near++
		}
	}
	if near < 36 { // clipping and loud noise hide it in some
		t.Errorf("the click is where it was in %d of 40", near)
	}
}

// A silent take stays silent but for noise, and finite.
func TestSurroundOfSilence(t *testing.T) {
	for i := range 20 {
		for _, v := range Surround(data.Clip{Rate: 44100, Samples: make([]float32, 3000)}, 1, fmt.Sprint(i)).Samples {
			if !(math.Abs(float64(v)) <= 1) {
				t.Fatalf("take %d: a sample of %v", i, v)
			}
		}
	}
}

func TestNoiseHasItsLevelAndColour(t *testing.T) {
	for _, colour := range []float64{-1, -0.5, 0, 0.5, 1} {
		x := make([]float64, 1<<16)
		AddNoise(x, data.Rand(1, fmt.Sprint(colour)), -20, colour)
		var power, steps float64
		for i, v := range x {
			power += v * v
			if i > 0 {
				steps += (v - x[i-1]) * (v - x[i-1])
			}
		}
		if db := 10 * math.Log10(power/float64(len(x))); math.Abs(db+20) > 0.01 {
			t.Errorf("colour %v: %.2f dB", colour, db)
		}
		// White noise steps by twice its power; bluer by more, browner by less.
		if ratio := steps / power; colour < 0 && ratio < 2.1 || colour == 0 && math.Abs(ratio-2) > 0.05 || colour > 0 && ratio > 1 {
			t.Errorf("colour %v: steps of %.2f times the power", colour, ratio)
		}
	}
}

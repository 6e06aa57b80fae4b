package datatest

import (
	"fmt"
	"math"
	"math/rand/v2"
	"sync"
	"testing"

	"prep/data"
)

// The hits of NewBursts: BurstSpacing samples apart at BurstRate.
const (
	BurstRate    = data.Rate(44100)
	BurstSpacing = 4410
)

// NewBursts returns a set of one recording a 500 hits, take-000.wav and so on:
// bursts that decay, of 200 and 800 Hz in turn. It has no labels.
func NewBursts(t testing.TB, hits int) *data.Set {
	t.Helper()
	c := Contents{Audio: map[string][]float32{}}
	for first := 0; first < hits; first += 500 {
		id := fmt.Sprintf("%016x", first+1)
		n := min(500, hits-first)
		c.Audio[id] = fiveHundred()[:(n+1)*BurstSpacing]
		c.Recordings = append(c.Recordings, data.Recording{ID: id, Name: fmt.Sprintf("take-%03d.wav", first/500), Group: "ada", Rate: BurstRate})
		for i := range n {
			at := (i + 1) * BurstSpacing
			c.Hits = append(c.Hits, data.Hit{ID: data.HitID(id, at), Recording: id, Start: at - 132, Onset: at, End: at + 2000,
				Offset: at + 1800, Found: data.FoundDetected, Mark: data.NoMark, Confidence: 1})
		}
	}
	return NewSet(t, c)
}

// BurstID returns the ID of hit n, from 1 on, of the first recording of
// NewBursts.
func BurstID(n int) string { return data.HitID("0000000000000001", n*BurstSpacing) }

// fiveHundred is the audio of a full recording; shorter ones are its beginning.
var fiveHundred = sync.OnceValue(func() []float32 { return Bursts(500) })

// Bursts returns the audio of n hits of NewBursts.
func Bursts(n int) []float32 {
	x := make([]float32, (n+1)*BurstSpacing)
	r := rand.New(rand.NewPCG(1, 2))
	for i := range n {
		for k := range 2000 {
			tone := math.Sin(2 * math.Pi * float64(200+600*(i%2)) * float64(k) / float64(BurstRate))
			x[(i+1)*BurstSpacing+k] = float32(0.5 * math.Exp(-float64(k)/400) * (tone + 0.2*r.NormFloat64()))
		}
	}
	return x
}

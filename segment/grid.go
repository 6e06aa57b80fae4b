package segment

import (
	"math"
	"time"

	"prep/data"
)

// grid is the raster of the coarse pass in time and frequency.
type grid struct {
	rate        data.Rate
	window, hop int   // samples
	lag, quick  int   // frames
	context     int   // frames
	evidence    int   // frames
	edges       []int // band b holds the bins [edges[b], edges[b+1])
}

func newGrid(rate data.Rate) grid {
	seconds := float64(rate)
	g := grid{rate: rate, hop: max(1, int(math.Round(hopS*seconds)))}
	g.window = max(16, 1<<max(0, int(math.Round(math.Log2(windowS*seconds)))))
	g.lag = g.frames(lagS * float64(time.Second))
	g.quick = g.frames(burstS * float64(time.Second))
	g.context = g.frames(contextS * float64(time.Second))
	g.evidence = g.frames(evidenceS * float64(time.Second))
	top := min(g.window/2+1, max(lowestBin+1, int(highestHz*float64(g.window)/seconds)+1))
	step := math.Pow(2, 1.0/bandsPerOctave)
	for e := lowestBin; e < top; e = max(e+1, int(math.Round(float64(e)*step))) {
		g.edges = append(g.edges, e)
	}
	g.edges = append(g.edges, top)
	return g
}

// frames returns the number of frames in so many nanoseconds, at least 1.
func (g grid) frames(ns float64) int {
	return max(1, int(math.Round(ns/float64(time.Second)*float64(g.rate)/float64(g.hop))))
}

func (g grid) bands() int { return len(g.edges) - 1 }

// count returns how many frames a recording of n samples has: the last is the
// first that lies behind it.
func (g grid) count(n int) int { return (n+g.window/2)/g.hop + 1 }

package segment

import (
	"math"
	"time"

	"prep/data"
	"prep/features/stft"
)

// The raster of the coarse pass in time and frequency. docs/segment.md has what
// each is worth.
const (
	// hopS gives 220 samples at 44.1 kHz.
	hopS = 0.00499
	// bandCount bands a window, as wide as a tone is on the mel scale.
	bandCount = 40
	lowestHz  = 30
	highestHz = 16000
	// lowestBin leaves out what leaks from a DC offset under a Hann window, whose
	// main lobe is two bins to either side.
	lowestBin = 2
	// contextS is how far around a frame its loudest sound is looked for: levels
	// are relative to it.
	contextS = 5
)

// windowsS gives 512 and 1024 samples at 44.1 kHz: one tells the bands of a kick
// apart, the other when it begins.
var windowsS = []float64{0.0116, 0.0232}

// grid is the raster at a rate.
type grid struct {
	rate    data.Rate
	hop     int     // samples
	context int     // frames
	windows []bands // a spectrogram each
}

// bands is one spectrogram: a window, and what its bins weigh in each band.
type bands struct {
	size    int // samples
	first   []int
	weights [][]float32 // sum to one over the power of white noise of variance one; empty above the Nyquist frequency
}

func newGrid(rate data.Rate) grid {
	g := grid{rate: rate, hop: max(1, int(math.Round(hopS*float64(rate))))}
	g.context = g.frames(contextS * time.Second)
	for _, s := range windowsS {
		size := max(16, 1<<max(0, int(math.Round(math.Log2(s*float64(rate))))))
		g.windows = append(g.windows, newBands(size, rate))
	}
	return g
}

// newBands lays triangles over the bins, half overlapping and evenly spaced on
// the mel scale 2595 log10(1 + f/700) (O'Shaughnessy, "Speech Communication",
// 1987). One that falls between two bins has the nearer.
func newBands(size int, rate data.Rate) bands {
	b := bands{size: size, first: make([]int, bandCount), weights: make([][]float32, bandCount)}
	perBin := float64(rate) / float64(size)
	mel := func(hz float64) float64 { return 2595 * math.Log10(1+hz/700) }
	edge := func(i int) float64 {
		m := mel(lowestHz) + (mel(highestHz)-mel(lowestHz))*float64(i)/(bandCount+1)
		return 700 * (math.Pow(10, m/2595) - 1) / perBin
	}
	noise := 0.0 // power of white noise of variance one in a bin
	for _, w := range stft.Hann(size) {
		noise += float64(w) * float64(w)
	}
	for i := range bandCount {
		lo, centre, hi := edge(i), edge(i+1), edge(i+2)
		first := max(lowestBin, int(math.Ceil(lo)))
		var w []float64
		sum := 0.0
		for k := first; float64(k) < hi && k <= size/2; k++ {
			v := min((float64(k)-lo)/(centre-lo), (hi-float64(k))/(hi-centre))
			w, sum = append(w, v), sum+v
		}
		if sum == 0 {
			if first = max(lowestBin, int(math.Round(centre))); first > size/2 {
				continue
			}
			w, sum = []float64{1}, 1
		}
		b.first[i] = first
		for _, v := range w {
			b.weights[i] = append(b.weights[i], float32(v/(sum*noise)))
		}
	}
	return b
}

// frames returns the number of frames in a time, at least 1.
func (g grid) frames(d time.Duration) int {
	return max(1, int(math.Round(d.Seconds()*float64(g.rate)/float64(g.hop))))
}

// rows returns how many values a frame has: band after band, and in each a value
// a window.
func (g grid) rows() int { return bandCount * len(g.windows) }

// count returns how many frames a recording of n samples has: frame t is centred
// on sample t*hop, and the last is the first that lies behind it.
func (g grid) count(n int) int { return (n+g.windows[0].size/2)/g.hop + 1 }

package tcn

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"prep/data/cpu"
)

// random returns a network of the shape of the detectors', with drawn weights.
func random() Network {
	n := Network{Bands: 11, Channels: 2, Layers: []Layer{
		{Frames: 5, Bands: 3, Inputs: 2, Filters: 6, Stride: 2},
		{Frames: 3, Bands: 3, Inputs: 6, Filters: 9, Stride: 2},
		{Frames: 1, Bands: 3, Inputs: 9, Filters: 8, Whole: true},
		{Frames: 3, Bands: 1, Inputs: 8, Filters: 5, Dilation: 4},
		{Frames: 1, Bands: 1, Inputs: 5, Filters: 1, Linear: true},
	}}
	rng := rand.New(rand.NewPCG(1, 2))
	for i := range n.Layers {
		l := &n.Layers[i]
		kernel, bias := l.Weights()
		l.Kernel, l.Bias = make([]float32, kernel), make([]float32, bias)
		for _, w := range [][]float32{l.Kernel, l.Bias} {
			for j := range w {
				w[j] = float32(0.3 * rng.NormFloat64())
			}
		}
	}
	return n
}

// at is what a layer says by its definition, in double precision.
func (l Layer) at(x func(t, b, c int) float64, bands, t, b, f int) float64 {
	sum := float64(l.Bias[f])
	for k := range l.Frames {
		for j := range l.Bands {
			band := b*l.stride() - l.padding(bands) + j
			if band < 0 || band >= bands {
				continue
			}
			for c := range l.Inputs {
				sum += float64(l.Kernel[((k*l.Bands+j)*l.Inputs+c)*l.Filters+f]) * x(t+k*l.dilation(), band, c)
			}
		}
	}
	if !l.Linear {
		sum = max(sum, 0)
	}
	return sum
}

// input is a value of the spectrogram that the tests run on.
func input(t, b, c int) float64 { return math.Sin(float64(t*t+7*b) + 3*float64(c)) }

// filler fills the input from frame first on.
func filler(n Network, first int) func(rows []float32, stride int) {
	return func(rows []float32, stride int) {
		for b := range n.Bands {
			for c := range n.Channels {
				row := rows[(b*n.Channels+c)*stride:][:stride]
				for t := range row {
					row[t] = float32(input(first+t, b, c))
				}
			}
		}
	}
}

func TestRunIsTheDefinition(t *testing.T) {
	n := random()
	if err := n.Validate(); err != nil {
		t.Fatal(err)
	}
	f, bands := input, n.Bands
	for _, l := range n.Layers {
		before, had, cache := f, bands, map[[3]int]float64{}
		f = func(t, b, c int) float64 {
			key := [3]int{t, b, c}
			if _, ok := cache[key]; !ok {
				cache[key] = l.at(before, had, t, b, c)
			}
			return cache[key]
		}
		bands = l.OutputBands(bands)
	}
	for i, got := range n.NewRunner().Run(20, filler(n, 0)) {
		if want := f(i, 0, 0); math.Abs(float64(got)-want) > 1e-5 {
			t.Errorf("frame %d: %v, want %v", i, got, want)
		}
	}
}

// Blocks of any length and every kernel give the same bits.
func TestBlocksAndKernelsGiveTheSameBits(t *testing.T) {
	n := random()
	want := slices.Clone(n.NewRunner().Run(67, filler(n, 0)))
	defer cpu.Limit(cpu.Generic)()
	r := n.NewRunner()
	for _, block := range []int{67, 33, 16, 1} {
		for at := 0; at+block <= len(want); at += block {
			if got := r.Run(block, filler(n, at)); !slices.Equal(got, want[at:at+block]) {
				t.Fatalf("blocks of %d: %v at %d, want %v", block, got, at, want[at:at+block])
			}
		}
	}
}

func TestValidateNamesTheLayer(t *testing.T) {
	for want, change := range map[string]func(*Network){
		"layer 2: takes 5 channels of 6":        func(n *Network) { n.Layers[1].Inputs = 5 },
		"layer 3: a kernel of 2 bands":          func(n *Network) { n.Layers[2].Bands = 2 },
		"layer 4: an even number of frames":     func(n *Network) { n.Layers[3].Frames, n.Layers[3].Dilation = 2, 1 },
		"layer 1: 3 and 6 weights":              func(n *Network) { n.Layers[0].Kernel = n.Layers[0].Kernel[:3] },
		"layer 5: a weight that is not finite":  func(n *Network) { n.Layers[4].Bias[0] = float32(math.NaN()) },
		"layer 1: a size of 99999, want 1":      func(n *Network) { n.Layers[0].Filters = 99999 },
		"no bands":                              func(n *Network) { n.Bands = 0 },
		"the last layer leaves 3 bands, want 1": func(n *Network) { n.Layers = n.Layers[:2] },
	} {
		n := random()
		change(&n)
		if err := n.Validate(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}

func BenchmarkRun(b *testing.B) {
	n := random()
	r := n.NewRunner()
	fill := filler(n, 0)
	for b.Loop() {
		r.Run(512, func(rows []float32, stride int) {
			if rows[0] == 0 {
				fill(rows, stride)
			}
		})
	}
}

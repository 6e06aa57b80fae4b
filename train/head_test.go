package train

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/mat"

	"prep/data"
)

// The statistics are the means over spans of the coefficients of the orthonormal DCT-II,
// worked out by its formula.
func TestStatistics(t *testing.T) {
	random := data.Rand(1, "statistics")
	for _, in := range []Shape{{64, 64, 1}, {20, 13, 2}, {5, 3, 1}} {
		p := data.Patch{Channels: in.Channels, Bands: in.Bands, Frames: in.Frames, Values: make([]float32, in.size())}
		for i := range p.Values {
			p.Values[i] = float32(10 * random.NormFloat64())
		}
		s := newStatistics(in)
		got := make([]float32, s.size())
		s.of(p, got)
		coefficients, spans := min(16, in.Bands), min(8, in.Frames)
		if len(got) != in.Channels*coefficients*spans {
			t.Fatalf("%v: %d values", in, len(got))
		}
		for i, v := range got {
			c, q, span := i/(coefficients*spans), i/spans%coefficients, i%spans
			lo, hi := span*in.Frames/spans, (span+1)*in.Frames/spans
			want := 0.0
			for f := lo; f < hi; f++ {
				for b := range in.Bands {
					want += float64(p.At(c, b, f)) * math.Cos(math.Pi*float64(q)*(float64(b)+0.5)/float64(in.Bands)) / float64(hi-lo)
				}
			}
			want *= math.Sqrt(2 / float64(in.Bands))
			if q == 0 {
				want /= math.Sqrt2
			}
			if math.Abs(float64(v)-want) > 1e-4 {
				t.Fatalf("%v: channel %d, coefficient %d, span %d: got %g, want %g", in, c, q, span, v, want)
			}
		}
	}
}

// cloud returns hits of classes that lie around points of their own, own ones moved.
func cloud(random *rand.Rand, classes, others, own int) (of []knownHit) {
	for i := range classes * (others + own) {
		x := knownHit{make([]float32, 12), i % classes, i >= classes*others}
		for j := range x.vector {
			x.vector[j] = float32(random.NormFloat64())
		}
		x.vector[x.class] += 3
		if x.own {
			x.vector[8] += 2
		}
		of = append(of, x)
	}
	return of
}

// without returns the dual weights of a head over some of f's hits, with f's weights and
// targets, solved anew; and the kernel.
func (f *fitted) without(t *testing.T, kept []int) (dual mat.Dense, near func(a, b []float32) float64) {
	weights := hitWeights(f.hits, 3)
	k, y := mat.NewDense(len(kept), len(kept), nil), mat.NewDense(len(kept), 3, nil)
	near = func(a, b []float32) float64 {
		var d float64
		for j := range a {
			d += float64(a[j]-b[j]) * float64(a[j]-b[j])
		}
		return math.Exp(-headGamma * d)
	}
	for a, i := range kept {
		for b, j := range kept {
			k.Set(a, b, near(f.vectors[i], f.vectors[j]))
		}
		k.Set(a, a, 1+headRidge/weights[i])
		for c := range 3 {
			y.Set(a, c, f.target(i, c))
		}
	}
	if err := dual.Solve(k, y); err != nil {
		t.Fatal(err)
	}
	return dual, near
}

// The closed form of leaving hits out is what a head says that never had them, with the
// weights of the others as they were.
func TestLeavingOutIsNotHavingLearned(t *testing.T) {
	of := cloud(data.Rand(1, "cloud"), 3, 20, 6)
	var h head
	h.standardize(of, 7)
	f, err := h.fit(of, 3)
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range [][]int{{61}, {60, 63, 64, 70}, {0, 77}} {
		got, err := f.leaveOut(part)
		if err != nil {
			t.Fatal(err)
		}
		out := map[int]bool{}
		for _, i := range part {
			out[i] = true
		}
		var kept []int
		for i := range of {
			if !out[i] {
				kept = append(kept, i)
			}
		}
		dual, near := f.without(t, kept)
		for r, i := range part {
			want := make([]float32, 3)
			for c := range want {
				score := float64(f.bias[c])
				for a, j := range kept {
					score += near(f.vectors[i], f.vectors[j]) * dual.At(a, c)
				}
				want[c] = float32(score)
			}
			soften(want)
			for c := range want {
				if math.Abs(float64(got[r][c]-want[c])) > 1e-4 {
					t.Errorf("hit %d left out with %v: got %v, want %v", i, part, got[r], want)
				}
			}
		}
	}
}

// Every class weighs the same, and own hits their share of it, however many there are.
func TestWeightsOfHits(t *testing.T) {
	of := []knownHit{{nil, 0, false}, {nil, 0, false}, {nil, 0, false}, {nil, 0, true}, {nil, 1, true}, {nil, 1, true}, {nil, 2, false}}
	var total float64
	classes, own := make([]float64, 3), 0.0
	for i, w := range hitWeights(of, 3) {
		total += w
		classes[of[i].class] += w
		if of[i].class == 0 && of[i].own {
			own += w
		}
	}
	if math.Abs(total-7) > 1e-9 || math.Abs(classes[0]-classes[1]) > 1e-9 || math.Abs(classes[1]-classes[2]) > 1e-9 {
		t.Errorf("classes weigh %v, together %g; want the same, and 7", classes, total)
	}
	if got := own / classes[0]; math.Abs(got-headShare) > 1e-9 {
		t.Errorf("own hits have %g of their class, want %g", got, headShare)
	}
}

// Own hits move what a head says of a person; and it says the same as before of others.
func TestOwnHitsTeach(t *testing.T) {
	random := data.Rand(2, "cloud")
	of, asked := cloud(random, 3, 40, 5), cloud(random, 3, 0, 60)
	var h head
	h.standardize(of, 12)
	share := func(of []knownHit) float64 {
		f, err := h.fit(of, 3)
		if err != nil {
			t.Fatal(err)
		}
		right := 0
		for _, x := range asked {
			if answers([][]float32{f.probabilities(x.vector)})[0] == x.class {
				right++
			}
		}
		return float64(right) / float64(len(asked))
	}
	without, with := share(of[:120]), share(of)
	if with < without || with < 0.9 {
		t.Errorf("%.3f named rightly without own hits, %.3f with", without, with)
	}
	if _, err := h.fit(nil, 3); err == nil {
		t.Error("a head of nothing")
	}
}

// A recorder of a low rate leaves the upper bands empty, from some band on; the lower half
// stays.
func TestBandLimit(t *testing.T) {
	limited := 0
	for seed := range uint64(200) {
		p := data.Patch{Channels: 1, Bands: 8, Frames: 2, Values: make([]float32, 16)}
		for i := range p.Values {
			p.Values[i] = float32(i) - 40
		}
		Jitter{BandLimit: 0.4}.limit(data.Rand(seed, "limit"), p)
		for i, v := range p.Values[:8] {
			if v != float32(i)-40 {
				t.Fatalf("value %d of the lower half is %g", i, v)
			}
		}
		if p.Values[15] == -40 {
			limited++
			empty := false
			for _, v := range p.Values[8:] {
				empty = empty || v == -40
				if empty && v != -40 {
					t.Fatalf("a band above an empty one is not: %v", p.Values)
				}
			}
		}
	}
	if limited < 60 || limited > 100 {
		t.Errorf("%d of 200 patches are limited, want about 80", limited)
	}
}

package duplicate

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"math/bits"
	"runtime"
	"slices"
	"time"

	"gonum.org/v1/gonum/blas/blas32"

	"prep/data"
	"prep/data/work"
	"prep/features/stft"
)

const (
	topHz  = 8000 // every encoder and most rates keep what is below
	bandHz = 500  // 16 bands of equal strength
	cellHz = 20   // what 50 ms resolve
	taper  = 5 * time.Millisecond
)

// search compares the hits of a set.
type search struct {
	set      *data.Set
	examples []data.Example
	plan     *stft.Plan      // of two hits in a row, so that no lag wraps around
	cells    []blas32.Vector // of each hit: the spectrum's magnitudes in cells, of unit norm
	sampled  bool            // not every hit is looked at: those that are look before themselves too
}

// newSearch reads all hits and works out their cells.
func newSearch(ctx context.Context, set *data.Set, examples []data.Example) (*search, error) {
	longest := 2
	for _, e := range examples {
		longest = max(longest, e.Len())
	}
	n := 1 << bits.Len(uint(2*longest-1))
	s := &search{set: set, examples: examples, plan: stft.NewPlan(n)}
	for i, r := range work.Map(ctx, s.all(), runtime.GOMAXPROCS(0), s.cellsOf) {
		if r.Err != nil {
			return nil, fmt.Errorf("hit %s: %w", examples[i].ID, r.Err)
		}
		s.cells = append(s.cells, r.Value)
	}
	return s, nil
}

// all returns the indices of the hits.
func (s *search) all() []int {
	all := make([]int, len(s.examples))
	for i := range all {
		all[i] = i
	}
	return all
}

// bins returns how many bins of a spectrum are hz wide at a rate, at least one.
func (s *search) bins(hz int, rate data.Rate) int { return max(1, hz*s.plan.Len()/int(rate)) }

func (s *search) cellsOf(_ context.Context, i int) (blas32.Vector, error) {
	x, rate, err := s.spectrum(s.plan.Clone(), i)
	if err != nil {
		return blas32.Vector{}, err
	}
	width := s.bins(cellHz, rate)
	used := min(s.bins(topHz, rate), len(x.Re))
	cells := make([]float32, (used+width-1)/width)
	for k := range used {
		cells[k/width] += 2 * (x.Re[k]*x.Re[k] + x.Im[k]*x.Im[k])
	}
	for c, energy := range cells {
		cells[c] = float32(math.Sqrt(float64(energy)))
	}
	return blas32.Vector{N: len(cells), Inc: 1, Data: cells}, nil
}

// spectrum returns the tapered spectrum of hit i up to topHz, its bands equally
// strong, of unit energy over positive and negative frequencies; and the rate.
func (s *search) spectrum(plan *stft.Plan, i int) (stft.Sequence, data.Rate, error) {
	e := s.examples[i]
	audio, err := s.set.Audio(e.Recording)
	if err != nil {
		return stft.Sequence{}, 0, err
	}
	defer audio.Close()
	samples, err := data.ReadSpan(audio, e.Start, e.End)
	if err != nil {
		return stft.Sequence{}, 0, err
	}
	rate := audio.SampleRate()
	fade(samples, min(rate.N(taper), len(samples)/2))
	x := stft.Sequence{Re: make([]float32, plan.Bins()), Im: make([]float32, plan.Bins())}
	plan.Spectrum(x.Re, x.Im, samples)
	s.level(x, rate)
	return x, rate, nil
}

// fade lowers the n samples at each end by half a period of a cosine.
func fade(x []float32, n int) {
	for t := range n {
		w := float32(0.5 - 0.5*math.Cos(math.Pi*(float64(t)+0.5)/float64(n)))
		x[t] *= w
		x[len(x)-1-t] *= w
	}
}

// level makes the bands below topHz that hold anything equally strong, and
// silences the mean and what is above.
func (s *search) level(x stft.Sequence, rate data.Rate) {
	width := s.bins(bandHz, rate)
	used := min(s.bins(topHz, rate), len(x.Re))
	x.Re[0] = 0
	clear(x.Re[used:])
	clear(x.Im[used:])
	bands := 0
	for lo := 0; lo < used; lo += width {
		band := stft.Sequence{Re: x.Re[lo:min(lo+width, used)], Im: x.Im[lo:min(lo+width, used)]}
		if e := energy(band); e > 0 {
			scale(band, 1/math.Sqrt(e))
			bands++
		}
	}
	scale(x, 1/math.Sqrt(2*float64(max(bands, 1)))) // twice: the negative frequencies
}

func energy(x stft.Sequence) (sum float64) {
	for k := range x.Re {
		sum += float64(x.Re[k])*float64(x.Re[k]) + float64(x.Im[k])*float64(x.Im[k])
	}
	return sum
}

func scale(x stft.Sequence, by float64) {
	for k := range x.Re {
		x.Re[k] *= float32(by)
		x.Im[k] *= float32(by)
	}
}

// twin returns the first copy of hit i in another group, behind it if every hit is looked at, or nil.
func (s *search) twin(ctx context.Context, i int) (*Twin, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	plan := s.plan.Clone()
	mine, _, err := s.spectrum(plan, i)
	if err != nil {
		return nil, err
	}
	for _, x := range s.candidates(i) {
		other, _, err := s.spectrum(plan, x.hit)
		if err != nil {
			return nil, err
		}
		if c := correlation(plan, mine, other); c >= same {
			return &Twin{s.examples[i], s.examples[x.hit], c}, nil
		}
	}
	return nil, nil
}

// mostAlike bounds the hits that one is compared with closely where not every hit is looked at:
// a copy is among those that are most alike, and a large set may hold many that are alike.
const mostAlike = 50

// candidate is a hit that may be a copy of another, and what their correlation is at most.
type candidate struct {
	hit   int
	bound float32
}

// candidates returns the hits of other groups that may be copies of hit i, in the order in which they are
// compared: those behind it, or the most alike of all.
func (s *search) candidates(i int) (all []candidate) {
	from := i + 1
	if s.sampled {
		from = 0
	}
	for j := from; j < len(s.examples); j++ {
		if s.examples[j].Group == s.examples[i].Group {
			continue
		}
		if bound := blas32.Dot(s.cells[i], s.cells[j]); bound >= same {
			all = append(all, candidate{j, bound})
		}
	}
	if !s.sampled {
		return all
	}
	slices.SortStableFunc(all, func(a, b candidate) int { return cmp.Compare(b.bound, a.bound) })
	return all[:min(len(all), mostAlike)]
}

// correlation returns the largest magnitude of the cross-correlation of two
// signals at any lag, from their spectra.
func correlation(plan *stft.Plan, a, b stft.Sequence) (most float64) {
	re, im, x := make([]float32, len(a.Re)), make([]float32, len(a.Re)), make([]float32, plan.Len())
	for k := range a.Re {
		re[k] = a.Re[k]*b.Re[k] + a.Im[k]*b.Im[k]
		im[k] = a.Im[k]*b.Re[k] - a.Re[k]*b.Im[k]
	}
	plan.Inverse(x, re, im)
	for _, v := range x {
		most = max(most, math.Abs(float64(v)))
	}
	return most * float64(plan.Len())
}

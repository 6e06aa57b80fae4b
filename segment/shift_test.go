package segment

import (
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// sung is a recording for pairing: where its sounds start, what a detector and a
// person made of them.
type sung struct {
	pairer
	truth   []int          // the onset of each span, or -1 where it was not detected
	classes map[int]string // of the onsets
}

// sing draws onsets at gaps of so many ms, some of them missed and some invented,
// and marks of nine tenths of the sounds, moved and unevenly placed.
func sing(r *rand.Rand, n int, gapMs func() float64, shiftMs, jitterMs float64, regions bool) sung {
	classes := []string{"kick", "hat", "snare", "click"}
	of := make([]string, n)
	for i := range of {
		of[i] = classes[r.IntN(len(classes))]
	}
	s := sung{classes: map[int]string{}, pairer: pairer{rate: rate, tolerance: rate.N(50e6)}}
	at, sounds := 500.0, []int{}
	for range n {
		sounds = append(sounds, ms(at))
		at += gapMs()
	}
	found := map[int]int{} // the onset of a sound
	for i, o := range sounds {
		if r.Float64() < 0.03 {
			continue
		}
		found[i] = len(s.onsets)
		s.onsets = append(s.onsets, o)
		if gap := ms(gapMs()); r.Float64() < 0.03 && i+1 < n && sounds[i+1]-o > gap/2+ms(30) && gap/2 > ms(30) {
			s.onsets = append(s.onsets, o+gap/2)
		}
	}
	slices.Sort(s.onsets)
	for i := range found {
		k, _ := slices.BinarySearch(s.onsets, sounds[i])
		found[i] = k
	}
	for i, k := range found {
		s.classes[k] = of[i]
	}
	heard := heardOf(r, len(s.onsets), found, func(i int) float64 { return float64(slices.Index(classes, of[i])) })
	s.sounds = func() ([][]float64, error) { return heard, nil }
	for i, o := range sounds {
		if r.Float64() < 0.1 {
			continue
		}
		m := span{at: o + ms(shiftMs+jitterMs*(2*r.Float64()-1)), class: of[i]}
		if regions {
			m.end = m.at + ms(40+40*r.Float64())
		}
		s.mark(m, i, found)
	}
	return s
}

// mark adds a mark of the i-th sound, unless it lies before one that is there.
func (s *sung) mark(m span, i int, found map[int]int) {
	if m.at < 0 || len(s.spans) > 0 && m.at <= s.spans[len(s.spans)-1].at {
		return
	}
	k, ok := found[i]
	if !ok {
		k = -1
	}
	s.spans, s.truth = append(s.spans, m), append(s.truth, k)
}

func ms(v float64) int { return int(v * float64(rate) / 1000) }

// heardOf draws what each onset sounds like, by the class of its sound; one that
// is of no sound is like none.
func heardOf(r *rand.Rand, onsets int, found map[int]int, class func(i int) float64) [][]float64 {
	heard := make([][]float64, onsets)
	for i := range heard {
		heard[i] = []float64{3 * r.NormFloat64(), 3 * r.NormFloat64(), 3 * r.NormFloat64()}
	}
	for _, i := range slices.Sorted(maps.Keys(found)) {
		c := class(i)
		heard[found[i]] = []float64{2*c + r.NormFloat64(), c*c - 3*c + r.NormFloat64(), r.NormFloat64()}
	}
	return heard
}

// Marks of a recording that are all early or late, unevenly placed and not
// complete find their own onsets, at an uneven pace and at a steady one; what
// cannot be told is left, and said. `-v` prints the table.
func TestShiftedMarksFindTheirOnsets(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	var marks, wrong int
	for _, regions := range []bool{false, true} {
		for _, steady := range []bool{false, true} {
			for _, shiftMs := range []float64{-120, -60, -30, 0, 10, 30, 60, 120} {
				for _, gapMs := range []float64{80, 140, 200, 400} {
					c := sungCase{regions, steady, shiftMs, gapMs}
					all, w, lost, unsaid := c.sing(t, r, 8)
					t.Logf("%+v: of %d marks %d wrong, %d left, %d of them unsaid", c, all, w, lost, unsaid)
					marks, wrong = marks+all, wrong+w
					if !steady && gapMs >= 2*math.Abs(shiftMs)+20 && (float64(w) > 0.01*float64(all) || float64(lost) > 0.03*float64(all)) {
						t.Errorf("%+v: of %d marks %d wrong, %d left", c, all, w, lost)
					}
				}
			}
		}
	}
	if float64(wrong) > 0.002*float64(marks) {
		t.Errorf("%d of %d marks are given to another hit, want at most 0.2 %%", wrong, marks)
	}
}

// sungCase is how marks are placed.
type sungCase struct {
	Regions, Steady bool
	ShiftMs, GapMs  float64
}

// sing counts what becomes of the marks of some takes whose sounds were detected.
func (c sungCase) sing(t *testing.T, r *rand.Rand, takes int) (all, wrong, lost, unsaid int) {
	t.Helper()
	spread := 0.6
	if c.Steady {
		spread = 0.04
	}
	gap := func() float64 { return c.GapMs * (1 - spread/2 + spread*r.Float64()) }
	for range takes {
		s := sing(r, 30, gap, c.ShiftMs, 20, c.Regions)
		p, err := s.pair()
		if err != nil {
			t.Fatal(err)
		}
		for i, k := range p.of {
			if s.truth[i] < 0 {
				continue
			}
			all++
			switch {
			case k < 0:
				lost++
				if !slices.Contains(p.doubtful, i) {
					unsaid++
				}
			case k != s.truth[i] && s.classes[k] != s.spans[i].class:
				wrong++
			}
		}
	}
	return all, wrong, lost, unsaid
}

// Of two or three marks a shift that explains all is taken; a recording's only
// mark means the only onset that a shift could mean.
func TestFewMarksFindTheirOnsets(t *testing.T) {
	for _, test := range []struct {
		name         string
		onsetsMs, at []float64
		want         []int
	}{
		{"three, late", []float64{500, 1500, 2600}, []float64{590, 1600, 2685}, []int{0, 1, 2}},
		{"two, early", []float64{500, 1500}, []float64{400, 1390}, []int{0, 1}},
		{"two that have nothing in common", []float64{500, 1500}, []float64{410, 1600}, []int{-1, -1}},
		{"one, early", []float64{500}, []float64{385}, []int{0}},
		{"one, and two that it could mean", []float64{480, 540}, []float64{400}, []int{-1}},
		{"one, too far", []float64{500}, []float64{300}, []int{-1}},
	} {
		p := pairer{rate: rate, tolerance: rate.N(50e6), sounds: func() ([][]float64, error) { return nil, nil }}
		for _, o := range test.onsetsMs {
			p.onsets = append(p.onsets, ms(o))
		}
		for _, at := range test.at {
			p.spans = append(p.spans, span{at: ms(at), class: "kick"})
		}
		got, err := p.pair()
		if err != nil || !slices.Equal(got.of, test.want) {
			t.Errorf("%s: %v, %v, want %v", test.name, got.of, err, test.want)
		}
	}
}

package num

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"
)

// world is where groups come from: how well hits are named on average, how alike those of a
// group are (their correlation), how many hits a group has (mean), and how unequal the groups
// are (deviation over mean).
type world struct{ mean, alike, hits, unequal float64 }

// draw returns groups of a world: accuracies of a beta distribution, sizes of a log-normal one.
func (w world) draw(random *rand.Rand, n int) []Count {
	groups := make([]Count, n)
	for i := range groups {
		groups[i] = w.group(random, w.share(random, w.mean))
	}
	return groups
}

func (w world) size(random *rand.Rand) float64 {
	s := math.Sqrt(math.Log1p(w.unequal * w.unequal))
	return max(1, math.Round(w.hits*math.Exp(s*random.NormFloat64()-s*s/2)))
}

// share draws a group's own share, of a mean.
func (w world) share(random *rand.Rand, mean float64) float64 {
	if w.alike == 0 {
		return mean
	}
	k := (1 - w.alike) / w.alike
	return distuv.Beta{Alpha: mean * k, Beta: (1 - mean) * k, Src: random}.Rand()
}

func (w world) group(random *rand.Rand, share float64) Count {
	c := Count{Hits: w.size(random)}
	c.Right = binomial(random, c.Hits, share)
	return c
}

func binomial(random *rand.Rand, n, share float64) (hits float64) {
	for range int(n) {
		if random.Float64() < share {
			hits++
		}
	}
	return hits
}

// pair are the groups of two models, which differ in the named share of hits, and of them the
// first is right in half and as many as make the given difference.
type pair struct {
	world
	differ, by float64
}

func (p pair) draw(random *rand.Rand, n int) (groups []Count, gain []float64) {
	groups, gain = make([]Count, n), make([]float64, n)
	for i := range groups {
		size := p.size(random)
		split := binomial(random, size, p.share(random, p.differ))
		first := binomial(random, split, p.share(random, 0.5+p.by/(2*p.differ)))
		both := binomial(random, size-split, p.share(random, p.mean))
		groups[i], gain[i] = Count{size, both + first}, 2*first-split
	}
	return groups, gain
}

// differing returns the difference of two models.
func differing(groups []Count, gain []float64) Estimate {
	second := make([]Count, len(groups))
	for i, g := range groups {
		second[i] = Count{g.Hits, g.Right - gain[i]}
	}
	return Gain(groups, second).Estimate()
}

// coverage returns how often the interval holds the truth, and its mean width.
func coverage(trials int, truth float64, draw func() (low, high float64)) (covered, width float64) {
	for range trials {
		low, high := draw()
		width += (high - low) / float64(trials)
		if low <= truth && truth <= high {
			covered += 1 / float64(trials)
		}
	}
	return covered, width
}

// An interval holds what is so for groups that were not seen in at least 93 of 100 cases: of
// few and of many groups, of even and uneven ones, of such as are alike and such as differ.
// The test tagged "long" has all worlds.
func TestIntervalsCover(t *testing.T) {
	const trials, sampling = 600, 0.02 // two standard errors of the coverage of so many
	for _, n := range []int{2, 3, 5, 6, 10, 20, 40} {
		for _, w := range []world{{0.6, 0.1, 20, 0.3}, {0.85, 0.05, 40, 1}, {0.95, 0, 30, 1}, {0.95, 0.2, 30, 0.3}, {0.98, 0.1, 12, 1}} {
			random := rand.New(rand.NewPCG(uint64(n), 7))
			got, width := coverage(trials, w.mean, func() (low, high float64) {
				e := Pooled(w.draw(random, n))
				return e.CI[0], e.CI[1]
			})
			if got < 0.93-sampling {
				t.Errorf("%d groups of %+v: the interval, %.3f wide, covers %.3f", n, w, width, got)
			}
			if n >= 20 && width > 0.3 {
				t.Errorf("%d groups of %+v: the interval is %.3f wide", n, w, width)
			}
		}
		for _, p := range []pair{{world{0.9, 0.1, 30, 0.3}, 0.1, 0.05}, {world{0.6, 0, 20, 1}, 0.3, 0}, {world{0.9, 0.2, 30, 1}, 0.1, 0}} {
			random := rand.New(rand.NewPCG(uint64(n), 8))
			got, width := coverage(trials, p.by, func() (low, high float64) {
				e := differing(p.draw(random, n))
				return e.CI[0], e.CI[1]
			})
			if got < 0.93-sampling {
				t.Errorf("%d groups of %+v: the interval of the difference, %.3f wide, covers %.3f", n, p, width, got)
			}
		}
	}
}

func TestAnIntervalHoldsItsValueAndHasAWidth(t *testing.T) {
	many := make([]Count, 12)
	for i := range many {
		many[i] = Count{40, 40}
	}
	for _, c := range []struct {
		name      string
		groups    []Count
		value     float64
		low, high float64 // that the ends are within
		each      int
	}{
		{"one group", []Count{{10, 9}}, 0.9, 0, 1, 1},
		{"two, all right", []Count{{40, 40}, {20, 20}}, 1, 0.02, 1, 2},
		{"twelve, all right", many, 1, 0.75, 1, 0},
		{"none right", []Count{{40, 0}, {20, 0}, {9, 0}}, 0, 0, 0.9, 3},
		{"a group without hits says nothing", []Count{{10, 9}, {}}, 0.9, 0, 1, 1},
		{"many hits of which half are right in each group", []Count{{1e4, 5e3}, {1e4, 5e3}, {1e4, 5e3}, {1e4, 5e3}}, 0.5, 0.25, 0.75, 4},
	} {
		e := Pooled(c.groups)
		if e.Value != c.value || e.CI[0] < c.low || e.CI[1] > c.high || e.CI[0] >= e.CI[1] || e.CI[0] > e.Value || e.CI[1] < e.Value || len(e.Each) != c.each {
			t.Errorf("%s: got %+v, want %v within %v to %v", c.name, e, c.value, c.low, c.high)
		}
	}
	if e := Pooled(nil); e.Value != 0 || e.CI != [2]float64{} {
		t.Errorf("of nothing: got %v", e)
	}
	if got := Pooled([]Count{{10, 9}, {5, 4}}).String(); got != "0.867 (0.037 to 0.999; groups 0.800, 0.900)" {
		t.Errorf("in words: %s", got)
	}
}

func TestADifferenceOfTheSameIsNone(t *testing.T) {
	groups := []Count{{40, 30}, {30, 29}, {50, 50}, {20, 20}, {33, 30}, {40, 38}, {40, 39}}
	e := differing(groups, make([]float64, len(groups)))
	if e.Value != 0 || !(e.CI[0] < 0) || e.CI[0] != -e.CI[1] || e.CI[1] > 0.2 {
		t.Errorf("got %v", e)
	}
	gain := []float64{6, 4, 8, 3, 5, 6, 6}
	c := Difference(groups, func(in []int) (d float64) {
		for _, i := range in {
			d += gain[i] / groups[i].Hits / float64(len(in))
		}
		return d
	})
	if e := c.Estimate(); e.CI[0] <= 0 || c.P() >= 0.05 {
		t.Errorf("every group gains, and the interval is %v, p %.3f", e, c.P())
	}
	if wide := c.With(0.01).Estimate(); wide.CI[0] >= 0 || wide.Value != c.Value {
		t.Errorf("with a deviation of .1 more: %v", wide)
	}
	if c := Difference(groups[:1], func([]int) float64 { return 0.5 }); c.P() != 1 || c.Estimate().CI != [2]float64{-1, 1} {
		t.Errorf("one group: %v, p %.3f", c.Estimate(), c.P())
	}
}

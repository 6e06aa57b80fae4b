package sweep

import (
	"math"
	"math/rand/v2"
	"testing"

	"prep/data/num"
)

// simulate returns the tally of an arm: each group's accuracy is its own plus
// the arm's effect plus what a training happens to come to, each hit a draw.
func simulate(random *rand.Rand, groups, hits, seeds int, level []float64, effect float64) tally {
	t := tally{hits: make([]float64, groups), right: make([][]float64, seeds)}
	for s := range seeds {
		t.right[s] = make([]float64, groups)
		luck := 0.02 * random.NormFloat64()
		for g := range groups {
			t.hits[g] = float64(hits)
			for range hits {
				if random.Float64() < level[g]+effect+luck {
					t.right[s][g]++
				}
			}
		}
	}
	return t
}

// Where nothing differs the interval leaves zero out, and p is below .05, about
// one time in twenty, with few groups too; an effect of twelve points mostly is.
func TestDifferenceHoldsItsLevel(t *testing.T) {
	const trials = 300
	for _, c := range []struct{ groups, seeds int }{{6, 2}, {30, 2}, {12, 3}} {
		random := rand.New(rand.NewPCG(uint64(c.groups), 1))
		wrong, found := 0, 0
		for range trials {
			level := make([]float64, c.groups)
			for g := range level {
				level[g] = 0.7 + 0.2*random.Float64()
			}
			a := simulate(random, c.groups, 100, c.seeds, level, 0)
			b := simulate(random, c.groups, 100, c.seeds, level, 0)
			worse := simulate(random, c.groups, 100, c.seeds, level, -0.12)
			of := spreadOf([]tally{a, b, worse})
			if d := difference(b, a, of); d.P < 0.05 {
				wrong++
			} else if d.CI[0] > 0 || d.CI[1] < 0 {
				t.Fatalf("p is %.3f, but the interval %v leaves zero out", d.P, d.Estimate)
			}
			if d := difference(worse, a, of); d.P < 0.05 && d.Value < 0 {
				found++
			}
		}
		if share := float64(wrong) / trials; share > 0.09 {
			t.Errorf("%d groups, %d seeds: a difference in %.3f of comparisons of equals, want about .05", c.groups, c.seeds, share)
		}
		if share := float64(found) / trials; share < 0.7 {
			t.Errorf("%d groups, %d seeds: an effect of 12 points found in %.2f", c.groups, c.seeds, share)
		}
	}
}

func TestEqualTalliesDoNotDiffer(t *testing.T) {
	a := tally{hits: []float64{10, 20}, right: [][]float64{{5, 15}}}
	if d := difference(a, a, spread{}); d.Value != 0 || d.P != 1 || d.CI[0] != -d.CI[1] {
		t.Errorf("an arm differs from itself: %+v", d)
	}
}

// The example of Holm's own procedure: p(i) times what is left, never falling.
func TestHolm(t *testing.T) {
	var all []*Difference
	for _, p := range []float64{0.03, 0.005, 0.04, 0.9} {
		all = append(all, &Difference{P: p})
	}
	holm(all)
	for i, want := range []float64{0.09, 0.02, 0.09, 0.9} {
		if math.Abs(all[i].Holm-want) > 1e-12 {
			t.Errorf("p %.3f is corrected to %.3f, want %.3f", all[i].P, all[i].Holm, want)
		}
	}
}

func TestFitPowerFindsTheCurve(t *testing.T) {
	want := power{0.1, 2, 0.5}
	x := []float64{50, 100, 200, 400}
	e := make([]float64, len(x))
	for i := range x {
		e[i] = want.at(x[i])
	}
	if got := fitPower(x, e); math.Abs(got.at(1600)-want.at(1600)) > 1e-6 {
		t.Errorf("got %+v, %.4f at 1600, want %.4f", got, got.at(1600), want.at(1600))
	}
	if got := fitPower(x, []float64{0.1, 0.2, 0.3, 0.4}); got.scale != 0 || math.Abs(got.floor-0.25) > 1e-12 {
		t.Errorf("an error that rises with data: %+v, want a constant", got)
	}
	if got := fitPower([]float64{100}, []float64{0.2}); math.Abs(got.at(100)-0.2) > 1e-9 {
		t.Errorf("one point: %+v", got)
	}
}

// The smallest network is of those that are not found worse; of arms trained
// once nothing is found.
func TestSmallest(t *testing.T) {
	r := Report{Rows: []Row{{Arm: baseName, Parameters: 100}, {Arm: "larger", Parameters: 200, Difference: Difference{Holm: 1}},
		{Arm: "equal", Parameters: 50, Difference: Difference{Holm: 1}},
		{Arm: "worse", Parameters: 20, Difference: Difference{Estimate: num.Estimate{Value: -0.1}, Holm: 0.01}}}}
	if got, ok := r.Smallest(); !ok || got.Arm != "equal" {
		t.Errorf("the smallest is %q, want equal", got.Arm)
	}
	for i := range r.Rows {
		r.Rows[i].Difference.Once = true
	}
	if got, ok := r.Smallest(); ok {
		t.Errorf("%s is told of, trained once", got.Arm)
	}
}

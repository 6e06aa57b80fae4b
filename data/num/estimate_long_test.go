//go:build long

package num

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/stat"
)

// percentile is the interval that prep had before: percentiles of 1000 draws of the groups
// with replacement.
func percentile(random *rand.Rand, groups []Count) (low, high float64) {
	draws := make([]float64, 1000)
	for i := range draws {
		var sum Count
		for range groups {
			g := groups[random.IntN(len(groups))]
			sum.Hits, sum.Right = sum.Hits+g.Hits, sum.Right+g.Right
		}
		draws[i] = sum.Right / sum.Hits
	}
	slices.Sort(draws)
	return draws[25], draws[974]
}

// overGroups is Student's interval of the jackknife over groups.
func overGroups(groups []Count) (low, high float64) {
	j := newJackknife(groups, func(in []int) float64 {
		var sum Count
		for _, i := range in {
			sum.Hits, sum.Right = sum.Hits+groups[i].Hits, sum.Right+groups[i].Right
		}
		return sum.Right / sum.Hits
	})
	c := Contrast{Value: j.value, Freedom: float64(len(groups) - 1)}.With(j.variance)
	e := c.Estimate()
	return e.CI[0], e.CI[1]
}

// TestIntervalsCoverEverywhere prints the table of docs/results.md.
func TestIntervalsCoverEverywhere(t *testing.T) {
	const trials, sampling = 2000, 0.012
	var lines []string
	for _, n := range []int{2, 3, 4, 5, 6, 8, 12, 20, 40} {
		var all [3][]float64
		var widths [3][]float64
		for _, mean := range []float64{0.5, 0.8, 0.9, 0.95, 0.98} {
			for _, alike := range []float64{0, 0.05, 0.1, 0.2, 0.3} {
				for _, hits := range []float64{12, 45} {
					for _, unequal := range []float64{0.3, 1} {
						w := world{mean, alike, hits, unequal}
						for k, of := range []func(*rand.Rand, []Count) (float64, float64){
							func(_ *rand.Rand, g []Count) (float64, float64) { e := Pooled(g); return e.CI[0], e.CI[1] },
							percentile,
							func(_ *rand.Rand, g []Count) (float64, float64) { return overGroups(g) },
						} {
							trials := trials
							if k == 1 {
								trials = 200
							}
							random := rand.New(rand.NewPCG(uint64(n), 9))
							covered, width := coverage(trials, mean, func() (float64, float64) { return of(random, w.draw(random, n)) })
							all[k], widths[k] = append(all[k], covered), append(widths[k], width)
							if k == 0 && covered < 0.93-sampling {
								t.Errorf("%d groups of %+v: covers %.3f", n, w, covered)
							}
						}
					}
				}
			}
		}
		line := fmt.Sprintf("| %d |", n)
		for k := range all {
			line += fmt.Sprintf(" %.3f | %.3f | %.3f |", slices.Min(all[k]), stat.Mean(all[k], nil), stat.Mean(widths[k], nil))
		}
		lines = append(lines, line)
	}
	t.Log("\n" + strings.Join(lines, "\n"))
}

// TestDifferencesCoverEverywhere does the same for two models of the same groups.
func TestDifferencesCoverEverywhere(t *testing.T) {
	const trials, sampling = 2000, 0.012
	var lines []string
	for _, n := range []int{2, 3, 4, 5, 6, 8, 12, 20, 40} {
		var all, widths []float64
		for _, mean := range []float64{0.6, 0.9, 0.98} {
			for _, alike := range []float64{0, 0.1, 0.2, 0.3} {
				for _, unequal := range []float64{0.3, 1} {
					for _, d := range [][2]float64{{0.02, 0}, {0.05, 0.02}, {0.1, 0}, {0.1, 0.05}, {0.3, 0}} {
						p := pair{world{mean, alike, 30, unequal}, d[0], d[1]}
						random := rand.New(rand.NewPCG(uint64(n), 10))
						covered, width := coverage(trials, p.by, func() (float64, float64) {
							e := differing(p.draw(random, n))
							return e.CI[0], e.CI[1]
						})
						all, widths = append(all, covered), append(widths, width)
						if covered < 0.93-sampling {
							t.Errorf("%d groups of %+v: covers %.3f", n, p, covered)
						}
					}
				}
			}
		}
		lines = append(lines, fmt.Sprintf("| %d | %.3f | %.3f | %.3f |", n, slices.Min(all), stat.Mean(all, nil), stat.Mean(widths, nil)))
	}
	t.Log("\n" + strings.Join(lines, "\n"))
}

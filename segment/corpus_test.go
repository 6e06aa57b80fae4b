package segment

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"prep/data/corpus"
)

// On sequences whose onsets are exact, at 20 dB of SNR, the figures are those
// that were asked of the detector, whatever the voices.
func TestCorpus(t *testing.T) {
	if testing.Short() {
		t.Skip("listens to four minutes")
	}
	var pooled Comparison
	for seed := range uint64(8) {
		made := corpus.Default()
		made.Voices, made.TakesPerVoice, made.SNRDB, made.Seed = 4, 1, 20, 201+seed
		for take := range corpus.Generate(made) {
			var want []int
			for _, e := range take.Truth {
				want = append(want, e.Onset)
			}
			got := found(t, Default(), take.Clip.Samples)
			pooled.Add(Compare(seconds(want, take.Clip.Rate), seconds(got, take.Clip.Rate)))
		}
	}
	s := pooled.Scores()
	if at5 := s.Tolerances[3]; at5.F < 0.98 || s.ErrorMs.Median > 0.5 || s.ErrorMs.P95Abs > 2 {
		t.Errorf("%+v", s)
	}
	t.Logf("F at 5 ms %.4f, error median %.3f ms, 95 %% within %.3f ms", s.Tolerances[3].F, s.ErrorMs.Median, s.ErrorMs.P95Abs)
}

// Of two bursts close to each other both are found, whether the second is as
// loud or weaker: at least 95 of 100.
func TestPairs(t *testing.T) {
	for _, gap := range []int{1720, 1830, 2000, 2600} { // from 39 ms
		for _, weakerDB := range []float64{0, 6, 10} {
			t.Run(fmt.Sprintf("%d samples, %v dB", gap, weakerDB), func(t *testing.T) {
				var first, second []int
				for i := range 20 {
					first = append(first, 10000+15037*i)
					second = append(second, first[i]+gap)
				}
				x := bursts(320000, 1e-3, 300, first...)
				for i, v := range bursts(320000, 0, 300, second...) {
					x[i] += v * float32(math.Pow(10, -weakerDB/20))
				}
				c := Compare(seconds(slices.Sorted(slices.Values(append(first, second...))), rate), seconds(found(t, Default(), x), rate))
				if c.Matched[3] < 38 || c.Estimated > 40 {
					t.Errorf("%d of 40 found, and %d others", c.Matched[3], c.Estimated-c.Matched[3])
				}
			})
		}
	}
}

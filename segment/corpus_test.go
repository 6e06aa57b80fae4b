package segment

import (
	"testing"

	"prep/data/corpus"
)

// On sequences whose onsets are exact, at 20 dB of SNR, the figures are those
// that were asked of the detector.
func TestCorpus(t *testing.T) {
	made := corpus.Default()
	made.Voices, made.TakesPerVoice, made.SNRDB, made.Seed = 6, 1, 20, 2
	var pooled Comparison
	for take := range corpus.Generate(made) {
		var want []int
		for _, e := range take.Truth {
			want = append(want, e.Onset)
		}
		got := found(t, Default(), take.Clip.Samples)
		pooled.Add(Compare(seconds(want, take.Clip.Rate), seconds(got, take.Clip.Rate)))
	}
	s := pooled.Scores()
	if at5 := s.Tolerances[3]; at5.F < 0.97 || s.ErrorMs.Median > 0.5 || s.ErrorMs.P95Abs > 2 {
		t.Errorf("%+v", s)
	}
	t.Logf("F at 5 ms %.4f, error median %.3f ms, 95 %% within %.3f ms", s.Tolerances[3].F, s.ErrorMs.Median, s.ErrorMs.P95Abs)
}

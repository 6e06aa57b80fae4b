//go:build measure

package segment

import (
	"fmt"
	"os"
	"testing"

	"prep/data"
	"prep/data/corpus"
)

// TestCorpusBySNR prints the table of docs/segment.md: seeds 101 to 105 at 20 dB, one of
// them in the other rows.
func TestCorpusBySNR(t *testing.T) {
	row := func(name string, snr float64, seeds ...uint64) {
		var pooled Comparison
		for _, seed := range seeds {
			made := corpus.Default()
			made.Seed, made.SNRDB = seed, snr
			for take := range corpus.Generate(made) {
				var want []int
				for _, e := range take.Truth {
					want = append(want, e.Onset)
				}
				pooled.Add(Compare(seconds(want, take.Clip.Rate), seconds(found(t, Default(), take.Clip.Samples), take.Clip.Rate)))
			}
		}
		s := pooled.Scores()
		at := s.Tolerances
		fmt.Printf("| %s | %.3f | %.3f | %.3f | %.3f | %.3f | %.2f | %.2f |\n", name, at[0].F, at[3].F, at[4].F,
			at[3].Precision, at[3].Recall, s.ErrorMs.Median, s.ErrorMs.P95Abs)
	}
	row("default corpus, seed 1", 0, 1)
	for _, snr := range []float64{30, 25, 20, 15, 10, 5, 0.001} {
		seeds := []uint64{101}
		if snr == 20 {
			seeds = []uint64{101, 102, 103, 104, 105}
		}
		row(fmt.Sprintf("%.0f dB", snr), snr, seeds...)
	}
}

// TestFinePass prints what the fine pass is worth: F at 50, 10, 5 and 2 ms of the coarse
// pass alone and of both, on the corpus of seed 101 at 20 dB and, if PREP_SET names a set,
// on its annotated recordings, by the detector that PREP_DETECTOR names.
func TestFinePass(t *testing.T) {
	c := Default()
	c.Detector = os.Getenv("PREP_DETECTOR")
	var sums [2]Comparison
	add := func(r data.Reader, want []int) {
		var coarse, fine []int
		last, f := noneBefore, refiner{r: r}
		err := c.scan(r, blockFrames, func(p point) error {
			if !p.onset {
				return nil
			}
			coarse = append(coarse, p.at)
			a, ok, err := c.refineAttack(&f, p, last)
			if ok && a.onset > last {
				fine, last = append(fine, a.onset), a.onset
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		for i, got := range [][]int{coarse, fine} {
			sums[i].Add(Compare(seconds(want, r.SampleRate()), seconds(got, r.SampleRate())))
		}
	}
	show := func(what string) {
		for i, pass := range []string{"coarse pass alone", "both"} {
			at := sums[i].Scores().Tolerances
			fmt.Printf("| %s, %s | %.3f | %.3f | %.3f | %.3f |\n", what, pass, at[0].F, at[2].F, at[3].F, at[4].F)
		}
		sums = [2]Comparison{}
	}
	made := corpus.Default()
	made.Seed, made.SNRDB = 101, 20
	for take := range corpus.Generate(made) {
		var want []int
		for _, e := range take.Truth {
			want = append(want, e.Onset)
		}
		add(take.Clip, want)
	}
	show("corpus")
	if dir := os.Getenv("PREP_SET"); dir != "" {
		set := data.At(dir)
		recordings, marks, err := c.annotatedRecordings(set)
		if err != nil {
			t.Fatal(err)
		}
		for _, rec := range recordings {
			audio, err := set.Audio(rec.ID)
			if err != nil {
				t.Fatal(err)
			}
			if len(marks[rec.ID]) > 0 {
				add(audio, marks[rec.ID])
			}
			audio.Close()
		}
		show("set")
	}
}

//go:build measure

package line

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"testing"

	"prep/data"
	"prep/data/corpus"
	"prep/data/work"
	"prep/ingest"
	"prep/segment"
)

// What becomes of labels that are moved by so many ms, unevenly placed and not
// complete: the table of docs/labels.md. The truth is, for VOPEC, which hit each
// label is on as shipped; for the corpus, which it was made for.
//
//	PREP_VOPEC=DIR go test -tags measure ./cmd/internal/line -run MeasureShifted -v
func TestMeasureShiftedLabels(t *testing.T) {
	if dir := os.Getenv("PREP_VOPEC"); dir != "" {
		measureShifted(t, "VOPEC", dir)
	}
	for _, seed := range []uint64{601, 602} {
		source := t.TempDir()
		made := corpus.Default()
		made.TakesPerVoice, made.Seed = 2, seed
		if err := corpus.Write(source, made); err != nil {
			t.Fatal(err)
		}
		measureShifted(t, fmt.Sprint("corpus, seed ", seed), source)
	}
}

func measureShifted(t *testing.T, name, source string) {
	t.Helper()
	e := work.On(create(t, t.TempDir()), nil)
	defer e.Set.Close()
	in := ingest.Default()
	in.Paths, in.GroupFrom = []string{source}, "^([^/]+)/"
	if _, err := Ingest(t.Context(), e, in); err != nil {
		t.Fatal(err)
	}
	journal, err := e.Set.Labels()
	if err != nil {
		t.Fatal(err)
	}
	truth := hitsOfLabels(t, e, journal)
	t.Logf("%s: %d labels, %d on a hit as shipped", name, len(journal), len(truth))
	for _, regions := range []bool{true, false} {
		for _, shiftMs := range []float64{-120, -90, -60, -30, 0, 30, 60, 90, 120} {
			moved, was := moveLabels(journal, shiftMs, regions)
			on := hitsOfLabels(t, e, moved)
			var all, wrong, lost int
			for i, l := range moved {
				want, ok := truth[data.Moment{Recording: was[i].Recording, Onset: was[i].Onset}]
				if !ok {
					continue
				}
				all++
				switch got, ok := on[data.Moment{Recording: l.Recording, Onset: l.Onset}]; {
				case !ok:
					lost++
				case got != want && classAt(truth, journal, got) != l.Class:
					wrong++
				}
			}
			t.Logf("| %s | %v | %+.0f | %d | %.2f | %.2f |", name, regions, shiftMs, all, 100*float64(wrong)/float64(all), 100*float64(lost)/float64(all))
		}
	}
}

// classAt returns the class that a hit has as shipped, or "".
func classAt(truth map[data.Moment]string, journal []data.Label, hit string) string {
	for _, l := range journal {
		if truth[data.Moment{Recording: l.Recording, Onset: l.Onset}] == hit {
			return l.Class
		}
	}
	return ""
}

// moveLabels returns nine tenths of the labels, moved by a shift and up to 20 ms
// either way, and what each was.
func moveLabels(journal []data.Label, shiftMs float64, regions bool) (moved, was []data.Label) {
	r := rand.New(rand.NewPCG(5, uint64(shiftMs+1000)))
	taken := map[data.Moment]bool{}
	for _, l := range journal {
		by := int((shiftMs + 20*(2*r.Float64()-1)) * 44.1)
		m := l
		m.Onset += by
		if m.End > 0 && regions {
			m.End += by
		} else {
			m.End = 0
		}
		at := data.Moment{Recording: m.Recording, Onset: m.Onset}
		if r.Float64() < 0.1 || m.Onset < 0 || taken[at] {
			continue
		}
		taken[at] = true
		moved, was = append(moved, m), append(was, l)
	}
	return moved, was
}

// hitsOfLabels segments with a journal and returns the hit that each label is on.
func hitsOfLabels(t *testing.T, e work.Engine, journal []data.Label) map[data.Moment]string {
	t.Helper()
	journal = slices.Clone(journal)
	if err := data.WriteLines(e.Set.Path(data.LabelsFile), journal); err != nil {
		t.Fatal(err)
	}
	if _, err := segment.Run(t.Context(), e, segment.Default()); err != nil {
		t.Fatal(err)
	}
	hits, err := e.Set.Hits()
	if err != nil {
		t.Fatal(err)
	}
	on := map[data.Moment]string{}
	for _, h := range hits {
		if h.Mark != data.NoMark {
			on[data.Moment{Recording: h.Recording, Onset: h.Mark}] = h.ID
		}
	}
	return on
}

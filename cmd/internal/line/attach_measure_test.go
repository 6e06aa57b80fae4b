//go:build measure

package line

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
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
//	PREP_VOPEC=DIR PREP_BEFORE=prep-0.1.0 go test -tags measure ./cmd/internal/line -run MeasureShifted -v
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
			m := movedLabels{journal, moved, was, truth, shiftMs}
			row := fmt.Sprintf("| %s | %v | %+.0f | ", name, regions, shiftMs)
			if bin := os.Getenv("PREP_BEFORE"); bin != "" {
				row += m.shares(hitsBefore(t, e.Set, bin, moved)) + " | "
			}
			t.Log(row + m.shares(hitsOfLabels(t, e, moved)) + " |")
		}
	}
}

// movedLabels are labels moved by a shift, what each was, and which hit it is on
// as shipped.
type movedLabels struct {
	journal, moved, was []data.Label
	truth               map[data.Moment]string
	shiftMs             float64
}

// shares returns the percent that are on a hit of another class, those on none,
// and those on none of the labels that lie far apart.
func (m movedLabels) shares(on map[data.Moment]string) string {
	var all, wrong, lost, wide, wideLost int
	for i, l := range m.moved {
		want, ok := m.truth[data.Moment{Recording: m.was[i].Recording, Onset: m.was[i].Onset}]
		if !ok {
			continue
		}
		all++
		isWide := gapAt(m.journal, m.was[i]) >= 2*(math.Abs(m.shiftMs)+20)
		if isWide {
			wide++
		}
		switch got, ok := on[data.Moment{Recording: l.Recording, Onset: l.Onset}]; {
		case !ok:
			lost++
			if isWide {
				wideLost++
			}
		case got != want && classAt(m.truth, m.journal, got) != l.Class:
			wrong++
		}
	}
	return fmt.Sprintf("%.2f | %.2f | %.2f of %d", 100*float64(wrong)/float64(all), 100*float64(lost)/float64(all),
		100*float64(wideLost)/float64(max(wide, 1)), wide)
}

// gapAt returns how far the next label of its recording lies from a label, in ms.
func gapAt(journal []data.Label, l data.Label) float64 {
	gap := math.Inf(1)
	for _, o := range journal {
		if o.Recording == l.Recording && o.Onset != l.Onset {
			gap = min(gap, math.Abs(float64(o.Onset-l.Onset))/44.1)
		}
	}
	return gap
}

// hitsBefore segments a copy of a set with another prep, and returns the hit that
// each label is on.
func hitsBefore(t *testing.T, set *data.Set, bin string, journal []data.Label) map[data.Moment]string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "set")
	if err := os.CopyFS(dir, os.DirFS(set.Path())); err != nil {
		t.Fatal(err)
	}
	if err := data.WriteLines(filepath.Join(dir, data.LabelsFile), slices.Clone(journal)); err != nil {
		t.Fatal(err)
	}
	recordings, err := set.Recordings()
	if err != nil {
		t.Fatal(err)
	}
	for i := range recordings {
		recordings[i].Edition = 0 // which prep 0.1.0 does not know
	}
	if err := data.WriteLines(filepath.Join(dir, data.RecordingsFile), recordings); err != nil {
		t.Fatal(err)
	}
	for _, stale := range []string{"runs", data.HitsFile} {
		os.RemoveAll(filepath.Join(dir, stale))
	}
	if out, err := exec.Command(bin, "segment", "--set", dir, "-q").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	other, err := data.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return marksOf(t, other)
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
	return marksOf(t, e.Set)
}

// marksOf returns the hit that each label of a set is on.
func marksOf(t *testing.T, set *data.Set) map[data.Moment]string {
	t.Helper()
	hits, err := set.Hits()
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

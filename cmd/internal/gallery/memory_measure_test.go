//go:build measure && linux

package gallery

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strconv"
	"syscall"
	"testing"

	"prep/data"
	"prep/data/datatest"
	"prep/data/work"
	"prep/features"
)

// TestMeasureMemory says how much memory the first look of many hits takes:
// PREP_HITS in the environment, or 200,000, of four classes and 20 groups.
func TestMeasureMemory(t *testing.T) {
	hits := 200_000
	if n, err := strconv.Atoi(os.Getenv("PREP_HITS")); err == nil {
		hits = n
	}
	set := crowded(t, hits)
	before := peakMB(t)
	drawn, err := Draw(t.Context(), work.On(set, nil), usual())
	if err != nil || len(drawn.Skips) > 0 {
		t.Fatalf("%v, %v", err, drawn.Skips)
	}
	t.Logf("%d hits: %d pictures, at most %d MB (%d before)", hits, len(drawn.Pictures), peakMB(t), before)
}

func peakMB(t *testing.T) int64 {
	t.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return u.Maxrss / 1024
}

// crowded returns a set of hits 10 ms apart in 20 recordings, with patches of
// silence.
func crowded(t *testing.T, hits int) *data.Set {
	t.Helper()
	const takes, spacing = 20, 441
	c := datatest.Contents{Audio: map[string][]float32{}}
	sound := datatest.Bursts(hits/takes*spacing/datatest.BurstSpacing + 2)
	for r := range takes {
		id := fmt.Sprintf("%016x", r+1)
		c.Audio[id] = sound
		c.Recordings = append(c.Recordings, data.Recording{ID: id, Name: id + ".wav", Group: id, Rate: datatest.BurstRate})
		for i := range hits / takes {
			at := (i + 1) * spacing
			c.Hits = append(c.Hits, data.Hit{ID: data.HitID(id, at), Recording: id, Start: at - 132, Onset: at, End: at + 2000,
				Offset: at + 1800, Found: data.FoundDetected, Mark: data.NoMark, Confidence: 1})
			c.Labels = append(c.Labels, data.Label{Recording: id, Onset: at, Class: fmt.Sprint("class", i%4), By: data.ByImport})
		}
	}
	set := datatest.NewSet(t, c)
	e, err := features.New(features.Default(), datatest.BurstRate)
	if err != nil {
		t.Fatal(err)
	}
	recipe, err := json.Marshal(e.Recipe())
	var rows bytes.Buffer
	for _, h := range c.Hits {
		fmt.Fprintf(&rows, "{\"hit\":%q}\n", h.ID)
	}
	npy := set.Path("features", "mel.npy")
	err = errors.Join(err, os.Mkdir(set.Path("features"), 0o777), os.WriteFile(set.Path("features", "mel.json"), recipe, 0o666),
		os.WriteFile(set.Path("features", "mel.jsonl"), rows.Bytes(), 0o666), os.WriteFile(npy, data.NpyHead("<f4", hits, 64, 64), 0o666),
		os.Truncate(npy, int64(128+hits*64*64*4)))
	if err != nil {
		t.Fatal(err)
	}
	return set
}

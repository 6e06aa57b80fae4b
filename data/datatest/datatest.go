// Package datatest makes sets for the tests of stages.
package datatest

import (
	"errors"
	"os"
	"testing"

	"prep/data"
)

// Contents is what a set holds; there is no file of what is nil.
type Contents struct {
	// Recordings of which Audio has samples, by ID, need not count them.
	Recordings []data.Recording
	Audio      map[string][]float32
	Hits       []data.Hit
	Labels     []data.Label
}

// NewSet returns a set in a directory of its own, which goes with the test.
func NewSet(t testing.TB, c Contents) *data.Set {
	t.Helper()
	set, err := data.Create(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { set.Close() })
	for i := range c.Recordings {
		r := &c.Recordings[i]
		if x, ok := c.Audio[r.ID]; ok {
			r.Samples = len(x)
			writeAudio(t, set, *r, x)
		}
	}
	err = set.WriteRecordings(c.Recordings)
	if c.Hits != nil {
		err = errors.Join(err, set.WriteHits(c.Hits))
	}
	if c.Labels != nil {
		err = errors.Join(err, set.AppendLabels(c.Labels...))
	}
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// CopySet returns a copy of the set in a directory, open to read; it goes with
// the test.
func CopySet(t testing.TB, dir string) *data.Set {
	t.Helper()
	to := t.TempDir()
	if err := os.CopyFS(to, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	set, err := data.Open(to)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { set.Close() })
	return set
}

func writeAudio(t testing.TB, set *data.Set, r data.Recording, x []float32) {
	t.Helper()
	w, err := set.CreateAudio(r.ID, r.Rate)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(w.Write(x), w.Commit()); err != nil {
		t.Fatal(err)
	}
}

package ingest

import (
	"path/filepath"
	"reflect"
	"testing"
)

// TestRunJoinsGroups holds that groups which share a recording are one, and so
// are those that either shares one with.
func TestRunJoinsGroups(t *testing.T) {
	take := func(i int) string { return string(wav16(44100, 1, beep(1000, float64(50*i)))) }
	root := tree(t, map[string]string{
		"eve/1.wav": take(1), "dan/1.wav": take(1), "dan/2.wav": take(2), "cat/2.wav": take(2), "cat/3.wav": take(3),
		"bob/4.wav": take(4), "ann/5.wav": take(5),
	})
	sum, set := mustRun(t, filepath.Join(t.TempDir(), "set"), config(root))
	got := map[string]string{}
	for name, r := range recordings(t, set) {
		got[name] = r.Group
	}
	want := map[string]string{"dan/1.wav": "cat", "cat/2.wav": "cat", "cat/3.wav": "cat", "bob/4.wav": "bob", "ann/5.wav": "ann"}
	if !reflect.DeepEqual(got, want) || len(sum.Notes) != 3 { // the last counts groups
		t.Errorf("groups %v, want %v; notes %v", got, want, sum.Notes)
	}
}

func TestRunLabelFromDir(t *testing.T) {
	root := tree(t, map[string]string{
		"kick/a-p1-1.wav": string(wav16(44100, 1, beep(441, 10))), "snare/b-p2-1.wav": string(wav16(44100, 1, beep(441, 11))),
		"Snare 2/c.wav": string(wav16(44100, 1, beep(441, 12))),
	})
	snare := "snare"
	c := config(root)
	c.LabelFrom, c.Labels = labelFromDir, map[string]*string{"Snare 2": &snare}
	_, set := mustRun(t, filepath.Join(t.TempDir(), "set"), c)
	got := recordings(t, set)
	if got["kick/a-p1-1.wav"].Class != "kick" || got["Snare 2/c.wav"].Class != "snare" || got["kick/a-p1-1.wav"].Group != "a-p1-1" {
		t.Errorf("got %+v", got)
	}
	c.GroupFrom = `-(p\d)-`
	sum, set := mustRun(t, filepath.Join(t.TempDir(), "set"), c)
	got = recordings(t, set)
	if got["kick/a-p1-1.wav"].Group != "p1" || got["snare/b-p2-1.wav"].Group != "p2" || skipped(sum)["Snare 2/c.wav"] == "" {
		t.Errorf("got %+v, %+v", got, sum.Skips)
	}
}

package ingest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestRunMoves holds that a recording whose file has another place keeps its old
// name, and that a person hears of the new group.
func TestRunMoves(t *testing.T) {
	take := string(wav16(44100, 1, beep(441, 10)))
	dir := filepath.Join(t.TempDir(), "set")
	mustRun(t, dir, config(tree(t, map[string]string{"ann/a.wav": take})))
	sum, set := mustRun(t, dir, config(tree(t, map[string]string{"bob/z.wav": take})))
	r := recordings(t, set)["bob/z.wav"]
	if r.Group != "bob" || len(r.Aliases) != 1 || r.Aliases[0] != "ann/a.wav" {
		t.Errorf("got %+v", r)
	}
	if len(sum.Notes) != 2 || !strings.Contains(sum.Notes[0], "bytes of ann/a.wav, which was of group ann") {
		t.Errorf("notes %q", sum.Notes)
	}
}

// TestRunWithoutAudio holds that a recording whose audio is lost is left out with
// a word, and is made again when its file is there.
func TestRunWithoutAudio(t *testing.T) {
	one := tree(t, map[string]string{"a.wav": string(wav16(44100, 1, beep(441, 10)))})
	two := tree(t, map[string]string{"b.wav": string(wav16(44100, 1, beep(441, 20)))})
	dir := filepath.Join(t.TempDir(), "set")
	_, set := mustRun(t, dir, config(one, two))
	want := snapshot(t, dir)
	if err := os.Remove(filepath.Join(dir, "audio", recordings(t, set)["a.wav"].ID+".wav")); err != nil {
		t.Fatal(err)
	}
	sum, set := mustRun(t, dir, config(two))
	if all := recordings(t, set); len(all) != 1 || len(sum.Notes) != 2 || !strings.HasPrefix(sum.Notes[0], "a.wav: its audio is gone") {
		t.Errorf("got %+v, notes %q", all, sum.Notes)
	}
	mustRun(t, dir, config(one, two))
	for name, content := range snapshot(t, dir) {
		if want[name] != content {
			t.Errorf("%s is not what it was", name)
		}
	}
}

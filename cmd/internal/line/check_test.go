package line

import (
	"os"
	"strings"
	"testing"

	"prep/data"
	"prep/data/work"
)

// Audio that was changed after it came in, by one bit of one sample, is found;
// ingest makes it again once it is removed.
func TestCheckFindsChangedAudio(t *testing.T) {
	c := smallLine(t)
	set, err := data.Create(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer set.Close()
	wantProblem := func(want string) {
		t.Helper()
		if _, err := Ingest(t.Context(), work.On(set, nil), c.Ingest); err != nil {
			t.Fatal(err)
		}
		got, err := set.Check(t.Context(), nil)
		if err != nil || want == "" && len(got) > 0 || want != "" && (len(got) != 1 || !strings.Contains(got[0].What, want)) {
			t.Fatalf("got %v, %v; want %q", got, err, want)
		}
	}
	wantProblem("")
	recordings, err := set.Recordings()
	if err != nil {
		t.Fatal(err)
	}
	path := set.Path("audio", recordings[1].ID+".wav")
	audio, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	audio[len(audio)/2] ^= 1
	if err := os.WriteFile(path, audio, 0o666); err != nil {
		t.Fatal(err)
	}
	wantProblem("audio of " + recordings[1].Name + ": not what ingest wrote")
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	wantProblem("")
}

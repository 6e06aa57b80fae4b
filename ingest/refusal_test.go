package ingest

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"prep/data"
)

// TestConversions holds that a conversion takes the name, the labels, the group
// and the class of what it was made of.
func TestConversions(t *testing.T) {
	wav := func(period float64) string { return string(wav16(44100, 1, beep(44100, period))) }
	root := tree(t, map[string]string{
		"kick/a.amr": amr(1), "kick/a.converted.wav": wav(40), "kick/a.txt": "0.1\t0.2\tK\n", // the command's
		"kick/b.wma": "\x30\x26\xb2\x75\x8e\x66\xcf\x11and so on", "kick/b.wav": wav(50), "kick/b.txt": "0.3\t0.4\tK\n", // by another program
		"hat/c.Converted.WAV": wav(60), "hat/c.txt": "0.5\t0.6\tH\n", // its original is gone
		"hat/d.amr": amr(1), "hat/.converted.wav": wav(70), "hat/converted.wav": wav(80),
	})
	c := config(root)
	c.LabelFrom = "dir"
	dir := filepath.Join(t.TempDir(), "set")
	sum, set := mustRun(t, dir, c)
	all, err := set.Recordings()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range all {
		got = append(got, r.Name+" "+r.Group+" "+r.Class)
	}
	want := []string{"hat/c.WAV c hat", "hat/converted.wav converted hat", "kick/a.amr a kick", "kick/b.wav b kick"}
	if !slices.Equal(got, want) || sum.Counts["labels"] != 3 {
		t.Errorf("got %q, want %q; %+v", got, want, sum)
	}
	if len(sum.Skips) != 1 || sum.Skips[0] != (data.Skip{Item: "hat/d.amr", Reason: "AMR is not decoded"}) {
		t.Errorf("skips: %+v", sum.Skips)
	}
	if sum, _ = mustRun(t, dir, c); !sum.Unchanged {
		t.Errorf("again: %+v", sum)
	}
	if why := plannedReason(t, dir, c); why != "" {
		t.Errorf("a plan of nothing: %s", why)
	}
	c.FFmpeg = true
	if why := plannedReason(t, dir, c); !strings.HasPrefix(why, "2 of 6 files are new: hat/d.amr") {
		t.Errorf("a plan with ffmpeg: %q", why)
	}
}

// TestNothingDecoded holds that the error names the kinds and the loop.
func TestNothingDecoded(t *testing.T) {
	_, err := runInto(t, filepath.Join(t.TempDir(), "set"), config(tree(t, map[string]string{"my take.amr": amr(1)})))
	if err == nil || !strings.Contains(err.Error(), "1 file not decoded (AMR)") || !strings.Contains(err.Error(), "/my take.amr'; do ffmpeg -nostdin") {
		t.Errorf("got %v", err)
	}
}

func TestLoop(t *testing.T) {
	of := func(paths ...string) (files []refusal) {
		for _, p := range paths {
			files = append(files, refusal{file: file{path: p}})
		}
		return files
	}
	if got, want := loop(of("a.amr", "-x/it's.wma", "/tmp/b.amr")), `for f in ./a.amr './-x/it'\''s.wma' /tmp/b.amr; do ffmpeg -nostdin `; !strings.HasPrefix(got, want) {
		t.Errorf("got %s, want %s", got, want)
	}
	var many []string
	for i := range maxNamed + 1 {
		many = append(many, fmt.Sprintf("some takes/%d.%s", i, []string{"amr", "wma"}[i%2]))
	}
	if got, want := loop(of(many...)), `for f in './some takes'/*.amr './some takes'/*.wma; do `; !strings.HasPrefix(got, want) {
		t.Errorf("got %s, want %s", got, want)
	}
}

// TestSharedConversion converts the M4A of ../shared/formats/more by hand.
func TestSharedConversion(t *testing.T) {
	from := filepath.Join("..", "..", "shared", "formats", "more", "m4a-with-labels")
	files := map[string]string{}
	for _, name := range []string{"take.m4a", "take.txt"} {
		b, err := os.ReadFile(filepath.Join(from, name))
		if err != nil {
			t.Skipf("%s is not there", from)
		}
		files["p1/"+name] = string(b)
	}
	for _, to := range []string{"take.converted.wav", "take.wav"} {
		root := tree(t, files)
		runFFmpeg(t, "-i", filepath.Join(root, "p1", "take.m4a"), "-vn", "-c:a", "pcm_f32le", filepath.Join(root, "p1", to))
		sum, set := mustRun(t, filepath.Join(t.TempDir(), "set"), config(root))
		names := recordingNames(t, set)
		if len(sum.Skips) > 0 || len(names) < 1 || sum.Counts["labels"] < 1 {
			t.Errorf("%s: %q, %+v", to, names, sum)
		}
	}
}

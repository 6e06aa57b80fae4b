package ingest

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"prep/data"
	"prep/data/work"
	"prep/ingest/decode"
)

// wav16 returns a WAV file of 16-bit samples.
func wav16(rate, channels int, x []int16) []byte {
	le := binary.LittleEndian
	b := le.AppendUint32([]byte("RIFF"), uint32(36+2*len(x)))
	b = le.AppendUint32(append(b, "WAVEfmt "...), 16)
	b = le.AppendUint16(b, 1)
	b = le.AppendUint16(b, uint16(channels))
	b = le.AppendUint32(b, uint32(rate))
	b = le.AppendUint32(b, uint32(2*rate*channels))
	b = le.AppendUint16(b, uint16(2*channels))
	b = le.AppendUint16(b, 16)
	b = le.AppendUint32(append(b, "data"...), uint32(2*len(x)))
	for _, v := range x {
		b = le.AppendUint16(b, uint16(v))
	}
	return b
}

// beep returns n samples of a sine of the given period.
func beep(n int, period float64) []int16 {
	x := make([]int16, n)
	for i := range x {
		x[i] = int16(10000 * math.Sin(2*math.Pi*float64(i)/period))
	}
	return x
}

// tree writes files below a new directory.
func tree(t testing.TB, files map[string]string) string {
	t.Helper()
	root := filepath.Join(t.TempDir(), "corpus")
	for name, content := range files {
		write(t, filepath.Join(root, filepath.FromSlash(name)), content)
	}
	return root
}

func write(t testing.TB, path, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o666); err != nil {
		t.Fatal(err)
	}
}

// runInto ingests into the set at dir.
func runInto(t testing.TB, dir string, c Config) (data.Summary, error) {
	t.Helper()
	set, err := data.Create(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer set.Close()
	return Run(t.Context(), work.On(set, nil), c)
}

// mustRun is runInto for runs that must succeed.
func mustRun(t testing.TB, dir string, c Config) (data.Summary, *data.Set) {
	t.Helper()
	sum, err := runInto(t, dir, c)
	if err != nil {
		t.Fatal(err)
	}
	set, err := data.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return sum, set
}

func config(paths ...string) Config {
	c := Default()
	c.Paths = paths
	return c
}

// snapshot returns the content of every file of a set.
func snapshot(t testing.TB, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(dir, func(p string, d os.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			b, err := os.ReadFile(p)
			rel, _ := filepath.Rel(dir, p)
			files[rel] = string(b)
			return err
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func recordings(t testing.TB, set *data.Set) map[string]data.Recording {
	t.Helper()
	all, err := set.Recordings()
	if err != nil {
		t.Fatal(err)
	}
	m := map[string]data.Recording{}
	for _, r := range all {
		m[r.Name] = r
	}
	return m
}

func skipped(sum data.Summary) map[string]string {
	m := map[string]string{}
	for _, s := range sum.Skips {
		m[s.Item] = s.Reason
	}
	return m
}

func TestRunTree(t *testing.T) {
	a := string(wav16(44100, 1, beep(4410, 100)))
	b := string(wav16(48000, 2, beep(9600, 50)))
	root := tree(t, map[string]string{
		"ann/one.wav": a, "ann/one.TXT": "0.01\t0.02\tK\n0.05\t0.06\tx\noops\n9\t9\tK\n",
		"bob/two takes.wav": b, "bob/two takes.csv": "onset,label\n0.02,S\n",
		"copy.wav": a, "readme.md": "words", "ünï.wav": "no audio at all, but a name that says so",
	})
	c := config(root)
	kick := "kick"
	c.Labels = map[string]*string{"K": &kick, "x": nil}
	dir := filepath.Join(t.TempDir(), "set")
	sum, set := mustRun(t, dir, c)

	got := recordings(t, set)
	one, two := got["ann/one.wav"], got["bob/two takes.wav"]
	if len(got) != 2 || one.Group != "ann" || two.Group != "bob" || !reflect.DeepEqual(one.Aliases, []string{"copy.wav"}) {
		t.Errorf("recordings %+v", got)
	}
	if two.Samples != 4410 || two.SourceRate != 48000 || two.Channels != 2 || two.SourceFrames != 4800 || two.Rate != 44100 {
		t.Errorf("two takes.wav: %+v", two)
	}
	labels, _ := set.Labels()
	want := []data.Label{
		{Recording: one.ID, Onset: 441, End: 882, Class: "kick", By: data.ByImport},
		{Recording: two.ID, Onset: 882, Class: "S", By: data.ByImport},
	}
	if !reflect.DeepEqual(labels, want) {
		t.Errorf("labels %+v, want %+v", labels, want)
	}
	skips := skipped(sum)
	for _, item := range []string{"ann/one.TXT:3", "ann/one.TXT:4", "ünï.wav"} {
		if skips[item] == "" {
			t.Errorf("%s is not among the skips %v", item, skips)
		}
	}
	if len(skips) != 3 || sum.Counts["recordings"] != 2 || sum.Counts["labels"] != 2 || sum.Counts["ignored"] != 1 || len(sum.Notes) != 1 {
		t.Errorf("summary %+v", sum)
	}
	before := snapshot(t, dir)
	again, _ := mustRun(t, dir, c)
	if !again.Unchanged || !reflect.DeepEqual(again.Skips, sum.Skips) {
		t.Errorf("second run: %+v", again)
	}
	if !reflect.DeepEqual(snapshot(t, dir), before) {
		t.Error("the second run changed the set")
	}
}

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
	if !reflect.DeepEqual(got, want) || len(sum.Notes) != 2 {
		t.Errorf("groups %v, want %v; notes %v", got, want, sum.Notes)
	}
}

func TestRunAudioIsTheSource(t *testing.T) {
	x := beep(5000, 77)
	root := tree(t, map[string]string{"a.wav": string(wav16(44100, 1, x))})
	_, set := mustRun(t, filepath.Join(t.TempDir(), "set"), config(root))
	r := recordings(t, set)["a.wav"]
	f, err := set.Audio(r.ID)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	got, err := data.ReadSpan(f, 0, f.Len())
	if err != nil || len(got) != len(x) {
		t.Fatalf("%d samples, want %d (%v)", len(got), len(x), err)
	}
	for i, v := range x {
		if got[i] != float32(v)/32768 {
			t.Fatalf("sample %d is %v, want %v", i, got[i], float32(v)/32768)
		}
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

func TestRunRefuses(t *testing.T) {
	empty := tree(t, map[string]string{"notes.md": "x"})
	text := tree(t, map[string]string{"a.wav": "this is a text\n"})
	good := tree(t, map[string]string{"a.wav": string(wav16(44100, 1, beep(441, 10)))})
	bad := func(change func(*Config)) Config {
		c := config(good)
		change(&c)
		return c
	}
	tests := []struct {
		name string
		c    Config
		is   error
		says string
	}{
		{"no path", config(filepath.Join(good, "absent")), errNoPath, "absent"},
		{"no audio", config(empty), errNothing, "no audio files"},
		{"only a text", config(text), errNothing, "a.wav: not audio"},
		{"no paths", config(), nil, "paths"},
		{"rate", bad(func(c *Config) { c.Rate = 10 }), nil, "rate: 10 Hz"},
		{"label_from", bad(func(c *Config) { c.LabelFrom = "name" }), nil, "label_from"},
		{"group_from", bad(func(c *Config) { c.GroupFrom = "(" }), nil, "group_from"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			_, err := runInto(t, dir, test.c)
			if err == nil || test.is != nil && !errors.Is(err, test.is) || !strings.Contains(err.Error(), test.says) ||
				strings.Contains(err.Error(), "\n") {
				t.Errorf("got %v, want %v with %q", err, test.is, test.says)
			}
			if _, err := data.Open(dir); err == nil {
				t.Error("a refused ingest left a set")
			}
		})
	}
}

func TestRunAdds(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "set")
	one := tree(t, map[string]string{"take.wav": string(wav16(44100, 1, beep(441, 10)))})
	two := tree(t, map[string]string{"take.wav": string(wav16(44100, 1, beep(441, 20)))})
	mustRun(t, dir, config(one))
	sum, set := mustRun(t, dir, config(two))
	got := recordings(t, set)
	if len(got) != 2 || len(sum.Notes) != 1 {
		t.Fatalf("got %+v, notes %q", got, sum.Notes)
	}
	sum, _ = mustRun(t, dir, config(two))
	if !sum.Unchanged {
		t.Errorf("the same again: %+v", sum)
	}
	c := config(two)
	c.Rate = 48000
	if _, err := runInto(t, dir, c); err == nil || !strings.Contains(err.Error(), "44100") {
		t.Errorf("another rate: %v", err)
	}
}

func TestRunLabelsChange(t *testing.T) {
	root := tree(t, map[string]string{"a.wav": string(wav16(44100, 1, beep(44100, 10))), "a.txt": "0.1\t0.1\tK\n0.2\t0.2\tS\n"})
	dir := filepath.Join(t.TempDir(), "set")
	_, set := mustRun(t, dir, config(root))
	id := recordings(t, set)["a.wav"].ID
	human := data.Label{Recording: id, Onset: 4410, Class: "rim", By: data.ByHuman, Who: "me", Time: "2024-01-01T00:00:00Z"}
	if err := set.AppendLabels(human); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(root, "a.txt"), "0.2\t0.2\tH\n0.3\t0.3\tK\n")
	mustRun(t, dir, config(root))
	labels, _ := set.Labels()
	want := []data.Label{
		human,
		{Recording: id, Onset: 4410, By: data.ByImport},
		{Recording: id, Onset: 8820, Class: "H", By: data.ByImport},
		{Recording: id, Onset: 13230, Class: "K", By: data.ByImport},
	}
	if !reflect.DeepEqual(labels[2:], want) {
		t.Errorf("appended %+v, want %+v", labels[2:], want)
	}
	write(t, filepath.Join(root, "a.txt"), "nothing of use\n")
	mustRun(t, dir, config(root))
	if after, _ := set.Labels(); len(after) != len(labels) {
		t.Errorf("a label file that does not parse took labels back: %+v", after[len(labels):])
	}
}

// cancelAfter is a Progress that cancels when n recordings are decoded.
func cancelAfter(n int, cancel func()) data.Progress {
	return func(s data.Step) {
		if s.Stage == stage && s.Done == n {
			cancel()
		}
	}
}

func TestRunContinues(t *testing.T) {
	files := map[string]string{}
	for _, name := range []string{"a", "b", "c", "d", "e", "f", "g", "h"} {
		files[name+"/x.wav"] = string(wav16(22050, 1, beep(2205, float64(name[0]))))
		files[name+"/x.txt"] = "0.01\t0.02\tK\n"
	}
	root := tree(t, files)
	whole := filepath.Join(t.TempDir(), "set")
	mustRun(t, whole, config(root))
	for n := range 8 {
		dir := filepath.Join(t.TempDir(), "set")
		set, err := data.Create(dir)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		if _, err := Run(ctx, work.On(set, cancelAfter(n+1, cancel)), config(root)); n < 7 && !errors.Is(err, context.Canceled) {
			t.Fatalf("stopped after %d: %v", n+1, err)
		}
		set.Close()
		for name := range snapshot(t, dir) {
			if strings.Contains(name, "tmp") {
				t.Errorf("left %s", name)
			}
		}
		decoded := 0
		count := func(s data.Step) {
			if s.Stage == stage {
				decoded = s.Done
			}
		}
		set, _ = data.Create(dir)
		if _, err := Run(t.Context(), work.On(set, count), config(root)); err != nil || decoded != 8 {
			t.Fatal(err, decoded)
		}
		set.Close()
		if !reflect.DeepEqual(snapshot(t, dir), snapshot(t, whole)) {
			t.Errorf("stopped after %d and continued: other bytes than in one go", n+1)
		}
	}
}

// TestRunMany has enough files in flight for a race to show.
func TestRunMany(t *testing.T) {
	files := map[string]string{}
	for i := range 300 {
		files[fmt.Sprintf("g%d/%03d.wav", i%7, i)] = string(wav16(22050, 1, beep(50, 3+float64(i))))
	}
	sum, _ := mustRun(t, filepath.Join(t.TempDir(), "set"), config(tree(t, files)))
	if sum.Counts["recordings"] != 300 || sum.Counts["groups"] != 7 {
		t.Errorf("%+v", sum)
	}
}

func TestConvert(t *testing.T) {
	root := tree(t, map[string]string{"a.wav": string(wav16(48000, 2, beep(9600, 50))), "b.wav": "words", "c.wav": "RIFF\x00\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x02\x00\x01\x00\x44\xac\x00\x00\x44\xac\x00\x00\x01\x00\x04\x00data\x00\x00\x00\x00"})
	to := filepath.Join(t.TempDir(), "out.wav")
	r, err := Convert(t.Context(), filepath.Join(root, "a.wav"), 44100, to)
	if err != nil {
		t.Fatal(err)
	}
	audio, err := data.OpenAudio(to)
	if err != nil {
		t.Fatal(err)
	}
	defer audio.Close()
	if audio.SampleRate() != 44100 || audio.Len() != 4410 || r.Name != "a.wav" || r.Samples != 4410 || r.SourceRate != 48000 {
		t.Errorf("got %d samples, %+v", audio.Len(), r)
	}
	if _, err := Convert(t.Context(), filepath.Join(root, "b.wav"), 44100, to); !errors.Is(err, decode.ErrNotAudio) {
		t.Errorf("a text: %v", err)
	}
	_, err = Convert(t.Context(), filepath.Join(root, "c.wav"), 44100, to)
	var u *decode.UnsupportedError
	if !errors.As(err, &u) || !strings.Contains(err.Error(), "ffmpeg -i "+root) || !strings.Contains(err.Error(), "ADPCM") {
		t.Errorf("ADPCM: %v", err)
	}
}

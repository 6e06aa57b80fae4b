package data

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestRateNInvertsD(t *testing.T) {
	for _, r := range []Rate{4000, 8000, 22050, 37800, 44100, 48000, 96000, 384000} {
		for _, n := range []int{0, 1, 2, 1000, 44101, 1 << 20, 1<<31 - 1, -1, -4411} {
			if got := r.N(r.D(n)); got != n {
				t.Errorf("Rate(%d).N(D(%d)) = %d", r, n, got)
			}
		}
	}
	if got, want := Rate(44100).N(50*time.Millisecond), 2205; got != want {
		t.Errorf("50 ms at 44100 Hz = %d samples, want %d", got, want)
	}
}

func TestClipReadsZeroOutsideItself(t *testing.T) {
	c := Clip{Rate: 8000, Samples: []float32{1, 2, 3}}
	for _, tt := range []struct {
		pos  int
		want []float32
	}{
		{0, []float32{1, 2}}, {-1, []float32{0, 1}}, {2, []float32{3, 0}},
		{-5, []float32{0, 0}}, {9, []float32{0, 0}}, {-1 << 40, []float32{0, 0}},
	} {
		got := []float32{9, 9}
		c.ReadAt(got, tt.pos)
		if !reflect.DeepEqual(got, tt.want) {
			t.Errorf("ReadAt(%d) = %v, want %v", tt.pos, got, tt.want)
		}
	}
}

func TestAudioFileReadsWhatWasWritten(t *testing.T) {
	path := filepath.Join(t.TempDir(), "audio", "a.wav")
	w, err := CreateAudio(path, 22050)
	if err != nil {
		t.Fatal(err)
	}
	var want []float32
	for i := range 10 {
		block := make([]float32, 1000*i)
		for j := range block {
			block[j] = float32(i) + float32(j)/1e4
		}
		want = append(want, block...)
		if err := w.Write(block); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Commit(); err != nil {
		t.Fatal(err)
	}
	a, err := OpenAudio(path)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	got, err := ReadSpan(a, -2, a.Len()+2)
	if err != nil || a.Len() != len(want) || a.SampleRate() != 22050 {
		t.Fatalf("length %d, rate %d, error %v", a.Len(), a.SampleRate(), err)
	}
	if !reflect.DeepEqual(got[2:len(got)-2], want) || got[0] != 0 || got[len(got)-1] != 0 {
		t.Error("the samples read are not those written")
	}
	for _, span := range [][2]int{{-2, a.Len() + 2}, {100, 5000}, {-7, 9}, {-9, -7}, {a.Len() + 5, a.Len() + 9}, {4, 4}} {
		want, err := ReadSpan(a, span[0], span[1])
		if err != nil {
			t.Fatal(err)
		}
		var raw bytes.Buffer
		n, err := a.WriteSpan(&raw, span[0], span[1])
		samples := make([]float32, raw.Len()/4)
		if _, err := binary.Decode(raw.Bytes(), binary.LittleEndian, samples); err != nil {
			t.Fatal(err)
		}
		if err != nil || int(n) != 4*len(want) || !slices.Equal(samples, want) {
			t.Errorf("%v: %d bytes, error %v, or other samples than those that are read", span, n, err)
		}
	}
}

func TestOpenAudioRefusesTruncatedAndForeignFiles(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.wav")
	w, _ := CreateAudio(path, 8000)
	w.Write(make([]float32, 100))
	w.Commit()
	whole, _ := os.ReadFile(path)
	for name, b := range map[string][]byte{
		"empty": nil, "header cut": whole[:50], "data cut": whole[:len(whole)-3],
		"a sample short": whole[:len(whole)-4], "text": []byte(strings.Repeat("hello ", 40)),
	} {
		os.WriteFile(path, b, 0o666)
		if _, err := OpenAudio(path); !errors.Is(err, errAudio) {
			t.Errorf("%s: error %v, want errAudio", name, err)
		}
	}
}

// A header for more than 4 GiB is RF64 and of the same size.
func TestWavHeadBecomesRF64(t *testing.T) {
	small, large := wavHead(44100, 10), wavHead(44100, 1<<31)
	if len(small) != wavHeader || len(large) != wavHeader {
		t.Fatalf("headers of %d and %d bytes, want %d", len(small), len(large), wavHeader)
	}
	if string(small[:4]) != "RIFF" || string(large[:4]) != "RF64" || string(large[12:16]) != "ds64" {
		t.Errorf("got %q, %q with %q", small[:4], large[:4], large[12:16])
	}
}

func TestWriteFileLeavesTheOldFileOnError(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x")
	os.WriteFile(path, []byte("old"), 0o666)
	full := errors.New("full")
	err := WriteFile(path, func(w io.Writer) error { io.WriteString(w, "new"); return full })
	got, _ := os.ReadFile(path)
	left, _ := filepath.Glob(path + "*")
	if err != full || string(got) != "old" || len(left) != 1 {
		t.Errorf("error %v, content %q, files %v", err, got, left)
	}
}

func TestCreateLocksAndSweeps(t *testing.T) {
	dir := t.TempDir()
	os.WriteFile(filepath.Join(dir, "hits.jsonl.0123456789abcdef.tmp"), []byte("half"), 0o666)
	s, err := Create(dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(s.Path("hits.jsonl.0123456789abcdef.tmp")); !os.IsNotExist(err) {
		t.Error("the leftover is still there")
	}
	if _, err := Create(dir); !errors.Is(err, ErrLocked) {
		t.Errorf("second writer: %v, want ErrLocked", err)
	}
	s.Close()
	again, err := Create(dir)
	if err != nil {
		t.Fatal(err)
	}
	again.Close()
}

func TestCloseLeavesNothingOfNothing(t *testing.T) {
	there := t.TempDir()
	for dir, want := range map[string]bool{there: true, filepath.Join(there, "made"): false} {
		s, err := Create(dir)
		if err != nil {
			t.Fatal(err)
		}
		s.Close()
		entries, err := os.ReadDir(dir)
		if got := err == nil; got != want || len(entries) > 0 {
			t.Errorf("%s is there: %v, want %v; files in it: %v", dir, got, want, entries)
		}
	}
}

func TestOpenRefusesWhatIsNoSet(t *testing.T) {
	if _, err := Open(t.TempDir()); !errors.Is(err, ErrNoSet) {
		t.Errorf("got %v, want ErrNoSet", err)
	}
}

func TestJournalSurvivesATornLine(t *testing.T) {
	s, _ := Create(t.TempDir())
	defer s.Close()
	a := Label{Recording: "r", Onset: 1, Class: "kick", By: ByHuman}
	b := Label{Recording: "r", Onset: 2, Class: "snare", By: ByHuman}
	s.AppendLabels(a)
	f, _ := os.OpenFile(s.Path(LabelsFile), os.O_APPEND|os.O_WRONLY, 0)
	f.WriteString(`{"recording":"r","ons`)
	f.Close()
	if got, err := s.Labels(); err != nil || !reflect.DeepEqual(got, []Label{a}) {
		t.Fatalf("after a torn line: %v, %v", got, err)
	}
	s.AppendLabels(b)
	if got, err := s.Labels(); err != nil || !reflect.DeepEqual(got, []Label{a, b}) {
		t.Errorf("after the next append: %v, %v", got, err)
	}
}

func TestManifestErrorsNameTheLine(t *testing.T) {
	for text, want := range map[string]string{
		"{}\n{\"id\":\"x\"\n":          "x.jsonl:2",
		"{\"idd\":\"x\"}\n":            `x.jsonl:1: not a valid line: json: unknown field "idd"`,
		"{}\n{\"id\"":                  "x.jsonl:2: the file is cut short here",
		"{} {}\n":                      "x.jsonl:1: not a valid line: more than one value",
		"{}}\n":                        "x.jsonl:1: not a valid line: more than one value",
		strings.Repeat(" ", maxLine+1): "x.jsonl:1: the line is longer",
	} {
		err := decodeLines(strings.NewReader(text), "x.jsonl", false, func(Hit, []byte) {})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.30q: error %v, want %q", text, err, want)
		}
	}
}

// A line is torn that does not parse; one that lacks its line break alone is kept,
// by readers and by who appends.
func TestJournalKeepsALineWithoutItsBreak(t *testing.T) {
	s, _ := Create(t.TempDir())
	defer s.Close()
	a := Label{Recording: "r", Onset: 1, Class: "kick", By: ByHuman}
	b := Label{Recording: "r", Onset: 2, Class: "snare", By: ByHuman}
	if err := s.AppendLabels(a); err != nil {
		t.Fatal(err)
	}
	text, _ := os.ReadFile(s.Path(LabelsFile))
	os.WriteFile(s.Path(LabelsFile), bytes.TrimRight(text, "\n"), 0o666)
	if got, err := s.Labels(); err != nil || !reflect.DeepEqual(got, []Label{a}) {
		t.Fatalf("without a line break: %v, %v", got, err)
	}
	s.AppendLabels(b)
	if got, err := s.Labels(); err != nil || !reflect.DeepEqual(got, []Label{a, b}) {
		t.Errorf("after the next append: %v, %v", got, err)
	}
}

// What a writer accepts, a reader accepts; what it refuses leaves the file as it was.
func TestLinesAreAsLongAsReadersTakeThem(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.jsonl")
	names := make([]string, 200_000)
	for i := range names {
		names[i] = fmt.Sprintf("a/take %06d of silence that is long, long, long.wav", i)
	}
	many := Recording{ID: "r", Name: "a.wav", Aliases: names, Rate: 8000}
	if err := WriteLines(path, []Recording{many}); err != nil {
		t.Fatal(err)
	}
	got, err := ReadLines[Recording](path)
	if err != nil || len(got) != 1 || len(got[0].Aliases) != len(names) {
		t.Fatalf("%d names: %v", len(names), err)
	}
	before, _ := os.ReadFile(path)
	long := Label{Recording: "r", Class: strings.Repeat("x", maxLine)}
	for name, err := range map[string]error{"written": WriteLines(path, []Label{long}), "appended": AppendLines(path, []Label{{}, long})} {
		if err == nil || !strings.Contains(err.Error(), "a line has at most") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if after, _ := os.ReadFile(path); !bytes.Equal(after, before) {
		t.Error("the file was changed")
	}
}

func FuzzManifest(f *testing.F) {
	f.Add([]byte("{\"id\":\"a\",\"recording\":\"b\",\"start\":1,\"onset\":2,\"end\":3}\n"))
	f.Add([]byte("{}\n{"))
	f.Add([]byte("{\"id\":\"../x\",\"rate\":0,\"samples\":4611686018427387904}\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		var ids []string
		decodeLines(strings.NewReader(string(b)), "recordings", false, func(r Recording, _ []byte) { ids = append(ids, r.ID) })
		decodeLines(strings.NewReader(string(b)), "hits", false, func(h Hit, _ []byte) { ids = append(ids, h.ID, h.Recording, h.Parent) })
		decodeLines(strings.NewReader(string(b)), "labels", true, func(l Label, _ []byte) { ids = append(ids, l.Recording) })
		for _, id := range ids {
			if path := filepath.Join("set", "audio", id+".wav"); filepath.Dir(path) != filepath.Join("set", "audio") {
				t.Errorf("the ID %q leads to %s", id, path)
			}
		}
	})
}

func TestStandingRanksTheVoices(t *testing.T) {
	at := Moment{"r", 5}
	say := func(by, class string) Label { return Label{Recording: "r", Onset: 5, Class: class, By: by} }
	for _, tt := range []struct {
		name    string
		journal []Label
		want    string
	}{
		{"last import", []Label{say(ByImport, "a"), say(ByImport, "b")}, "b"},
		{"human over later import", []Label{say(ByHuman, "h"), say(ByImport, "a")}, "h"},
		{"import over later model", []Label{say(ByImport, "a"), say(ByModel, "m")}, "a"},
		{"human taken back", []Label{say(ByImport, "a"), say(ByHuman, "h"), say(ByHuman, "")}, "a"},
		{"all taken back", []Label{say(ByImport, "a"), say(ByImport, "")}, ""},
	} {
		if got := Standing(tt.journal)[at].Class; got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestExamplesJoinHitsWithLabels(t *testing.T) {
	s, _ := Create(t.TempDir())
	defer s.Close()
	s.WriteRecordings([]Recording{{ID: "r", Name: "r.wav", Group: "g", Rate: 8000, Samples: 1000}, {ID: "f", Name: "f.wav", Group: "g2", Class: "folder", Rate: 8000, Samples: 1000}})
	hits := []Hit{
		{ID: "1", Recording: "r", Onset: 10, End: 15, Mark: 8},
		{ID: "2", Recording: "r", Onset: 20, End: 25, Mark: NoMark},
		{ID: "3", Recording: "r", Onset: 30, End: 35, Mark: 30},
		{ID: "4", Recording: "f", Onset: 10, End: 15, Mark: NoMark},
		{ID: "1+0", Recording: "r", Onset: 10, End: 15, Mark: 8, Parent: "1"},
	}
	s.WriteHits(hits)
	s.AppendLabels(
		Label{Recording: "r", Onset: 8, Class: "kick", By: ByImport},
		Label{Recording: "r", Onset: 30, Class: "hat", By: ByImport},
		Label{Recording: "r", Onset: 30, Reject: true, By: ByHuman})
	examples, err := s.Examples()
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, e := range examples {
		got[e.ID] = e.Class + " of " + e.Group
	}
	want := map[string]string{"1": "kick of g", "2": " of g", "4": "folder of g2", "1+0": "kick of g"}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestPatchesComeBackAsWritten(t *testing.T) {
	for _, channels := range []int{1, 2} {
		s, _ := Create(t.TempDir())
		w, err := s.CreatePatches("k", channels, 3, 2)
		if err != nil {
			t.Fatal(err)
		}
		var want []Patch
		for i := range 5 {
			p := Patch{Hit: string(rune('a' + i)), Channels: channels, Bands: 3, Frames: 2, Values: make([]float32, channels*6)}
			for j := range p.Values {
				p.Values[j] = float32(10*i + j)
			}
			want = append(want, p)
			w.Write(p)
		}
		if err := w.Write(Patch{Channels: 9}); err == nil {
			t.Error("a patch of another shape was accepted")
		}
		if err := w.Commit(map[string]int{"version": 1}); err != nil {
			t.Fatal(err)
		}
		p, err := s.Patches("k")
		if err != nil {
			t.Fatal(err)
		}
		for i := range want {
			if got, err := p.Patch(i); err != nil || !reflect.DeepEqual(got, want[i]) {
				t.Errorf("patch %d: %v, %v", i, got, err)
			}
		}
		p.Close()
		s.Close()
	}
}

func TestLineWriterWritesAllOrNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "hits.jsonl")
	for _, commit := range []bool{true, false} {
		w, err := CreateLines(path)
		if err != nil {
			t.Fatal(err)
		}
		for i := range 3 {
			parent := ""
			if i == 1 {
				parent = "0"
			}
			if err := WriteLine(w, Hit{ID: fmt.Sprint(i, commit), Parent: parent}); err != nil {
				t.Fatal(err)
			}
		}
		if commit {
			err = w.Commit()
		} else {
			w.Abort()
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	got, err := readLinesIf(path, func(h Hit) bool { return h.Parent == "" })
	if err != nil || len(got) != 2 || got[0].ID != "0 true" || got[1].ID != "2 true" {
		t.Errorf("got %+v, %v; want hits 0 and 2 of what was committed", got, err)
	}
	if left, _ := os.ReadDir(filepath.Dir(path)); len(left) != 1 {
		t.Errorf("%d files are left, want 1", len(left))
	}
}

func TestHitRunsAreTheHitsInTheirOrder(t *testing.T) {
	s, err := Create(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	var want []Hit
	for i, h := range []Hit{{Recording: "a"}, {Recording: "a"}, {Recording: "a"}, {Recording: "b"},
		{Recording: "b", Parent: "x"}, {Recording: "b", Parent: "y"}, {Recording: "a", Parent: "z"}} {
		h.ID = fmt.Sprint("hit ", i)
		want = append(want, h)
	}
	if err := s.WriteHits(want); err != nil {
		t.Fatal(err)
	}
	runs, err := s.HitRuns(2)
	if err != nil {
		t.Fatal(err)
	}
	var got []Hit
	var lens []int
	for _, r := range runs {
		hits, err := s.HitsOf(r)
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range hits {
			if h.Recording != r.Recording || h.Parent != "" != r.Copies {
				t.Errorf("hit %+v in run %+v", h, r)
			}
		}
		got, lens = append(got, hits...), append(lens, r.Len)
	}
	if !reflect.DeepEqual(got, want) || !reflect.DeepEqual(lens, []int{2, 1, 1, 2, 1}) {
		t.Errorf("runs of %v hits, %v; want %v", lens, got, want)
	}
}

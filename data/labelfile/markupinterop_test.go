package labelfile

import (
	"bytes"
	"encoding/json"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"prep/data"
)

// interopMarks returns 1400 labels on samples, the same at each run.
func interopMarks() Recording {
	r := rand.New(rand.NewPCG(1400, 17))
	rec := Recording{Recording: data.Recording{ID: "0123456789abcdef", Name: "p1/take.wav", Group: "p1", Rate: 44100}, ByPeople: true}
	classes := []string{"kick", "hat-closed", "hat-open", "snare", "rim & shot", "k <3", `say "t"`, "барабан", "鼓", "Größe, 2"}
	at := 0
	for range 1400 {
		at += 3000 + r.IntN(20000)
		m := Mark{Onset: float64(at) / 44100, Class: classes[r.IntN(len(classes))]}
		if r.IntN(4) > 0 {
			at += 100 + r.IntN(2000)
			m.End = float64(at) / 44100
		}
		rec.Marks = append(rec.Marks, m)
	}
	rec.Samples = at + 44100
	return rec
}

// TestMarkupInterop runs testdata/interop_markup.py, which says how, and reads
// what the other tools wrote.
func TestMarkupInterop(t *testing.T) {
	python := os.Getenv("INTEROP")
	if python == "" {
		t.Skip("INTEROP names no Python with the other tools")
	}
	dir, rec := t.TempDir(), interopMarks()
	writeInterop(t, dir, rec)
	out, err := exec.Command(python, filepath.Join("testdata", "interop_markup.py"), dir).CombinedOutput()
	t.Logf("%s", out)
	if err != nil {
		t.Fatal(err)
	}
	var notes map[string]string
	text, _ := os.ReadFile(filepath.Join(dir, "back", "notes.json"))
	if err := json.Unmarshal(text, &notes); err != nil {
		t.Fatal(err)
	}
	o := Options{Notes: map[int]string{}}
	for key, class := range notes {
		n, _ := strconv.Atoi(key)
		o.Notes[n] = class
	}
	for _, tc := range []struct {
		file  string
		grain float64
		ends  bool
	}{{"min.json", 1e-9, true}, {"made.json", 1e-9, true}, {"made.jams", 1e-6, true}, {"made.eaf", .5e-3, true}, {"made.mid", .65e-3, false}, {"made.wav", 1e-9, false}} {
		b, err := os.ReadFile(filepath.Join(dir, "back", tc.file))
		if err != nil {
			t.Fatal(err)
		}
		got, err := Read(tc.file, b, Source{}, o)
		if err != nil {
			t.Fatal(tc.file, err)
		}
		want := slices.Clone(rec.Marks)
		for i := range want {
			if !tc.ends {
				want[i].End = 0
			}
			if tc.file == "made.wav" { // libsndfile writes no names
				want[i].Class = ""
			}
		}
		compareInterop(t, tc.file, want, got.Marks, tc.grain)
	}
}

// writeInterop writes the truth and a file a format.
func writeInterop(t *testing.T, dir string, rec Recording) {
	t.Helper()
	var marks [][3]any
	for _, m := range rec.Marks {
		marks = append(marks, [3]any{m.Onset, m.End, m.Class})
	}
	truth, _ := json.Marshal(map[string]any{"rate": rec.Rate, "samples": rec.Samples, "marks": marks})
	put := func(name string, b []byte) {
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	put("truth.json", truth)
	if _, err := Write(dir, "label-studio", []Recording{rec}); err != nil {
		t.Fatal(err)
	}
	for _, format := range []string{"jams", "elan", "midi", "svl"} {
		var b bytes.Buffer
		if err := WriteOne(&b, format, rec); err != nil {
			t.Fatal(err)
		}
		put("take"+formatNamed(format).extension, b.Bytes())
	}
	samples := make([]byte, 2*rec.Samples)
	for i := range samples {
		samples[i] = byte(i * i >> 3)
	}
	bare := append([]byte("RIFF\x00\x00\x00\x00WAVE"), appendChunk(nil, "fmt ", []byte("\x01\x00\x01\x00\x44\xac\x00\x00\x88\x58\x01\x00\x02\x00\x10\x00"))...)
	bare = appendChunk(bare, "data", samples)
	var b bytes.Buffer
	if err := WriteWAV(&b, bytes.NewReader(bare), int64(len(bare)), rec.Marks); err != nil {
		t.Fatal(err)
	}
	put("bare.wav", bare)
	put("take.wav", b.Bytes())
}

// compareInterop counts the labels that came back.
func compareInterop(t *testing.T, file string, want, got []Mark, grain float64) {
	t.Helper()
	right := 0
	for i := range min(len(want), len(got)) {
		w, g := want[i], got[i]
		if math.Abs(w.Onset-g.Onset) <= grain*1.001 && math.Abs(w.End-g.End) <= grain*1.001 && w.Class == g.Class {
			right++
		}
	}
	t.Logf("%s, read by prep: %d of %d (%d read)", file, right, len(want), len(got))
	if right < len(want) || len(got) != len(want) {
		t.Errorf("%s: labels are lost", file)
	}
}

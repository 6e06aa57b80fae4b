package labelfile

import (
	"bufio"
	"bytes"
	"flag"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"prep/data"
)

var interopDir = flag.String("interop", "", "folder that testdata/interop.py exchanges label files in")

// manyMarks are 1400 regions with names that any tool should take.
func manyMarks() Recording {
	r := rand.New(rand.NewPCG(17, 1400))
	names := []string{"kick", "closed hat", "snare", "clé", "бочка", "キック", "a,b", "k;h", "🥁", "ts-k", "808", "open_hat", "it's", "#1", "x (loud)"}
	rec := Recording{Recording: data.Recording{Name: "take.wav", Rate: 44100}}
	at := .25
	for range 1400 {
		long := .01 + r.Float64()/20
		rec.Marks = append(rec.Marks, Mark{Onset: math.Round(at*1e6) / 1e6, End: math.Round((at+long)*1e6) / 1e6, Class: names[r.IntN(len(names))]})
		at += long + .01 + r.Float64()/4
	}
	rec.Samples = int(at * 44100)
	return rec
}

// TestInterop writes files for other tools, and reads those that they wrote:
// testdata/interop.py calls it before and after.
func TestInterop(t *testing.T) {
	if *interopDir == "" {
		t.Skip("testdata/interop.py runs this")
	}
	rec, write := manyMarks(), func(name string, fn func(io.Writer) error) {
		if err := data.WriteFile(filepath.Join(*interopDir, name), fn); err != nil {
			t.Fatal(err)
		}
	}
	files, err := filepath.Glob(filepath.Join(*interopDir, "*-*.*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if base := filepath.Base(f); formatNamed(strings.TrimSuffix(base, filepath.Ext(base))) != nil {
			continue // ours
		}
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		got, err := Read(f, b, Source{Rate: rec.Rate, Seconds: length(rec)}, Options{})
		if err != nil {
			t.Fatal(err)
		}
		same := 0
		for i, m := range got.Marks {
			if i < len(rec.Marks) && sameMarks([]Mark{m}, rec.Marks[i:i+1], 1e-6) == "" {
				same++
			}
		}
		t.Logf("%-40s %d of %d, %d read %v %v", filepath.Base(f), same, len(rec.Marks), len(got.Marks), got.Faults, got.Notes)
	}
	for _, format := range append(theirs, "onsets") {
		write(format+formatNamed(format).extension, func(w io.Writer) error { return WriteOne(w, format, rec) })
	}
	write("truth.tsv", func(w io.Writer) error {
		b := bufio.NewWriter(w)
		for _, m := range rec.Marks {
			fmt.Fprintf(b, "%s\t%s\t%s\n", micro(m.Onset), micro(m.End), m.Class)
		}
		return b.Flush()
	})
}

// All of them come back from every format.
func TestManyMarksComeBack(t *testing.T) {
	rec := manyMarks()
	for _, format := range theirs {
		var b bytes.Buffer
		if err := WriteOne(&b, format, rec); err != nil {
			t.Fatal(err)
		}
		got, err := Read("a"+formatNamed(format).extension, b.Bytes(), Source{}, Options{})
		if diff := sameMarks(got.Marks, rec.Marks, 6e-7); err != nil || diff != "" {
			t.Errorf("%s: %v %s", format, err, diff)
		}
		if strings.Contains(strings.Join(got.Notes, " "), "left out") && format != "sonic-visualiser" {
			t.Errorf("%s: %q", format, got.Notes)
		}
	}
}

package labelfile

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"prep/data"
)

// hardNames are classes that a format could take for something of its own.
var hardNames = []string{"a,b", `"q"`, "#x", "0.5", "sep=;", "onset", `\`, ";", "🥁", `"`, `""`, `"a`, `a"`, "'", "//", "%", "1:02", "nan", "-1", "5 ms",
	"onset,label", "a\\\tb", "label", "a  b", "x.wav", "/", "0", "NaN", "<exists>", "!", "[1]", "item []:", "end", "k;h", "1,5", "é", "ﬀ", "كيك", "キック", "=1+1", ".", "///", "#!MLF!#", "Cue", "decimal"}

// anyName returns a valid name of a class: trimmed, in NFC, without control
// characters, 1 to 64 bytes.
func anyName(r *rand.Rand) string {
	if r.IntN(3) == 0 {
		return cleanName(hardNames[r.IntN(len(hardNames))])
	}
	alphabets := []string{"abcxyz", "\"'\\,;#!|%/ ", "0123456789.:", "éüñßçÅ", "бочка", "キックハット", "🥁🎤", "-_()[]<>&=", "end onset"}
	for {
		var b strings.Builder
		alphabet := []rune(alphabets[r.IntN(len(alphabets))])
		for range 1 + r.IntN(12) {
			if r.IntN(4) == 0 {
				alphabet = []rune(alphabets[r.IntN(len(alphabets))])
			}
			b.WriteRune(alphabet[r.IntN(len(alphabet))])
		}
		if s := cleanName(b.String()); s != "" && len(s) <= 64 {
			return s
		}
	}
}

// anyRecording returns a recording with n marks that do not overlap, some
// without an end; one in three has one name for all.
func anyRecording(r *rand.Rand, n int) Recording {
	rec := Recording{Recording: data.Recording{ID: "x", Name: "p/take.wav", Rate: 44100}}
	at, one, name := r.Float64(), r.IntN(3) == 0, anyName(r)
	for range n {
		m := Mark{Onset: math.Round(at*1e6) / 1e6, Class: anyName(r)}
		if one {
			m.Class = name
		}
		if long := .001 + r.Float64()/10; r.IntN(5) > 0 {
			m.End = math.Round((at+long)*1e6) / 1e6
			at += long
		}
		rec.Marks = append(rec.Marks, m)
		at += .001 + r.ExpFloat64()/4
	}
	rec.Samples = int(at*44100) + 100
	return rec
}

// sameMarks says where two lists of marks differ by more than the grain.
func sameMarks(got, want []Mark, grain float64) string {
	if len(got) != len(want) {
		return fmt.Sprintf("%d marks, want %d", len(got), len(want))
	}
	for i, g := range got {
		w := want[i]
		if math.Abs(g.Onset-w.Onset) > grain || math.Abs(g.End-w.End) > grain || g.Class != w.Class {
			return fmt.Sprintf("mark %d: %+v, want %+v", i, g, w)
		}
	}
	return ""
}

// theirs are the formats of this half, of which a mark comes back whole.
var theirs = []string{"audacity", "audition", "csv", "htk", "mirex", "raven", "reaper", "sonic-visualiser", "textgrid", "textgrid-binary"}

func TestRoundTrip(t *testing.T) {
	for _, format := range theirs {
		t.Run(format, func(t *testing.T) {
			r := rand.New(rand.NewPCG(17, uint64(len(format))))
			for try := range 2000 {
				rec := anyRecording(r, 1+r.IntN(1+try%30))
				var b bytes.Buffer
				if err := WriteOne(&b, format, rec); err != nil {
					t.Fatal(err)
				}
				src := Source{}
				if try%2 == 0 {
					src = Source{Rate: rec.Rate, Seconds: length(rec)}
				}
				got, err := Read("take"+formatNamed(format).extension, b.Bytes(), src, Options{})
				if err != nil || len(got.Faults) > 0 {
					t.Fatalf("try %d: %v %v\n%s", try, err, got.Faults, b.String())
				}
				if diff := sameMarks(got.Marks, rec.Marks, 6e-7); diff != "" {
					t.Fatalf("try %d: %s\n%s\n%v", try, diff, b.String(), got.Notes)
				}
			}
		})
	}
}

func TestNamesAreValid(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 10000 {
		s := anyName(r)
		if s != norm.NFC.String(strings.TrimSpace(s)) || s == "" || len(s) > 64 || strings.ContainsFunc(s, unicode.IsControl) {
			t.Errorf("%q", s)
		}
	}
}

func TestOnsetsRoundTrip(t *testing.T) {
	rec := anyRecording(rand.New(rand.NewPCG(5, 5)), 50)
	var b bytes.Buffer
	if err := WriteOne(&b, "onsets", rec); err != nil {
		t.Fatal(err)
	}
	for i := range rec.Marks {
		rec.Marks[i].End, rec.Marks[i].Class = 0, ""
	}
	got, err := Read("a.onsets", b.Bytes(), Source{}, Options{})
	if err != nil || sameMarks(got.Marks, rec.Marks, 6e-7) != "" || got.Format != "onsets" {
		t.Errorf("%v %v", err, got)
	}
}

func TestWrite(t *testing.T) {
	dir := t.TempDir()
	rec := func(name string) Recording {
		return Recording{Recording: data.Recording{Name: name, Rate: 1000, Samples: 1000}, Marks: []Mark{{Onset: .5, Class: "k"}}}
	}
	files, err := Write(dir, "csv", []Recording{rec("a/x.wav"), rec("a/x.flac"), rec("b/y.wav")})
	if want := []string{"a/x.wav.csv", "a/x.flac.csv", "b/y.csv"}; err != nil || !reflect.DeepEqual(files, want) {
		t.Errorf("%q, %v; want %q", files, err, want)
	}
	if b, err := os.ReadFile(filepath.Join(dir, "b", "y.csv")); err != nil || string(b) != "onset,end,label\n0.500000,,k\n" {
		t.Errorf("%q, %v", b, err)
	}
	for _, name := range []string{"../x.wav", "/etc/x.wav", "a/../../x.wav"} {
		if files, err := Write(filepath.Join(dir, "new"), "csv", []Recording{rec("fine.wav"), rec(name)}); err == nil || !strings.Contains(err.Error(), "leads out of the folder") {
			t.Errorf("%s: %q, %v", name, files, err)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "new")); err == nil {
		t.Error("something was written beside a name that leads out")
	}
	os.WriteFile(filepath.Join(dir, "file"), nil, 0o666)
	if files, err := Write(filepath.Join(dir, "file"), "csv", []Recording{rec("x.wav")}); err == nil || len(files) != 0 {
		t.Errorf("below a file: %q, %v", files, err)
	}
	if _, err := Write(dir, "xyz", nil); err == nil || !strings.Contains(err.Error(), `"xyz" is no format of labels; there are audacity, `) {
		t.Error(err)
	}
	if err := WriteOne(&bytes.Buffer{}, "xyz", Recording{}); err == nil {
		t.Error("no error")
	}
}

func TestFormats(t *testing.T) {
	names := Formats()
	if !slices.IsSorted(names) {
		t.Errorf("%q are not sorted", names)
	}
	for _, name := range append(theirs, "onsets") {
		if !slices.Contains(names, name) {
			t.Errorf("no %q", name)
		}
	}
}

func writeCount(w io.Writer, all []Recording) error {
	_, err := fmt.Fprint(w, len(all))
	return err
}

// A recording's every label may have one name, whatever it is.
func TestRoundTripOfHardNames(t *testing.T) {
	for _, format := range theirs {
		for _, name := range hardNames {
			for n := 1; n <= 4; n++ {
				rec := anyRecording(rand.New(rand.NewPCG(3, uint64(n))), n)
				for i := range rec.Marks {
					rec.Marks[i].Class = cleanName(name)
				}
				var b bytes.Buffer
				if err := WriteOne(&b, format, rec); err != nil {
					t.Fatal(err)
				}
				got, err := Read("take"+formatNamed(format).extension, b.Bytes(), Source{}, Options{})
				if diff := sameMarks(got.Marks, rec.Marks, 6e-7); err != nil || diff != "" {
					t.Errorf("%s: %q: %v %s\n%s", format, name, err, diff, b.String())
				}
			}
		}
	}
}

// A file for all recordings is one, whatever they are called.
func TestWriteAll(t *testing.T) {
	defer func(was []format) { formats = was }(formats)
	formats = append(slices.Clone(formats), format{name: "one", extension: "all.txt", writeAll: writeCount})
	dir := t.TempDir()
	files, err := Write(dir, "one", make([]Recording, 3))
	if b, _ := os.ReadFile(filepath.Join(dir, "all.txt")); err != nil || len(files) != 1 || string(b) != "3" {
		t.Errorf("%q %v %q", files, err, b)
	}
	var b bytes.Buffer
	if err := WriteOne(&b, "one", Recording{}); err != nil || b.String() != "1" {
		t.Errorf("%q, %v", b.String(), err)
	}
}

// Marks that overlap have no room in a tier of intervals: they become points.
func TestOverlappingMarksInATextGrid(t *testing.T) {
	rec := Recording{Marks: []Mark{{Onset: .1, End: .5, Class: "a"}, {Onset: .2, End: .3, Class: "b"}}}
	var b bytes.Buffer
	if err := WriteOne(&b, "textgrid", rec); err != nil {
		t.Fatal(err)
	}
	reads{file: "a.TextGrid", text: b.String(), marks: "0.1-0.5 a; 0.2 b", notes: []string{`2 tiers are named "hits"`}}.check(t)
}

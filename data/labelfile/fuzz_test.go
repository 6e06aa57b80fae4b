package labelfile

import (
	"bytes"
	"math"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/text/unicode/norm"
)

// checkReading holds what is true of every Reading, whatever was read.
func checkReading(t *testing.T, r Reading, err error) {
	t.Helper()
	if err != nil {
		if len(r.Marks) > 0 || err.Error() == "" {
			t.Errorf("marks beside the error %v", err)
		}
		return
	}
	if r.Format == "" || len(r.Marks)+len(r.Faults) == 0 {
		t.Errorf("nothing read, and no error: %+v", r)
	}
	for _, m := range r.Marks {
		ok := m.Onset >= 0 && m.Onset <= 1e9 && (m.End == 0 || m.End > m.Onset && m.End <= 1e9) && !math.IsNaN(m.Onset+m.End)
		if !ok || m.Class != cleanName(m.Class) || !norm.NFC.IsNormalString(m.File) || m.Line < 1 || m.Whole && m.Onset+m.End != 0 {
			t.Errorf("mark %+v", m)
		}
	}
	for _, f := range r.Faults {
		if f.Line < 1 || f.Reason == "" {
			t.Errorf("fault %+v", f)
		}
	}
	if len(r.Faults) > maxFaults {
		t.Errorf("%d faults", len(r.Faults))
	}
}

// seeds are the files of testdata and of the tests.
func seeds(f *testing.F, texts ...string) {
	files, _ := filepath.Glob("testdata/*.*")
	for _, name := range files {
		if b, err := os.ReadFile(name); err == nil && len(b) < 1e4 {
			f.Add(filepath.Base(name), b)
		}
	}
	for _, s := range texts {
		f.Add("a.txt", []byte(s))
	}
}

func FuzzTables(f *testing.F) {
	seeds(f, "0.1\t0.2\tKick\n\\\t1\t2\n", "onset,label\n0.5,kick\n", "0,5;k\n", "sep=;\nTimestamp;Type\n0,5;k\n", "#,Name,Start,End,Length\nM1,k,0:00.5,,\n",
		"Selection\tView\tBegin Time (s)\tEnd Time (s)\tFile Offset (s)\tAnnotation\n1\tW\t1\t2\t0\tk\n", "file,label\nx.wav,k\n", "0 1 2\n1 2 3\n", "\"a\"\t\"onset\"\n\"x\"\t1\n",
		"Name\tStart\tDuration\tTime Format\nk\t5\t1\t48000 Hz\n", "0.5,\"k\nl\"\n", "a 1\n", "filename\tevent_labels\nY1.wav\ta,b\n")
	f.Fuzz(func(t *testing.T, name string, b []byte) {
		in, err := open(name, b, Source{Rate: 44100, Seconds: 3}, Options{})
		if err != nil || !in.enc.isText {
			return
		}
		out := &reading{Reading: Reading{Format: "csv"}}
		if err := readTable(in, out); err == nil && len(out.Marks)+len(out.Faults) > 0 {
			checkReading(t, out.Reading, nil)
		}
	})
}

func FuzzTextGrid(f *testing.F) {
	seeds(f, shortGrid, gridText(12.5, 14.1, "phrase", "hits"), tiersText("a:k l", "a:m"))
	f.Fuzz(func(t *testing.T, _ string, b []byte) {
		for _, read := range []func(*input, *reading) error{readTextGrid, readBinaryTextGrid, readHTK} {
			in := &input{raw: b, enc: decoding{isText: true}, head: string(b), src: Source{Seconds: 1.6}}
			out := &reading{Reading: Reading{Format: "x"}}
			if bytes.HasPrefix(b, []byte(binaryMagic)) == false && len(b) < len(binaryMagic) {
				return
			}
			if err := read(in, out); err == nil && len(out.Marks)+len(out.Faults) > 0 {
				checkReading(t, out.Reading, nil)
			}
		}
	})
}

func FuzzRead(f *testing.F) {
	seeds(f, "0.5,\xe1\xee\xf7\xea\xe0\n", "\xfe\xff\x00a\x001", "\x1b$B", "0.5\t\x83L\x83b\x83N\n", "#!MLF!#\n\"*/a.lab\"\n0 10 k\n.\n")
	f.Fuzz(func(t *testing.T, name string, b []byte) {
		r, err := Read(name, b, Source{}, Options{})
		checkReading(t, r, err)
		Readable(name, b)
	})
}

// What is read can be written in every format, and comes back.
func FuzzRoundTrip(f *testing.F) {
	f.Add("kick", "0.5", uint32(5), uint32(7))
	f.Add(`"`, "\\", uint32(0), uint32(0))
	f.Fuzz(func(t *testing.T, a, b string, at, long uint32) {
		a, b = cleanName(a), cleanName(b)
		if a == "" || b == "" || len(a) > 64 || len(b) > 64 {
			return
		}
		on, end := float64(at%1e6)/1e4, float64(at%1e6+1+long%1e6)/1e4
		rec := Recording{Marks: []Mark{{Onset: on, End: end, Class: a}, {Onset: end, Class: b}}}
		for _, format := range theirs {
			var file bytes.Buffer
			if err := WriteOne(&file, format, rec); err != nil {
				t.Fatal(err)
			}
			got, err := Read("x"+formatNamed(format).extension, file.Bytes(), Source{}, Options{})
			if diff := sameMarks(got.Marks, rec.Marks, 6e-7); err != nil || diff != "" {
				t.Errorf("%s: %v %s\n%s%v", format, err, diff, file.String(), got.Notes)
			}
		}
	})
}

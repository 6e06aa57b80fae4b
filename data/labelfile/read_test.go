package labelfile

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
)

// marksOf writes marks in short: "onset-end class @file", with a star behind the
// class of a whole recording.
func marksOf(all []Mark) string {
	var list []string
	for _, m := range all {
		s := fmt.Sprintf("%.6g", m.Onset)
		if m.End != 0 {
			s += fmt.Sprintf("-%.6g", m.End)
		}
		if m.Whole {
			s = "*"
		}
		s += " " + m.Class
		if m.File != "" {
			s += " @" + m.File
		}
		if m.Who != "" {
			s += " by " + m.Who
		}
		list = append(list, s)
	}
	return strings.Join(list, "; ")
}

// faultsOf writes faults in short: "line: reason".
func faultsOf(all []Fault) string {
	var list []string
	for _, f := range all {
		list = append(list, fmt.Sprintf("%d: %s", f.Line, f.Reason))
	}
	return strings.Join(list, "; ")
}

// reads is a file with what is read in it.
type reads struct {
	name, file, text string
	src              Source
	o                Options
	format           string
	marks            string   // as marksOf writes them
	faults           string   // the beginning of what faultsOf writes
	notes            []string // each a part of some note, in order
	err              string   // a part of the error
}

func (test reads) check(t *testing.T) {
	t.Helper()
	r, err := Read(test.file, []byte(test.text), test.src, test.o)
	if test.err != "" || err != nil {
		if test.err == "" || err == nil || !strings.Contains(err.Error(), test.err) {
			t.Fatalf("error %v, want %q (%v)", err, test.err, r)
		}
		return
	}
	if test.format != "" && r.Format != test.format {
		t.Errorf("format %q, want %q", r.Format, test.format)
	}
	if got := marksOf(r.Marks); got != test.marks {
		t.Errorf("marks\n got %s\nwant %s", got, test.marks)
	}
	if got := faultsOf(r.Faults); !strings.HasPrefix(got, test.faults) || got != "" && test.faults == "" {
		t.Errorf("faults %q, want %q", got, test.faults)
	}
	told := strings.Join(r.Notes, "\n")
	for _, n := range test.notes {
		if !strings.Contains(told, n) {
			t.Errorf("notes\n%s\nwant %q", told, n)
		}
	}
	if test.notes != nil && len(test.notes) == 0 && told != "" {
		t.Errorf("notes\n%s\nwant none", told)
	}
	if len(r.Marks) > 0 && reflect.DeepEqual(test.o, Options{}) && !Readable(test.file, []byte(test.text)) && test.src == (Source{}) {
		t.Error("not Readable")
	}
}

const beat = "0.25-0.29 kick; 0.6-0.64 hat; 0.95-0.99 snare; 1.3-1.34 kick"

var four = Source{Rate: 44100, Seconds: 1.6}

func TestCasesOfTheIssue(t *testing.T) {
	for _, test := range []reads{
		{name: "02 avp four columns", file: "take.csv", src: four, text: "0.250000000,kd,p,u\n0.600000000,hhc,ts,x\n0.950000000,sd,k,a\n1.300000000,kd,p,u\n",
			marks: "0.25 kd; 0.6 hhc; 0.95 sd; 1.3 kd", notes: []string{"left out: the columns 3, 4"}},
		{name: "03 sonic visualiser regions", file: "take.txt", src: four, format: "sonic-visualiser",
			text:  "0.250000000\t5\t0.040000000\tkick\n0.600000000\t5\t0.040000000\that\n0.950000000\t5\t0.040000000\tsnare\n1.300000000\t5\t0.040000000\tkick\n",
			marks: beat, notes: []string{"time, value, duration, label", "left out: the column 2"}},
		{name: "04 unknown class column", file: "take.csv", src: four, text: "start,end,sound\n0.2500,0.2900,kick\n0.6000,0.6400,hat\n0.9500,0.9900,snare\n1.3000,1.3400,kick\n",
			marks: beat, notes: []string{`the class is in the column "sound"`}},
		{name: "04 a column nobody knows", file: "take.csv", text: "start,end,boots\n0.25,0.29,kick\n0.6,0.64,hat\n",
			marks: "0.25-0.29 kick; 0.6-0.64 hat", notes: []string{`the class is in the column "boots", the only one of words`}},
		{name: "04 two columns nobody knows", file: "take.csv", text: "start,end,boots,cats\n0.25,0.29,kick,a\n0.6,0.64,hat,b\n",
			faults: `1: no column is known to name the class; "boots", "cats" hold words: labels.columns.class in prep.yaml says which`},
		{name: "04 none at all", file: "take.csv", text: "start,end\n0.25,0.29\n0.6,0.64\n", marks: "0.25-0.29 ; 0.6-0.64 ", notes: []string{"no column names a class"}},
		{name: "05 header lines", file: "take.csv", text: "\xef\xbb\xbfsep=;\r\nTimestamp;Type\r\n0,250;kick\r\n0,600;hat\r\n", marks: "0.25 kick; 0.6 hat"},
		{name: "06 prose", file: "take.txt", text: "Recorded in the kitchen, SM58.\n1 kick, then hats\n", err: ErrNoLabels.Error()},
		{name: "06 prose of numbers", file: "take.txt", text: "3 kicks then hats\n", err: ErrNoLabels.Error()},
		{name: "07 two tiers", file: "take.TextGrid", src: four, format: "textgrid", text: gridText(0, 1.6, "phrase", "hits"),
			marks: beat, notes: []string{`the tier "hits"; left out: the tier "phrase" (1 intervals)`}},
		{name: "08 begins at 12.5", file: "take.TextGrid", src: four, text: gridText(12.5, 14.1, "hits"), marks: beat, notes: []string{"begin at 12.5 s, which is taken off"}},
		{name: "09 one table for all", file: "annotations.csv", text: "filename,onset,offset,event_label\np1/take.flac,0.25,0.290,kick\np2/take2.flac,0.6,0.640,hat\n",
			marks: "0.25-0.29 kick @p1/take.flac; 0.6-0.64 hat @p2/take2.flac"},
		{name: "12 names of label files", file: "take.flac.txt", text: "0.250000\t0.290000\tkick\n", format: "audacity", marks: "0.25-0.29 kick", notes: []string{}},
		{name: "14 windows-1251", file: "take.txt", format: "audacity", text: "0.25\t0.29\t\xe1\xee\xf7\xea\xe0\n0.6\t0.64\t\xf5\xfd\xf2\n0.95\t0.99\t\xec\xe0\xeb\xfb\xe9\n",
			marks: "0.25-0.29 бочка; 0.6-0.64 хэт; 0.95-0.99 малый", notes: []string{`not UTF-8; it is taken as windows-1251: "бочка", "хэт", "малый"`}},
		{name: "14 as asked", file: "take.txt", o: Options{Encoding: "koi8-r"}, text: "0.25\t0.29\t\xe1\xee\xf7\xea\xe0\n", marks: "0.25-0.29 АНВЙЮ", notes: []string{}},
		{name: "14 unknown encoding", file: "take.txt", o: Options{Encoding: "cp-what"}, text: "0.25\t0.29\tk\n", err: `"cp-what" is no encoding of text`},
		{name: "15 NFD", file: "take.txt", text: "0.6\t0.64\tcle\u0301\n", marks: "0.6-0.64 cl\u00e9"},
	} {
		t.Run(test.name, test.check)
	}
}

// gridText is a TextGrid in the long format whose tiers hold the beat, shifted;
// a tier named phrase holds one interval.
func gridText(xmin, xmax float64, names ...string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "File type = \"ooTextFile\"\nObject class = \"TextGrid\"\n\nxmin = %g \nxmax = %g \ntiers? <exists> \nsize = %d \nitem []: \n", xmin, xmax, len(names))
	for i, name := range names {
		fmt.Fprintf(&b, "    item [%d]:\n        class = \"IntervalTier\" \n        name = %q \n        xmin = %g \n        xmax = %g \n", i+1, name, xmin, xmax)
		ends := []float64{0, .25, .29, .6, .64, .95, .99, 1.3, 1.34, 1.6}
		texts := []string{"", "kick", "", "hat", "", "snare", "", "kick", ""}
		if name == "phrase" {
			ends, texts = []float64{0, .2, 1.5, 1.6}, []string{"", "take one", ""}
		}
		fmt.Fprintf(&b, "        intervals: size = %d \n", len(texts))
		for j, text := range texts {
			fmt.Fprintf(&b, "        intervals [%d]:\n            xmin = %g \n            xmax = %g \n            text = %q \n", j+1, xmin+ends[j], xmin+ends[j+1], text)
		}
	}
	return b.String()
}

func TestErrorsWrapErrNoLabels(t *testing.T) {
	for _, text := range []string{"", "\n\n", "hello\n", "onset,label\n", "\x89PNG\r\n\x1a\n\x00\x00\x00", "Take 5\nMic: SM58\n", gridText(0, 1)} {
		if r, err := Read("x.txt", []byte(text), Source{}, Options{}); !errors.Is(err, ErrNoLabels) {
			t.Errorf("%q: %+v, %v", text, r, err)
		}
		if Readable("x.txt", []byte(text)) {
			t.Errorf("%q is Readable", text)
		}
	}
}

func TestReadableLooksAtTheHead(t *testing.T) {
	rows := strings.Repeat("0.5\t0.6\tkick\n", 10_000)
	for _, test := range []struct {
		name, text string
		want       bool
	}{
		{"lines", rows, true},
		{"prose", strings.Repeat("nothing was heard.\n", 10_000), false},
		{"a TextGrid, whole", gridText(0, 1.6, "hits") + strings.Repeat(" ", 2*headBytes), true},
		{"prose in front", strings.Repeat("nothing was heard.\n", 10_000) + rows, false},
	} {
		if got := Readable("x.txt", []byte(test.text)); got != test.want {
			t.Errorf("%s: %v", test.name, got)
		}
	}
}

func TestTooManyMarks(t *testing.T) {
	out := &reading{Reading: Reading{Marks: make([]Mark, maxMarks)}}
	if out.addMark(Mark{Line: 7, Onset: 1}) || len(out.Faults) != 1 || out.Faults[0].Line != 7 {
		t.Errorf("%v", out.Faults)
	}
}

func TestTextCutInACharacter(t *testing.T) {
	reads{file: "a.txt", text: "0.5\t0.6\tkick\n0.7\t0.8\tcl\xc3", marks: "0.5-0.6 kick; 0.7-0.8 cl\ufffd", notes: []string{}}.check(t)
	reads{file: "a.txt", text: "0.5\t0.6\t\x1b$B%-%C%/\x1b(B\n", marks: "0.5-0.6 キック", notes: []string{"iso-2022-jp"}}.check(t)
	reads{file: "a.txt", text: "\xef\xbb\xbf0.5\t0.6\tclé\n", o: Options{Encoding: "windows-1251"}, marks: "0.5-0.6 clé"}.check(t)
}

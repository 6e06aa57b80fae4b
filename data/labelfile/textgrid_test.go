package labelfile

import (
	"bytes"
	"os"
	"strings"
	"testing"
	"unicode/utf16"
)

const shortGrid = `File type = "ooTextFile"
"TextGrid"

0
2.3
<exists>
2
"IntervalTier"
"empty"
0 2.3 1
0 2.3 ""
"TextTier"
"hits"
0
2.3 2
0.5
"say ""ts"""
0.9 "b"
`

// tiersText is a TextGrid in the short format, a tier a list of points.
func tiersText(tiers ...string) string {
	b := "File type = \"ooTextFile\"\nObject class = \"TextGrid\"\n\n0 ! from\n9\n<exists>\n" + string(rune('0'+len(tiers))) + "\n"
	for _, t := range tiers {
		name, marks, _ := strings.Cut(t, ":")
		words := strings.Fields(marks)
		b += "\"TextTier\" \"" + name + "\" 0 9 " + string(rune('0'+len(words))) + "\n"
		for i, w := range words {
			b += string(rune('1'+i)) + " \"" + w + "\"\n"
		}
	}
	return b
}

func TestTextGrids(t *testing.T) {
	wide := "\xfe\xff"
	for _, u := range utf16.Encode([]rune(shortGrid)) {
		wide += string([]byte{byte(u >> 8), byte(u)})
	}
	for _, test := range []reads{
		{name: "short", text: shortGrid, marks: `0.5 say "ts"; 0.9 b`, notes: []string{`the tier "hits"; left out: the tier "empty" (0 intervals)`}},
		{name: "utf-16", text: wide, marks: `0.5 say "ts"; 0.9 b`},
		{name: "remarks", text: tiersText("x:k") + "! the end", marks: "1 k", notes: []string{}},
		{name: "the tier with the most", text: tiersText("a:k", "b:k l m", "c:k l"), marks: "1 k; 2 l; 3 m", notes: []string{`the tier "b"; left out: the tier "a" (1 points), the tier "c" (2 points)`}},
		{name: "the tier named like hits", text: tiersText("b:k l m", "Onsets:k l"), marks: "1 k; 2 l"},
		{name: "of two named so the fuller", text: tiersText("hits:k", "Onsets:k l", "z:a b c d"), marks: "1 k; 2 l"},
		{name: "but not when it is empty", text: tiersText("b:k l", "hits:"), marks: "1 k; 2 l"},
		{name: "the tier as asked", text: tiersText("a:k", "b:k l m"), o: Options{Tier: "a"}, marks: "1 k", notes: []string{`left out: the tier "b" (3 points)`}},
		{name: "a tier that is not there", text: tiersText("a:k", "b:l"), o: Options{Tier: "hits"}, faults: `1: there is no tier "hits"; there are the tier "a" (1 points), the tier "b" (1 points)`},
		{name: "two tiers of one name", text: tiersText("a:k l", "a:k m x", "b:q"), marks: "1 k; 2 l; 2 m; 3 x", notes: []string{`2 tiers are named "a"; all of them are read`}},
		{name: "cut", text: gridText(0, 1.6, "hits")[:700], marks: "0.25-0.29 kick; 0.6-0.64 hat", faults: "33: the TextGrid ends too early"},
		{name: "quotes that do not end", text: strings.TrimSuffix(tiersText("a:k l"), "\"\n"), marks: "1 k", faults: "10: the quotes of a text do not end"},
		{name: "text for a number", text: strings.Replace(tiersText("a:k l"), "2 \"l", "\"l", 1), marks: "1 k", faults: "10: text where a number is due"},
		{name: "nobody knows how long the recording is", text: gridText(12.5, 14.1, "hits"), src: Source{}, marks: beat, notes: []string{"begin at 12.5 s, which is taken off"}},
		{name: "begins late in a whole recording", text: gridText(.5, 1.6, "x"), src: Source{Seconds: 1.6}, marks: "0.75-0.79 kick; 1.1-1.14 hat; 1.45-1.49 snare; 1.8-1.84 kick", notes: []string{"begin at 0.5 s, which is kept"}},
		{name: "an interval that ends before it begins", text: strings.Replace(gridText(0, 1.6, "hits"), "xmax = 0.64", "xmax = 0.5", 1), marks: "0.25-0.29 kick; 0.95-0.99 snare; 1.3-1.34 kick",
			faults: "28: it ends at 0.5 s, before it begins at 0.6 s"},
	} {
		test.file = "take.TextGrid"
		if test.faults == "" && test.err == "" {
			test.format = "textgrid"
		}
		t.Run(test.name, test.check)
	}
}

// binary.TextGrid is Praat's own: testdata/interop.py wrote it with parselmouth.
func TestBinaryTextGrid(t *testing.T) {
	b, err := os.ReadFile("testdata/binary.TextGrid")
	if err != nil {
		t.Fatal(err)
	}
	test := reads{file: "take.TextGrid", format: "textgrid-binary", text: string(b), marks: "0.25-0.29 kick; 0.6-0.64 открытый; 0.95-0.99 clé; 1.3-1.34 🥁",
		notes: []string{`the tier "hits"; left out: the tier "phrase" (1 intervals), the tier "points" (1 points)`}}
	test.check(t)
	for cut := len(b) - 1; cut >= len(binaryMagic)+1; cut-- {
		r, err := Read("take.TextGrid", b[:cut], Source{}, Options{})
		if err == nil && len(r.Faults) == 0 {
			t.Fatalf("cut at %d of %d: no fault in %+v", cut, len(b), r)
		}
	}
	for name, text := range map[string]string{
		"another class": binaryMagic + "\x05Sound", "no tiers": binaryMagic + "\x08TextGrid" + strings.Repeat("\x00", 17),
		"a time that is no number": binaryMagic + "\x08TextGrid" + strings.Repeat("\xff", 40),
	} {
		if r, err := Read("x", []byte(text), Source{}, Options{}); err == nil && len(r.Faults) == 0 {
			t.Errorf("%s: %+v", name, r)
		}
	}
}

func TestBinaryTextGridOfPoints(t *testing.T) {
	rec := Recording{Marks: []Mark{{Onset: .5, Class: "k"}}}
	var b bytes.Buffer
	if err := WriteOne(&b, "textgrid-binary", rec); err != nil {
		t.Fatal(err)
	}
	reads{file: "x", text: b.String(), format: "textgrid-binary", marks: "0.5 k"}.check(t)
}

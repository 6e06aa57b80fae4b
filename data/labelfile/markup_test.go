package labelfile

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"prep/data"
)

// says returns what a file says in one line: "onset-end class" of each mark in
// ms, with what else it has, then "fault LINE: REASON" and notes in brackets.
func says(name, content string, o Options) string {
	r, err := Read(name, []byte(content), Source{Rate: 1000}, o)
	if err != nil {
		return "error: " + err.Error()
	}
	var all []string
	for _, m := range r.Marks {
		all = append(all, markWords(m))
	}
	for _, f := range r.Faults {
		all = append(all, fmt.Sprintf("fault %d: %s", f.Line, f.Reason))
	}
	for _, n := range r.Notes {
		all = append(all, "["+n+"]")
	}
	return strings.Join(all, ", ")
}

func markWords(m Mark) string {
	word := fmt.Sprintf("%g", math.Round(m.Onset*1e6)/1e3)
	if m.End != 0 {
		word += fmt.Sprintf("-%g", math.Round(m.End*1e6)/1e3)
	}
	if m.Whole {
		word = "whole"
	}
	if m.Class != "" {
		word += " " + m.Class
	}
	if m.File != "" {
		word += " of " + m.File
	}
	switch {
	case m.Model:
		word += " by model " + m.Who
	case m.Who != "":
		word += " by " + m.Who
	}
	return strings.TrimSpace(word)
}

// saying is a file and what it says.
type saying struct {
	name, file string
	opts       Options
	want       string
}

func checkSayings(t *testing.T, extension string, all []saying) {
	t.Helper()
	for _, tc := range all {
		t.Run(tc.name, func(t *testing.T) {
			if got := says("take"+extension, tc.file, tc.opts); got != tc.want {
				t.Errorf("it says\n\t%s\nwant\n\t%s", got, tc.want)
			}
		})
	}
}

// sampled returns a recording of n labels of any names, on samples.
func sampled(r *rand.Rand, n int) Recording {
	rec := anyRecording(r, n)
	rec.Recording = data.Recording{ID: "0123456789abcdef", Name: "p 1/täke#1.wav", Group: "p1", Rate: 44100, Samples: rec.Samples}
	rec.ByPeople = r.IntN(2) == 0
	for i, m := range rec.Marks {
		rec.Marks[i].Onset = math.Round(m.Onset*44100) / 44100
		if m.End != 0 {
			rec.Marks[i].End = math.Round(m.End*44100) / 44100
		}
	}
	return rec
}

// Every format gives back what was written, to its grain in seconds.
func TestMarkupRoundTrips(t *testing.T) {
	r := rand.New(rand.NewPCG(17, 1))
	for _, tc := range []struct {
		format string
		grain  float64
		ends   bool
	}{
		{"midi", .5 / 1920, false}, {"svl", 1e-9, true}, {"elan", 1.5e-3, true}, {"jams", 1e-9, true}, {"label-studio", 1e-9, true},
	} {
		for i := range 200 {
			rec := sampled(r, []int{1, 2, 30, 300}[i%4])
			for k := range rec.Marks {
				rec.Marks[k].Class = rec.Marks[k%maxKeys].Class
			}
			var b bytes.Buffer
			if err := WriteOne(&b, tc.format, rec); err != nil {
				t.Fatal(err)
			}
			got, err := Read("take"+formatNamed(tc.format).extension, b.Bytes(), Source{}, Options{})
			if err != nil || len(got.Faults) > 0 || got.Format != tc.format {
				t.Fatalf("%s: %v %+v, read as %s from\n%.2000s", tc.format, err, got.Faults, got.Format, b.String())
			}
			compare(t, tc.format, rec.Marks, got.Marks, tc.grain, tc.ends)
		}
	}
}

func compare(t *testing.T, format string, want, got []Mark, grain float64, ends bool) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d labels of %d", format, len(got), len(want))
	}
	for i, w := range want {
		g := got[i]
		if !ends {
			w.End = 0
		}
		if math.Abs(g.Onset-w.Onset) > grain*1.001 || math.Abs(g.End-w.End) > grain*1.001 || g.Class != w.Class {
			t.Fatalf("%s: label %d is %+v, want %+v", format, i, g, w)
		}
	}
}

// What a file says of the whole recording, and a label without a class, survive
// where there is room for them.
func TestWholesRoundTrip(t *testing.T) {
	for _, format := range []string{"jams", "label-studio"} {
		for _, marks := range [][]Mark{{{Class: "kick", Whole: true}}, {{Onset: .5}, {Onset: 1, End: 1.5, Class: "hat"}}} {
			rec := Recording{Recording: data.Recording{ID: "00", Name: "a.wav", Rate: 1000, Samples: 2000}, Marks: marks}
			var b bytes.Buffer
			if err := WriteOne(&b, format, rec); err != nil {
				t.Fatal(err)
			}
			got, err := Read("take"+formatNamed(format).extension, b.Bytes(), Source{}, Options{})
			if err != nil {
				t.Fatal(err)
			}
			compare(t, format, marks, got.Marks, 1e-9, true)
			if got.Marks[0].Whole != marks[0].Whole {
				t.Errorf("%s: %+v", format, got.Marks[0])
			}
		}
	}
}

// Label Studio's file comes with the interface that its labels need, and names
// what it serves.
func TestLabelStudioIsTwoFiles(t *testing.T) {
	dir := t.TempDir()
	rec := Recording{Recording: data.Recording{ID: "00ff", Name: "p1/a.wav", Group: "p1", Rate: 1000, Samples: 2000}, Audio: "my set/audio/00ff.wav",
		Marks: []Mark{{Onset: .5, End: .6, Class: `a"<b>&`}, {Class: "take", Whole: true}}}
	files, err := Write(dir, "label-studio", []Recording{rec, {Recording: data.Recording{ID: "00aa", Name: "b.wav"}, ByPeople: true}})
	if err != nil || strings.Join(files, " ") != "label-studio.json label-studio.xml" {
		t.Fatal(files, err)
	}
	text, _ := os.ReadFile(filepath.Join(dir, files[1]))
	want := `<View>
  <Labels name="label" toName="audio">
    <Label value="a&#34;&lt;b&gt;&amp;"/>
  </Labels>
  <Choices name="sound" toName="audio">
    <Choice value="take"/>
  </Choices>
  <Audio name="audio" value="$audio"/>
</View>
`
	if string(text) != want {
		t.Errorf("the interface is\n%s", text)
	}
	var tasks []map[string]any
	text, _ = os.ReadFile(filepath.Join(dir, files[0]))
	if err := json.Unmarshal(text, &tasks); err != nil {
		t.Fatal(err)
	}
	if got := tasks[0]["data"].(map[string]any)["audio"]; got != "/data/local-files/?d=my+set%2Faudio%2F00ff.wav" {
		t.Errorf("the audio is %q", got)
	}
	if tasks[0]["predictions"] == nil || tasks[0]["annotations"] != nil || tasks[1]["annotations"] == nil {
		t.Errorf("who said so: %v", tasks)
	}
	if got := says("x.json", string(text), Options{}); !strings.HasPrefix(got, `500-600 a"<b>& of my set/audio/00ff.wav by model prep, whole take of my set`) {
		t.Error(got)
	}
}

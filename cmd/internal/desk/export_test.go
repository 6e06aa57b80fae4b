package desk

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"prep/data/datatest"
)

// Ends never reach beyond the next onset: a tier of Praat's has no overlaps.
func TestExportTextGridHasNoOverlaps(t *testing.T) {
	d := open(t, datatest.NewBursts(t, 2))
	d.act(`{'do':'label','ids':['1','2'],'class':'say \'k\''}`)
	d.act(`{'do':'add','recording':'0000000000000001','onset':5000,'class':'hat'}`)
	dir := filepath.Join(t.TempDir(), "labels")
	_, err := d.Export(dir, "textgrid")
	check(t, err)
	b, err := os.ReadFile(filepath.Join(dir, "take-000.TextGrid"))
	check(t, err)
	var ends []string
	for _, line := range strings.Split(string(b), "\n")[14:] {
		if name, value, ok := strings.Cut(strings.TrimSpace(line), " = "); ok {
			ends = append(ends, name+" "+value)
		}
	}
	want := `xmin 0.000000|xmax 0.100000|text ""|xmin 0.100000|xmax 0.113379|text "say ""k"""|xmin 0.113379|xmax 0.159365|text "hat"|` +
		`xmin 0.159365|xmax 0.200000|text ""|xmin 0.200000|xmax 0.245351|text "say ""k"""|xmin 0.245351|xmax 0.300000|text ""`
	if got := strings.Join(ends, "|"); got != want {
		t.Errorf("the intervals are\n%s, want\n%s", got, want)
	}
	if _, err := d.Export(dir, "textgrid"); err == nil || !strings.Contains(err.Error(), "not empty") {
		t.Errorf("into a full folder: %v", err)
	}
	if _, err := d.Export(t.TempDir(), "word"); err == nil || !strings.Contains(err.Error(), "audacity, audition, csv, elan") {
		t.Errorf("an unknown format: %v", err)
	}
}

// All that each format writes of two named hits of two.
func TestExportFormats(t *testing.T) {
	set := datatest.NewBursts(t, 2)
	d := open(t, set)
	if _, err := d.Export(t.TempDir(), "csv"); err == nil || !strings.Contains(err.Error(), "no hit here bears a name") {
		t.Errorf("before anything is named: %v", err)
	}
	d.act(`{'do':'label','ids':['1'],'class':'k <deep>, wet'}`)
	d.act(`{'do':'label','ids':['2'],'class':'hat'}`)
	for format, want := range map[string]map[string]string{
		"audacity": {"take-000.txt": "0.100000\t0.145351\tk <deep>, wet\n0.200000\t0.245351\that\n"},
		"csv":      {"take-000.csv": "onset,end,label\n0.100000,0.145351,\"k <deep>, wet\"\n0.200000,0.245351,hat\n"},
		"raven": {"take-000.Table.1.selections.txt": "Selection\tView\tChannel\tBegin Time (s)\tEnd Time (s)\tLow Freq (Hz)\tHigh Freq (Hz)\tAnnotation\n" +
			"1\tSpectrogram 1\t1\t0.100000\t0.145351\t0.0\t22050.0\tk <deep>, wet\n2\tSpectrogram 1\t1\t0.200000\t0.245351\t0.0\t22050.0\that\n"},
		"label-studio": {"label-studio.xml": "<View>\n  <Labels name=\"label\" toName=\"audio\">\n    <Label value=\"hat\"/>\n    <Label value=\"k &lt;deep&gt;, wet\"/>\n" +
			"  </Labels>\n  <Audio name=\"audio\" value=\"$audio\"/>\n</View>\n"},
	} {
		dir := filepath.Join(t.TempDir(), format)
		sum, err := d.Export(dir, format)
		if err != nil || sum.Counts["labels"] != 2 || sum.Counts["recordings"] != 1 {
			t.Errorf("%s: %v, %v", format, sum, err)
		}
		for name, text := range want {
			if got, err := os.ReadFile(filepath.Join(dir, name)); err != nil || string(got) != text {
				t.Errorf("%s: %s is\n%s (%v), want\n%s", format, name, got, err, text)
			}
		}
	}
}

// What people have named is an annotation; where a folder named some of it, it
// is a prediction. Either is read back as it was written.
func TestExportLabelStudio(t *testing.T) {
	set := datatest.NewBursts(t, 2)
	recordings, err := set.Recordings()
	check(t, err)
	recordings[0].Class = "clap"
	check(t, set.WriteRecordings(recordings))
	d := open(t, set)
	for _, tc := range []struct{ act, want string }{
		{`{'do':'undo'}`, "clap clap by model"},
		{`{'do':'label','ids':['1'],'class':'kick'}`, "kick clap by model"},
		{`{'do':'label','ids':['2'],'class':'hat'}`, "kick hat by human"},
	} {
		d.Do(actOf(t, tc.act)) // at first there is nothing to undo
		dir := filepath.Join(t.TempDir(), "x")
		_, err := d.Export(dir, "label-studio")
		check(t, err)
		check(t, os.Rename(filepath.Join(dir, "label-studio.json"), filepath.Join(dir, "tasks.json")))
		all, skips, err := readTasks(d, dir)
		if err != nil || len(skips) > 0 || len(all) != 1 || len(all[0].labels) != 2 {
			t.Fatalf("%s: read back %v, %v, %v", tc.want, all, skips, err)
		}
		l := all[0].labels
		if got := l[0].Class + " " + l[1].Class + " by " + l[0].By; got != tc.want || l[0].Onset != spacing || l[1].Onset != 2*spacing {
			t.Errorf("read back %s at %d and %d, want %s", got, l[0].Onset, l[1].Onset, tc.want)
		}
	}
}

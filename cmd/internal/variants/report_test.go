package variants

import (
	"bytes"
	"errors"
	"flag"
	"os"
	"strings"
	"testing"

	"prep/data"
	"prep/data/num"
	"prep/train"
	"prep/train/sweep"
)

var write = flag.Bool("write", false, "write testdata/report.md")

func interval(value, low, high float64) num.Estimate {
	return num.Estimate{Value: value, CI: [2]float64{low, high}}
}

func difference(value, low, high, holm float64) sweep.Difference {
	return sweep.Difference{Estimate: interval(value, low, high), P: holm / 3, Holm: holm}
}

// found is what a sweep of two classes and four arms found.
func found() sweep.Report {
	r := sweep.Report{Name: "first", Protocol: "5 folds by group, 10 groups", Seeds: 2, Hits: 1381, Groups: 10, Classes: []string{"hat", "kick"},
		Baselines: train.Baselines{Majority: 0.141, DurationOnly: 0.143, LevelOnly: 0.256},
		Skipped:   []sweep.Skipped{{Arm: "pool 16x16", Reason: "layer 6: the pool is larger than the map"}}}
	add := func(name, kind string, parameters int, d sweep.Difference) {
		row := sweep.Row{Arm: name, Kind: kind, Kernel: train.Size{Bands: 3, Frames: 3}, KernelMs: 2.2, KernelHz: 983, Field: train.Size{Bands: 31, Frames: 79},
			FieldMs: 57.3, FieldHz: 10153, Parameters: parameters, MACs: 267000, PerHit: float64(parameters) / 551, Epochs: 2, Seeds: 2,
			Accuracy: interval(0.678+d.Value, 0.639, 0.71), Difference: d, Recall: []num.Estimate{interval(0.5, 0.4, 0.6), interval(0.9, 0.8, 1)}}
		if len(r.Rows) > 0 {
			row.Classes = []sweep.Difference{d, difference(0.01, -0.1, 0.12, 1)}
		}
		row.Sight = train.Sight{Classes: []train.Occlusion{{Hits: 2, Lost: make([]float64, train.OcclusionCells*train.OcclusionCells)}, {Lost: make([]float64, train.OcclusionCells*train.OcclusionCells)}},
			First: train.FirstLayer{Bands: 3, Frames: 3, Inputs: 1, Filters: 2, Values: make([]float32, 18)}}
		r.Rows = append(r.Rows, row)
	}
	add("base", "mel", 7170, sweep.Difference{})
	add("a|b *tall*", "mel", 11200, difference(0.104, 0.04, 0.168, 0.01))
	add("kind mfcc", "mfcc", 7170, difference(-0.316, -0.39, -0.242, 0.0003))
	add("narrow", "mel", 700, difference(0.016, -0.043, 0.076, 0.552))
	r.Rows[2].KernelHz, r.Rows[2].FieldHz = 0, 0
	r.Rows[3].Kernel, r.Rows[3].Sight = train.Size{}, train.Sight{}
	r.Curves = []sweep.Curve{{Of: "groups", Points: []sweep.Point{{Groups: 2, Hits: 300, Accuracy: interval(0.5, 0.4, 0.6)}, {Groups: 4, Hits: 600, Accuracy: interval(0.678, 0.639, 0.71)}},
		Double: interval(0.75, 0.7, 0.8), Quadruple: interval(0.8, 0.7, 0.9), Floor: 0.1, Scale: 0.6, Power: 0.5, Gain: difference(0.178, 0.1, 0.25, 0.001)}}
	return r
}

func markdown(t *testing.T, r sweep.Report, pictures map[string][]byte) string {
	t.Helper()
	var b strings.Builder
	if err := page(r, pictures).Markdown(&b, true); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// The report word for word: `go test ./cmd/internal/variants -write` where other
// words are meant.
func TestTheReportIsWordForWord(t *testing.T) {
	const file = "testdata/report.md"
	r := found()
	drawn, err := pictures(r)
	if err != nil {
		t.Fatal(err)
	}
	var lines bytes.Buffer
	Text(&lines, r)
	got := markdown(t, r, drawn) + "\n```\n" + lines.String() + "```\n"
	if *write {
		if err := os.WriteFile(file, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if want := read(t, file); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// Of arms that were trained once nothing is told.
func TestWordsOfOneTraining(t *testing.T) {
	r := found()
	r.Rows, r.Curves, r.Skipped = r.Rows[:2], nil, nil
	r.Rows[1].Difference.Once = true
	got := markdown(t, r, nil)
	if !strings.Contains(got, "The base and 1 arm were trained once each.") || !strings.Contains(got, "| trained once: not told |") {
		t.Errorf("got\n%s", got)
	}
	for _, no := range []string{"smallest network", "![", "What was left out", "Would more data help", "The differences"} {
		if strings.Contains(got, no) {
			t.Errorf("the report holds %q:\n%s", no, got)
		}
	}
}

func TestFigures(t *testing.T) {
	for got, want := range map[string]string{
		count(999): "999", count(7170): "7.17k", count(1718727): "1.72M", count(1.28e9): "1.28G", ratio(123.4): "123", ratio(1.2345): "1.23",
		probability(0.0004): "< .001", probability(0.552): "0.552", points(0.019): "1.9",
		span(interval(0.819, 0.77, 0.862)): "81.9 (77.0 to 86.2)", signed(interval(-0.019, -0.03, 0.002)): "-1.9 (-3.0 to +0.2)",
		extentText(2.2, 1019): "2.2 x 1019", extentText(0, 1019): "- x 1019", extentText(2.2, 0): "2.2 x -",
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// The page holds its pictures, the Markdown links them, and speed, which is never
// twice the same, is measured once.
func TestThePageHoldsItsPictures(t *testing.T) {
	set, err := data.Create(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer set.Close()
	read := func(name string) string { return read(t, set.Path("sweeps", "first", name)) }
	measured := 0
	speeds := func() (map[string]float64, error) {
		measured++
		return map[string]float64{"narrow": 2000.4, "base": 1000}, nil
	}
	path, err := Write(set, found(), speeds)
	if err != nil || path != set.Path("sweeps", "first", "index.html") {
		t.Fatalf("%s: %v", path, err)
	}
	if got, want := read("speed.csv"), "arm,patches_per_second\nbase,1000\nnarrow,2000\n"; got != want {
		t.Errorf("speed.csv is %q, want %q", got, want)
	}
	html := read("index.html")
	if n := strings.Count(html, `<img src="data:image/png;base64,`); n != 6 || strings.Contains(html, "ZgotmplZ") {
		t.Errorf("%d pictures in the page, want 6", n)
	}
	if n := strings.Count(html, ` height="`); n != 6 {
		t.Errorf("%d pictures have a size, want 6", n)
	}
	for _, name := range []string{pictureParameters, pictureMACs, pictureDifferences, pictureCurves, pictureKernels, pictureOcclusion} {
		if read(name) == "" || !strings.Contains(read("report.md"), "](<"+name+">)") {
			t.Errorf("%s is not beside report.md", name)
		}
	}
	if _, err := Write(set, found(), speeds); err != nil || measured != 1 || read("index.html") != html {
		t.Errorf("again: %v, measured %d times", err, measured)
	}
	if err := os.Remove(set.Path("sweeps", "first", "speed.csv")); err != nil {
		t.Fatal(err)
	}
	fault := errors.New("no patches")
	if _, err := Write(set, found(), func() (map[string]float64, error) { return nil, fault }); !errors.Is(err, fault) {
		t.Errorf("got %v, want %v", err, fault)
	}
}

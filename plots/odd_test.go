package plots

import (
	"fmt"
	"io"
	"math"
	"strings"
	"testing"

	"prep/data"
	"prep/data/num"
)

var (
	nan, inf = float32(math.NaN()), float32(math.Inf(-1))
	long     = strings.Repeat("a very long name ", 60) + "\n\x00\xff語"
	odd      = data.Patch{Hit: long, Channels: 3, Bands: 2, Frames: 2, Values: []float32{nan, inf, -inf, 1}}
	oddAxes  = []Axes{{}, {Axis{long, []float64{0, 0, 0}}, Axis{long, []float64{2, 1, math.NaN()}}, long}, sampleAxes(2)}
)

func TestOddInputIsDrawn(t *testing.T) {
	for _, pictures := range [][]picture{oddSounds(), oddPatches(), oddResults(), oddSweeps(), oddSpectra()} {
		for _, p := range pictures {
			t.Run(p.name, func(t *testing.T) {
				t.Parallel()
				drawn(t, p.draw)
			})
		}
	}
}

// oddSounds are pictures of sounds that are hardly any.
func oddSounds() (pictures []picture) {
	for name, c := range map[string]data.Clip{
		"empty": {Rate: 44100}, "one sample": {Rate: 8000, Samples: []float32{1}},
		"silence": {Rate: 44100, Samples: make([]float32, 5000)}, "slow": {Rate: 10, Samples: make([]float32, 50)},
		"not finite": {Rate: 44100, Samples: []float32{nan, -inf, inf, 1e38, 0, 1}},
		"NaN around": nanAround(tone(300, 0.5, 0.4, 0.3)),
		"huge":       {Rate: 44100, Samples: []float32{3e38, -3e38, 3e38, -3e38}},
	} {
		hits := []data.Hit{hitAt(22050, 2000)}
		if name == "not finite" {
			hits = append(hits, data.Hit{}, data.Hit{Start: -5, End: 1}, data.Hit{Start: 10, Onset: 12, End: 11, PeakDB: math.Inf(-1), SNRDB: math.NaN()})
		}
		for _, h := range hits {
			pictures = append(pictures, oddHit(name, c, h)...)
		}
		pictures = append(pictures, picture{"onsets of " + name, func(w io.Writer) error {
			return Onsets(w, OnsetsView{long, c, []float32{nan, inf, 1}, 2, []int{0, 1}, []int{-3, 0, 900}, []data.Pair{{A: 0, B: 1}}, 1, 0.4})
		}})
	}
	return pictures
}

func oddHit(name string, c data.Clip, h data.Hit) []picture {
	return []picture{
		{"hit of " + name, func(w io.Writer) error {
			return Hit(w, HitView{Name: long, Class: long, Audio: c, Hit: h, Patch: &NamedPatch{long, long, odd, oddAxes[1]}})
		}},
		{"copy of " + name, func(w io.Writer) error { return Augmentation(w, long, Variant{long, long, c, h}, nil) }},
		{"recording of " + name, func(w io.Writer) error {
			return Recording(w, RecordingView{long, c, []data.Example{{Hit: h, Class: long}, {Hit: h}}})
		}},
	}
}

func oddPatches() (pictures []picture) {
	short := data.Patch{Channels: 1, Bands: 64, Frames: 64, Values: []float32{1}}
	for i, p := range []data.Patch{{}, odd, short, {Channels: -1, Bands: -2, Frames: -3}, samplePatch(1, 1), samplePatch(3, 500), samplePatch(2, 2)} {
		a := oddAxes[i%len(oddAxes)]
		v := NamedPatch{long, long, p, a}
		pictures = append(pictures,
			picture{fmt.Sprint("patch ", i), func(w io.Writer) error { return Features(w, "", []NamedPatch{v}) }},
			picture{fmt.Sprint("features ", i), func(w io.Writer) error { return Features(w, long, []NamedPatch{v, v}) }},
			picture{fmt.Sprint("class ", i), func(w io.Writer) error {
				return ClassSheet(w, ClassView{long, long, []data.Patch{p, odd, short}, []string{long}, a, nil})
			}},
			picture{fmt.Sprint("mistakes ", i), func(w io.Writer) error {
				return Mistakes(w, long, a, []Mistake{{p, long, long, long, long, math.NaN()}, {p, "", "", "", "", -1}})
			}})
	}
	return pictures
}

// oddResults are pictures of sets and models.
func oddResults() (pictures []picture) {
	for _, n := range []int{0, 1, 2, 20, 40, 100} {
		pictures = append(pictures, picture{fmt.Sprint(n, " classes"), func(w io.Writer) error { return DrawConfusion(w, square(n)) }})
	}
	return append(pictures,
		picture{"ragged confusion", func(w io.Writer) error {
			return DrawConfusion(w, Confusion{long, long, []string{long, "", "b"}, [][]int{{-1}, {1, 2, 3, 4}}})
		}},
		picture{"no curves", func(w io.Writer) error { return Curves(w, long, nil) }},
		picture{"one epoch", func(w io.Writer) error { return Curves(w, "", []Curve{{HeldLoss: []float64{1}}}) }},
		picture{"empty set", func(w io.Writer) error { return Overview(w, OverviewView{Rate: 44100}) }},
		picture{"many classes and groups", func(w io.Writer) error { return Overview(w, manyClasses(long)) }},
		picture{"no confidences", func(w io.Writer) error { return Calibration(w, long, num.Calibration{}) }},
		picture{"odd confidences", func(w io.Writer) error {
			return Calibration(w, long, num.Calibrate([]float64{-1, 2, math.NaN(), 0.5}, []bool{true, false, true, false}))
		}},
		picture{"no mistakes", func(w io.Writer) error { return Mistakes(w, "", Axes{}, nil) }})
}

func oddSpectra() []picture {
	broken := sampleSpectra(2, 8)
	broken.Spectra[0].Mean[3], broken.Spectra[1].Mean[0] = math.NaN(), math.Inf(-1)
	flat := sampleSpectra(1, 1)
	return []picture{
		{"spectra of nothing", func(w io.Writer) error { return Spectra(w, SpectraView{}) }},
		{"spectra with holes", func(w io.Writer) error { return Spectra(w, broken) }},
		{"a spectrum of one row", func(w io.Writer) error { return Spectra(w, flat) }},
		{"spectra of many classes", func(w io.Writer) error { return Spectra(w, sampleSpectra(60, 64)) }},
	}
}

func oddSweeps() []picture {
	return []picture{
		{"no networks", func(w io.Writer) error { return Tradeoff(w, long, long, nil) }},
		{"odd networks", func(w io.Writer) error {
			return Tradeoff(w, "", "", []Choice{{long, 0, 1, 1, 1, long}, {"", math.Inf(1), 1, 1, 1, ""}, {"", 5, math.NaN(), 1, 1, ""}, {"", 5, 0.5, 0.5, 0.5, ""}})
		}},
		{"no differences", func(w io.Writer) error { return Differences(w, long, long, nil) }},
		{"odd differences", func(w io.Writer) error {
			return Differences(w, "", "", []Contrast{{long, math.NaN(), 0, 0, true}, {"", 0, math.Inf(-1), 0, false}, {"", 5, 4, 6, true}})
		}},
		{"no learning", func(w io.Writer) error { return LearningCurves(w, long, long, nil) }},
		{"odd learning", func(w io.Writer) error {
			return LearningCurves(w, "", "", []Learning{{Of: long, Law: math.Log}, {Law: math.Sqrt, Until: 1, Points: []LearningPoint{{0, 0, 0, 0}, {1, math.NaN(), 0, 1}}}})
		}},
		{"no tiles", func(w io.Writer) error { return Mosaic(w, long, long, nil) }},
		{"odd tiles", func(w io.Writer) error {
			short := Tile{long, 3, 3, []float32{1}}
			return Mosaic(w, "", "", []Tiles{{}, {long, long, []Tile{{}, short, {"", 1, 2, []float32{nan, -inf}}}}})
		}},
	}
}

package plots

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"gonum.org/v1/plot/vg"

	"prep/data"
	"prep/data/num"
)

// drawn calls fn and returns the decoded picture.
func drawn(t *testing.T, fn func(io.Writer) error) image.Image {
	t.Helper()
	var buf bytes.Buffer
	if err := fn(&buf); err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(&buf)
	if err != nil {
		t.Fatal(err)
	}
	return img
}

// pixelsNear counts the pixels of img within a distance of c, and returns
// their mean place.
func pixelsNear(img image.Image, c color.RGBA, within int) (n int, x, y float64) {
	p := img.(*image.Paletted)
	near := make([]bool, len(p.Palette))
	for i, entry := range p.Palette {
		near[i] = distance(entry, c) <= within
	}
	for j := p.Rect.Min.Y; j < p.Rect.Max.Y; j++ {
		for i := p.Rect.Min.X; i < p.Rect.Max.X; i++ {
			if near[p.ColorIndexAt(i, j)] {
				n, x, y = n+1, x+float64(i), y+float64(j)
			}
		}
	}
	return n, x / float64(n), y / float64(n)
}

func distance(a color.Color, b color.RGBA) int {
	r, g, bl, _ := a.RGBA()
	abs := func(x, y uint32) int { return int(math.Abs(float64(x>>8) - float64(y))) }
	return max(abs(r, uint32(b.R)), abs(g, uint32(b.G)), abs(bl, uint32(b.B)))
}

// tone returns a second of noise at -80 dB with harmonics of f0 from sample
// 22050 on: levels[k-1] is the amplitude of k x f0.
func tone(f0 float64, levels ...float64) data.Clip {
	r := rand.New(rand.NewPCG(1, 2))
	c := data.Clip{Rate: 44100, Samples: make([]float32, 44100)}
	for i := range c.Samples {
		v := 1e-4 * r.NormFloat64()
		if t := float64(i-22050) / 44100; t >= 0 {
			for k, a := range levels {
				v += a * math.Exp(-10*t) * math.Sin(2*math.Pi*f0*float64(k+1)*t)
			}
		}
		c.Samples[i] = float32(v)
	}
	return c
}

func hitAt(onset, length int) data.Hit {
	return data.Hit{ID: data.HitID("r", onset), Start: onset - 40, Onset: onset, End: onset + length, PeakDB: -3, RMSDB: -12, SNRDB: 40}
}

// samplePatch rises from the lower left to the upper right.
func samplePatch(bands, frames int) data.Patch {
	p := data.Patch{Channels: 1, Bands: bands, Frames: frames, Values: make([]float32, bands*frames)}
	for i := range p.Values {
		p.Values[i] = float32(i/frames + i%frames)
	}
	return p
}

func sampleAxes(n int) Axes {
	edges := make([]float64, n+1)
	for i := range edges {
		edges[i] = 30 * math.Pow(2, float64(i)/7)
	}
	return Axes{TimeAxis(-5, 0.73, n), FrequencyAxis(edges), "dB"}
}

func sampleExamples(n int, classes ...string) []data.Example {
	var out []data.Example
	for i := range n {
		h := hitAt(1000+i*3000, 1500+100*(i%5))
		h.PeakDB = -float64(i % 20)
		out = append(out, data.Example{Hit: h, Class: classes[i%len(classes)], Group: fmt.Sprint("voice ", i%4)})
	}
	return out
}

func square(n int) Confusion {
	c := Confusion{Title: "Confusion", Note: "two groups held out"}
	for i := range n {
		c.Classes = append(c.Classes, fmt.Sprint("class ", i))
		row := make([]int, n)
		row[i] = 90
		row[(i+1)%n] += 10
		c.Counts = append(c.Counts, row)
	}
	return c
}

func sampleCurves() []Curve {
	nan := math.NaN()
	return []Curve{
		{Name: "a", TrainLoss: []float64{2, 1, 0.5}, HeldLoss: []float64{2, 1.2, 0.9}, TrainAccuracy: []float64{0.3, 0.6, 0.9}, HeldAccuracy: []float64{0.3, 0.5, 0.8}, Best: 2},
		{Name: "b", TrainLoss: []float64{2, nan, 0.7}, HeldLoss: []float64{2, math.Inf(1), 1, 1}, Best: 9},
		{Best: -1},
	}
}

// picture is a named drawing, for tests that hold for all.
type picture struct {
	name string
	draw func(io.Writer) error
}

// ordinary is a picture of each kind.
func ordinary() []picture {
	clip, examples := tone(200, 0.3, 0.2, 0.1), sampleExamples(12, "kick", "hat", "")
	patch := NamedPatch{"mel", "a note", samplePatch(64, 64), sampleAxes(64)}
	var patches []data.Patch
	var groups []string
	var mistakes []Mistake
	for i := range 20 {
		patches, groups = append(patches, samplePatch(64, 64)), append(groups, fmt.Sprint("voice ", i%3))
		mistakes = append(mistakes, Mistake{samplePatch(64, 64), "take", "voice", "kick", "hat", float64(i) / 20})
	}
	variant := Variant{"gain", "−3 dB", clip, hitAt(22050, 2000)}
	return append([]picture{
		{"hit", func(w io.Writer) error {
			return Hit(w, HitView{Name: "take 1", Class: "kick", Audio: clip, Hit: hitAt(22050, 2000), Patch: &patch})
		}},
		{"recording", func(w io.Writer) error { return Recording(w, RecordingView{"take 1", clip, examples}) }},
		{"onsets", func(w io.Writer) error {
			return Onsets(w, OnsetsView{"take 1", clip, []float32{0, 1, 0.5, 2}, 441, []int{1000, 9000, 22050}, []int{1100, 22000, 30000},
				[]data.Pair{{A: 0, B: 0}, {A: 2, B: 1}}, 500, 2.0 / 3})
		}},
		{"features", func(w io.Writer) error { return Features(w, "kick", []NamedPatch{patch, patch, patch, patch}) }},
		{"class sheet", func(w io.Writer) error {
			return ClassSheet(w, ClassView{"kick", "mel", patches, groups, sampleAxes(64), nil})
		}},
		{"spectra", func(w io.Writer) error { return Spectra(w, sampleSpectra(3, 64)) }},
		{"confusion", func(w io.Writer) error { return DrawConfusion(w, square(7)) }},
		{"shots", func(w io.Writer) error {
			return Shots(w, "Model", []ShotPoint{{0, 0.7, 0.7, 0.7, 0.6, 0.8}, {3, 0.8, 0.7, 0.6, 0.7, 0.9}, {10, 0.9, 0.72, 0.8, 0.85, 0.95}})
		}},
		{"curves", func(w io.Writer) error { return Curves(w, "Training", sampleCurves()) }},
		{"overview", func(w io.Writer) error {
			return Overview(w, OverviewView{"set", 44100, examples, map[string]string{"voice 0": "fold 1"}})
		}},
		{"augmentation", func(w io.Writer) error {
			return Augmentation(w, "kick", variant, []Variant{variant, variant, variant, variant})
		}},
		{"mistakes", func(w io.Writer) error { return Mistakes(w, "Mistakes", sampleAxes(64), mistakes) }},
	}, ordinaryFigures()...)
}

// sampleSpectra returns the spectra of some classes, each highest at a row of its own.
func sampleSpectra(classes, rows int) SpectraView {
	v := SpectraView{Title: "Mean spectra", Kind: "mel", Rows: sampleAxes(rows).Y, Unit: "dB"}
	for c := range classes {
		mean := make([]float64, rows)
		for i := range mean {
			mean[i] = -math.Abs(float64(i - rows*(c+1)/(classes+1)))
		}
		v.Spectra = append(v.Spectra, ClassSpectrum{fmt.Sprint("class ", c), 10 * (c + 1), mean})
	}
	return v
}

// ordinaryFigures are those of numbers alone.
func ordinaryFigures() []picture {
	return []picture{
		{"calibration", func(w io.Writer) error {
			return Calibration(w, "Calibration", num.Calibrate([]float64{0.1, 0.9, 0.95}, []bool{false, true, true}))
		}},
		{"tradeoff", func(w io.Writer) error {
			return Tradeoff(w, "Sweep", "parameters", []Choice{{"seed", 1.7e6, 0.8, 0.7, 0.9, "mel"}, {"compact", 4e4, 0.82, 0.75, 0.9, "pcen"}})
		}},
		{"differences", func(w io.Writer) error {
			return Differences(w, "Sweep", "note", []Contrast{{"tall", 0.02, -0.01, 0.05, false}, {"wide", 0.04, 0.01, 0.07, true}, {"mfcc", -0.2, -0.3, -0.1, true}})
		}},
		{"learning curves", func(w io.Writer) error {
			return LearningCurves(w, "Sweep", "note", []Learning{{"training groups", []LearningPoint{{5, 0.6, 0.5, 0.7}, {10, 0.7, 0.6, 0.8}},
				func(x float64) float64 { return 1 - 1/math.Sqrt(x) }, 40, []LearningPoint{{20, 0.78, 0.7, 0.9}}}})
		}},
		{"mosaic", func(w io.Writer) error {
			tile := Tile{"kick", 2, 3, []float32{1, -1, 0, 0.5, -0.5, 0}}
			return Mosaic(w, "Kernels", "note", []Tiles{{"tall", "2x3", []Tile{tile, tile}}})
		}},
	}
}

// A row of as many tiles as a corpus has classes fits.
func TestMosaicTilesFit(t *testing.T) {
	for _, n := range []int{1, 7, 9, 13} {
		side := mosaicTile([]Tiles{{Fields: make([]Tile, 2)}, {Fields: make([]Tile, n)}})
		if width := vg.Length(n) * (side + mosaicGap); side < mosaicLeast || side > mosaicSide || width > pageWidth-2*pageMargin-mosaicName+0.01 {
			t.Errorf("%d tiles of %g are %g wide", n, side, width)
		}
	}
}

// copies is how many times at once every ordinary picture is drawn for all tests
// together: a page takes long.
const copies = 3

// ordinaryPages has the bytes of every ordinary picture, of each of its copies.
var ordinaryPages = sync.OnceValues(func() (pages map[string][copies][]byte, err error) {
	pages = map[string][copies][]byte{}
	for _, p := range ordinary() {
		var drawn [copies]bytes.Buffer
		var faults [copies]error
		var wg sync.WaitGroup
		for i := range copies {
			wg.Go(func() { faults[i] = p.draw(&drawn[i]) })
		}
		wg.Wait()
		if err := errors.Join(faults[:]...); err != nil {
			return nil, fmt.Errorf("%s: %w", p.name, err)
		}
		var page [copies][]byte
		for i := range copies {
			page[i] = drawn[i].Bytes()
		}
		pages[p.name] = page
	}
	return pages, nil
})

// eachOrdinary calls fn with every ordinary picture.
func eachOrdinary(t *testing.T, fn func(name string, img *image.Paletted)) {
	t.Helper()
	pages, err := ordinaryPages()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range slices.Sorted(maps.Keys(pages)) {
		img, err := png.Decode(bytes.NewReader(pages[name][0]))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		paletted, ok := img.(*image.Paletted)
		if !ok {
			t.Fatalf("%s: %T, want a palette", name, img)
		}
		fn(name, paletted)
	}
}

func TestPicturesAreFullAndLightPages(t *testing.T) {
	eachOrdinary(t, func(name string, img *image.Paletted) {
		if got, want := img.Bounds().Dx(), pageWidth*dpi/72; got != want {
			t.Errorf("%s: %d pixels wide, want %d", name, got, want)
		}
		white, _, _ := pixelsNear(img, paper, 0)
		all := img.Bounds().Dx() * img.Bounds().Dy()
		if share := float64(white) / float64(all); share < 0.2 || share > 0.99 {
			t.Errorf("%s: %.0f %% of the page is white", name, 100*share)
		}
		for x := range img.Bounds().Dx() {
			if distance(img.At(x, 0), paper) > 0 || distance(img.At(x, img.Bounds().Dy()-1), paper) > 0 {
				t.Errorf("%s: drawn over the upper or lower edge", name)
				break
			}
		}
		for y := range img.Bounds().Dy() {
			if distance(img.At(0, y), paper) > 0 || distance(img.At(img.Bounds().Dx()-1, y), paper) > 0 {
				t.Errorf("%s: drawn over the left or right edge", name)
				break
			}
		}
	})
}

func TestSameBytesFromManyGoroutines(t *testing.T) {
	pages, err := ordinaryPages()
	if err != nil {
		t.Fatal(err)
	}
	for name, page := range pages {
		if !bytes.Equal(page[0], page[1]) || !bytes.Equal(page[0], page[2]) {
			t.Errorf("%s: bytes differ between goroutines", name)
		}
	}
}

// broken is a Reader whose medium fails.
type broken struct{ data.Clip }

var errBroken = errors.New("disk gone")

func (broken) ReadAt([]float32, int) error { return errBroken }

func TestReadersErrorIsReturned(t *testing.T) {
	r := broken{tone(200, 0.3)}
	ok := Variant{"a", "", tone(200, 0.3), hitAt(22050, 2000)}
	for _, p := range []picture{
		{"hit", func(w io.Writer) error { return Hit(w, HitView{Audio: r, Hit: hitAt(22050, 2000)}) }},
		{"recording", func(w io.Writer) error { return Recording(w, RecordingView{Audio: r}) }},
		{"onsets", func(w io.Writer) error { return Onsets(w, OnsetsView{Audio: r}) }},
		{"augmentation", func(w io.Writer) error {
			return Augmentation(w, "", ok, []Variant{{"b", "", r, hitAt(22050, 2000)}})
		}},
	} {
		if err := p.draw(io.Discard); !errors.Is(err, errBroken) {
			t.Errorf("%s: got %v, want %v", p.name, err, errBroken)
		}
	}
}

// nanAround replaces what lies beyond 100 ms of the middle by NaN.
func nanAround(c data.Clip) data.Clip {
	for i := range c.Samples {
		if i < 20000 || i > 24200 {
			c.Samples[i] = float32(math.NaN())
		}
	}
	return c
}

func manyClasses(long string) OverviewView {
	v := OverviewView{Title: long, Rate: 44100, Split: map[string]string{}}
	for i := range 200 {
		e := data.Example{Hit: hitAt(i*100, 30+i), Class: fmt.Sprint(long[:i], i%40), Group: fmt.Sprint(i%90, long)}
		e.PeakDB = math.Inf(-1)
		v.Hits = append(v.Hits, e)
	}
	return v
}

func BenchmarkHit(b *testing.B) {
	clip, patch := tone(200, 0.3, 0.2, 0.1), NamedPatch{"mel", "a note", samplePatch(64, 64), sampleAxes(64)}
	for b.Loop() {
		if err := Hit(io.Discard, HitView{Name: "take", Class: "kick", Audio: clip, Hit: hitAt(22050, 2000), Patch: &patch}); err != nil {
			b.Fatal(err)
		}
	}
}

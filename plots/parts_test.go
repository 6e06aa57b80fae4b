package plots

import (
	"image"
	"image/color"
	"io"
	"math"
	"strings"
	"testing"

	"prep/data"

	"gonum.org/v1/plot/vg"
)

// place draws a raster of the field over a box of w x h pixels and returns it.
func place(f field, w, h int, smooth bool) func(x, y int) color.RGBA {
	s := newSheet(100)
	b := box{10, 10, 10 + vg.Length(w)*pixel, 10 + vg.Length(h)*pixel}
	lo, hi := valueRange(f.values, 0)
	raster{sheet: s, field: f, shading: shading{lo, hi, ""}, smooth: smooth}.paintOver(b)
	left, bottom := pixels(b.x0), s.pixels().Rect.Dy()-1-pixels(b.y0)
	return func(x, y int) color.RGBA { return s.pixels().RGBAAt(left+x, bottom-y) }
}

func TestRasterPutsLowRowsAtTheBottom(t *testing.T) {
	at := place(field{2, 3, []float32{0, 1, 2, 3, 4, 5}}, 30, 20, false)
	for row := range 2 {
		for col := range 3 {
			want := magma.at(float64(row*3+col) / 5)
			for _, edge := range []int{0, 9} {
				if got := at(col*10+edge, row*10+edge); got != want {
					t.Errorf("row %d, column %d, pixel %d: got %v, want %v", row, col, edge, got, want)
				}
			}
		}
	}
}

func TestRasterKeepsTheLargestWhenItShrinks(t *testing.T) {
	values := make([]float32, 1000)
	values[617] = 1
	at := place(field{1, 1000, values}, 100, 4, true)
	bright := 0
	for x := range 100 {
		if at(x, 0) == magma.at(1) {
			bright++
			if x != 61 {
				t.Errorf("cell 617 of 1000 at pixel %d of 100", x)
			}
		}
	}
	if bright != 1 {
		t.Errorf("%d bright pixels, want 1", bright)
	}
}

func TestTapsStayInsideAndCoverAll(t *testing.T) {
	for _, smooth := range []bool{false, true} {
		for cells := 1; cells < 40; cells++ {
			for pixels := 1; pixels < 60; pixels++ {
				seen := make([]bool, cells)
				for i, tap := range whole.taps(pixels, cells, smooth) {
					to := max(tap.to, tap.from+1)
					if tap.share > 0 {
						to = tap.from + 2
					}
					if tap.from < 0 || to > cells {
						t.Fatalf("%d cells, %d pixels, smooth %v: pixel %d takes [%d, %d)", cells, pixels, smooth, i, tap.from, to)
					}
					for k := tap.from; k < to; k++ {
						seen[k] = true
					}
				}
				for k := range seen {
					if !seen[k] {
						t.Fatalf("%d cells, %d pixels, smooth %v: cell %d is not drawn", cells, pixels, smooth, k)
					}
				}
			}
		}
	}
}

func TestColorMapGetsLighterEvenly(t *testing.T) {
	last := -1.0
	for i := range 128 {
		c := magma.at(float64(i) / 127)
		l := 0.2126*float64(c.R) + 0.7152*float64(c.G) + 0.0722*float64(c.B)
		if l < last || l-last > 6 {
			t.Errorf("shade %d: luma from %.1f to %.1f", i, last, l)
		}
		last = l
	}
	if got := magma.at(math.NaN()); got != noValue {
		t.Errorf("NaN is %v, want %v", got, noValue)
	}
	if magma.at(math.Inf(-1)) != magma.at(0) || magma.at(7) != magma.at(1) {
		t.Error("values beyond the range are not clamped")
	}
}

func TestReduceKeepsFewColors(t *testing.T) {
	img := image.NewRGBA(image.Rect(0, 0, 40, 10))
	for i := range 400 {
		img.SetRGBA(i%40, i/40, palette[i%len(palette)])
	}
	got := reduce(img)
	for i := range 400 {
		if d := distance(got.At(i%40, i/40), palette[i%len(palette)]); d != 0 {
			t.Fatalf("pixel %d is %d off", i, d)
		}
	}
}

func TestReduceIsFaithful(t *testing.T) {
	img := image.NewRGBA(image.Rect(0, 0, 600, 400))
	for i := range 240000 { // all shades of the map, all greys, and a mark of six pixels
		c := magma[i%256]
		if i%7 == 0 {
			c = color.RGBA{R: uint8(i / 600), G: uint8(i / 600), B: uint8(i / 600), A: 255}
		}
		if i > 1000 && i < 1007 {
			c = overOctave
		}
		img.SetRGBA(i%600, i/600, c)
	}
	got := reduce(img).(*image.Paletted)
	worst := 0
	for i := range 240000 {
		worst = max(worst, distance(got.At(i%600, i/600), img.RGBAAt(i%600, i/600)))
	}
	if len(got.Palette) > 256 || worst > 8 {
		t.Errorf("%d colours, one %d of 255 off", len(got.Palette), worst)
	}
}

func TestReduceGivesUpOnTooManyColors(t *testing.T) {
	img := image.NewRGBA(image.Rect(0, 0, 300, 300))
	for i := range 90000 {
		img.SetRGBA(i%300, i/300, color.RGBA{R: uint8(i), G: uint8(i >> 8), B: uint8(i >> 16), A: 255})
	}
	if reduce(img) != image.Image(img) {
		t.Error("90000 colours were reduced")
	}
}

func TestNiceTicks(t *testing.T) {
	for _, c := range []struct {
		lo, hi float64
		n      int
		want   string
	}{
		{0, 22.05, 5, "0 5 10 15 20"},
		{-80, 0, 5, "−80 −60 −40 −20 0"},
		{-71, -1, 3, "−60 −40 −20"},
		{0, 1, 3, "0.0 0.5 1.0"},
		{0.1, 0.1004, 4, "0.1000 0.1002 0.1004"},
		{1, 40, 9, "5 10 15 20 25 30 35 40"},
	} {
		var got []string
		for _, tick := range niceTicks(c.lo, c.hi, c.n) {
			got = append(got, tick.Label)
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("niceTicks(%v, %v, %d): got %q, want %q", c.lo, c.hi, c.n, strings.Join(got, " "), c.want)
		}
	}
	for lo := -10.0; lo < 10; lo += 1.7 {
		for width := 1e-6; width < 1e6; width *= 3.3 {
			for n := 2; n < 12; n++ {
				ticks := niceTicks(lo, lo+width, n)
				if len(ticks) > n {
					t.Errorf("niceTicks(%v, %v, %d): %d ticks", lo, lo+width, n, len(ticks))
				}
			}
		}
	}
}

func TestWarpedTicksKeepTheirDistance(t *testing.T) {
	for _, a := range []Axis{sampleAxes(64).Y, sampleAxes(64).X, stepAxis("Hz", 0, 10, 64), FrequencyAxis([]float64{20, 100, 5000, 22050})} {
		s := a.span(len(a.Edges)-1, 128, upRoom)
		if len(s.ticks) < 2 {
			t.Errorf("%s: %d ticks", a.Label, len(s.ticks))
		}
		for i, tick := range s.ticks {
			if tick.Value < -1e-9 || tick.Value > s.hi+1e-9 {
				t.Errorf("%s: tick %q at %v of %v cells", a.Label, tick.Label, tick.Value, s.hi)
			}
			for _, other := range s.ticks[:i] {
				if d := math.Abs(tick.Value-other.Value) / s.hi * 128; d < 10 {
					t.Errorf("%s: %q and %q are %.1f points apart", a.Label, tick.Label, other.Label, d)
				}
			}
		}
	}
}

func TestEdgesOf(t *testing.T) {
	got := EdgesOf([]float64{10, 20, 40})
	for i, want := range []float64{5, 15, 30, 50} {
		if got[i] != want {
			t.Errorf("edge %d: got %v, want %v", i, got[i], want)
		}
	}
	if got := EdgesOf([]float64{2, 10}); got[0] != 0 {
		t.Errorf("lowest edge %v, want 0", got[0])
	}
	if got := EdgesOf([]float64{2}); got != nil {
		t.Errorf("edges of one centre: %v", got)
	}
}

func TestFitEndsInAnEllipsis(t *testing.T) {
	for _, name := range []string{"kick", "", strings.Repeat("closed hat ", 100), "\xff\xfe\n\t", "語語語語語語語語語語"} {
		for width := vg.Length(0); width < 200; width += 13 {
			got := noteText.fit(name, width)
			if noteText.width(got) > max(width, noteText.width("…")) {
				t.Errorf("fit(%.20q, %v): %q is %v wide", name, width, got, noteText.width(got))
			}
			if got != oneLine(name) && !strings.HasSuffix(got, "…") {
				t.Errorf("fit(%.20q, %v): %q was cut without a sign", name, width, got)
			}
			if again := noteText.fit(got, width); again != got && width > 13 {
				t.Errorf("fit of %q is %q", got, again)
			}
		}
	}
}

func TestWrapKeepsAllWords(t *testing.T) {
	text := "They are harmonics, evenly spaced, and only some of them are octaves."
	lines := noteText.wrap(text, 90)
	if got := strings.Join(lines, " "); got != text || len(lines) < 3 {
		t.Errorf("got %q in %d lines", got, len(lines))
	}
	for _, line := range lines {
		if noteText.width(line) > 90 {
			t.Errorf("%q is %v wide", line, noteText.width(line))
		}
	}
}

func TestFullScaleSineIsZeroDB(t *testing.T) {
	const rate = data.Rate(44100)
	c := data.Clip{Rate: rate, Samples: make([]float32, 8192)}
	for i := range c.Samples {
		c.Samples[i] = float32(math.Sin(2 * math.Pi * 1000 * float64(i) / float64(rate)))
	}
	glass := lensOver(2000, 6000, 1024, 50).limit(5000, rate, 2000)
	f, err := glass.look(c)
	if err != nil {
		t.Fatal(err)
	}
	if got := loudestValue(f); math.Abs(got) > 0.1 {
		t.Errorf("level %.2f dB, want 0", got)
	}
	row := int(math.Round(1000 / glass.binHz(rate)))
	if got := f.values[row*f.cols+20]; math.Abs(float64(got)) > 0.1 {
		t.Errorf("at 1000 Hz %.2f dB, want 0", got)
	}
	if ms, hz := glass.cell(rate); math.Abs(ms*hz/1000-1) > 1e-9 {
		t.Errorf("cell of %v ms x %v Hz, want a product of 1", ms, hz)
	}
}

func TestSpectrogramHasTheOnsetInPlace(t *testing.T) {
	c := data.Clip{Rate: 44100, Samples: make([]float32, 44100)}
	c.Samples[22050] = 1
	glass := lensOver(20000, 24000, 64, 400)
	f, err := glass.look(c)
	if err != nil {
		t.Fatal(err)
	}
	best := 0
	for i := range f.cols {
		if f.values[10*f.cols+i] > f.values[10*f.cols+best] {
			best = i
		}
	}
	if at := glass.from + glass.hop/2 + best*glass.hop; at < 22050-glass.hop || at > 22050+glass.hop {
		t.Errorf("click of sample 22050 in the frame centred on %d", at)
	}
}

func TestEnvelopeHoldsTheExtremes(t *testing.T) {
	c := data.Clip{Rate: 44100, Samples: make([]float32, 1000)}
	c.Samples[500], c.Samples[999] = 0.5, -0.25
	for _, n := range []int{1, 7, 100, 1000, 3000} {
		e, err := envelopeOf(c, 0, 1000, n)
		if err != nil {
			t.Fatal(err)
		}
		if e.hi[500*n/1000] != 0.5 || e.lo[n-1] != -0.25 {
			t.Errorf("%d stretches: %v and %v", n, e.hi[500*n/1000], e.lo[n-1])
		}
	}
}

func TestLinesAtFindsHarmonicsThatStandOut(t *testing.T) {
	profile := make([]float64, 1000) // 2 Hz a bin
	for i := range profile {
		profile[i] = -80
	}
	for _, k := range []int{1, 3, 4, 7} { // of 200 Hz
		profile[k*100] = -20
	}
	profile[300] = -10
	for i := 720; i < 880; i++ { // a broad hill at k = 8
		profile[i] = -30
	}
	lines := linesAt(profile, 2, 200, 1900)
	if got := standingLines(lines); got != "1, 3, 4 and 7" {
		t.Errorf("got %q, want 1, 3, 4 and 7", got)
	}
	if got := brightestLine(lines); got != 3 {
		t.Errorf("brightest k = %d, want 3", got)
	}
	for k, want := range map[int]bool{1: false, 2: true, 3: false, 4: true, 6: false, 8: true, 12: false} {
		if isOctave(k) != want {
			t.Errorf("isOctave(%d) = %v", k, !want)
		}
	}
}

// page draws a hit and returns what was said of its harmonics.
func page(t *testing.T, c data.Clip, length int) *hitPage {
	t.Helper()
	h := hitPage{HitView: HitView{Audio: c, Hit: hitAt(22050, length)}, rate: c.Rate}
	if err := h.hear(); err != nil {
		t.Fatal(err)
	}
	return &h
}

func TestHitClaimsAPitchOnlyForTones(t *testing.T) {
	if h := page(t, tone(200, 0.3, 0.5, 0.1), 2200); !h.hasPitch() || math.Abs(h.f0-200) > 4 {
		t.Errorf("tone of 200 Hz: f0 %v", h.f0)
	}
	if h := page(t, tone(200), 2200); h.hasPitch() || !strings.Contains(h.facts(), "No steady pitch") {
		t.Errorf("noise: f0 %v, %q", h.f0, h.facts())
	}
}

func TestHarmonicsCountsLines(t *testing.T) {
	for _, c := range []struct {
		name     string
		levels   []float64
		at, most int
	}{
		{"four harmonics", []float64{0.2, 0.3, 0.1, 0.2}, 4, 4},
		{"a sine", []float64{0.5}, 1, 1},
		{"a faint overtone", []float64{0.5, 0.5, 0.5, 0.001}, 3, 3},
		{"noise", nil, 0, 0},
	} {
		f0, lines, err := Harmonics(tone(200, c.levels...), hitAt(22050, 2200))
		if err != nil || lines < c.at || lines > c.most {
			t.Errorf("%s: %d lines at multiples of %.0f Hz, %v; want %d to %d", c.name, lines, f0, err, c.at, c.most)
		}
	}
}

func TestEnoughSaysWhenAHitIsTooShort(t *testing.T) {
	for _, c := range []struct {
		f0     float64
		length int
		want   string
	}{
		{200, 2200, "enough to part them"},
		{200, 600, "reaches past it"},
		{70, 2200, "run together"},
	} {
		h := page(t, tone(200, 0.5), c.length)
		h.f0 = c.f0
		if got := h.explainLength(900); !strings.Contains(got, c.want) {
			t.Errorf("%v Hz in %d samples: %q, want %q", c.f0, c.length, got, c.want)
		}
	}
}

func TestPitchedHitHasGreenOctaves(t *testing.T) {
	view := HitView{Name: "take", Class: "tom", Audio: tone(200, 0.3, 0.5, 0.1, 0.2), Hit: hitAt(22050, 2200)}
	img := drawn(t, func(w io.Writer) error { return Hit(w, view) })
	if n, _, _ := pixelsNear(img, overOctave, 8); n < 500 {
		t.Errorf("%d green pixels of octave lines, want some hundreds", n)
	}
	view.Audio = tone(200)
	hat := drawn(t, func(w io.Writer) error { return Hit(w, view) })
	if n, _, _ := pixelsNear(hat, overOctave, 8); n > 0 {
		t.Errorf("%d green pixels in a picture without pitch", n)
	}
	if hat.Bounds().Dy() >= img.Bounds().Dy() {
		t.Error("a picture without pitch is as tall as one with harmonics")
	}
}

func TestOnsetMarkIsWhereTheWaveBegins(t *testing.T) {
	img := drawn(t, func(w io.Writer) error {
		return Hit(w, HitView{Audio: tone(200, 0.9), Hit: hitAt(22050, 2200)})
	})
	top := img.(interface {
		SubImage(image.Rectangle) image.Image
	}).SubImage(image.Rect(110, 90, 1200, 240)) // waveform
	_, onset, _ := pixelsNear(top, orange, 10)
	first := 1200.0
	for x := 130; x < 1100; x++ { // the wave: ink far from the middle line
		for y := 120; y < 160; y++ {
			if distance(img.At(x, y), ink) < 30 {
				first = min(first, float64(x))
			}
		}
	}
	if first < onset || first > onset+60 {
		t.Errorf("onset at pixel %.0f, wave rises at %.0f", onset, first)
	}
}

func TestConfusionIsBlueOnTheDiagonal(t *testing.T) {
	c := square(4)
	img := drawn(t, func(w io.Writer) error { return DrawConfusion(w, c) })
	n, x, y := pixelsNear(img, right.at(0.9), 6)
	if n < 4*8000 {
		t.Fatalf("%d blue pixels", n)
	}
	wrongs, xr, yr := pixelsNear(img, wrong.at(math.Sqrt(0.1)), 3)
	if wrongs < 4*8000 {
		t.Fatalf("%d red pixels", wrongs)
	}
	// Cells (i, i+1) and (3, 0) have the diagonal's centre, too.
	if math.Hypot(x-xr, y-yr) > 6 {
		t.Errorf("centres of right and wrong at %.0f, %.0f and %.0f, %.0f", x, y, xr, yr)
	}
	if got, want := c.sentence(), "360 of 400 right: accuracy 90.0 %, mean recall 90.0 %."; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestManyClassesAreMerged(t *testing.T) {
	var hits []data.Example
	for i := range 300 {
		for range 1 + i%3 {
			hits = append(hits, data.Example{Class: strings.Repeat("x", i)})
		}
	}
	merged := mergeRare(hits)
	if n := len(classesOf(merged)); n != maxClasses {
		t.Errorf("%d classes, want %d", n, maxClasses)
	}
	if hits[0].Class == rare || merged[0].Class != rare {
		t.Errorf("the caller's hits were changed, or a rare class was kept: %q, %q", hits[0].Class, merged[0].Class)
	}
	if err := DrawConfusion(io.Discard, square(maxConfusion+1)); err == nil {
		t.Error("a confusion matrix without end was drawn")
	}
}

func TestOnsetsAreJudged(t *testing.T) {
	v := OnsetsView{Audio: data.Clip{Rate: 1000}, Reference: []int{100, 200, 300}, Found: []int{102, 298, 400, 500},
		Pairs: []data.Pair{{A: 0, B: 0}, {A: 2, B: 1}}, Tolerance: 5, F: 4.0 / 7}
	got := v.judge()
	if len(got.matched) != 2 || len(got.missed) != 1 || got.missed[0] != 200 || len(got.wrong) != 2 {
		t.Errorf("got %+v", got)
	}
	want := "F-measure 0.571 within 5 ms: 2 found, 1 missed, 2 false alarms. Mean distance 2.0 ms."
	if s := v.sentence(got); s != want {
		t.Errorf("got %q, want %q", s, want)
	}
}

func TestMomentsLeaveOutWhatIsNotFinite(t *testing.T) {
	nan := float32(math.NaN())
	patches := []data.Patch{
		{Channels: 1, Bands: 1, Frames: 2, Values: []float32{1, 5}},
		{Channels: 1, Bands: 1, Frames: 2, Values: []float32{3, nan}},
		{Channels: 1, Bands: 9, Frames: 9},
	}
	mean, spread := moments(patches)
	if mean.Values[0] != 2 || mean.Values[1] != 5 || spread.Values[0] != 1 || spread.Values[1] != 0 {
		t.Errorf("mean %v, spread %v", mean.Values, spread.Values)
	}
}

func TestClassSheetPicksTheLargestGroups(t *testing.T) {
	v := ClassView{}
	for i := range 300 {
		v.Patches = append(v.Patches, data.Patch{})
		v.Groups = append(v.Groups, string(rune('a'+min(i%26, i%40))))
	}
	rows := pick(v)
	if len(rows) != sheetRows {
		t.Fatalf("%d rows, want %d", len(rows), sheetRows)
	}
	for i, row := range rows {
		if len(row.patches) > sheetColumns || i > 0 && rows[i-1].group >= row.group {
			t.Errorf("row %d: group %q with %d patches", i, row.group, len(row.patches))
		}
	}
}

func TestCurvesMeanKeepsFoldsThatStopped(t *testing.T) {
	got := meanOf([][]float64{{1, 2, 3, 4}, {3, 4}, {5, math.NaN(), 5}, {}})
	want := []float64{3, 3, 4, 13.0 / 3}
	if len(got) != len(want) {
		t.Fatalf("got %v, want %v", got, want)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("epoch %d: got %v, want %v", i, got[i], want[i])
		}
	}
}

func TestWilson(t *testing.T) {
	// Newcombe, Two-sided Confidence Intervals for the Single Proportion, Statistics in Medicine 17, 1998, table I.
	for _, c := range []struct {
		k, n   int
		lo, hi float64
	}{{81, 263, 0.2553, 0.3662}, {15, 148, 0.0624, 0.1605}, {0, 20, 0, 0.1611}, {1, 29, 0.0061, 0.1718}} {
		lo, hi := wilson(float64(c.k)/float64(c.n), c.n)
		if math.Abs(lo-c.lo) > 6e-5 || math.Abs(hi-c.hi) > 6e-5 {
			t.Errorf("wilson(%d, %d): got %.4f to %.4f, want %.4f to %.4f", c.k, c.n, lo, hi, c.lo, c.hi)
		}
	}
}

func TestShort(t *testing.T) {
	for x, want := range map[float64]string{1718727: "1.72M", 45000: "45k", 999: "999", 999999: "1M", 1.28e9: "1.28G"} {
		if got := short(x); got != want {
			t.Errorf("short(%v) = %q, want %q", x, got, want)
		}
	}
}

func TestRowOfHoldsTheBrightest(t *testing.T) {
	line := func(level float64, stands bool) harmonic { return harmonic{level, stands} }
	for _, c := range []struct {
		name  string
		lines []harmonic
		want  int
	}{
		{"all", []harmonic{line(0, true), line(-5, true), line(-9, true)}, 3},
		{"a longer row elsewhere", []harmonic{line(0, true), line(-9, false), line(-5, true), line(-5, true), line(-5, true)}, 1},
		{"above a gap", []harmonic{line(-9, true), line(-9, false), line(-5, true), line(0, true), line(-9, false)}, 2},
		{"the brightest is no line", []harmonic{line(-9, true), line(0, false), line(-5, true)}, 0},
		{"none", nil, 0},
	} {
		if got := rowOf(c.lines); got != c.want {
			t.Errorf("%s: got %d, want %d", c.name, got, c.want)
		}
	}
}

func TestLengthsThatAreAllOneAreSaid(t *testing.T) {
	hits := make([]data.Example, 20)
	q := quantity{"level (dB)", func(e data.Example) float64 { return e.PeakDB }, false}
	for i := range hits {
		hits[i].PeakDB = -3
	}
	hits[0].PeakDB = -20
	if value, n := q.commonValue(hits); value != -3 || n != 19 {
		t.Errorf("got %v of %d hits, want -3 of 19", value, n)
	}
	for i := range 4 {
		hits[i].PeakDB = -20
	}
	if _, n := q.commonValue(hits); n != 0 {
		t.Errorf("got %d of 20 hits, want no common value", n)
	}
}

func TestFullScaleIsNotAboveIt(t *testing.T) {
	hits := []data.Example{{Hit: data.Hit{PeakDB: 0}}, {Hit: data.Hit{PeakDB: -60}}}
	q := quantity{"level (dB)", func(e data.Example) float64 { return e.PeakDB }, false}
	lo, hi, step := q.bins(hits)
	bins := q.tally(hits, []string{unlabelled}, stretch{lo, hi}, step)
	if hi != 0 || bins[0].total() != 1 || bins[len(bins)-1].total() != 1 {
		t.Errorf("range %v to %v in steps of %v, %d and %d hits at its ends", lo, hi, step, bins[0].total(), bins[len(bins)-1].total())
	}
}

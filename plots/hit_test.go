package plots

import (
	"image"
	"io"
	"math"
	"strings"
	"testing"

	"prep/data"
)

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

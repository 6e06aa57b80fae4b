package plots

import (
	"fmt"
	"image/color"
	"io"
	"time"

	"prep/data"
	"prep/data/num"
	"prep/features/pitch"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// HitView is one hit and the sound around it.
type HitView struct {
	// Name says where the hit is from: "vopec/APL/take 1.wav".
	Name  string
	Class string
	Audio data.Reader
	Hit   data.Hit
	// Patch is what the network sees of the hit; nil draws none.
	Patch *NamedPatch
}

// What is shown around a hit, and the window of the view of all frequencies:
// short, so that the attack stays sharp.
const (
	hitBefore  = 25 * time.Millisecond
	hitAtLeast = data.MaxHit // after the onset
	hitAfter   = 25 * time.Millisecond
	hitWindow  = 6 * time.Millisecond
	// A Hann window of four periods has its -6 dB points half a harmonic
	// apart, so that neighbours are parted by a valley.
	harmonicPeriods = 4
	// hitDynamicDB is how far below its peak a hit's spectrogram shows sound.
	hitDynamicDB = 70
	// harmonicsShown leaves k = 8 well inside and half a line above the last.
	harmonicsShown = 12
)

// Hit draws a hit: its waveform over its spectrogram with the slice and the
// onset marked, its patch, and, when it has a pitch, its harmonics parted by a
// longer window and numbered, octaves apart from the others, beside the mean
// spectrum of the slice. It fails when v.Audio does.
func Hit(w io.Writer, v HitView) error {
	h := hitPage{HitView: v, rate: v.Audio.SampleRate()}
	if err := h.hear(); err != nil {
		return err
	}
	h.from = v.Hit.Onset - h.rate.N(hitBefore)
	h.to = max(v.Hit.End, v.Hit.Onset+h.rate.N(hitAtLeast)) + h.rate.N(hitAfter)
	height := vg.Length(300)
	if h.hasPitch() {
		height += 284
	}
	h.sheet = newSheet(w, 2*pageMargin+headingHeight(h.facts())+height)
	page := h.page()
	h.heading(&page, h.title(), h.facts())
	if err := h.drawSound(page.cutTop(300)); err != nil {
		return err
	}
	if h.hasPitch() {
		if err := h.drawHarmonics(page); err != nil {
			return err
		}
	}
	return h.encode()
}

// hitPage is a hit's page being drawn.
type hitPage struct {
	HitView
	*sheet
	rate     data.Rate
	from, to int // samples shown
	// f0 is the fundamental in Hz, or 0 when no pitch is claimed.
	f0, confidence float64
}

// hear estimates the pitch.
func (h *hitPage) hear() error {
	sound, err := data.ReadSpan(h.Audio, h.Hit.Onset, h.Hit.End)
	if err == nil {
		h.f0, h.confidence, _ = pitch.Estimate(sound, h.rate)
	}
	return err
}

// hasPitch is whether harmonics can be drawn: at least two below Nyquist.
func (h *hitPage) hasPitch() bool {
	return h.f0 > 0 && h.f0 < float64(h.rate)/4
}

func (h *hitPage) title() string {
	class := h.Class
	if class == "" {
		class = "hit"
	}
	return fmt.Sprintf("%s  ·  %s at %.3f s", class, h.Name, float64(h.Hit.Onset)/float64(h.rate))
}

func (h *hitPage) facts() string {
	before := number(h.Hit.SNRDB, 1) + " dB above what was before"
	switch {
	case h.Hit.SNRDB > -floorDB:
		before = "after digital silence"
	case h.Hit.SNRDB < 0:
		before = number(-h.Hit.SNRDB, 1) + " dB below what was before"
	}
	return fmt.Sprintf("Slice %.1f ms, peak %s dB, mean %s dB re full scale, %s. %s",
		h.rate.Ms(h.Hit.Len()), number(h.Hit.PeakDB, 1), number(h.Hit.RMSDB, 1), before, h.pitchWords())
}

func (h *hitPage) pitchWords() string {
	if h.hasPitch() {
		return fmt.Sprintf("Pitch %s Hz, confidence %.2f.", number(h.f0, 0), h.confidence)
	}
	return fmt.Sprintf("No steady pitch from %d to %d Hz (confidence %.2f).", pitch.MinHz, pitch.MaxHz, h.confidence)
}

// ms returns a sample's time after the onset.
func (h *hitPage) ms(n int) float64 { return h.rate.Ms(n - h.Hit.Onset) }

func (h *hitPage) timeAxis(label string) span {
	return linear(label, h.ms(h.from), h.ms(h.to), 11)
}

// drawSound draws waveform, spectrogram and patch.
func (h *hitPage) drawSound(b box) error {
	left := b
	if h.Patch != nil {
		h.drawPatch(left.cutRight(256))
	}
	upper := left.cutTop(86).inset(38, 36, 0, 14)
	left.cutTop(4)
	lower := left.inset(38, 36, 38, 0)
	wave, err := envelopeOf(h.Audio, h.from, h.to, min(pixels(upper.w()), h.to-h.from))
	if err != nil {
		return err
	}
	h.drawWave(upper, wave)
	glass := lensOver(h.from, h.to, h.rate.N(hitWindow), pixels(lower.w())/2)
	glass = glass.limit(float64(h.rate)/2, h.rate, 160)
	spectrum, err := glass.look(h.Audio)
	if err != nil {
		return err
	}
	top := h.worthSeeing(glass, spectrum)
	glass = glass.limit(top, h.rate, 0)
	spectrum = field{glass.bins, spectrum.cols, spectrum.values[:glass.bins*spectrum.cols]}
	h.drawSpectrum(lower, scene{glass, spectrum, top, 0})
	return nil
}

// Frequencies where the view of a low sound may end, in Hz, and the part of
// the power that may lie above.
var endsHz = []float64{5000, 10000}

const powerAbove = 1e-4

// worthSeeing returns the frequency up to which a hit is drawn: half the rate,
// or less when nearly all of it lies lower.
func (h *hitPage) worthSeeing(glass lens, f field) float64 {
	profile := h.sliceMean(glass, f)
	powers := func(from, to float64) (sum float64) {
		for k, dB := range profile {
			if hz := float64(k) * glass.binHz(h.rate); hz >= from && hz < to {
				sum += num.Power(dB)
			}
		}
		return sum
	}
	nyquist := float64(h.rate) / 2
	for _, end := range endsHz {
		if end < nyquist && powers(end, nyquist) < powerAbove*powers(0, end) {
			return end
		}
	}
	return nyquist
}

func (h *hitPage) drawWave(b box, e envelope) {
	p := panel(h.timeAxis("").withoutWords(), amplitude(e.peak()))
	x0, x1 := h.ms(h.Hit.Start), h.ms(h.Hit.End)
	p.Add(marks(func(_ draw.Canvas, x, y func(float64) vg.Length) {
		h.fill(mix(blue, paper, 0.88), box{x(x0), b.y0, x(x1), b.y1})
	}))
	p.Add(wave{e, h.ms(h.from), h.ms(h.to), draw.LineStyle{Color: ink}})
	p.Add(marks(func(_ draw.Canvas, x, y func(float64) vg.Length) {
		h.line(orange, 1.2, x(0), b.y0, x(0), b.y1+3)
		h.write(tinyText.withColor(mix(orange, ink, 0.3)), x(0)-3, b.y1+4.5, 1, "onset")
		h.write(tinyText.withColor(blue), x(0)+4, b.y1+4.5, 0, fmt.Sprintf("slice %.1f ms", h.rate.Ms(h.Hit.Len())))
	}))
	h.draw(p, b)
}

// Colours of what is drawn over a spectrogram: light, and not in the map.
var (
	overLine   = color.RGBA{R: 255, G: 255, B: 255, A: 255}
	overOctave = color.RGBA{R: 64, G: 235, B: 190, A: 255}
	backing    = color.RGBA{R: 24, G: 16, B: 48, A: 255}
)

// scene is a spectrogram up to top Hz and the number of harmonics to mark.
type scene struct {
	lens
	field
	top       float64
	harmonics int
}

// drawSpectrum draws a spectrogram with the slice, the onset, the harmonics
// and the resolution cell.
func (h *hitPage) drawSpectrum(b box, v scene) {
	unit, scale := "frequency (kHz)", 1000.0
	if v.top < 3000 {
		unit, scale = "frequency (Hz)", 1
	}
	p := panel(h.timeAxis("time after onset (ms)"), linear(unit, 0, v.top/scale, 9))
	half := v.binHz(h.rate) / 2 / scale
	shades := rangeBelow(max(loudestValue(v.field), floorDB+hitDynamicDB), hitDynamicDB)
	p.Add(raster{
		sheet: h.sheet, field: v.field, x0: h.ms(v.from), x1: h.ms(v.from + v.frames*v.hop),
		y0: -half, y1: (2*float64(v.bins) - 1) * half, shading: shades, smooth: true,
	})
	p.Add(marks(func(_ draw.Canvas, x, y func(float64) vg.Length) {
		h.drawEdges(b, x)
		h.drawRulers(b, v)
		ms, hz := v.cell(h.rate)
		h.drawCell(b, x(ms)-x(0), y(hz/scale)-y(0), fmt.Sprintf("resolution %.1f ms × %.0f Hz", ms, hz))
	}))
	h.draw(p, b)
	h.colorBar(box{b.x1 + 8, b.y0, b.x1 + 36, b.y1}, shades)
}

// drawEdges marks the slice and the onset over a spectrogram.
func (h *hitPage) drawEdges(b box, x func(float64) vg.Length) {
	for _, n := range []int{h.Hit.Start, h.Hit.End} {
		style := draw.LineStyle{Color: mix(overLine, blue, 0.25), Width: 0.8, Dashes: []vg.Length{3, 2}}
		h.StrokeLine2(style, x(h.ms(n)), b.y0, x(h.ms(n)), b.y1)
	}
	h.line(orange, 1, x(0), b.y0, x(0), b.y1)
}

// drawCell draws the extent of one window, to scale, in the upper right.
func (h *hitPage) drawCell(b box, w, t vg.Length, words string) {
	high := max(t, tiny)
	back := box{b.x1 - w - tinyText.width(words) - 16, b.y1 - high - 10, b.x1 - 2, b.y1 - 2}
	mid := (back.y0 + back.y1) / 2
	h.fill(backing, back)
	h.outline(overLine, 0.8, box{b.x1 - 6 - w, mid - t/2, b.x1 - 6, mid + t/2})
	h.write(tinyText.withColor(overLine), b.x1-11-w, mid-2.6, 1, words)
}

func (h *hitPage) drawPatch(b box) {
	const side = 160 // five pixels a cell
	v := *h.Patch
	v.Title = "What the network sees: " + v.Title
	at := b.inset(46, 0, 38, 0)
	at.x1, at.y1 = at.x0+side, at.y0+side
	p, shades := h.patchPlot(v.Patch, 0, v.Axes, at)
	h.draw(p, at)
	h.colorBar(box{at.x1 + 8, at.y0, at.x1 + 44, at.y1}, shades)
	h.writeTitle(at, v, side+44)
}

package plots

import (
	"fmt"
	"image/color"
	"io"
	"math"
	"strconv"
	"strings"
	"time"

	"prep/data"
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
	hitAtLeast = 50 * time.Millisecond // after the onset
	hitAfter   = 25 * time.Millisecond
	hitWindow  = 6 * time.Millisecond
	// A Hann window of four periods has its -6 dB points half a harmonic
	// apart, so that neighbours are parted by a valley.
	harmonicPeriods = 4
	// longestHit is the longest window that a hit of prep can fill.
	longestHit = 50 * time.Millisecond
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
	if h.pitched() {
		height += 284
	}
	h.sheet = newSheet(2*pageMargin + headingHeight(h.facts()) + height)
	page := h.page()
	h.heading(&page, h.title(), h.facts())
	if err := h.drawSound(page.cutTop(300)); err != nil {
		return err
	}
	if h.pitched() {
		if err := h.drawHarmonics(page); err != nil {
			return err
		}
	}
	return h.encode(w)
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

// pitched is whether harmonics can be drawn: at least two below Nyquist.
func (h *hitPage) pitched() bool {
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
	if h.pitched() {
		return fmt.Sprintf("Pitch %s Hz, confidence %.2f.", number(h.f0, 0), h.confidence)
	}
	return fmt.Sprintf("No pitch is claimed (confidence %.2f): no harmonics are drawn.", h.confidence)
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
	glass := lensOver(h.rate, h.from, h.to, h.rate.N(hitWindow), pixels(lower.w())/2)
	top := float64(h.rate) / 2
	glass = glass.upTo(top, h.rate, 160)
	spectrum, err := glass.look(h.Audio)
	if err != nil {
		return err
	}
	h.drawSpectrum(lower, scene{glass, spectrum, top, 0})
	return nil
}

func (h *hitPage) drawWave(b box, e envelope) {
	p := panel(h.timeAxis("").bare(), amplitude(e.peak()))
	x0, x1 := h.ms(h.Hit.Start), h.ms(h.Hit.End)
	p.Add(marks(func(_ draw.Canvas, x, y func(float64) vg.Length) {
		h.fill(mix(blue, paper, 0.88), box{x(x0), b.y0, x(x1), b.y1})
	}))
	p.Add(wave{e, h.ms(h.from), h.ms(h.to), draw.LineStyle{Color: ink}})
	p.Add(marks(func(_ draw.Canvas, x, y func(float64) vg.Length) {
		h.line(orange, 1.2, x(0), b.y0, x(0), b.y1+3)
		h.write(tinyText.in(mix(orange, ink, 0.3)), x(0)-3, b.y1+4.5, 1, "onset")
		h.write(tinyText.in(blue), x(0)+4, b.y1+4.5, 0, fmt.Sprintf("slice %.1f ms", h.rate.Ms(h.Hit.Len())))
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
	loud := max(loudest(v.field), floorDB+hitDynamicDB)
	p.Add(raster{
		sheet: h.sheet, field: v.field, x0: h.ms(v.from), x1: h.ms(v.from + v.frames*v.hop),
		y0: -half, y1: (2*float64(v.bins) - 1) * half, lo: loud - hitDynamicDB, hi: loud, colors: magma, smooth: true,
	})
	p.Add(marks(func(_ draw.Canvas, x, y func(float64) vg.Length) {
		h.edges(b, x)
		h.drawRulers(b, v)
		ms, hz := v.cell(h.rate)
		h.drawCell(b, x(ms)-x(0), y(hz/scale)-y(0), fmt.Sprintf("resolution %.1f ms × %.0f Hz", ms, hz))
	}))
	h.draw(p, b)
	h.colorBar(box{b.x1 + 8, b.y0, b.x1 + 36, b.y1}, magma, loud-hitDynamicDB, loud, "dB")
}

// edges marks the slice and the onset over a spectrogram.
func (h *hitPage) edges(b box, x func(float64) vg.Length) {
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
	h.write(tinyText.in(overLine), b.x1-11-w, mid-2.6, 1, words)
}

func (h *hitPage) drawPatch(b box) {
	const side = 160 // five pixels a cell
	v := h.Patch
	at := b.inset(46, 0, 38, 0)
	at.x1, at.y1 = at.x0+side, at.y0+side
	p, lo, hi := h.patchPlot(v.Patch, 0, v.Axes, at)
	h.draw(p, at)
	h.colorBar(box{at.x1 + 8, at.y0, at.x1 + 44, at.y1}, magma, lo, hi, v.Axes.Unit)
	h.titled(at, *v, side+44)
}

// drawHarmonics draws the lowest harmonics through a window of four periods.
func (h *hitPage) drawHarmonics(b box) error {
	f0 := h.f0
	top := min((harmonicsShown+0.6)*f0, float64(h.rate)/2)
	window := min(int(harmonicPeriods*float64(h.rate)/f0), h.rate.N(longestHit))
	text := b.cutTop(54)
	area := b.inset(38, 132, 38, 8)
	glass := lensOver(h.rate, h.from, h.to, window, pixels(area.w())/4).upTo(top, h.rate, 200)
	spectrum, err := glass.look(h.Audio)
	if err != nil {
		return err
	}
	profile := h.sliceMean(glass, spectrum)
	lines := linesAt(profile, glass.binHz(h.rate), f0, top)
	h.explain(text, window, lines)
	h.drawSpectrum(area, scene{glass, spectrum, top, len(lines)})
	h.drawProfile(box{area.x1 + 66, area.y0, area.x1 + 126, area.y1}, glass, profile, lines, top)
	return nil
}

// sliceMean returns the mean power, in dB, of the frames centred in the hit.
func (h *hitPage) sliceMean(glass lens, f field) []float64 {
	sum, n := make([]float64, f.rows), 0
	for t := range f.cols {
		centre := glass.from + glass.hop/2 + t*glass.hop
		if centre < h.Hit.Onset || centre >= h.Hit.End {
			continue
		}
		n++
		for k := range sum {
			sum[k] += math.Pow(10, float64(f.values[k*f.cols+t])/10)
		}
	}
	for k := range sum {
		sum[k] = max(10*math.Log10(sum[k]/float64(max(n, 1))), floorDB)
		if !finite(sum[k]) {
			sum[k] = floorDB
		}
	}
	return sum
}

// harmonic is what a spectrum holds at a multiple of f0.
type harmonic struct {
	level float64 // dB, the largest within an eighth of f0
	// stands is whether a line is seen: its level is standsDB above the least
	// one half way to each neighbour.
	stands bool
}

// standsDB is what the eye needs of a valley: half of a line's height in power
// again, far above the ripple of Hann's side lobes.
const standsDB = 6

// linesAt returns what the profile holds at k x f0, k = 1, 2, ... up to top.
func linesAt(profile []float64, binHz, f0, top float64) []harmonic {
	extreme := func(from, to float64, better func(a, b float64) float64) float64 {
		lo, hi := max(int(math.Ceil(from*f0/binHz)), 0), min(int(to*f0/binHz), len(profile)-1)
		best := math.NaN()
		for i := lo; i <= hi; i++ {
			if best != best {
				best = profile[i]
			}
			best = better(best, profile[i])
		}
		return best
	}
	larger, smaller := func(a, b float64) float64 { return max(a, b) }, func(a, b float64) float64 { return min(a, b) }
	var lines []harmonic
	for k := 1.0; k*f0 <= top; k++ {
		level := extreme(k-0.125, k+0.125, larger)
		below, above := extreme(k-0.7, k-0.3, smaller), extreme(k+0.3, k+0.7, smaller)
		lines = append(lines, harmonic{level, level > below+standsDB && level > above+standsDB})
	}
	return lines
}

// brightest returns the k of the highest level, 1 when there is none.
func brightest(lines []harmonic) int {
	best := 0
	for i, l := range lines {
		if l.level > lines[best].level {
			best = i
		}
	}
	return best + 1
}

// standing returns the k of the lines that stand out, as words, and their
// number.
func standing(lines []harmonic) (string, int) {
	var ks []string
	for i, l := range lines {
		if l.stands {
			ks = append(ks, strconv.Itoa(i+1))
		}
	}
	n := len(ks)
	if n > 1 {
		ks = append(ks[:n-2], ks[n-2]+" and "+ks[n-1])
	}
	return strings.Join(ks, ", "), n
}

func isOctave(k int) bool { return k > 1 && k&(k-1) == 0 }

// explain says in words what the lines are.
func (h *hitPage) explain(b box, window int, lines []harmonic) {
	f0 := number(h.f0, 0)
	h.write(boldText, b.x0, b.y1-13, 0, "Are the parallel lines octaves?")
	said := "No row of parallel lines: fewer than three multiples of " + f0 + " Hz rise above their surroundings."
	if ks, n := standing(lines); n > 2 {
		said = fmt.Sprintf("They are harmonics, evenly spaced at k × %s Hz: lines stand out at k = %s. "+
			"Only k = 2, 4 and 8 (green) are octaves of f0.", f0, ks)
	}
	k := brightest(lines)
	said += fmt.Sprintf(" Brightest: k = %d, %s Hz. %s", k, number(float64(k)*h.f0, 0), h.enough(window))
	for i, line := range noteText.wrap(said, b.w()) {
		h.write(noteText, b.x0, b.y1-25-11*vg.Length(i), 0, line)
	}
}

// enough says whether the sound is long enough to part its harmonics.
func (h *hitPage) enough(window int) string {
	f0 := h.f0
	need := harmonicPeriods * 1000 / f0
	switch held := h.rate.Ms(h.Hit.End-h.Hit.Onset) * f0 / 1000; {
	case need > h.rate.Ms(h.rate.N(longestHit))*1.001:
		return fmt.Sprintf("Parting them takes four periods, %.0f ms: 50 ms hold only %.1f, and lines run together.", need, 0.05*f0)
	case held < harmonicPeriods:
		return fmt.Sprintf("The slice holds only %.1f periods of the four that part them; the %.1f ms window reaches past it.", held, h.rate.Ms(window))
	}
	return fmt.Sprintf("The %.1f ms window holds four periods, enough to part them.", h.rate.Ms(window))
}

// drawRulers draws a line at each harmonic, numbered on the right.
func (h *hitPage) drawRulers(b box, v scene) {
	if v.harmonics == 0 {
		return
	}
	gap := b.h() * vg.Length(h.f0/v.top)
	h.write(tinyText.in(ink), b.x1+53, b.y1+4, 0.5, "k")
	for k := 1; k <= v.harmonics; k++ {
		y := b.y0 + gap*vg.Length(k)
		text, over, width := tinyText, mix(overLine, quiet, 0.35), vg.Length(0.5)
		if k == 1 || isOctave(k) {
			text.bold = true
			text.color, over, width = ink, overLine, 0.9
		}
		if isOctave(k) {
			text.color, over = mix(green, ink, 0.2), overOctave
		}
		style := draw.LineStyle{Color: over, Width: width, Dashes: []vg.Length{2, 3}}
		h.StrokeLine2(style, b.x0, y, b.x1, y)
		h.write(text, b.x1+53, y-2.6, 0.5, fmt.Sprint(k))
	}
}

// drawProfile draws the mean spectrum of the slice, frequency upwards, the
// harmonics' levels as dots, hollow where no line stands out.
func (h *hitPage) drawProfile(b box, glass lens, profile []float64, lines []harmonic, top float64) {
	loud := floorDB + 1.0
	for _, v := range profile {
		loud = max(loud, v)
	}
	low := loud - 50
	p := panel(linear("dB", low, loud+4, 3), span{"", 0, top, nil})
	p.Add(marks(func(_ draw.Canvas, x, y func(float64) vg.Length) {
		var shape []vg.Point
		for i, v := range profile {
			if at := float64(i) * glass.binHz(h.rate); at <= top {
				shape = append(shape, vg.Point{X: x(max(v, low)), Y: y(at)})
			}
		}
		if len(shape) == 0 {
			return
		}
		shape = append(shape, vg.Point{X: b.x0, Y: shape[len(shape)-1].Y}, vg.Point{X: b.x0, Y: b.y0})
		h.FillPolygon(mix(quiet, paper, 0.7), shape)
		h.StrokeLines(draw.LineStyle{Color: quiet, Width: 0.8}, shape[:len(shape)-2])
		h.drawLevels(lines, low, x, y)
	}))
	h.draw(p, b)
	h.write(tinyText, b.x0, b.y1+4, 0, "mean of the slice")
}

func (h *hitPage) drawLevels(lines []harmonic, low float64, x, y func(float64) vg.Length) {
	best := brightest(lines)
	for i, l := range lines {
		k := i + 1
		c := quiet
		if isOctave(k) {
			c = green
		}
		if k == 1 {
			c = ink
		}
		px, py := x(max(l.level, low)), y(float64(k)*h.f0)
		if k == best {
			h.dot(orange, 4.4, px, py)
			h.dot(paper, 3, px, py)
		}
		h.dot(c, 2.4, px, py)
		if !l.stands {
			h.dot(paper, 1.5, px, py)
		}
	}
}

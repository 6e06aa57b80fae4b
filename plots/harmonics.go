package plots

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"prep/data"
	"prep/data/num"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Harmonics returns the fundamental of a hit in Hz, 0 when no pitch is claimed,
// and how many neighbouring multiples, the brightest among them, stand out as
// lines in the picture that Hit draws: the hit with the longest row answers best
// what the parallel lines are. It fails when r does.
func Harmonics(r data.Reader, h data.Hit) (f0Hz float64, lines int, err error) {
	page := hitPage{HitView: HitView{Audio: r, Hit: h}, rate: r.SampleRate(), from: h.Onset, to: h.End}
	if err := page.hear(); err != nil || !page.hasPitch() {
		return 0, 0, err
	}
	const frames = 32
	l, err := page.listen(frames)
	if err != nil {
		return 0, 0, err
	}
	return page.f0, rowOf(l.lines), nil
}

// listening is a hit through the window that parts its harmonics.
type listening struct {
	scene
	window  int       // samples
	profile []float64 // mean of the slice by bin, dB
	lines   []harmonic
}

// listen looks at the lowest harmonics in about the given number of frames.
func (h *hitPage) listen(frames int) (listening, error) {
	top := min((harmonicsShown+0.6)*h.f0, float64(h.rate)/2)
	window := min(int(harmonicPeriods*float64(h.rate)/h.f0), h.rate.N(data.MaxHit)) // a hit cannot fill a longer one
	glass := lensOver(h.from, h.to, window, frames).limit(top, h.rate, 200)
	spectrum, err := glass.look(h.Audio)
	if err != nil {
		return listening{}, err
	}
	profile := h.sliceMean(glass, spectrum)
	lines := linesAt(profile, glass.binHz(h.rate), h.f0, top)
	return listening{scene{glass, spectrum, top, len(lines)}, window, profile, lines}, nil
}

// drawHarmonics draws the lowest harmonics through a window of four periods.
func (h *hitPage) drawHarmonics(b box) error {
	text := b.cutTop(54)
	area := b.inset(38, 132, 38, 8)
	l, err := h.listen(pixels(area.w()) / 4)
	if err != nil {
		return err
	}
	h.explain(text, l)
	h.drawSpectrum(area, l.scene)
	h.drawProfile(box{area.x1 + 66, area.y0, area.x1 + 126, area.y1}, l)
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
			sum[k] += num.Power(float64(f.values[k*f.cols+t]))
		}
	}
	for k := range sum {
		sum[k] = num.DB(sum[k]/float64(max(n, 1)), floorDB)
		if !num.Finite(sum[k]) {
			sum[k] = floorDB
		}
	}
	return sum
}

// harmonic is what a spectrum holds at a multiple of f0.
type harmonic struct {
	level float64 // dB, the largest within an eighth of f0
	// stands is whether a line is seen: its level is standsDB above the least
	// one half way to each neighbour, and at most faintDB below the brightest.
	stands bool
}

const (
	// standsDB is four times the power of the valleys, more than the mean of
	// some frames of noise leaves between its own hills.
	standsDB = 6
	// faintDB is half of hitDynamicDB: what lies lower is dark in the picture.
	faintDB = hitDynamicDB / 2
)

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
	if len(lines) > 0 {
		least := lines[brightestLine(lines)-1].level - faintDB
		for i := range lines {
			lines[i].stands = lines[i].stands && lines[i].level >= least
		}
	}
	return lines
}

// brightestLine returns the k of the highest level, 1 when there is none.
func brightestLine(lines []harmonic) int {
	best := 0
	for i, l := range lines {
		if l.level > lines[best].level {
			best = i
		}
	}
	return best + 1
}

// standingLines returns the k of the lines that stand out, as words.
func standingLines(lines []harmonic) string {
	var ks []string
	for i, l := range lines {
		if l.stands {
			ks = append(ks, strconv.Itoa(i+1))
		}
	}
	if n := len(ks); n > 1 {
		ks = append(ks[:n-2], ks[n-2]+" and "+ks[n-1])
	}
	return strings.Join(ks, ", ")
}

// rowOf returns how many neighbours stand out with the brightest line, 0 when
// that does not.
func rowOf(lines []harmonic) int {
	from := brightestLine(lines) - 1
	to := from
	for from >= 0 && to < len(lines) && lines[from].stands {
		from--
	}
	for to < len(lines) && lines[to].stands {
		to++
	}
	return max(to-from-1, 0)
}

func isOctave(k int) bool { return k > 1 && k&(k-1) == 0 }

// explain says in words what the lines are.
func (h *hitPage) explain(b box, l listening) {
	f0 := number(h.f0, 0)
	h.write(boldText, b.x0, b.y1-13, 0, "Are the parallel lines octaves?")
	said := "No row of parallel lines: fewer than three neighbouring multiples of " + f0 + " Hz rise above their surroundings."
	if rowOf(l.lines) > 2 {
		ks := standingLines(l.lines)
		said = fmt.Sprintf("They are harmonics, evenly spaced at k × %s Hz: lines stand out at k = %s. "+
			"Only k = 2, 4 and 8 (green) are octaves of f0.", f0, ks)
	}
	k := brightestLine(l.lines)
	said += fmt.Sprintf(" Brightest: k = %d, %s Hz. %s", k, number(float64(k)*h.f0, 0), h.explainLength(l.window))
	for i, line := range noteText.wrap(said, b.w()) {
		h.write(noteText, b.x0, b.y1-25-11*vg.Length(i), 0, line)
	}
}

// explainLength says whether the sound is long enough to part its harmonics.
func (h *hitPage) explainLength(window int) string {
	f0 := h.f0
	need := harmonicPeriods * 1000 / f0
	switch held := h.rate.Ms(h.Hit.End-h.Hit.Onset) * f0 / 1000; {
	case need > h.rate.Ms(h.rate.N(data.MaxHit))*1.001:
		return fmt.Sprintf("Parting them takes four periods, %.0f ms: %.0f ms hold only %.1f, and lines run together.",
			need, 1000*data.MaxHit.Seconds(), data.MaxHit.Seconds()*f0)
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
	h.write(tinyText.withColor(ink), b.x1+53, b.y1+4, 0.5, "k")
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
func (h *hitPage) drawProfile(b box, l listening) {
	loud := floorDB + 1.0
	for _, v := range l.profile {
		loud = max(loud, v)
	}
	low := loud - 50
	p := panel(linear("dB", low, loud+4, 3), span{"", 0, l.top, nil})
	p.Add(marks(func(_ draw.Canvas, x, y func(float64) vg.Length) {
		var shape []vg.Point
		for i, v := range l.profile {
			if at := float64(i) * l.binHz(h.rate); at <= l.top {
				shape = append(shape, vg.Point{X: x(max(v, low)), Y: y(at)})
			}
		}
		if len(shape) == 0 {
			return
		}
		shape = append(shape, vg.Point{X: b.x0, Y: shape[len(shape)-1].Y}, vg.Point{X: b.x0, Y: b.y0})
		h.FillPolygon(mix(quiet, paper, 0.7), shape)
		h.StrokeLines(draw.LineStyle{Color: quiet, Width: 0.8}, shape[:len(shape)-2])
		h.drawLevels(l.lines, low, x, y)
	}))
	h.draw(p, b)
	h.write(tinyText, b.x0, b.y1+4, 0, "mean of the slice")
}

func (h *hitPage) drawLevels(lines []harmonic, low float64, x, y func(float64) vg.Length) {
	best := brightestLine(lines)
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

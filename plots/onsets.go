package plots

import (
	"fmt"
	"image/color"
	"io"
	"math"
	"slices"

	"prep/data"
	"prep/data/num"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// OnsetsView is what an onset detector made of a recording.
type OnsetsView struct {
	Name  string
	Audio data.Reader
	// Strength is the detection function; entry i belongs to sample i*Hop. It
	// may be nil.
	Strength []float32
	Hop      int
	// Reference and Found are onsets in samples, rising.
	Reference, Found []int
	// Pairs are those of Reference and Found that match, no further apart than
	// Tolerance in samples; F is the F-measure of that.
	Pairs     []data.Pair
	Tolerance int
	F         float64
}

// verdict is onsets sorted into what they are, in samples.
type verdict struct {
	matched, missed, wrong []int // found ones, reference ones, found ones
	error                  float64
}

func (v OnsetsView) judge() verdict {
	var out verdict
	heard, right := map[int]bool{}, map[int]bool{}
	for _, p := range v.Pairs {
		heard[p.A], right[p.B] = true, true
		out.matched = append(out.matched, v.Found[p.B])
		out.error += math.Abs(float64(v.Found[p.B]-v.Reference[p.A])) / float64(len(v.Pairs))
	}
	for i, n := range v.Reference {
		if !heard[i] {
			out.missed = append(out.missed, n)
		}
	}
	for i, n := range v.Found {
		if !right[i] {
			out.wrong = append(out.wrong, n)
		}
	}
	return out
}

// sentence says how good the detection is.
func (v OnsetsView) sentence(out verdict) string {
	rate := v.Audio.SampleRate()
	right, miss, wrong := len(out.matched), len(out.missed), len(out.wrong)
	if right+miss+wrong == 0 {
		return "No onsets."
	}
	return fmt.Sprintf("F-measure %.3f within %.0f ms: %d found, %d missed, %d false alarms. Mean distance %.1f ms.",
		v.F, rate.Ms(v.Tolerance), right, miss, wrong, out.error*1000/float64(rate))
}

// Onsets draws a recording in lines with the onsets that were found, missed
// and imagined, over the detection function. It reads v.Audio in blocks and
// fails when that does.
func Onsets(w io.Writer, v OnsetsView) error {
	out := v.judge()
	n := v.Audio.Len()
	rows := min(max(int(math.Ceil(v.Audio.SampleRate().D(n).Seconds()/lineSeconds)), 1), maxLines)
	keys := []key{{green, "found"}, {red, "missed"}, {orange, "false alarm"}}
	note := v.sentence(out)
	s := newSheet(w, 2*pageMargin+headingHeight(note)+legendHeight(keys, pageWidth-2*pageMargin)+onsetRow*vg.Length(rows)+10)
	page := s.page()
	s.heading(&page, v.Name, note)
	s.legend(&page, keys)
	step := max((n+rows-1)/rows, 64)
	waves := make([]envelope, rows)
	peak := quietest
	for i := range waves {
		wave, err := envelopeOf(v.Audio, i*step, (i+1)*step, 1080)
		if err != nil {
			return err
		}
		waves[i], peak = wave, max(peak, wave.peak())
	}
	for i := range rows {
		line := onsetLine{s, v, out, waves[i], peak, i * step, (i + 1) * step}
		line.draw(page.cutTop(onsetRow), i == rows-1)
	}
	return s.encode()
}

// onsetRow is the height of a line with all that belongs to it.
const onsetRow = 132

// onsetLine is the samples [from, to) on a line.
type onsetLine struct {
	*sheet
	OnsetsView
	verdict
	wave     envelope
	peak     float64
	from, to int
}

func (l onsetLine) draw(b box, last bool) {
	rate := float64(l.Audio.SampleRate())
	label := ""
	if last {
		label = "time (s)"
	}
	time := linear(label, float64(l.from)/rate, float64(l.to)/rate, 12)
	b.cutTop(8)
	high := b.cutTop(56).inset(40, 4, 0, 0)
	b.cutTop(3)
	deep := b.cutTop(42).inset(40, 4, 0, 0)
	upper := panel(time.withoutWords(), amplitude(l.peak))
	upper.Add(wave{l.wave, time.lo, time.hi, draw.LineStyle{Color: mix(quiet, paper, 0.3)}})
	lower := panel(time, span{"strength", 0, 1.05, nil})
	lower.Add(marks(func(c draw.Canvas, x, y func(float64) vg.Length) {
		l.strength(c, rate, x, y)
	}))
	l.sheet.draw(upper, high)
	l.sheet.draw(lower, deep)
	l.ticks(high, deep, l.matched, green)
	l.ticks(high, deep, l.wrong, orange)
	l.ticks(high, deep, l.missed, red)
}

// strength draws the detection function as a share of its maximum.
func (l onsetLine) strength(c draw.Canvas, rate float64, x, y func(float64) vg.Length) {
	if l.Hop < 1 || len(l.Strength) == 0 {
		return
	}
	most := float32(1e-12)
	for _, v := range l.Strength {
		if num.Finite(float64(v)) {
			most = max(most, v)
		}
	}
	from, to := min(l.from/l.Hop, len(l.Strength)), min(l.to/l.Hop, len(l.Strength))
	every := max((to-from)/2000, 1) // the largest of so many, a point each
	var line []vg.Point
	for i := from; i < to; i += every {
		v := slices.Max(l.Strength[i:min(i+every, to)])
		if num.Finite(float64(v)) {
			line = append(line, vg.Point{X: x(float64(i*l.Hop) / rate), Y: y(float64(max(v, 0) / most))})
		}
	}
	c.StrokeLines(draw.LineStyle{Color: ink, Width: 0.8}, line)
}

// ticks marks onsets through both panels, with a triangle on top.
func (l onsetLine) ticks(high, deep box, onsets []int, c color.RGBA) {
	for _, n := range onsets {
		if n < l.from || n >= l.to {
			continue
		}
		x := high.x0 + high.w()*vg.Length(n-l.from)/vg.Length(l.to-l.from)
		l.line(c, 0.9, x, deep.y0, x, high.y1+1)
		l.FillPolygon(c, []vg.Point{{X: x - 3, Y: high.y1 + 6}, {X: x + 3, Y: high.y1 + 6}, {X: x, Y: high.y1}})
	}
}

package plots

import (
	"math"

	"prep/data"
	"prep/data/num"
	"prep/features/stft"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// floorDB is the level, in dB re a full-scale sine, below which nothing is
// told apart; 16-bit silence lies at -98.
const floorDB = -120

// lens says how a stretch of sound is looked at: frames of a Hann window, hop
// samples apart, the first centred hop/2 after sample from.
type lens struct {
	window, fft, hop int
	from, frames     int
	bins             int // the lowest so many are kept
}

// lensOver returns the lens that covers [from, to) in about the given number
// of frames and the frequencies up to topHz in at least the given number of
// bins.
func lensOver(from, to, window, frames int) lens {
	hop := max(1, (to-from)/max(frames, 1))
	window = max(window, 4)
	fft := 4
	for fft < window {
		fft *= 2
	}
	return lens{window, fft, hop, from, max((to-from+hop-1)/hop, 1), fft/2 + 1}
}

// limit limits the lens to the bins up to hz, padding the transform until there
// are at least the given number of them.
func (l lens) limit(hz float64, rate data.Rate, bins int) lens {
	count := func() int { return int(math.Ceil(hz/l.binHz(rate))) + 1 }
	for count() < bins && l.fft < 1<<14 {
		l.fft *= 2
	}
	l.bins = min(count(), l.fft/2+1)
	return l
}

func (l lens) binHz(rate data.Rate) float64 { return float64(rate) / float64(l.fft) }

// hannBins is the equivalent noise bandwidth of a Hann window in bins of its
// length (Harris, On the Use of Windows, Proc. IEEE 66, 1978, table 1).
const hannBins = 1.5

// cell is what the window can tell apart in frequency (Hz) and, its inverse,
// in time (ms).
func (l lens) cell(rate data.Rate) (ms, hz float64) {
	hz = hannBins * float64(rate) / float64(l.window)
	return 1000 / hz, hz
}

// look returns the spectrogram of r in dB re a full-scale sine, bins x frames.
// Memory holds one block of frames, however long the recording.
func (l lens) look(r data.Reader) (field, error) {
	window := stft.Hann(l.window)
	s := stft.New(window, l.fft, l.hop)
	gain := 0.0
	for _, w := range window {
		gain += float64(w) / 2
	}
	const block = 64
	power := make([]float32, block*s.Bins())
	out := field{l.bins, l.frames, make([]float32, l.bins*l.frames)}
	for t := 0; t < l.frames; t += block {
		n := min(block, l.frames-t)
		if err := s.Read(power, r, l.from+l.hop/2-l.window/2+t*l.hop, n); err != nil {
			return field{}, err
		}
		for i := range n {
			for k := range l.bins {
				out.values[k*l.frames+t+i] = decibels(power[i*s.Bins()+k], gain*gain)
			}
		}
	}
	return out, nil
}

// decibels returns 10 log10(power/unit), at least floorDB; NaN stays NaN.
func decibels(power float32, unit float64) float32 {
	return float32(num.DB(float64(power)/unit, floorDB))
}

// envelope is the extent of a sound in each of a number of equal stretches.
type envelope struct{ lo, hi []float32 }

// envelopeOf reads [from, to) of r in n stretches.
func envelopeOf(r data.Reader, from, to, n int) (envelope, error) {
	e := envelope{make([]float32, n), make([]float32, n)}
	var block []float32
	for i := range n {
		a := from + int(int64(to-from)*int64(i)/int64(n))
		b := max(from+int(int64(to-from)*int64(i+1)/int64(n)), a+1)
		if cap(block) < b-a {
			block = make([]float32, b-a)
		}
		block = block[:b-a]
		if err := r.ReadAt(block, a); err != nil {
			return envelope{}, err
		}
		e.lo[i], e.hi[i] = extent(block)
	}
	return e, nil
}

// extent returns the least and the largest finite value, zeros without one.
func extent(x []float32) (lo, hi float32) {
	first := true
	for _, v := range x {
		if !num.Finite(float64(v)) {
			continue
		}
		if first {
			lo, hi, first = v, v, false
		}
		lo, hi = min(lo, v), max(hi, v)
	}
	return lo, hi
}

// quietest is the least amplitude that fills a panel; -60 dB.
const quietest = 1e-3

// peak returns the largest magnitude, at least quietest.
func (e envelope) peak() float64 {
	most := quietest
	for i := range e.lo {
		most = max(most, float64(-e.lo[i]), float64(e.hi[i]))
	}
	return most
}

// wave is a plotter that fills an envelope over [x0, x1].
type wave struct {
	envelope
	x0, x1 float64
	color  draw.LineStyle
}

// Plot implements plot.Plotter. The shape is at least a pixel thick.
func (v wave) Plot(c draw.Canvas, p *plot.Plot) {
	if len(v.lo) == 0 {
		return
	}
	x, y := p.Transforms(&c)
	n := len(v.lo)
	outline := make([]vg.Point, 2*n)
	for i := range n {
		at := x(v.x0 + (v.x1-v.x0)*(float64(i)+0.5)/float64(n))
		top, bottom := y(float64(v.hi[i])), y(float64(v.lo[i]))
		if i > 0 { // neighbours meet, so that a rising flank has no gap
			top, bottom = max(top, y(float64(v.lo[i-1]))), min(bottom, y(float64(v.hi[i-1])))
		}
		outline[i] = vg.Point{X: at, Y: max(top, bottom+2*pixel)}
		outline[2*n-1-i] = vg.Point{X: at, Y: bottom}
	}
	c.FillPolygon(v.color.Color, outline)
}

// amplitude returns the axis of a waveform with the given peak.
func amplitude(peak float64) span {
	top := 1.08 * peak
	step := niceStep(peak / 2)
	if step > peak {
		step = peak
	}
	decimals := max(0, -int(math.Floor(math.Log10(step)+1e-9)))
	ticks := []plot.Tick{{Value: -step, Label: number(-step, decimals)}, {Value: 0, Label: "0"}, {Value: step, Label: number(step, decimals)}}
	return span{"amplitude", -top, top, ticks}
}

// loudestValue returns the largest finite value of a field, and floorDB without one.
func loudestValue(f field) float64 {
	top := math.Inf(-1)
	for _, v := range f.values {
		if x := float64(v); num.Finite(x) && x > top {
			top = x
		}
	}
	return max(top, floorDB)
}

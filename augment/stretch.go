package augment

import (
	"math"
	"math/rand/v2"

	"prep/data"
)

var stretch = Transform{
	Name: "stretch", Unit: "factor", Lo: 0.5, Hi: 2, Identity: 1, log: true,
	About:  "Duration without pitch, by WSOLA around an untouched attack; Salamon and Bello (2017) use 0.81 to 1.23.",
	factor: func(a amounts) float64 { return a["factor"] },
	need:   func(a amounts, rate data.Rate, out span) span { return stretched(a["factor"], rate, out) },
	apply: func(w *window, a amounts, out span, _ *rand.Rand) {
		w.scale(a["factor"])
		w.stretch(a["factor"], out)
	},
}

const (
	// wsolaSeconds is the window: short against a hit, and about one period of
	// the lowest kicks.
	wsolaSeconds = 0.0116
	// seekSeconds is how far a window may move to fit what it joins.
	seekSeconds = 0.004
	// attackSeconds before the onset is where the copied attack is centred first.
	attackSeconds = 0.002
	// coarse is by how much the sound is thinned out for the first search.
	coarse = 4
)

// stretched returns the audio that a stretch by factor to out takes.
func stretched(factor float64, rate data.Rate, out span) span {
	return warped(out, 1/factor, int(3*wsolaSeconds*float64(rate)))
}

// wsola is a time-scale modification by overlapped windows, each taken where
// it best continues the one before (Verhelst and Roelands, "An overlap-add
// technique based on waveform similarity", ICASSP 1993). It works outwards
// from the onset, around which two windows are copied as they stand, so that
// the attack keeps its shape (Driedger and Müller, "A review of time-scale
// modification of music signals", Applied Sciences 6, 2016).
type wsola struct {
	in, out   []float32
	at, outAt int // the onset, in either
	hop, seek int // half the window; the search
	fade      []float32
	factor    float64
	thin      []float32 // in, averaged over coarse samples
}

// stretch replaces w by the stretch out of itself, factor times as long.
func (w *window) stretch(factor float64, out span) {
	hop := w.seconds(wsolaSeconds / 2)
	s := wsola{in: w.samples, out: make([]float32, out.before+out.after), at: w.at, outAt: out.before,
		hop: hop, seek: w.seconds(seekSeconds), fade: hann(2 * hop), factor: factor, thin: thinned(w.samples)}
	// Between the centres of the two windows the input is copied.
	left := -w.seconds(attackSeconds)
	s.lay(left, left)
	s.lay(left+hop, left+hop)
	s.run(left+hop, 1)
	s.run(left, -1)
	w.samples, w.at = s.out, out.before
}

// run lays windows forwards (dir 1) or backwards (-1) from one whose centre is
// at the same distance from the onset in input and output.
func (s *wsola) run(centre, dir int) {
	step := dir * s.hop
	last := centre
	for c := centre + step; c > -s.outAt-s.hop && c < len(s.out)-s.outAt+s.hop; c += step {
		nominal := int(math.Round(float64(c) / s.factor))
		last = s.fit(last+step, nominal, dir)
		s.lay(c, last)
	}
}

// fit returns the centre near nominal whose window resembles most, over the
// half that overlaps, the one at natural, which would continue the signal.
func (s *wsola) fit(natural, nominal, dir int) int {
	from := -s.hop // the overlap is the first half, or backwards the second
	if dir < 0 {
		from = 0
	}
	want, have := s.at+natural+from, s.at+nominal+from
	rough := lags{s.hop / coarse, -s.seek / coarse, s.seek / coarse}.search(s.thin, want/coarse, have/coarse)
	fine := lags{s.hop, coarse * (rough - 1), coarse * (rough + 1)}.search(s.in, want, have)
	return nominal + fine
}

// lags are the distances from least to largest that n samples may be moved by.
type lags struct{ n, least, largest int }

// search returns the lag at which the samples of x at have+lag correlate best
// with those at want, in proportion to their norm.
func (l lags) search(x []float32, want, have int) int {
	n, least, largest := l.n, l.least, l.largest
	a := x[want : want+n]
	first := x[have+least : have+least+n]
	energy := float64(dot(first, first))
	best, at := math.Inf(-1), 0
	for lag := least; lag <= largest; lag++ {
		b := x[have+lag : have+lag+n+1]
		if r := float64(dot(a, b)) / math.Sqrt(max(energy, 0)+1e-20); r > best {
			best, at = r, lag
		}
		energy += float64(b[n]*b[n] - b[0]*b[0])
	}
	return at
}

// thinned returns the means of each coarse samples of x.
func thinned(x []float32) []float32 {
	t := make([]float32, len(x)/coarse)
	for i := range t {
		q := x[coarse*i:][:coarse]
		t[i] = (q[0] + q[1] + q[2] + q[3]) / coarse
	}
	return t
}

// lay adds the window of the input around centre from to the output around
// centre to, both relative to the onset.
func (s *wsola) lay(to, from int) {
	start := s.outAt + to - s.hop
	lo, hi := data.Overlap(start, len(s.fade), len(s.out))
	addProduct(s.out[start+lo:], s.fade[lo:hi], s.in[s.at+from-s.hop+lo:])
}

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
	need:   func(a amounts, rate data.Rate, out span) span { return stretchNeed(a["factor"], rate, out) },
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

// stretchNeed returns the audio that a stretch by factor to out takes.
func stretchNeed(factor float64, rate data.Rate, out span) span {
	return warpNeed(out, 1/factor, 6*wsolaHop(rate))
}

// wsolaHop returns half a window, in whole vector registers of thinned samples.
func wsolaHop(rate data.Rate) int {
	const unit = coarse * lanes
	return max(1, int(math.Round(wsolaSeconds/2*float64(rate)/unit))) * unit
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
	products  []float32 // scratch of a search
}

// stretch replaces w by the stretch out of itself, factor times as long.
func (w *window) stretch(factor float64, out span) {
	hop, seek := wsolaHop(w.rate), w.seconds(seekSeconds)
	s := wsola{in: w.samples, out: make([]float32, out.before+out.after), at: w.at, outAt: out.before,
		hop: hop, seek: seek, fade: hann(2 * hop), factor: factor, thin: thin(w.samples),
		products: make([]float32, 2*max(seek/coarse, coarse)+1)}
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
	reach := s.seek / coarse
	rough := s.search(s.thin[want/coarse:][:s.hop/coarse], s.thin[have/coarse-reach:], 2*reach+1) - reach
	fine := s.search(s.in[want:][:s.hop], s.in[have+coarse*(rough-1):], 2*coarse+1) + coarse*(rough-1)
	return nominal + fine
}

// search returns at which of the first so many positions x correlates best with
// a, in proportion to its norm there (as squares, with their sign).
func (s *wsola) search(a, x []float32, positions int) (at int) {
	products := s.products[:positions]
	correlate(products, a, x)
	energy := float64(dot(x[:len(a)], x))
	best := math.Inf(-1)
	for i, p := range products {
		if r := float64(p) * math.Abs(float64(p)) / (max(energy, 0) + 1e-20); r > best {
			best, at = r, i
		}
		energy += float64(x[i+len(a)]*x[i+len(a)] - x[i]*x[i])
	}
	return at
}

// correlate fills dst with the inner products of a, whose length is a multiple
// of lanes, and x from each position on: a filter of one phase.
func correlate(dst, a, x []float32) { sinc{len(a) / 2, a}.interpolate(dst, x, 0, phases) }

// thin returns the means of each coarse samples of x.
func thin(x []float32) []float32 {
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

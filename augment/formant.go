package augment

import (
	"math/rand/v2"

	"prep/data"
	"prep/features/stft"
)

var pitchFormant = Transform{
	Name: "pitch_formant", Unit: "semitones", Lo: -12, Hi: 12, Identity: 0,
	About: "Pitch alone: duration and formants stay, as when one person strikes higher or lower. " +
		"Players vary by a few semitones; two or three keep kicks kicks.",
	need: func(a amounts, rate data.Rate, out span) span {
		v := pitchSpeed(a)
		size := frameSize(formantSeconds, rate)
		return stretched(v.ratio(), rate, warped(out.wider(size), v.ratio(), v.margin())).wider(size)
	},
	apply: func(w *window, a amounts, out span, _ *rand.Rand) {
		w.repitch(pitchSpeed(a), out.wider(frameSize(formantSeconds, w.rate)))
	},
}

const (
	// formantSeconds is a frame; two of them overlapped get one correction: 17
	// ms, so that the formants of an attack and of what follows are told apart.
	formantSeconds = 0.0116
	// envelopeHz is how wide the envelope is smoothed: over the harmonics of
	// voices.
	envelopeHz = 600
	// maxReform bounds the correction of formants: 24 dB, as a ratio of powers.
	maxReform = 250
)

// repitch replaces w by the stretch out of itself, its pitch raised by v:
// stretched, read faster by as much, and given its formants back.
func (w *window) repitch(v speed, out span) {
	original, from := w.samples, w.at
	w.stretch(v.ratio(), warped(out, v.ratio(), v.margin()))
	w.resample(v, out)
	w.reform(original, from-w.at, v.ratio())
}

// reform gives w, whose spectrum was stretched by ratio, the formants of the
// same audio before, which is original from its sample from on: in each pair
// of frames the smooth envelope is moved back (Röbel and Rodet, "Efficient
// spectral envelope estimation and its application to pitch shifting", DAFx
// 2005; the envelope is a moving average of powers, not a cepstrum's).
func (w *window) reform(original []float32, from int, ratio float64) {
	f, done := newFrames(frameSize(formantSeconds, w.rate))
	defer done()
	n := len(w.samples)
	before, after := f.pad(original, from, n), f.pad(w.samples, 0, n)
	out := make([]float32, len(after))
	width := max(1, int(envelopeHz/float64(w.rate)*float64(f.size)))
	e := newEnvelope(f.hop+1, width)
	for group := range f.groups(n) {
		f.analyse(before, group)
		e.measure(f)
		e.correct(ratio)
		f.analyse(after, group)
		e.apply(f)
		f.synthesize(out, group)
	}
	w.samples = out[f.hop:][:n]
}

// envelope is the smoothed power spectrum of pairs of frames, bins x Lanes.
type envelope struct {
	bins, width  int
	power, gains []float32
	smooth       []float32 // with a floor 80 dB below its largest value
}

func newEnvelope(bins, width int) *envelope {
	n := bins * stft.Lanes
	buf := make([]float32, 3*n)
	return &envelope{bins, width, buf[:n], buf[n : 2*n], buf[2*n:]}
}

// measure sets the envelope to that of f.
func (e *envelope) measure(f *frames) {
	for k := range e.bins {
		a, b := f.row(k)
		p := e.power[k*stft.Lanes:][:stft.Lanes]
		for l := range p {
			p[l] = a.Re[l]*a.Re[l] + a.Im[l]*a.Im[l] + b.Re[l]*b.Re[l] + b.Im[l]*b.Im[l]
		}
	}
	e.average()
	e.floor()
}

// average writes the mean of the powers around each bin to smooth.
func (e *envelope) average() {
	half := e.width / 2
	var sums [stft.Lanes]float64
	for k := -half; k < e.bins; k++ {
		if k+half < e.bins {
			accumulate(&sums, e.power[(k+half)*stft.Lanes:], 1)
		}
		if k < 0 {
			continue
		}
		if k-half > 0 {
			accumulate(&sums, e.power[(k-half-1)*stft.Lanes:], -1)
		}
		count := min(k+half+1, e.bins) - max(k-half, 0)
		for l, sum := range sums {
			e.smooth[k*stft.Lanes+l] = float32(sum / float64(count))
		}
	}
}

func accumulate(sums *[stft.Lanes]float64, row []float32, sign float64) {
	for l, v := range row[:stft.Lanes] {
		sums[l] += sign * float64(v)
	}
}

// floor adds 80 dB less than the largest value: what is lower is not shaped.
func (e *envelope) floor() {
	var largest [stft.Lanes]float32
	for k := range e.bins {
		for l, v := range e.smooth[k*stft.Lanes:][:stft.Lanes] {
			largest[l] = max(largest[l], v)
		}
	}
	for k := range e.bins {
		for l := range largest {
			e.smooth[k*stft.Lanes+l] += largest[l]*1e-8 + 1e-20
		}
	}
}

// correct sets the gains: stretched by ratio, the envelope at k is the
// original's at k / ratio.
func (e *envelope) correct(ratio float64) {
	for k := range e.bins {
		at := min(float64(k)/ratio, float64(e.bins-1))
		i := min(int(at), e.bins-2)
		share := float32(at - float64(i))
		rows := e.smooth[i*stft.Lanes:][:2*stft.Lanes]
		gains, want := e.gains[k*stft.Lanes:][:stft.Lanes], e.smooth[k*stft.Lanes:][:stft.Lanes]
		for l := range gains {
			have := rows[l] + share*(rows[l+stft.Lanes]-rows[l])
			gains[l] = min(max(want[l]/have, 1/float32(maxReform)), maxReform)
		}
	}
	stft.Sqrt(e.gains)
}

// apply multiplies the spectra by the gains.
func (e *envelope) apply(f *frames) {
	for k := range e.bins {
		a, b := f.row(k)
		gains := e.gains[k*stft.Lanes:][:stft.Lanes]
		if k > 0 && k < e.bins-1 { // else its own mirror
			multiply(b, gains)
		}
		multiply(a, gains)
	}
}

func multiply(z stft.Sequence, gains []float32) {
	for l, g := range gains {
		z.Re[l] *= g
		z.Im[l] *= g
	}
}

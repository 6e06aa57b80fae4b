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
		return stretchNeed(v.ratio(), rate, warpNeed(out, v.ratio(), v.margin()))
	},
	apply: func(w *window, a amounts, out span, _ *rand.Rand) {
		w.repitch(pitchSpeed(a), out)
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
	w.stretch(v.ratio(), warpNeed(out, v.ratio(), v.margin()))
	w.resample(v, out)
	w.reform(original, from-w.at, v.ratio())
}

// reform gives w, whose spectrum was stretched by ratio, the formants of the
// same audio before, which is original from its sample from on: in each pair
// of frames the smooth envelope is moved back (Röbel and Rodet, "Efficient
// spectral envelope estimation and its application to pitch shifting", DAFx
// 2005; the envelope is a moving average of powers, not a cepstrum's).
func (w *window) reform(original []float32, from int, ratio float64) {
	f, done := framings.get(frameSize(formantSeconds, w.rate))
	defer done()
	n := len(w.samples)
	before, after := f.pad(original, from, n), f.pad(w.samples, 0, n)
	out := make([]float32, len(after))
	e := newEnvelope(f.size, int(envelopeHz/2/float64(w.rate)*float64(f.size)))
	for group := range f.groups(n) {
		f.analyse(before, group)
		e.measure(f.Sequence)
		e.correct(ratio)
		f.analyse(after, group)
		e.apply(f.Sequence)
		f.synthesize(out, group)
	}
	w.samples = out[f.hop:][:n]
}

// envelope is the smoothed power spectrum of pairs of frames. Its slices are
// bins x Lanes, row-major.
type envelope struct {
	size, reach int       // of a frame; of the average, in bins to each side
	squares     []float32 // all size bins
	powers      []float32 // bins -reach to size/2 + reach
	smooth      []float32 // bins 0 to size/2
	gains       []float32 // all size bins
}

func newEnvelope(size, reach int) *envelope {
	rows := func(n int) []float32 { return make([]float32, n*stft.Lanes) }
	return &envelope{size, reach, rows(size), rows(size/2 + 1 + 2*reach), rows(size/2 + 1), rows(size)}
}

// measure sets the envelope to the mean of the powers around each bin.
func (e *envelope) measure(z stft.Sequence) {
	clear(e.squares)
	addProduct(e.squares, z.Re, z.Re)
	addProduct(e.squares, z.Im, z.Im)
	for i := range len(e.powers) / stft.Lanes {
		k := (i - e.reach + e.size) % e.size
		a, b := e.squares[k*stft.Lanes:][:stft.Lanes], e.squares[(e.size-k)%e.size*stft.Lanes:][:stft.Lanes]
		for l, p := 0, e.powers[i*stft.Lanes:][:stft.Lanes]; l < stft.Lanes; l++ {
			p[l] = a[l] + b[l]
		}
	}
	clear(e.smooth)
	for i := range 2*e.reach + 1 {
		addScaled(e.smooth, e.powers[i*stft.Lanes:][:len(e.smooth)], 1/float32(2*e.reach+1))
	}
}

// correct sets the gains: stretched by ratio, the envelope at k is the
// original's at k / ratio. What is 80 dB below the largest is not shaped.
func (e *envelope) correct(ratio float64) {
	floor := 1e-8*peak(e.smooth) + 1e-20
	for k := range e.size/2 + 1 {
		at := min(float64(k)/ratio, float64(e.size)/2)
		i := min(int(at), e.size/2-1)
		share := float32(at - float64(i))
		have, want := e.smooth[i*stft.Lanes:][:2*stft.Lanes], e.smooth[k*stft.Lanes:][:stft.Lanes]
		gains := e.gains[k*stft.Lanes:][:stft.Lanes]
		for l := range gains {
			between := have[l] + share*(have[l+stft.Lanes]-have[l])
			gains[l] = min(max((want[l]+floor)/(between+floor), 1/float32(maxReform)), maxReform)
		}
	}
	stft.Sqrt(e.gains[:(e.size/2+1)*stft.Lanes])
	for k := 1; k < e.size/2; k++ {
		copy(e.gains[(e.size-k)*stft.Lanes:], e.gains[k*stft.Lanes:][:stft.Lanes])
	}
}

// apply multiplies the spectra by the gains.
func (e *envelope) apply(z stft.Sequence) {
	re, im := z.Re[:len(e.gains)], z.Im[:len(e.gains)]
	for i, g := range e.gains {
		re[i] *= g
		im[i] *= g
	}
}

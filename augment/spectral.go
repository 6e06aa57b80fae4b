package augment

import (
	"math"
	"math/rand/v2"
	"sync"

	"prep/data"
	"prep/features/stft"
)

// frameSize is the window of the spectral transforms: 23 ms at 44.1 kHz, near
// the 26 ms of an MP3's long block, and three periods of a low kick.
const frameSize = 1024

// rootHann is the square root of a periodic Hann window: as analysis and as
// synthesis window with half overlap it sums to one.
var rootHann = sync.OnceValue(func() []float32 {
	h := make([]float32, frameSize)
	for i := range h {
		h[i] = float32(math.Sin(math.Pi * float64(i) / frameSize))
	}
	return h
})

// frames is overlap-add analysis and synthesis, with its buffers.
type frames struct {
	plan *stft.Plan
	x    []float32
	spectrum
	spare spectrum
}

func newFrames() (*frames, func()) {
	plan, done := planOf(frameSize)
	return &frames{plan, make([]float32, frameSize), newSpectrum(plan), newSpectrum(plan)}, done
}

// analyse fills re and im from the samples at start, zero outside of src.
func (f *frames) analyse(src []float32, start int) {
	data.Clip{Samples: src}.ReadAt(f.x, start)
	for i, h := range rootHann() {
		f.x[i] *= h
	}
	f.plan.Spectrum(f.re, f.im, f.x)
}

// synthesize adds the signal of re and im to dst at start.
func (f *frames) synthesize(dst []float32, start int) {
	inverse(f.plan, f.x, f.spectrum, f.spare)
	lo, hi := data.Overlap(start, frameSize, len(dst))
	window := rootHann()
	for i := lo; i < hi; i++ {
		dst[start+i] += f.x[i] * window[i]
	}
}

// framed is the need of a spectral transform: a frame on each side.
func framed(_ amounts, _ data.Rate, out span) span {
	return span{out.before + frameSize, out.after + frameSize}
}

// codec quantizes the spectrum in frames, each band's steps so coarse that the
// error is snrDB below the band, and drops what is above cutHz: the smear
// ahead of attacks, the holes and the band limit of a low bit rate.
func (w *window) codec(snrDB, cutHz float64) {
	f, done := newFrames()
	defer done()
	out := make([]float32, len(w.samples))
	cut := int(cutHz / float64(w.rate) * frameSize)
	for start := -frameSize / 2; start < len(out); start += frameSize / 2 {
		f.analyse(w.samples, start)
		for lo := 0; lo < len(f.re); {
			hi := min(lo+4+lo/6, len(f.re)) // about a third of an octave, as the ear's bands
			step := float32(0)
			if lo <= cut {
				// Uniform quantization errs by step^2 / 12 in either part, each
				// of half the power, and two frames overlap, whose errors
				// average: step^2 / 12 is the power over the ratio.
				step = float32(math.Sqrt(12) * ratio(-snrDB) * math.Hypot(rms(f.re[lo:hi]), rms(f.im[lo:hi])))
			}
			quantize(f.re[lo:hi], step)
			quantize(f.im[lo:hi], step)
			lo = hi
		}
		f.synthesize(out, start)
	}
	w.samples = out
}

// quantize rounds x to multiples of step, or to zero when step is.
func quantize(x []float32, step float32) {
	for i, v := range x {
		x[i] = 0
		if step > 0 {
			x[i] = step * float32(math.RoundToEven(float64(v/step)))
		}
	}
}

// envelopeSeconds is how much of the cepstrum makes the envelope: details
// narrower than about 600 Hz, and so the harmonics of voices above, are left out.
const envelopeSeconds = 0.0016

// reform gives w, whose spectrum was stretched by ratio, the formants of the
// same audio before, which is original with its onset at from: in each frame
// the smooth envelope is moved back (Röbel and Rodet, "Efficient spectral
// envelope estimation and its application to pitch shifting", DAFx 2005).
func (w *window) reform(original []float32, from int, ratio float64) {
	f, done := newFrames()
	defer done()
	keep := w.seconds(envelopeSeconds)
	out := make([]float32, len(w.samples))
	env := make([]float32, len(f.re))
	for start := -frameSize / 2; start < len(out); start += frameSize / 2 {
		f.analyse(original, start-w.at+from)
		f.envelope(env, keep)
		f.analyse(w.samples, start)
		for k := range f.re {
			// The stretched envelope at k is the original's at k / ratio.
			g := expGain(env[k] - between(env, float64(k)/ratio))
			f.re[k] *= g
			f.im[k] *= g
		}
		f.synthesize(out, start)
	}
	w.samples = out
}

// envelope writes the smoothed natural logarithm of the magnitude of re and im
// to env. It uses re, im and x.
func (f *frames) envelope(env []float32, keep int) {
	var largest float32
	for k := range f.re {
		f.re[k] = f.re[k]*f.re[k] + f.im[k]*f.im[k]
		largest = max(largest, f.re[k])
	}
	floor := largest*1e-8 + 1e-20 // 80 dB: what is lower is not shaped
	for k := range f.re {
		f.re[k] = 0.5 * float32(math.Log(float64(f.re[k]+floor)))
		f.im[k] = 0
	}
	inverse(f.plan, f.x, f.spectrum, f.spare)
	for i := keep; i <= frameSize-keep; i++ {
		f.x[i] = 0
	}
	f.plan.Spectrum(env, f.spare.im, f.x)
}

// between interpolates x linearly; beyond its end it stays.
func between(x []float32, at float64) float32 {
	i := int(at)
	if i >= len(x)-1 {
		return x[len(x)-1]
	}
	return x[i] + float32(at-float64(i))*(x[i+1]-x[i])
}

// maxReform bounds the correction of formants: 24 dB, as nepers.
const maxReform = 2.76

func expGain(nepers float32) float32 {
	return float32(math.Exp(float64(min(max(nepers, -maxReform), maxReform))))
}

// degradations are the transforms that lose something on purpose.
func degradations() []Transform {
	return []Transform{{
		Name: "codec", Unit: "band_snr_db", Lo: 0, Hi: 40, Identity: math.Inf(1), need: framed,
		About: "Loss like that of low bit rates: quantized bands, smeared attacks, no top. Masking asks for 5 to 24 dB a band " +
			"(Painter and Spanias, Proc. IEEE 88, 2000); LAME cuts at 17 kHz for 128 and 11 kHz for 64 kbit/s.",
		also: []amount{{"cut_hz", 8000, 16000, true}},
		apply: func(w *window, a amounts, _ span, _ *rand.Rand) {
			w.codec(a["band_snr_db"], a["cut_hz"])
		},
	}, {
		Name: "clipping", Unit: "clip_db", Lo: 0, Hi: 30, Identity: 0,
		About: "Cuts peaks so many dB below the hit's own: a microphone too close, a gain too high. " +
			"Studies of declipping go down to 1 dB of signal to distortion (Záviška et al., IEEE JSTSP 15, 2021).",
		apply: func(w *window, a amounts, _ span, _ *rand.Rand) {
			ceiling := peak(w.hit()) * float32(ratio(-a["clip_db"]))
			for i, v := range w.samples {
				w.samples[i] = min(max(v, -ceiling), ceiling)
			}
		},
	}}
}

package augment

import (
	"math"
	"math/rand/v2"

	"prep/data/num"
	"prep/features/stft"
)

var codec = Transform{
	Name: "codec", Unit: "band_snr_db", Lo: 0, Hi: 40, Identity: math.Inf(1),
	About: "Loss like that of low bit rates: quantized bands, smeared attacks, no top. Masking asks for 5 to 24 dB a band " +
		"(Painter and Spanias, Proc. IEEE 88, 2000); LAME cuts at 17 kHz for 128 and 11 kHz for 64 kbit/s.",
	also: []amount{{"cut_hz", 8000, 16000, true}},
	apply: func(w *window, a amounts, _ span, _ *rand.Rand) {
		w.codec(a["band_snr_db"], a["cut_hz"])
	},
}

// codecSeconds is a frame: two of them overlapped, which are quantized
// together, are as long as an MP3's long block of 26 ms and a half.
const codecSeconds = 0.0232

// codec quantizes the spectrum in frames, each band's steps so coarse that the
// error is snrDB below the band, and drops what is above cutHz: the smear
// ahead of attacks, the holes and the band limit of a low bit rate.
func (w *window) codec(snrDB, cutHz float64) {
	f, done := framings.get(frameSize(codecSeconds, w.rate))
	defer done()
	n := len(w.samples)
	in := f.pad(w.samples, 0, n)
	out := make([]float32, len(in))
	cut := int(cutHz / float64(w.rate) * float64(f.size))
	for group := range f.groups(n) {
		f.analyse(in, group)
		for lo := 0; lo <= f.hop; {
			hi := min(lo+4+lo/6, f.hop+1) // about a third of an octave, as the ear's bands
			if lo <= cut {
				f.quantize(lo, hi, float32(num.Amplitude(-snrDB)))
			} else {
				f.silence(lo, hi)
			}
			lo = hi
		}
		f.synthesize(out, group)
	}
	w.samples = out[f.hop:][:n]
}

// quantize rounds the bins from lo to hi so coarsely that the error is an
// amplitude ratio below them. Uniform quantization errs by step^2 / 12 in
// either part, each of half the power, and two frames overlap, whose errors
// average: step^2 / 12 is the mean power times the ratio's square.
func (f *frames) quantize(lo, hi int, ratio float32) {
	var steps [stft.Lanes]float32
	for k := lo; k < hi; k++ {
		a, b := f.row(k)
		for l := range steps {
			steps[l] += a.Re[l]*a.Re[l] + a.Im[l]*a.Im[l] + b.Re[l]*b.Re[l] + b.Im[l]*b.Im[l]
		}
	}
	for l, power := range steps {
		steps[l] = ratio * float32(math.Sqrt(float64(6*power/float32(hi-lo))))
	}
	for k := lo; k < hi; k++ {
		a, b := f.row(k)
		for _, part := range [][]float32{a.Re, a.Im, b.Re, b.Im} {
			round(part, &steps)
		}
	}
}

// round rounds each value to multiples of its step, or to zero when that is.
func round(x []float32, steps *[stft.Lanes]float32) {
	for l, step := range steps {
		if step > 0 {
			x[l] = step * float32(math.RoundToEven(float64(x[l]/step)))
		} else {
			x[l] = 0
		}
	}
}

// silence clears the bins from lo to hi.
func (f *frames) silence(lo, hi int) {
	for k := lo; k < hi; k++ {
		a, b := f.row(k)
		for _, part := range [][]float32{a.Re, a.Im, b.Re, b.Im} {
			clear(part)
		}
	}
}

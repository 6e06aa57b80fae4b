package augment

import "math/rand/v2"

var noisePink = noiseOf("noise_pink", "Pink (1/f)", pink)

// pink fills x with noise whose power falls by 3 dB an octave: Kellet's
// filter, within 0.05 dB above 9 Hz at 44.1 kHz
// (https://www.firstpr.com.au/dsp/pink-noise/).
func pink(x []float32, rng *rand.Rand) {
	white(x, rng)
	var b0, b1, b2, b3, b4, b5, b6 float32
	for i, w := range x {
		b0 = 0.99886*b0 + w*0.0555179
		b1 = 0.99332*b1 + w*0.0750759
		b2 = 0.96900*b2 + w*0.1538520
		b3 = 0.86650*b3 + w*0.3104856
		b4 = 0.55000*b4 + w*0.5329522
		b5 = -0.7616*b5 - w*0.0168980
		x[i] = b0 + b1 + b2 + b3 + b4 + b5 + b6 + w*0.5362
		b6 = w * 0.115926
	}
}

package corpus

import (
	"math"
	"math/rand/v2"

	"prep/data"
	"prep/data/filter"
	"prep/data/num"
)

// Surround returns a take as another room, microphone and recorder would have it: each
// of a room, a microphone's band, noise, an automatic gain, a gate, clipping and the
// steps of 16 bits comes with some probability. The onsets stay. The same take, seed and
// name give the same bits.
func Surround(clip data.Clip, seed uint64, name string) data.Clip {
	random := data.Rand(seed, "surround/"+name)
	fs := float64(clip.Rate)
	x := make([]float64, len(clip.Samples))
	for i, v := range clip.Samples {
		x[i] = float64(v)
	}
	if random.Float64() < 0.4 {
		x = newRoom(random, fs, uniform(random, 0.08, 0.6), uniform(random, -24, -6)).apply(x)
	}
	if random.Float64() < 0.5 {
		filter.Run(x, filter.Highpass(logUniform(random, 30, 350), 0.707, fs),
			filter.Peak(uniform(random, 1500, 5000), 0.9, uniform(random, -4, 8), fs),
			filter.Lowpass(belowHalf(logUniform(random, 3400, 18000), fs), 0.707, fs))
	}
	normalize(x)
	if random.Float64() < 0.75 {
		AddNoise(x, random, uniform(random, -70, -10), uniform(random, -0.6, 1))
	}
	if random.Float64() < 0.2 {
		addHum(x, float64(50+10*random.IntN(2))/fs, num.Amplitude(uniform(random, -60, -15)), 2*math.Pi*random.Float64())
	}
	if random.Float64() < 0.25 {
		AutoGain(x, fs, uniform(random, -30, -12), uniform(random, 0.05, 1))
	}
	if random.Float64() < 0.15 {
		gate(x, fs, uniform(random, -60, -30))
	}
	if random.Float64() < 0.2 {
		clipAt(x, num.Amplitude(uniform(random, -20, 0)))
	}
	normalize(x)
	out := level(x, num.Amplitude(uniform(random, -40, 0)))
	if random.Float64() < 0.5 {
		for i, v := range out {
			out[i] = float32(math.Round(float64(v)*32768) / 32768)
		}
	}
	return data.Clip{Rate: clip.Rate, Samples: out}
}

// normalize scales x to a largest magnitude of one.
func normalize(x []float64) {
	if peak := largestOf(x); peak > 0 {
		for i := range x {
			x[i] /= peak
		}
	}
}

// AddNoise adds noise of a level of its RMS, re full scale, to x. Its colour is between
// -1 and 1: 0 is white, 0.5 pink, 1 brown, and what is below 0 bluer than white.
func AddNoise(x []float64, random *rand.Rand, levelDB, colour float64) {
	noise := make([]float64, len(x))
	var p pink
	last, brown, power := 0.0, 0.0, 1e-20
	for i := range noise {
		w := random.NormFloat64()
		switch {
		case colour < 0:
			noise[i] = w + 2*colour*last/(1-colour)
		case colour <= 0.5:
			noise[i] = (1-2*colour)*w + 2*colour*p.step(w)
		default:
			brown = 0.998*brown + w
			noise[i] = (2-2*colour)*p.step(w) + (2*colour-1)*0.1*brown
		}
		last = w
		power += noise[i] * noise[i] / float64(len(noise))
	}
	addScaled(x, noise, num.Amplitude(levelDB)/math.Sqrt(power))
}

// AutoGain brings x, whose full scale is one, towards a level of its RMS: down within
// 5 ms, up within a time in seconds, by 30 dB at most.
func AutoGain(x []float64, fs, targetDB, riseS float64) {
	down, up := math.Exp(-1/(0.005*fs)), math.Exp(-1/(riseS*fs))
	target, power := num.Amplitude(targetDB), 0.0
	for i, v := range x {
		keep := up
		if v*v > power {
			keep = down
		}
		power = keep*power + (1-keep)*v*v
		x[i] = v * min(target/max(math.Sqrt(power), target/31.6), 31.6)
	}
}

// gate silences x where its level has been below a threshold for 50 ms, and opens within
// a millisecond.
func gate(x []float64, fs, thresholdDB float64) {
	threshold, hold := num.Amplitude(thresholdDB), int(0.05*fs)
	open, gain := 0, 0.0
	for i, v := range x {
		if math.Abs(v) > threshold {
			open = hold
		}
		to := 0.0
		if open > 0 {
			to, open = 1, open-1
		}
		gain += (to - gain) * min(1, 1000/fs)
		x[i] = v * gain
	}
}

// clipAt clips x at a magnitude.
func clipAt(x []float64, top float64) {
	for i, v := range x {
		x[i] = min(max(v, -top), top)
	}
}

package corpus

import (
	"fmt"
	"math"

	"prep/data"
	"prep/data/filter"
	"prep/data/num"
)

// othersS is how long a take of Others lasts.
const othersS = 8

// Others returns n takes of what a microphone hears besides sounds that are to be named:
// breaths, hums, knocks on wood and furniture, creaks, rustle and the keys of a keyboard,
// made by rule. Takes are voices of their own. Their truth is empty.
func Others(rate data.Rate, seed uint64, n int) []Take {
	takes := make([]Take, n)
	for i := range takes {
		name := fmt.Sprintf("others-%03d", i+1)
		p := &performance{Mix{Rate: rate}, data.Rand(seed, name), make([]float64, othersS*int(rate))}
		for range 6 + p.random.IntN(8) {
			[]func(){p.breathe, p.hum, p.knock, p.creak, p.rustle, p.keys, p.pant}[p.random.IntN(7)]()
		}
		takes[i] = Take{Name: name, Voice: name, Clip: data.Clip{Rate: rate, Samples: level(p.samples, num.Amplitude(uniform(p.random, -25, -1)))}}
	}
	return takes
}

// drop adds x somewhere at a peak, in dB re full scale.
func (p *performance) drop(x []float64, peakDB float64) {
	at := p.random.IntN(len(p.samples))
	addScaled(p.samples[at:], x, num.Amplitude(peakDB)/max(largestOf(x), 1e-9))
}

// knock adds one to four knocks of a finger, a foot or a chair: a few modes of wood, which are
// damped within a twentieth of a second, and the noise of the touch.
func (p *performance) knock() {
	fs := float64(p.Rate)
	x := make([]float64, int(fs))
	modes := make([]float64, 3+p.random.IntN(4))
	for m := range modes {
		modes[m] = logUniform(p.random, 90, 1800)
	}
	tau, gap := logUniform(p.random, 0.006, 0.06), uniform(p.random, 0.12, 0.3)
	for k := range 1 + p.random.IntN(4) {
		at := int(float64(k) * gap * fs)
		if at >= len(x) {
			break
		}
		for _, hz := range modes {
			phase, gain := uniform(p.random, 0, 2*math.Pi), uniform(p.random, 0.2, 1)
			for i := range x[at:] {
				t := float64(i) / fs
				x[at+i] += gain * math.Exp(-t/tau) * math.Sin(2*math.Pi*hz*t+phase) * min(1, t/0.001)
			}
		}
		addScaled(x[at:], clap(p.random, fs), uniform(p.random, 0, 1))
	}
	p.drop(x, uniform(p.random, -30, -3))
}

// creak adds the stick and slip of a chair or a door: pulses of a changing rate through a
// few resonances.
func (p *performance) creak() {
	fs := float64(p.Rate)
	x := make([]float64, int(uniform(p.random, 0.1, 0.8)*fs))
	pulses(x, fs, logUniform(p.random, 40, 900), uniform(p.random, -1, 1),
		func() float64 { return uniform(p.random, 0.7, 1.3) }, func() float64 { return uniform(p.random, 0.3, 1) })
	filter.Run(x, filter.Resonator(logUniform(p.random, 400, 3500), uniform(p.random, 2, 12), fs))
	p.swell(x, uniform(p.random, -40, -15))
}

// rustle adds cloth or paper: high noise in many short grains.
func (p *performance) rustle() {
	fs := float64(p.Rate)
	x := make([]float64, int(uniform(p.random, 0.2, 1.2)*fs))
	grain, left := 0.0, 0
	for i := range x {
		if left == 0 {
			left, grain = 1+int(logUniform(p.random, 0.002, 0.05)*fs), p.random.ExpFloat64()
		}
		left--
		x[i] = grain * p.random.NormFloat64()
	}
	filter.Run(x, filter.Resonator(logUniform(p.random, 1500, 8000), uniform(p.random, 0.3, 1), fs))
	p.swell(x, uniform(p.random, -45, -20))
}

// keys adds a few keys of a keyboard: a click down, a smaller one up.
func (p *performance) keys() {
	fs := float64(p.Rate)
	x := make([]float64, int(1.5*fs))
	hz := logUniform(p.random, 1200, 6000)
	for range 2 + p.random.IntN(6) {
		at := int(uniform(p.random, 0, 1.2) * fs)
		for _, click := range []float64{1, uniform(p.random, 0.2, 0.7)} {
			burst := clap(p.random, fs)
			filter.Run(burst, filter.Resonator(hz*uniform(p.random, 0.8, 1.25), uniform(p.random, 0.7, 3), fs))
			if at < len(x) {
				addScaled(x[at:], burst, click/max(largestOf(burst), 1e-9))
			}
			at += int(uniform(p.random, 0.05, 0.11) * fs)
		}
	}
	p.drop(x, uniform(p.random, -35, -6))
}

// pant adds short breaths with a sudden start, in and out, as after effort.
func (p *performance) pant() {
	fs := float64(p.Rate)
	x := make([]float64, int(2*fs))
	colour, gap := logUniform(p.random, 600, 4000), uniform(p.random, 0.3, 0.7)
	for k := range 2 + p.random.IntN(3) {
		at, n := int(float64(k)*gap*fs), int(uniform(p.random, 0.12, 0.35)*fs)
		rise := uniform(p.random, 0.01, 0.08) * fs
		breath := make([]float64, n)
		for i := range breath {
			breath[i] = p.random.NormFloat64() * min(1, float64(i)/rise) * math.Pow(1-float64(i)/float64(n), uniform(p.random, 0.7, 1.5))
		}
		filter.Run(breath, filter.Resonator(colour*uniform(p.random, 0.7, 1.4), uniform(p.random, 0.4, 1.5), fs))
		if at < len(x) {
			addScaled(x[at:], breath, 1/max(largestOf(breath), 1e-9))
		}
	}
	p.drop(x, uniform(p.random, -35, -8))
}

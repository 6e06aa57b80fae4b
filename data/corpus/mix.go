package corpus

import (
	"math"
	"math/rand/v2"

	"prep/data"
	"prep/data/filter"
	"prep/data/num"
)

// Cut is one real hit, cut out of a recording, as long as it sounds alone.
type Cut struct {
	Class   string
	Onset   int // the sample of Samples at which its energy starts
	Samples []float32
}

// Mix says how performances are mixed of cuts: fast and slow, even and accented,
// hits in each other's tails, with what else a mouth does between them.
type Mix struct {
	Rate    data.Rate
	Seed    uint64
	Seconds float64
	// ClosestS and FarthestS bound the step of a performance's rhythm, in seconds.
	ClosestS, FarthestS float64
	// RangeDB is how far below the loudest hits the weakest lie, at most.
	RangeDB float64
}

// DefaultMix returns performances of six seconds, steps of 60 to 400 ms and hits down
// to 22 dB below the loudest.
func DefaultMix(rate data.Rate, seed uint64) Mix {
	return Mix{Rate: rate, Seed: seed, Seconds: 6, ClosestS: 0.06, FarthestS: 0.4, RangeDB: 22}
}

// Perform mixes the performance of a name, from the cuts of one player or more. The
// same name, cuts and mix give the same bits.
func (m Mix) Perform(name string, cuts []Cut) Take {
	random := data.Rand(m.Seed, "mix/"+name)
	p := &performance{Mix: m, random: random, samples: make([]float64, int(m.Seconds*float64(m.Rate)))}
	t := Take{Name: name, Voice: name}
	step := logUniform(random, m.ClosestS, m.FarthestS)
	spread := uniform(random, 0, m.RangeDB)
	few := someOf(cuts, 3+random.IntN(20), random)
	at := max(0, uniform(random, -0.1, 0.5)) // some begin with a hit
	for at < m.Seconds-0.15 {
		onset := int(at * float64(m.Rate))
		c := few[random.IntN(len(few))]
		p.add(c, onset, num.Amplitude(-uniform(random, 0, spread)))
		t.Truth = append(t.Truth, Event{Onset: onset, Class: c.Class})
		at += max(step*steps[random.IntN(len(steps))]*uniform(random, 0.9, 1.1), closestHitsS)
	}
	for range random.IntN(4) {
		p.breathe()
	}
	if random.Float64() < 0.3 {
		p.hum()
	}
	t.Clip = data.Clip{Rate: m.Rate, Samples: level(p.samples, num.Amplitude(uniform(random, -30, -0.1)))}
	return t
}

// steps are how many of a rhythm's steps lie between hits.
var steps = [...]float64{0.5, 1, 1, 1, 1, 1.5, 2, 4}

// closestHitsS is the least time between the hits of a performance.
const closestHitsS = 0.036

// performance is a mix in the making.
type performance struct {
	Mix
	random  *rand.Rand
	samples []float64
}

func uniform(random *rand.Rand, lo, hi float64) float64 { return lo + (hi-lo)*random.Float64() }

// Bursts returns cuts of what decays, as clicks, claps and drums of any kind do: noise,
// white or of one resonance, or a few partials that ring for up to a second, which fall in
// pitch as a skin's do, each with a decay of its own.
func Bursts(rate data.Rate, seed uint64, n int) (cuts []Cut) {
	random := data.Rand(seed, "bursts")
	fs := float64(rate)
	for i := range n {
		var x []float64
		if i%3 == 0 {
			x = ring(random, fs)
		} else {
			x = clap(random, fs)
		}
		cuts = append(cuts, Cut{Class: "burst", Samples: level(x, 1)})
	}
	return cuts
}

// clap is noise that decays within a fiftieth of a second or less.
func clap(random *rand.Rand, fs float64) []float64 {
	tau := logUniform(random, 0.0007, 0.04) * fs
	x := make([]float64, int(min(8*tau+200, 0.4*fs)))
	for i := range x {
		x[i] = random.NormFloat64() * math.Exp(-float64(i)/tau)
	}
	if random.Float64() < 0.7 {
		filter.Run(x, filter.Resonator(logUniform(random, 100, 9000), uniform(random, 0.5, 4), fs))
	}
	return x
}

// ring is partials that ring, behind a short burst at times.
func ring(random *rand.Rand, fs float64) []float64 {
	x := make([]float64, int(fs))
	if random.Float64() < 0.7 {
		addScaled(x, clap(random, fs), uniform(random, 0.1, 1))
	}
	base, fall := logUniform(random, 50, 3000), uniform(random, 0, 0.6)
	for range 1 + random.IntN(4) {
		hz, tau, phase := base*uniform(random, 1, 4), logUniform(random, 0.02, 0.4)*fs, 0.0
		for i := range x {
			phase += hz * (1 + fall*math.Exp(-float64(i)/(0.02*fs))) / fs
			x[i] += math.Sin(2*math.Pi*phase) * math.Exp(-float64(i)/tau)
		}
	}
	return x
}

// logUniform draws evenly on a logarithmic scale.
func logUniform(random *rand.Rand, lo, hi float64) float64 {
	return math.Exp(uniform(random, math.Log(lo), math.Log(hi)))
}

// someOf returns as many cuts by lot.
func someOf(cuts []Cut, n int, random *rand.Rand) []Cut {
	var some []Cut
	for range n {
		some = append(some, cuts[random.IntN(len(cuts))])
	}
	return some
}

// add lays a cut down, faster or slower at times and at times cut short, so that its
// energy starts at a sample.
func (p *performance) add(c Cut, onset int, gain float64) {
	x := make([]float64, len(c.Samples))
	for i, v := range c.Samples {
		x[i] = float64(v)
	}
	start := c.Onset
	if p.random.Float64() < 0.3 {
		r := uniform(p.random, 0.8, 1.25)
		x, start = played(x, r), int(math.Round(float64(start)/r))
	}
	if p.random.Float64() < 0.5 {
		n := start + int(uniform(p.random, 0.03, 0.2)*float64(p.Rate))
		x = x[:min(n, len(x))]
	}
	fade(x, start, p.Rate)
	peak := max(largestOf(x), 1e-9)
	at := onset - start
	if at < 0 {
		x, at = x[-at:], 0
	}
	addScaled(p.samples[at:], x, gain/peak)
}

// played returns x at r times its speed, interpolated.
func played(x []float64, r float64) []float64 {
	y := make([]float64, int(float64(len(x)-1)/r))
	for i := range y {
		at := float64(i) * r
		k := int(at)
		y[i] = x[k] + (at-float64(k))*(x[k+1]-x[k])
	}
	return y
}

// fade lets a cut begin before its onset and end without a click.
func fade(x []float64, onset int, rate data.Rate) {
	for i := range min(onset, len(x)) {
		x[i] *= float64(i) / float64(onset)
	}
	n := min(int(rate)*8/1000, len(x)/3)
	for i := range n {
		x[len(x)-1-i] *= float64(i) / float64(n)
	}
}

// breathe adds the noise of a breath, which swells and is no hit.
func (p *performance) breathe() {
	fs := float64(p.Rate)
	x := make([]float64, int(uniform(p.random, 0.15, 0.6)*fs))
	for i := range x {
		x[i] = p.random.NormFloat64()
	}
	filter.Run(x, filter.Resonator(logUniform(p.random, 500, 6000), uniform(p.random, 0.4, 2), fs))
	p.swell(x, uniform(p.random, -45, -12))
}

// hum adds a voiced sound, which swells: pulses of a gliding pitch through two
// resonances.
func (p *performance) hum() {
	fs := float64(p.Rate)
	x := make([]float64, int(uniform(p.random, 0.3, 2)*fs))
	pulses(x, fs, uniform(p.random, 80, 300), uniform(p.random, -0.5, 0.5), one, one)
	filter.Run(x, filter.Resonator(uniform(p.random, 300, 900), 3, fs), filter.Lowpass(uniform(p.random, 800, 4000), 0.707, fs))
	p.swell(x, uniform(p.random, -40, -10))
}

// pulses writes pulses to silent x of the rate fs, hz of them a second at first, which glides
// by so many octaves over x; speed scales that at each sample, height is a pulse's.
func pulses(x []float64, fs, hz, octaves float64, speed, height func() float64) {
	phase := 0.0
	for i := range x {
		phase += hz * math.Exp2(octaves*float64(i)/float64(len(x))) * speed() / fs
		if phase >= 1 {
			phase--
			x[i] = height()
		}
	}
}

func one() float64 { return 1 }

// swell adds x somewhere, rising and falling over a third of its length, at a level of
// its RMS re full scale.
func (p *performance) swell(x []float64, levelDB float64) {
	power := 1e-20
	for i := range x {
		x[i] *= 0.5 - 0.5*math.Cos(2*math.Pi*min(1.5*min(float64(i), float64(len(x)-i))/float64(len(x)), 0.5))
		power += x[i] * x[i] / float64(len(x))
	}
	at := p.random.IntN(len(p.samples))
	addScaled(p.samples[at:], x, num.Amplitude(levelDB)/math.Sqrt(power))
}

package corpus

import (
	"math"
	"math/rand/v2"
	"time"

	"prep/data"
	"prep/data/filter"
)

// voice is one player in one room before one microphone.
type voice struct {
	fs      float64
	tract   float64 // formants relative to a 17 cm tract
	pitch   float64 // of kicks and thumps, relative
	sibilHz float64 // front-cavity resonance of [s]
	hush    float64 // snares from [pf] (0) to [pʃ] (1)
	voicing float64 // of kicks: 0 unvoiced to 1
	breath  float64 // friction against bursts, relative
	loose   float64 // articulation scatter, relative
	tempo   float64 // quarter notes a minute
	style   map[string]habit
	room    room
	mic     []filter.Section
	noise   noise
	peakDB  float64 // of a take's loudest sample, re full scale
}

// habit is how a voice makes one class, relative to the textbook.
type habit struct{ bright, decay float64 }

// newVoice draws voice number i. The main traits are spread evenly over their
// ranges by additive recurrences with square roots of primes (Richtmyer's
// sequence), so that even a few voices truly differ and a voice does not
// depend on how many there are; smaller habits are random.
func newVoice(c Config, i int) *voice {
	root := data.Rand(c.Seed, "voices")
	spread := func(prime, lo, hi float64) float64 {
		shift := root.Float64()
		u := math.Mod(shift+float64(i+1)*math.Sqrt(prime), 1)
		return lo * math.Pow(hi/lo, u)
	}
	v := &voice{fs: float64(c.Rate)}
	v.tract = spread(2, 0.88, 1.22)
	v.pitch = spread(3, 0.75, 1.45)
	v.sibilHz = spread(5, 5200, 8600)
	v.hush = spread(7, 0.1, 1.1) - 0.1
	v.voicing = spread(11, 0.1, 1.2) - 0.1
	v.breath = spread(13, 0.6, 1.6)
	v.loose = spread(17, 0.8, 1.6)
	v.tempo = spread(19, 84, 132)
	rt60 := spread(23, 0.12, 0.50)
	wet := spread(29, 1, 13) - 23 // dB re the direct sound
	lowHz := spread(31, 35, 190)
	highHz := spread(37, 7500, 18500)
	presence := spread(41, 1, 10) - 3
	snr := spread(43, 17, 44)
	v.peakDB = spread(47, 1, 13) - 14
	rng := data.Rand(c.Seed, voiceName(i))
	v.style = habits(rng)
	v.room = newRoom(rng, v.fs, rt60, wet)
	v.mic = []filter.Section{
		filter.Highpass(lowHz, 0.707, v.fs),
		filter.Peak(2800+2800*rng.Float64(), 0.9, presence, v.fs),
		filter.Lowpass(belowHalf(highHz, v.fs), 0.707, v.fs),
	}
	if c.SNRDB != 0 {
		snr = c.SNRDB
	}
	v.noise = newNoise(rng, snr)
	return v
}

func habits(rng *rand.Rand) map[string]habit {
	style := map[string]habit{}
	for _, class := range Classes {
		style[class] = habit{
			bright: math.Exp(0.10 * clampNormal(rng)),
			decay:  math.Exp(0.28 * clampNormal(rng)),
		}
	}
	return style
}

// normSeconds is the length over which a hit's level is set: what is kept of it.
const normSeconds = float64(data.MaxHit) / float64(time.Second)

// hit returns one hit of the class through the voice's microphone, from its
// first sample. Every class has the same level: the geometric mean of peak
// and RMS over the first 50 ms is one.
func (v *voice) hit(class string, rng *rand.Rand) []float64 {
	s := &stroke{fs: v.fs, rng: rng}
	v.articulate(s, class)
	x := append(s.out, make([]float64, int(0.02*v.fs))...) // the microphone's ringing
	filter.Run(x, v.mic...)
	var peak, power float64
	head := x[:min(len(x), int(normSeconds*v.fs))]
	for _, y := range head {
		peak = max(peak, math.Abs(y))
		power += y * y
	}
	gain := 1 / math.Sqrt(peak*math.Sqrt(power/(normSeconds*v.fs)))
	for i := range x {
		x[i] *= gain
	}
	return x
}

// gesture draws how one hit departs from the textbook: multipliers for
// frequencies, for times and for the gain of friction.
type gesture struct {
	v       *voice
	rng     *rand.Rand
	habit   habit
	hz, sec float64
}

func (v *voice) gesture(class string, rng *rand.Rand) gesture {
	h := v.style[class]
	return gesture{v: v, rng: rng, habit: h,
		hz:  v.tract * h.bright * math.Exp(0.07*v.loose*clampNormal(rng)),
		sec: min(max(h.decay*math.Exp(0.24*v.loose*clampNormal(rng)), 0.5), 2)}
}

// scatter returns x with the voice's scatter.
func (g gesture) scatter(x float64) float64 {
	return x * math.Exp(0.20*g.v.loose*clampNormal(g.rng))
}

// frictionGain returns a friction gain with the voice's breath and scatter.
func (g gesture) frictionGain(x float64) float64 { return g.scatter(x * g.v.breath) }

// articulate makes one hit of the class in s.
func (v *voice) articulate(s *stroke, class string) {
	g := v.gesture(class, s.rng)
	switch class {
	case "kick":
		g.kick(s)
	case "hat-closed":
		g.hat(s, 0.004, 0.019)
	case "hat-open":
		g.hat(s, 0.024+0.06*s.rng.Float64(), 0.042)
	case "snare":
		g.snare(s)
	case "snare-k":
		g.snareK(s)
	case "rimshot":
		g.rimshot(s)
	case "click":
		g.click(s)
	}
}

package augment

import (
	"fmt"
	"math"
	"math/bits"
	"math/rand/v2"

	"prep/data"
	"prep/data/num"
	"prep/features/stft"
)

var reverb = Transform{
	Name: "reverb", Unit: "rt60_s", Lo: 0.05, Hi: 1, Identity: 0, log: true,
	About: "A synthetic room: exponentially decaying noise behind the direct sound. Listening rooms " +
		"have 0.2 to 0.4 s (EBU Tech 3276), living rooms about 0.5; Ko et al. (ICASSP 2017) augment speech with such rooms.",
	// Late energy re the direct sound, and when it sets in.
	also: []amount{{"wet_db", -18, -6, false}, {"predelay_ms", 1, 10, false}},
	need: func(a amounts, rate data.Rate, out span) span {
		return out.extend(roomOf(a, rate, 0).len() + predelay(a, rate))
	},
	apply: func(w *window, a amounts, _ span, rng *rand.Rand) {
		room := roomOf(a, w.rate, rng.IntN(variants))
		late := room.convolve(w.samples)
		addScaled(w.samples[predelay(a, w.rate):], late[:len(late)-predelay(a, w.rate)], float32(num.Amplitude(a["wet_db"])))
	},
}

func predelay(a amounts, rate data.Rate) int { return int(a["predelay_ms"] / 1000 * float64(rate)) }

const (
	// roomStep is the ratio of the reverberation times of neighbouring rooms:
	// the least that is heard (ISO 3382-1, annex A). Their spectra are kept.
	roomStep = 1.05
	// variants is how many responses each reverberation time has.
	variants = 4
)

// room is a late response.
type room struct {
	size    int // its reverberation time is roomStep^size seconds
	variant int
	rate    data.Rate
}

// roomOf returns the room next to the reverberation time asked for.
func roomOf(a amounts, rate data.Rate, variant int) room {
	return room{int(math.Round(math.Log(a["rt60_s"]) / math.Log(roomStep))), variant, rate}
}

// rt60 returns the reverberation time in seconds.
func (r room) rt60() float64 { return math.Pow(roomStep, float64(r.size)) }

// len is the length of the response in samples: down to -60 dB.
func (r room) len() int { return max(1, int(r.rt60()*float64(r.rate))) }

// response returns Gaussian noise of energy 1 that falls by 60 dB in rt60
// (Polack's model; Moorer, "About this reverberation business", Computer Music
// Journal 3, 1979).
func (r room) response() []float32 {
	h := make([]float32, r.len())
	white(h, data.Rand(uint64(r.variant), fmt.Sprintf("room %d", r.size)))
	fall := math.Pow(10, -3/float64(r.len()))
	e := 1.0
	for i := range h {
		h[i] *= float32(e)
		e *= fall
	}
	scale(h, float32(1/(rms(h)*math.Sqrt(float64(len(h))))))
	return h
}

// convolve returns x through the room's response, as long as x. The first
// samples, as many as the response has, are not exact: the convolution wraps
// into them.
func (r room) convolve(x []float32) []float32 {
	c, done := convolvers.get(1 << bits.Len(uint(max(len(x), r.len(), 8)-1)))
	defer done()
	y := make([]float32, len(x))
	c.convolve(y, x, r.spectrum(c))
	return y
}

// spectrum returns that of the response, from memory if it can.
func (r room) spectrum(c *convolver) stft.Sequence {
	return spectra.get(echo{r, c.n}, func() stft.Sequence { return c.spectrum(r.response()) })
}

// echo is a room's response in a convolution of n samples.
type echo struct {
	room
	n int
}

// spectra are those of rooms, at most 64 MiB: all 62 sizes of rooms at 44.1 kHz,
// which take 256 KiB each at most, in all variants.
var spectra = newCache[echo](1<<24, func(s stft.Sequence) int { return 2 * len(s.Re) })

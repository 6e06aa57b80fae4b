// Package corpus synthesizes beatboxing: sequences of percussive mouth sounds
// by voices that differ, with the true onset and class of every hit. It is the
// corpus of `prep demo` and a source of signals for tests.
//
// A hit is made as the mouth makes it (source and filter): bursts of noise and
// pitched pulses through the resonances of one speaker's tract. The hits of a
// take are laid on a human rhythm, one below the other's tail, and the sum
// passes through the speaker's room, microphone and background noise.
//
// The onset of a hit is the first sample at which its energy starts: its
// excitation is zero before that sample and not zero at it. The direct sound
// and the microphone add no delay, so that this is also the first sample of
// the take that the hit changes. Attacks then take 0.1 to 3 ms.
//
// A configuration gives the same samples, bit for bit, in whatever order its
// takes are made; on another architecture the last bits may differ.
package corpus

import (
	"fmt"
	"iter"
	"math"

	"prep/data"
	"prep/data/num"
)

// Classes are the labels of the corpus.
//
//	kick        bilabial ejective [p'], low cavity resonance, pitch drop, often voiced
//	hat-closed  alveolar ejective affricate [ts'], short
//	hat-open    alveolar affricate [ts:], held
//	snare       labial burst and friction [pf] to [pʃ]
//	snare-k     velar lateral affricate, ingressive [kʟ̝̊]: the k-snare
//	rimshot     velar ejective [k'], hollow and short
//	click       alveolar click [!], ingressive
//
// The sounds follow the MRI and acoustic descriptions in Proctor et al.,
// "Paralinguistic mechanisms of production in human beatboxing", JASA 133
// (2013), and Blaylock et al., "Sounds of the human vocal tract", Interspeech
// (2017).
var Classes = []string{"kick", "hat-closed", "hat-open", "snare", "snare-k", "rimshot", "click"}

// Config says which corpus to make.
type Config struct {
	Voices        int       `yaml:"voices" json:"voices"`
	TakesPerVoice int       `yaml:"takes_per_voice" json:"takes_per_voice"`
	HitsPerTake   int       `yaml:"hits_per_take" json:"hits_per_take"`
	Seed          uint64    `yaml:"seed" json:"seed"`
	Rate          data.Rate `yaml:"rate" json:"rate"`
	// SNRDB replaces every voice's own ratio of hits to background noise, in
	// dB; 0 leaves it to the voice, +Inf leaves out the noise.
	SNRDB float64 `yaml:"snr_db" json:"snr_db"`
}

// Default returns 10 voices, 1400 hits and about six minutes of audio at 44.1 kHz.
func Default() Config {
	return Config{Voices: 10, TakesPerVoice: 5, HitsPerTake: 28, Seed: 1, Rate: 44100}
}

// Validate says which field is out of range.
func (c Config) Validate() error {
	for _, f := range []struct {
		name   string
		value  int
		lo, hi int
	}{
		{"voices", c.Voices, 1, 1000},
		{"takes_per_voice", c.TakesPerVoice, 1, 1000},
		{"hits_per_take", c.HitsPerTake, 1, 10000},
		{"rate", int(c.Rate), 16000, 192000},
	} {
		if f.value < f.lo || f.value > f.hi {
			return fmt.Errorf("corpus: %s is %d, want %d to %d", f.name, f.value, f.lo, f.hi)
		}
	}
	if math.IsNaN(c.SNRDB) {
		return fmt.Errorf("corpus: snr_db is not a number")
	}
	return nil
}

// Event is one true hit: the sample at which its energy starts, and its class.
type Event struct {
	Onset int
	Class string
}

// Take is one synthesized recording with its truth, by onset.
type Take struct {
	Name  string // "voice-01/take-1"
	Voice string // "voice-01"
	Clip  data.Clip
	Truth []Event
}

// Generate yields the takes of c, voice by voice. c must be valid.
func Generate(c Config) iter.Seq[Take] {
	return func(yield func(Take) bool) {
		for v := range c.Voices {
			for t := range c.TakesPerVoice {
				if !yield(makeTake(c, v, t)) {
					return
				}
			}
		}
	}
}

// makeTake returns one take of c: voice in [0, c.Voices), take in
// [0, c.TakesPerVoice). It depends on no other take.
func makeTake(c Config, voice, take int) Take {
	name := voiceName(voice)
	t := Take{Name: fmt.Sprintf("%s/take-%d", name, take+1), Voice: name}
	v := newVoice(c, voice)
	rng := data.Rand(c.Seed, t.Name)
	score := compose(rng, c, v.tempo)
	fs := float64(c.Rate)
	length := score[len(score)-1].onset + int(0.8*fs)
	dry := make([]float64, length)
	for i, n := range score {
		hit := v.hit(n.class, data.Rand(c.Seed, fmt.Sprintf("%s/%d", t.Name, i)))
		addScaled(dry[n.onset:], hit, n.gain)
		t.Truth = append(t.Truth, Event{Onset: n.onset, Class: n.class})
	}
	wet := v.room.apply(dry)
	v.addNoise(wet, data.Rand(c.Seed, t.Name+"/noise"))
	t.Clip = data.Clip{Rate: c.Rate, Samples: level(wet, num.Amplitude(v.peakDB-3*rng.Float64()))}
	return t
}

func voiceName(voice int) string { return fmt.Sprintf("voice-%02d", voice+1) }

// level returns x scaled so that its largest magnitude is peak; silence stays.
func level(x []float64, peak float64) []float32 {
	largest := largestOf(x)
	out := make([]float32, len(x))
	if largest == 0 {
		return out
	}
	for i, v := range x {
		out[i] = float32(v * peak / largest)
	}
	return out
}

// largestOf returns the largest magnitude of x.
func largestOf(x []float64) (largest float64) {
	for _, v := range x {
		largest = max(largest, math.Abs(v))
	}
	return largest
}

// addScaled adds gain*src to dst, as far as dst goes.
func addScaled(dst, src []float64, gain float64) {
	n := min(len(dst), len(src))
	dst = dst[:n]
	for i, v := range src[:n] {
		dst[i] += gain * v
	}
}

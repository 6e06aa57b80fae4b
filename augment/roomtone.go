package augment

import (
	"fmt"
	"math"
	"math/rand/v2"

	"prep/data"
)

var roomTone = Transform{
	Name: "room_tone", Unit: "snr_db", Lo: -10, Hi: 80, Identity: math.Inf(1),
	About: "The recording's own background, from its quietest stretch, louder than it was: " +
		"noise of the kind that the room and the microphone make.",
	material: readTone,
	apply: func(w *window, a amounts, _ span, rng *rand.Rand) {
		noise := spread(w.material, len(w.samples), w.seconds(grainSeconds), rng)
		w.addAt(noise, rms(noise[w.at:w.at+w.post]), a["snr_db"])
	},
}

const (
	// toneSeconds of quiet are looked for; a third of a recording at most.
	toneSeconds = 0.200
	// toneBlock is the resolution of the search, in seconds.
	toneBlock = 0.010
	// grainSeconds is the length of the pieces that room tone is laid out in.
	grainSeconds = 0.046
)

// tone is the quietest stretch of a recording.
type tone struct{ From, Samples int }

// readTone reads a tone, which is in the parent's own recording.
func readTone(s source, step data.Transform, _ int) ([]float32, error) {
	from, n := step.Amounts["from"], step.Amounts["samples"]
	if length := float64(s.recording.Len()); !(from >= 0 && n >= 1 && from+n <= length) {
		return nil, fmt.Errorf("samples %v to %v are not in a recording of %v", from, from+n, length)
	}
	return data.ReadSpan(s.recording, int(from), int(from+n))
}

// spread returns n samples made of pieces of x from random places, overlapped
// by half under sine windows, which keeps the power of noise.
func spread(x []float32, n, grain int, rng *rand.Rand) []float32 {
	grain = max(min(grain, len(x)), 2) / 2 * 2
	out := make([]float32, n)
	if len(x) < grain {
		return out
	}
	window := sine(grain)
	for start := -grain / 2; start < n; start += grain / 2 {
		piece := x[rng.IntN(len(x)-grain+1):]
		lo, hi := data.Overlap(start, grain, n)
		addProduct(out[start+lo:], window[lo:hi], piece[lo:])
	}
	return out
}

// quietestStretch returns the quietest stretch of r that is not digital silence, or
// nil when there is none.
func quietestStretch(r data.Reader) (*tone, error) {
	block := max(1, int(toneBlock*float64(r.SampleRate())))
	power, err := powers(r, block)
	want := min(int(toneSeconds/toneBlock), len(power)/3)
	if err != nil || want < 1 {
		return nil, err
	}
	least, at := math.Inf(1), -1
	for i := range len(power) - want + 1 {
		var sum float64
		for _, v := range power[i : i+want] {
			sum += v
		}
		if sum < least {
			least, at = sum, i
		}
	}
	if at < 0 {
		return nil, nil
	}
	return &tone{at * block, want * block}, nil
}

// powers returns the mean square of each whole block of r, and infinity for
// digital silence.
func powers(r data.Reader, block int) ([]float64, error) {
	power, buf := make([]float64, r.Len()/block), make([]float32, block)
	for i := range power {
		if err := r.ReadAt(buf, i*block); err != nil {
			return nil, err
		}
		power[i] = math.Inf(1)
		if level := rms(buf); level > 0 {
			power[i] = level * level
		}
	}
	return power, nil
}

// toneOf returns the room tone of a recording of the set, or nil.
func toneOf(set *data.Set, id string) (*tone, error) {
	audio, err := set.Audio(id)
	if err != nil {
		return nil, err
	}
	defer audio.Close()
	return quietestStretch(audio)
}

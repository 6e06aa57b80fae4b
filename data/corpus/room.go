package corpus

import (
	"math"
	"math/rand/v2"

	"prep/data/num"
)

// roomLines are the delays of the late reverberation in milliseconds, mutually
// incommensurate (Jot and Chaigne, "Digital delay networks for designing
// artificial reverberators", AES 90, 1991).
var roomLines = [...]float64{11.83, 14.17, 16.93, 19.61, 23.27, 27.43, 31.09, 36.71}

// room adds early reflections and late reverberation. The direct sound passes
// unchanged and undelayed.
type room struct {
	early    []tap
	lines    [len(roomLines)]line
	predelay int
	gain     float64
}

type tap struct {
	delay int
	gain  float64
}

// line is one line of the feedback delay network.
type line struct {
	length         int
	gain, damp     float64
	buffer         []float64
	state, written float64
}

// newRoom draws a room of the given reverberation time, in seconds, whose late
// energy for an impulse is wetDB relative to the direct sound.
func newRoom(rng *rand.Rand, fs, rt60, wetDB float64) room {
	size := 0.6 + 0.8*rng.Float64()
	r := room{predelay: int(0.008 * size * fs), gain: 1}
	for range 6 {
		ms := 1.5 + 20*size*rng.Float64()
		r.early = append(r.early, tap{int(ms / 1000 * fs), num.Amplitude(wetDB-1-ms/4) * randomSign(rng)})
	}
	damp := 0.15 + 0.35*rng.Float64()
	for i, ms := range roomLines {
		n := int(ms * size / 1000 * fs)
		r.lines[i] = line{length: n, damp: damp, gain: math.Pow(10, -3*float64(n)/(rt60*fs))}
	}
	impulse := make([]float64, int(rt60*fs))
	impulse[0] = 1
	var energy float64
	for _, v := range r.lateResponse(impulse) {
		energy += v * v
	}
	r.gain = num.Amplitude(wetDB) / math.Sqrt(energy)
	return r
}

func randomSign(rng *rand.Rand) float64 { return float64(2*rng.IntN(2) - 1) }

// apply returns x in the room: direct sound, early reflections, late tail.
func (r room) apply(x []float64) []float64 {
	out := r.lateResponse(x)
	addScaled(out, x, 1)
	for _, t := range r.early {
		addScaled(out[min(t.delay, len(out)):], x, t.gain)
	}
	return out
}

// lateResponse returns the response of the feedback delay network to x.
func (r room) lateResponse(x []float64) []float64 {
	lines := r.lines
	for i := range lines {
		lines[i].buffer = make([]float64, lines[i].length)
	}
	out := make([]float64, len(x))
	var at [len(roomLines)]int
	for i := range x {
		in := 0.0
		if i >= r.predelay {
			in = x[i-r.predelay]
		}
		var sum, wet float64
		for k := range lines {
			l := &lines[k]
			l.state += (1 - l.damp) * (l.buffer[at[k]] - l.state)
			l.written = l.gain * l.state
			sum += l.written
			wet += l.written * float64(1-2*(k&1))
		}
		sum *= 2.0 / float64(len(lines)) // Householder: x - 2/N (1 1') x
		for k := range lines {
			l := &lines[k]
			l.buffer[at[k]] = l.written - sum + in
			if at[k]++; at[k] == l.length {
				at[k] = 0
			}
		}
		out[i] = r.gain * wet
	}
	return out
}

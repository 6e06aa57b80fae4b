package segment

import (
	"math"

	"prep/data"
	"prep/data/num"
	"prep/data/tcn"
)

// listener gives the output of a detector for frame after frame of a recording.
type listener struct {
	*spectra
	runner  *tcn.Runner
	reach   int
	heard   int                         // frames that columns hold, from the first that the next output needs
	first   int                         // frame of the first column
	stride  int                         // between the rows of columns
	columns []float32                   // rows x stride
	out     []float32                   // outputs not given out yet
	near    [2*spreadFrames + 1]float64 // probabilities around the frame that is given out, by frame
	given   int
	powers  []float32 // mean power of the last frames, by frame
	noises  []float32 // levels of the noise around them
}

func newListener(g grid, d *Detector, r data.Reader, block int, c Config) *listener {
	l := &listener{spectra: newSpectra(g, r, block, c), runner: d.Network.NewRunner(), reach: d.Network.Reach()}
	l.stride = block + 2*l.reach
	l.columns = make([]float32, l.stride*g.rows())
	l.powers, l.noises = make([]float32, 2*l.stride), make([]float32, 2*l.stride)
	l.first = -d.Lead - l.reach
	return l
}

// spreadFrames is to either side of an onset how many frames the targets of training
// reach, and spreadSum what they add up to: 0.2 + 0.6 + 1 + 0.6 + 0.2.
const (
	spreadFrames = 2
	spreadSum    = 2.6
)

// value returns the logarithm of the odds that an onset is near the next frame: of the sum
// of the network's probabilities over the frames in which it may be. Where noise hides when
// a hit begins, each of them is small and their sum is not.
func (l *listener) value() (float32, error) {
	for l.given < spreadFrames { // the first time
		if err := l.take(); err != nil {
			return 0, err
		}
	}
	if err := l.take(); err != nil {
		return 0, err
	}
	sum := 0.0
	for _, p := range l.near {
		sum += p
	}
	p := min(max(sum/spreadSum, 1e-9), 1-1e-6)
	return float32(math.Log(p / (1 - p))), nil
}

// take takes the network's output for one more frame.
func (l *listener) take() error {
	v, err := l.output()
	l.near[l.given%len(l.near)] = 1 / (1 + math.Exp(-float64(v)))
	l.given++
	return err
}

// output returns the network's output for the next frame.
func (l *listener) output() (float32, error) {
	if len(l.out) == 0 {
		if err := l.hear(); err != nil {
			return 0, err
		}
	}
	v := l.out[0]
	l.out = l.out[1:]
	return v, nil
}

// attackFrames is within how many frames the power of an attack has come.
const attackFrames = 4

// power returns the largest mean power of the frames from t on in which an attack comes.
func (l *listener) power(t int) float64 {
	top := float32(0)
	for i := t; i < t+attackFrames; i++ {
		top = max(top, l.powers[i%len(l.powers)])
	}
	return float64(top)
}

// A sound that begins out of digital silence is a hit only where it decays: by steadyDB
// from its first frames to those from 80 to 160 ms later. Steady noise that a recorder
// switches on does not.
const (
	steadyDB    = 6
	silentFor   = 8 // frames
	laterFrames = 16
)

// switchedOn reports whether frame t is where steady sound begins out of digital silence.
// A causal detector, which cannot wait, takes all that a recording begins with for that.
func (l *listener) switchedOn(t int, causal bool) bool {
	if causal {
		return t < attackFrames+spreadFrames
	}
	for i := t - silentFor; i < t-spreadFrames; i++ {
		if i >= 0 && l.powers[i%len(l.powers)] > 0 {
			return false
		}
	}
	sum := 0.0
	for i := t + laterFrames; i < t+2*laterFrames; i++ {
		sum += float64(l.powers[i%len(l.powers)])
	}
	return l.power(t) < num.Power(steadyDB)*sum/laterFrames
}

// hear runs the network on the next block.
func (l *listener) hear() error {
	for ; l.heard < l.stride; l.heard++ {
		if column := l.columns[l.heard:]; l.first+l.heard < 0 {
			l.silent(column, l.stride)
		} else if err := l.levels(column, l.stride); err != nil {
			return err
		} else {
			at := (l.first + l.heard) % len(l.powers)
			l.powers[at], l.noises[at] = l.mean(), l.noise
		}
	}
	l.out = l.runner.Run(l.block, func(rows []float32, stride int) {
		for i := range l.rows() {
			copy(rows[i*stride:], l.columns[i*l.stride:][:l.stride])
		}
	})
	for i := range l.rows() {
		row := l.columns[i*l.stride:][:l.stride]
		copy(row, row[l.block:])
	}
	l.first += l.block
	l.heard -= l.block
	return nil
}

// Spectrogram is what a detector hears of a recording: frames x bands x windows, row-major,
// of half the decimal logarithm of the power relative to the loudest of five seconds to
// either side, plus two.
type Spectrogram struct {
	Frames, Bands, Windows int
	Hop                    int // samples; frame t is centred on sample t * Hop
	Levels                 []float32
}

// Hear returns what a detector hears of a recording, causal or not. It takes 320
// bytes a frame of 5 ms. It fails only when r does.
func Hear(r data.Reader, causal bool) (Spectrogram, error) {
	g := newGrid(r.SampleRate())
	s := Spectrogram{Frames: g.count(r.Len()), Bands: bandCount, Windows: len(g.windows), Hop: g.hop}
	s.Levels = make([]float32, s.Frames*g.rows())
	in := newSpectra(g, r, blockFrames, Config{Causal: causal})
	for t := range s.Frames {
		if err := in.levels(s.Levels[t*g.rows():], 1); err != nil {
			return s, err
		}
	}
	return s, nil
}

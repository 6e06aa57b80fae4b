package segment

import (
	"time"

	"prep/data"
)

const (
	// nearest is the shortest time between onsets: the rise of one is largest
	// up to 15 ms after it, and the next may follow 39 ms after it (in VOPEC).
	// 30 ms misses one of ten such pairs, 16 ms loses 0.003 on VOPEC (measured:
	// see flux.go).
	nearest = 24 * time.Millisecond
	// soon is how much of that a causal detector waits for after an onset: 24 ms
	// gain 0.003 of F at 50 ms on all of VOPEC and nothing at 25, 12 ms lose
	// 0.006 (measured).
	soon = 15 * time.Millisecond
	// refractoryDB is added to the threshold at an onset and fades over
	// refractory: the second release of one gesture follows within 100 ms and
	// is weaker than a new attack. 10 loses 0.002 on VOPEC, 20 is as good, none
	// loses 0.030; over 100 ms 0.006, over 200 ms 0.005 (measured).
	refractoryDB = 14
	refractory   = 150 * time.Millisecond
	// burstDB is the rise of a burst from which an attack is abrupt. A second
	// release swells, a new hit bursts: one that rises by burstDB, and by
	// secondBurstDB more at an onset, is spared refractoryDB. Without it the
	// corpus loses 0.020 and VOPEC gains 0.004; a burstDB of 3 loses 0.003 on
	// VOPEC, 4 0.004 at 10 dB; a secondBurstDB of 0 loses 0.007 on VOPEC, 3 0.001
	// of the corpus (measured).
	burstDB       = 3.5
	secondBurstDB = 2
	// blockFrames are read at once: 0.7 s.
	blockFrames = 256
)

// Function is the detection function of a recording, a value a frame: value i
// belongs to sample i*Hop.
type Function struct {
	Rate      data.Rate
	Hop       int       // samples
	Values    []float64 // dB
	Threshold []float64 // dB; a local maximum that reaches it is an onset
}

// Function returns the detection function of a recording, for pictures. It
// takes 16 bytes a frame of 2.9 ms. It fails only when r does.
func (c Config) Function(r data.Reader) (Function, error) {
	fn := Function{Rate: r.SampleRate(), Hop: newGrid(r.SampleRate()).hop}
	err := c.scan(r, blockFrames, func(p point) error {
		fn.Values = append(fn.Values, p.value)
		fn.Threshold = append(fn.Threshold, p.threshold)
		return nil
	})
	return fn, err
}

// point is a frame of the detection function.
type point struct {
	at               int     // sample
	value, threshold float64 // dB
	abrupt, onset    bool
}

// scan calls fn for every frame of a recording, whose length may become known
// only as it is read.
func (c Config) scan(r data.Reader, block int, fn func(point) error) error {
	if r.Len() == 0 {
		return nil
	}
	g := newGrid(r.SampleRate())
	f := newFlux(g, r, block, c.Causal)
	k := newPicker(g, c)
	for t := -k.ahead; t < g.count(r.Len()); t++ {
		var v rise
		if t+k.ahead < g.count(r.Len()) {
			var err error
			if v, err = f.value(); err != nil {
				return err
			}
		}
		k.ring[(t+k.ahead)%len(k.ring)] = v
		if t < 0 {
			continue
		}
		if err := fn(k.pick(t)); err != nil {
			return err
		}
	}
	return nil
}

// picker decides which frames are onsets.
type picker struct {
	grid
	thresholdDB float64
	near, quiet int    // frames
	ahead       int    // frames after an onset that are looked at
	ring        []rise // the values from frame t-near to t+near
	last        int    // onset
}

func newPicker(g grid, c Config) *picker {
	k := &picker{grid: g, thresholdDB: c.ThresholdDB}
	k.near, k.quiet = g.frames(float64(nearest)), g.frames(float64(refractory))
	if k.ahead = k.near; c.Causal {
		k.ahead = g.frames(float64(soon))
	}
	k.ring = make([]rise, 2*k.near+1)
	k.last = -k.quiet
	return k
}

// pick returns frame t.
func (k *picker) pick(t int) point {
	fade := max(0, 1-float64(t-k.last)/float64(k.quiet))
	burst := k.burst(t)
	p := point{at: t * k.hop, value: k.at(t).all, threshold: k.thresholdDB, abrupt: burst >= burstDB}
	if burst < burstDB+secondBurstDB*fade {
		p.threshold += refractoryDB * fade
	}
	if p.onset = p.value >= p.threshold && k.peaks(t); p.onset {
		k.last = t
	}
	return p
}

// at returns the value of a frame of the ring.
func (k *picker) at(t int) rise { return k.ring[(t+len(k.ring))%len(k.ring)] }

// burst returns the largest rise of a burst of the attack whose rise peaks in
// frame t: it has begun within lagS before, or begins.
func (k *picker) burst(t int) float64 {
	top := 0.0
	for i := t - (k.lag - k.quick); i <= t+1; i++ {
		top = max(top, k.at(i).burst)
	}
	return top
}

// peaks reports whether frame t is the first of the largest values of the ring.
func (k *picker) peaks(t int) bool {
	v := k.at(t).all
	for i := 1; i <= k.near; i++ {
		if k.at(t-i).all >= v || i <= k.ahead && k.at(t+i).all > v {
			return false
		}
	}
	return true
}

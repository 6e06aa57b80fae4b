package segment

import "prep/data"

var (
	pickMaxMs = 30.0 // before and after
	meanMs    = 100.0
	meanGain  = 1.0
)

// Function is the detection function of a recording, a value a frame.
type Function struct {
	Rate      data.Rate
	Hop       int       // samples; value i belongs to sample i*Hop
	Values    []float64 // dB
	Threshold []float64 // dB
}

// candidate is a coarse onset.
type candidate struct {
	at       int     // sample
	strength float64 // dB
}

// Function returns the detection function of a recording.
func (c Config) Function(r data.Reader) (Function, error) {
	fn := Function{Rate: r.SampleRate(), Hop: newGrid(r.SampleRate()).hop}
	err := c.scan(r, blockFrames, func(_ int, value, threshold float64, _ bool) {
		fn.Values = append(fn.Values, value)
		fn.Threshold = append(fn.Threshold, threshold)
	})
	return fn, err
}

const blockFrames = 256

// scan calls fn for every frame.
func (c Config) scan(r data.Reader, block int, fn func(frame int, value, threshold float64, peak bool)) error {
	if r.SampleRate() <= 0 || r.Len() == 0 {
		return nil
	}
	g := newGrid(r.SampleRate())
	f := newFlux(g, r, block, c.Causal)
	frames := (r.Len()+g.window/2)/g.hop + 1
	span := func(ms float64) int { return max(1, int(ms/1000*float64(g.rate)/float64(g.hop)+0.5)) }
	near, wide := span(pickMaxMs), span(meanMs)
	half := max(near, wide)
	ring := make([]float64, 2*half+1)
	for n := 0; n < frames+half; n++ {
		v := 0.0
		if n < frames {
			var err error
			if v, err = f.value(); err != nil {
				return err
			}
		}
		ring[n%len(ring)] = v
		t := n - half
		if t < 0 {
			continue
		}
		at := func(i int) float64 {
			if i < 0 {
				return 0
			}
			return ring[i%len(ring)]
		}
		mean := 0.0
		for i := t - wide; i <= t+wide; i++ {
			mean += at(i)
		}
		mean /= float64(2*wide + 1)
		v = at(t)
		threshold := c.ThresholdDB + meanGain*mean
		peak := v >= threshold
		for i := t - near; i <= t+near && peak; i++ {
			peak = v > at(i) || v == at(i) && i >= t
		}
		fn(t, v, threshold, peak)
	}
	return nil
}

func (c Config) candidates(r data.Reader, block int) ([]candidate, error) {
	var found []candidate
	hop := newGrid(max(1, r.SampleRate())).hop
	err := c.scan(r, block, func(frame int, value, _ float64, peak bool) {
		if peak {
			found = append(found, candidate{frame * hop, value})
		}
	})
	return found, err
}

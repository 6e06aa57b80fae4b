package pitch

import (
	"math"
	"math/bits"

	"prep/data"
	"prep/data/num"
	"prep/features/stft"
)

// spectrum is a finely interpolated power spectrum.
type spectrum struct {
	power []float32
	binHz float64
	noise float64 // mean power of a bin of noise
	total float64
}

// estimate is a candidate, refined.
type estimate struct {
	lag, hz, score float64
}

// spectrumOf returns the spectrum of x under a Hann window, padded to at least
// four times its length.
func spectrumOf(x []float32, rate data.Rate) *spectrum {
	n := 1 << bits.Len(uint(4*len(x)))
	plan := planOf(n)
	s := &spectrum{power: make([]float32, plan.Bins()), binHz: float64(rate) / float64(n)}
	windowed := make([]float32, len(x))
	for i, w := range stft.Hann(len(x)) {
		windowed[i] = w * x[i]
	}
	plan.Power(s.power, windowed)
	for _, p := range s.power {
		s.total += float64(p)
	}
	// One harmonic spreads over the window's noise bandwidth, 1.5 bins of the
	// unpadded spectrum.
	s.total /= 1.5 * float64(n) / float64(len(x))
	s.noise = num.Quantile(everyFourth(s.power), 0.5) / math.Ln2 // the median of an exponential distribution is ln 2 of its mean
	return s
}

// everyFourth returns every fourth value: neighbours are padding.
func everyFourth(power []float32) (few []float32) {
	for i := 0; i < len(power); i += 4 {
		few = append(few, power[i])
	}
	return few
}

// choose refines the candidate periods, shortest first, and returns the best
// one; its lag is 0 when there is none.
func (s *spectrum) choose(lags []float64, rate data.Rate) estimate {
	var best estimate
	for _, lag := range lags {
		e := s.refine(float64(rate) / lag)
		if e.hz < MinHz*0.98 || e.hz > MaxHz*1.02 {
			continue
		}
		e.lag = float64(rate) / e.hz
		if best.lag == 0 || e.score > best.score+better*s.total {
			best = e
		}
	}
	return best
}

// refine moves a frequency by up to 4 % to where its harmonics hold most.
func (s *spectrum) refine(hz float64) estimate {
	const steps = 80
	scores := make([]float64, steps+1)
	at := func(i float64) float64 { return hz * (1 + 0.04*(2*i/steps-1)) }
	for i := range scores {
		scores[i] = s.score(at(float64(i)))
	}
	best := num.ArgMax(scores)
	e := estimate{hz: at(float64(best)), score: scores[best]}
	if best > 0 && best < steps {
		d, _ := vertex(scores[best-1], scores[best], scores[best+1])
		e.hz = at(float64(best) + d)
	}
	return e
}

// score is the power that the harmonics of a frequency hold, less the margin
// that noise is given for each.
func (s *spectrum) score(hz float64) float64 {
	sum := 0.0
	for k := 1; k <= maxHarmonics; k++ {
		bin := float64(k) * hz / s.binHz
		i := int(bin)
		if i+1 >= len(s.power) {
			break
		}
		frac := bin - float64(i)
		sum += (1-frac)*float64(s.power[i]) + frac*float64(s.power[i+1]) - noiseMargin*s.noise
	}
	return sum
}

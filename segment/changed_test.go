package segment

import (
	"math"
	"math/rand/v2"
)

// change is what a take suffers.
type change func(x []float32, rng *rand.Rand) []float32

func keep(x []float32, _ *rand.Rand) []float32 { return x }

// top returns the peak of x times a level in dB.
func top(x []float32, db float64) float64 {
	var peak float64
	for _, v := range x {
		peak = max(peak, math.Abs(float64(v)))
	}
	return peak * math.Pow(10, db/20)
}

// each changes sample by sample.
func each(x []float32, f func(i int, v float64) float64) []float32 {
	y := make([]float32, len(x))
	for i, v := range x {
		y[i] = float32(f(i, float64(v)))
	}
	return y
}

// wave adds a cosine; at 0 Hz it is DC.
func wave(amplitude, hz float64) change {
	return func(x []float32, _ *rand.Rand) []float32 {
		return each(x, func(i int, v float64) float64 { return v + amplitude*math.Cos(2*math.Pi*hz*float64(i)/float64(rate)) })
	}
}

// hum adds the mains and its harmonics, the first at a level.
func hum(db float64) change {
	return func(x []float32, rng *rand.Rand) []float32 {
		level := top(x, db)
		for k, hz := range []float64{50, 100, 150, 250} {
			x = wave(level/float64(k+1), hz)(x, rng)
		}
		return x
	}
}

func clipped(db float64) change {
	return func(x []float32, _ *rand.Rand) []float32 {
		ceiling := top(x, -db)
		return each(x, func(_ int, v float64) float64 { return min(max(v, -ceiling), ceiling) })
	}
}

// quantized brings the peak to a level and rounds to 16 bits.
func quantized(db float64) change {
	return func(x []float32, _ *rand.Rand) []float32 {
		gain := math.Pow(10, db/20) / top(x, 0) * 32767
		return each(x, func(_ int, v float64) float64 { return math.RoundToEven(v*gain) / 32768 })
	}
}

// noisy adds Gaussian noise of an RMS level, through an integrator that leaks.
func noisy(db, leak float64) change {
	return func(x []float32, rng *rand.Rand) []float32 {
		level, state := top(x, db)*math.Sqrt(1-leak*leak), 0.0
		return each(x, func(_ int, v float64) float64 {
			state = leak*state + level*rng.NormFloat64()
			return v + state
		})
	}
}

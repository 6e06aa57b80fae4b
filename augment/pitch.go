package augment

import (
	"math"
	"math/rand/v2"

	"prep/data"
)

var pitch = Transform{
	Name: "pitch", Unit: "semitones", Lo: -12, Hi: 12, Identity: 0,
	About: "Pitch, formants and speed together, by resampling: a smaller or larger mouth. " +
		"Ko et al. (Interspeech 2015) use speeds 0.9 to 1.1, Salamon and Bello (2017) pitches of 1 to 3.5 semitones.",
	factor: func(a amounts) float64 { return 1 / pitchSpeed(a).ratio() },
	need: func(a amounts, _ data.Rate, out span) span {
		v := pitchSpeed(a)
		return warpNeed(out, v.ratio(), v.margin())
	},
	apply: func(w *window, a amounts, out span, _ *rand.Rand) {
		v := pitchSpeed(a)
		w.scale(1 / v.ratio())
		w.resample(v, out)
	},
}

// pitchSpeed returns the speed that plays a sound so many semitones higher.
func pitchSpeed(a amounts) speed { return speed(math.Round(math.Exp2(a["semitones"]/12) * phases)) }

// warpNeed returns the input of a warp that reads input samples at a speed, with
// a margin for its kernel.
func warpNeed(out span, speed float64, margin int) span {
	return span{int(float64(out.before)*speed) + margin, int(float64(out.after)*speed) + margin}
}

// resample replaces w by the stretch out of itself read at a speed.
func (w *window) resample(v speed, out span) {
	dst := make([]float32, out.before+out.after)
	v.read(dst, out.before, w.samples, w.at)
	w.samples, w.at = dst, out.before
}

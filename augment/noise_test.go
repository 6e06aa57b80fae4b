package augment

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"prep/data"
	"prep/data/filter"
)

func TestNoiseHasTheRatioAsked(t *testing.T) {
	rec, h := recording(20000, func(t float64) float64 { return 0.1 * kick(t) }), strike(20000)
	for _, name := range []string{"noise_white", "noise_pink"} {
		for _, snr := range []float64{0, 10, 30} {
			clip, got := rendered(t, rec, h, step(name, "snr_db", snr))
			noise := make([]float32, clip.Len())
			for i := range noise {
				noise[i] = clip.Samples[i] - rec.Samples[h.Onset-got.Onset+i]
			}
			signal := rms(rec.Samples[h.Onset:h.End])
			db := 20 * math.Log10(signal/rms(noise[got.Onset:got.End]))
			t.Logf("%s: %.2f dB, asked %v", name, db, snr)
			if math.Abs(db-snr) > 0.3 {
				t.Errorf("%s: %.2f dB, want %v", name, db, snr)
			}
		}
	}
}

func TestPinkNoiseFallsByThreeDecibelsAnOctave(t *testing.T) {
	x := make([]float32, 1<<17)
	pink(x, rand.New(rand.NewPCG(5, 6)))
	w := window{rate: rate, samples: x}
	octave := func(hz float64) float64 {
		c := window{rate: rate, samples: slices.Clone(w.samples)}
		filter.Run(c.samples, butterworth(hz/math.Sqrt2, float64(rate), filter.Highpass)...)
		filter.Run(c.samples, butterworth(hz*math.Sqrt2, float64(rate), filter.Lowpass)...)
		return 20 * math.Log10(rms(c.samples))
	}
	for _, hz := range []float64{250, 1000, 4000} { // an octave of 1/f has equal power
		if d := octave(2*hz) - octave(hz); math.Abs(d) > 1 {
			t.Errorf("the octave above %v Hz differs by %.2f dB, want 0", hz, d)
		}
	}
}

func TestRecordedNoiseHasTheRatioAsked(t *testing.T) {
	rec, h := recording(20000, kick), strike(20000)
	for _, name := range []string{"room_tone", "background"} {
		clip, got := rendered(t, rec, h, drawn(catalogue[name], 10))
		noise := make([]float32, clip.Len())
		for i := range noise {
			noise[i] = clip.Samples[i] - rec.Samples[h.Onset-got.Onset+i]
		}
		signal := rms(rec.Samples[h.Onset:h.End])
		db := 20 * math.Log10(signal/rms(noise[got.Onset:got.End]))
		t.Logf("%s: %.2f dB, asked 10", name, db)
		if math.Abs(db-10) > 0.3 {
			t.Errorf("%s: %.2f dB, want 10", name, db)
		}
	}
}

func TestQuietestStretch(t *testing.T) {
	rec := recording(0, func(t float64) float64 {
		if t > 0.6 && t < 0.9 {
			return 0
		}
		return 0.1 * math.Sin(2*math.Pi*700*t)
	})
	clear(rec.Samples[:5000]) // digital silence is no room tone
	got, err := quietestStretch(rec)
	if err != nil || got == nil || got.From < 26400 || got.From+got.Samples > 39700 || got.Samples != 20*441 {
		t.Errorf("got %+v, %v; want 200 ms between 0.6 and 0.9 s", got, err)
	}
	if got, err := quietestStretch(data.Clip{Rate: rate, Samples: make([]float32, 44100)}); got != nil || err != nil {
		t.Errorf("digital silence has the tone %v, %v", got, err)
	}
	if got, err := quietestStretch(data.Clip{Rate: rate, Samples: make([]float32, 500)}); got != nil || err != nil {
		t.Errorf("11 ms have the tone %v, %v", got, err)
	}
}

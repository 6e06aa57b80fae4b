package augment

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"prep/data"
)

func TestGainStaysBelowFullScale(t *testing.T) {
	rec, h := recording(20000, kick), strike(20000)
	clip, got := rendered(t, rec, h, step("gain", "gain_db", 30))
	original, _ := rendered(t, rec, h)
	g := clip.Samples[got.Onset+100] / original.Samples[got.Onset+100]
	for i := got.Onset + 100; i < got.Onset+1000; i++ {
		if math.Abs(float64(clip.Samples[i]-g*original.Samples[i])) > 1e-5 {
			t.Fatal("the limit is no gain: samples change their proportion")
		}
	}
	loud := data.Clip{Rate: rate, Samples: slices.Clone(rec.Samples)}
	for i := range loud.Samples {
		loud.Samples[i] *= 4 // a float recording beyond full scale may stay there
	}
	loud, _, err := kept(Renderer{}, loud, h, copyOf(h, step("gain", "gain_db", 0)))
	if p := peak(loud.Samples); err != nil || p <= 1 {
		t.Errorf("peak %v, %v: a parent beyond full scale is turned down", p, err)
	}
}

func TestClippingCutsAsFarAsAsked(t *testing.T) {
	rec, h := recording(20000, kick), strike(20000)
	clip, got := rendered(t, rec, h, step("clipping", "clip_db", 6))
	before, after := peak(rec.Samples[h.Onset:h.End]), peak(clip.Samples[got.Onset:got.End])
	if db := 20 * math.Log10(float64(before/after)); math.Abs(db-6) > 0.01 {
		t.Errorf("the peak falls by %.2f dB, want 6", db)
	}
}

func TestCodecErrsAsMuchAsAsked(t *testing.T) {
	noise := rand.New(rand.NewPCG(8, 8))
	rec := recording(0, func(float64) float64 { return 0.1 * noise.NormFloat64() })
	w := window{rate: rate, samples: slices.Clone(rec.Samples)}
	for _, snr := range []float64{10, 20} {
		w.samples = slices.Clone(rec.Samples)
		w.codec(snr, 30000)
		var diff []float32
		for i := 2000; i < 40000; i++ {
			diff = append(diff, w.samples[i]-rec.Samples[i])
		}
		if db := 20 * math.Log10(rms(rec.Samples)/rms(diff)); math.Abs(db-snr) > 1.5 {
			t.Errorf("the error is %.1f dB below the signal, want %v", db, snr)
		}
	}
	w.samples = slices.Clone(rec.Samples)
	w.codec(60, 8000)
	if low, high := magnitude(w.samples[2000:20000], 6000), magnitude(w.samples[2000:20000], 12000); high > 0.01*low {
		t.Errorf("a cut at 8 kHz leaves %.3g at 12 kHz of %.3g at 6 kHz", high, low)
	}
}

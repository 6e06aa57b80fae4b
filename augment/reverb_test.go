package augment

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"prep/data"
)

// rt60 fits Schroeder's backward integral from -5 to -25 dB.
func rt60(h []float32) float64 {
	curve := make([]float64, len(h))
	var sum float64
	for i := len(h) - 1; i >= 0; i-- {
		sum += float64(h[i]) * float64(h[i])
		curve[i] = sum
	}
	at := func(db float64) float64 {
		return float64(slices.IndexFunc(curve, func(e float64) bool { return e < curve[0]*math.Pow(10, db/10) }))
	}
	return 3 * (at(-25) - at(-5)) / float64(rate)
}

func TestReverbDecaysAsAsked(t *testing.T) {
	click := data.Clip{Rate: rate, Samples: make([]float32, 2*rate)}
	click.Samples[20000] = 1
	h := data.Hit{ID: "r-1", Start: 19990, Onset: 20000, End: 20100, Offset: 20050}
	for _, seconds := range []float64{0.05, 0.1, 0.2, 0.4, 0.8, 1} {
		a := amounts{"rt60_s": seconds, "wet_db": -6, "predelay_ms": 3}
		s := span{0, rate.N(1_100_000_000)}
		w, err := new(buffer).read(click, h, reverb.need(a, rate, s))
		if err != nil {
			t.Fatal(err)
		}
		reverb.apply(&w, a, s, rand.New(rand.NewPCG(7, 8)))
		w.crop(s)
		late := w.samples[predelay(a, rate):]
		if math.Abs(float64(w.samples[0])-1) > 1e-5 || peak(w.samples[1:100]) > 1e-4 {
			t.Errorf("the direct sound is %v, followed by %v; want 1 and silence", w.samples[0], w.samples[1:4])
		}
		if db := 20 * math.Log10(rms(late)*math.Sqrt(float64(len(late)))); math.Abs(db+6) > 0.01 {
			t.Errorf("the late energy is %.2f dB, want -6", db)
		}
		t.Logf("RT60 is %.4f s, asked %v", rt60(late), seconds)
		if got := rt60(late); math.Abs(got/seconds-1) > 0.1 {
			t.Errorf("RT60 is %.3f s, want %v within 10 %%", got, seconds)
		}
	}
}

func TestConvolutionIsExactAfterItsLead(t *testing.T) {
	r := room{size: -60, rate: 8000}
	x, h := make([]float32, 900), r.response()
	white(x, rand.New(rand.NewPCG(9, 1)))
	got := r.convolve(x)
	for i := len(h) - 1; i < len(x); i++ {
		var want float64
		for k, v := range h {
			want += float64(v) * float64(x[i-k])
		}
		if math.Abs(want-float64(got[i])) > 1e-4 {
			t.Fatalf("sample %d is %v, want %v", i, got[i], want)
		}
	}
}

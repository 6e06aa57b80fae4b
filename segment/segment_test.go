package segment

import (
	"errors"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"prep/data"
	"prep/data/cpu"
)

const rate = data.Rate(44100)

// bursts returns noise at a level with decaying noise bursts at the given
// onsets; tau is their time constant in samples.
func bursts(n int, noise float64, tau float64, onsets ...int) []float32 {
	rng := rand.New(rand.NewPCG(1, uint64(n)))
	x := make([]float32, n)
	for i := range x {
		x[i] = float32(noise * rng.NormFloat64())
	}
	for k, o := range onsets {
		rng := rand.New(rand.NewPCG(2, uint64(k)))
		for i := o; i < n && i < o+int(10*tau); i++ {
			x[i] += float32(0.1 * rng.NormFloat64() * math.Exp(-float64(i-o)/tau))
		}
	}
	return x
}

var truth = []int{20000, 40001, 41801, 60000, 80123}

func sequence() []float32 { return bursts(100000, 1e-4, 300, truth...) }

// found returns the detected onsets of x.
func found(t *testing.T, c Config, x []float32) []int {
	t.Helper()
	a, err := c.attacks(data.Clip{Rate: rate, Samples: x}, blockFrames)
	if err != nil {
		t.Fatal(err)
	}
	return onsetsOf(a)
}

// near fails unless got are the wanted onsets to within ms.
func near(t *testing.T, what string, got, want []int, ms float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%s: onsets %v, want %v", what, got, want)
		return
	}
	for i := range got {
		if d := rate.Ms(got[i] - want[i]); math.Abs(d) > ms {
			t.Errorf("%s: onset %d is off by %.2f ms", what, want[i], d)
		}
	}
}

func TestAttacksAreFoundInBothModes(t *testing.T) {
	near(t, "offline", found(t, Default(), sequence()), truth, 0.2)
	c := Default()
	c.Causal = true
	near(t, "causal", found(t, c, sequence()), truth, 0.2)
}

func TestOtherRates(t *testing.T) {
	for _, r := range []data.Rate{8000, 16000, 22050, 48000, 96000, 192000} {
		at := int(r)
		clip := data.Clip{Rate: r, Samples: bursts(2*at, 1e-4, 0.01*float64(r), at)}
		a, err := Default().attacks(clip, blockFrames)
		if err != nil || len(a) != 1 || math.Abs(r.Ms(a[0].onset-at)) > 0.5 {
			t.Errorf("%d Hz: %v, %v, want %d", r, onsetsOf(a), err, at)
		}
	}
}

func TestHitsAreWellFormed(t *testing.T) {
	x := sequence()
	hits, err := Default().Hits(data.Clip{Rate: rate, Samples: x})
	if err != nil {
		t.Fatal(err)
	}
	for i, h := range hits {
		if h.Start < 0 || h.Start > h.Onset || h.Onset >= h.Offset || h.Offset > h.End || h.End > len(x) {
			t.Errorf("out of order: %+v", h)
		}
		if h.Len()*20 >= int(rate) {
			t.Errorf("%d samples are not below 50 ms", h.Len())
		}
		if i > 0 && hits[i-1].End > h.Start {
			t.Errorf("hit %d overlaps the one before", i)
		}
		if h.SNRDB < 15 && h.Onset != truth[2] || h.Mark != data.NoMark || h.Found != data.FoundDetected {
			t.Errorf("hit %+v", h)
		}
	}
}

// A shift of the audio shifts the onsets by as much, whatever the hop.
func TestShift(t *testing.T) {
	want := found(t, Default(), sequence())
	long := bursts(120000, 1e-4, 1)
	for _, by := range []int{1, 17, 64, 128, 1000, 12345} {
		x := append(slices.Clone(long[:by]), sequence()...)
		var shifted []int
		for _, o := range want {
			shifted = append(shifted, o+by)
		}
		near(t, "shifted", found(t, Default(), x), shifted, 0.1)
	}
}

func TestGainAndPolarityChangeNothing(t *testing.T) {
	want := found(t, Default(), sequence())
	for _, gain := range []float32{-1, 100, 0.01, 0.37, -3e-4} {
		x := sequence()
		for i := range x {
			x[i] *= gain
		}
		if got := found(t, Default(), x); !slices.Equal(got, want) {
			t.Errorf("gain %v: %v, want %v", gain, got, want)
		}
	}
}

func TestInterferenceMovesNothing(t *testing.T) {
	hum := func(i int) float64 {
		return 0.02*math.Sin(2*math.Pi*50*float64(i)/44100) + 0.005*math.Sin(2*math.Pi*150*float64(i)/44100)
	}
	for name, change := range map[string]func(i int, v float64) float64{
		"offset":   func(_ int, v float64) float64 { return v + 0.2 },
		"hum":      func(i int, v float64) float64 { return v + hum(i) },
		"clipping": func(_ int, v float64) float64 { return min(max(5*v, -0.2), 0.2) },
		"16 bits":  func(_ int, v float64) float64 { return math.Round(v*32768) / 32768 },
		"-50 dB":   func(_ int, v float64) float64 { return math.Round(v*300) / 32768 },
	} {
		x := sequence()
		for i := range x {
			x[i] = float32(change(i, float64(x[i])))
		}
		near(t, name, found(t, Default(), x), truth, 0.5)
	}
}

// A noise gate that opens before an attack is none.
func TestGateOpening(t *testing.T) {
	x := bursts(60000, 1e-3, 300, 20000, 40000)
	for _, at := range []int{20000, 40000} {
		clear(x[at-5000 : at-882]) // 20 ms
	}
	near(t, "gated", found(t, Default(), x), []int{20000, 40000}, 0.2)
}

// The click at the end of a sound that swells and is cut off is no attack.
func TestCutOff(t *testing.T) {
	x := bursts(60000, 1e-5, 300, 20000)
	for i := 30000; i < 40000; i++ {
		x[i] += float32(0.2 * math.Sin(2*math.Pi*300*float64(i-30000)/44100) * min(1, float64(i-30000)/5000))
	}
	near(t, "cut off", found(t, Default(), x), []int{20000}, 0.2)
}

// stationary returns 20 s of noise of several colours, or hum.
func stationary(kind int) []float32 {
	rng := rand.New(rand.NewPCG(3, uint64(kind)))
	pole := []float64{0, 0.9, 0.99, -0.9, 0}[kind]
	x := make([]float32, 20*int(rate))
	y := 0.0
	for i := range x {
		y = pole*y + 0.01*rng.NormFloat64()
		x[i] = float32(y)
		if kind == 4 {
			x[i] += float32(0.3 + 0.1*math.Sin(2*math.Pi*60*float64(i)/44100))
		}
	}
	return x
}

func TestNothingIsFoundWhereNothingHappens(t *testing.T) {
	if got := found(t, Default(), make([]float32, 200000)); len(got) > 0 {
		t.Errorf("silence: %v", got)
	}
	for kind := range 5 {
		for _, causal := range []bool{false, true} {
			c := Default()
			c.Causal = causal
			if got := found(t, c, stationary(kind)); len(got) > 0 {
				t.Errorf("stationary noise %d, causal %v: %v", kind, causal, got)
			}
		}
	}
	late := append(make([]float32, 100000), stationary(0)[:300000]...)
	if got := found(t, Default(), append(late, make([]float32, 100000)...)); len(got) > 0 {
		t.Errorf("noise between digital silences: %v", got)
	}
}

func TestBlockSizeChangesNothing(t *testing.T) {
	clip := data.Clip{Rate: rate, Samples: sequence()}
	want, err := Default().Hits(clip)
	if err != nil {
		t.Fatal(err)
	}
	for _, block := range []int{1, 7, 1000} {
		got, err := Default().hits(clip, block)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("blocks of %d frames: %v, %v", block, got, err)
		}
	}
}

// Every kernel gives the same hits, to the last bit: machines that share the work agree.
func TestKernelsChangeNothing(t *testing.T) {
	clips := []data.Clip{{Rate: rate, Samples: sequence()}, {Rate: rate, Samples: noisy(-30, 0.9)(sequence(), rand.New(rand.NewPCG(1, 2)))}}
	for _, causal := range []bool{false, true} {
		c := Default()
		c.Causal, c.Threshold = causal, 0.1
		for i, clip := range clips {
			want, err := c.Hits(clip)
			if err != nil || len(want) == 0 {
				t.Fatal(len(want), err)
			}
			restore := cpu.Limit(cpu.Generic)
			got, err := c.Hits(clip)
			restore()
			if err != nil || !reflect.DeepEqual(got, want) {
				t.Errorf("clip %d, causal %v: %v, %v, want %v", i, causal, got, err, want)
			}
		}
	}
}

// What flips the last bit of the source in a pause is no sound; nor is what lies 80 dB
// below the loudest.
func TestFloor(t *testing.T) {
	x := make([]float32, 12*int(rate))
	for _, at := range []int{20000, 40000, 480000} {
		copy(x[at:], bursts(20000, 0, 300, 0))
	}
	random := rand.New(rand.NewPCG(9, 9))
	for i := 60000; i < 470000; i++ {
		if random.IntN(20000) == 0 {
			x[i] += 1.0 / 32768
		}
	}
	for i, v := range x {
		x[i] = float32(math.Round(float64(v)*32768) / 32768)
	}
	c := Default()
	c.floor = floorOf("PCM 16-bit")
	near(t, "16 bits", found(t, c, x), []int{20000, 40000, 480000}, 0.3)
	for i := range x {
		x[i] = 0
	}
	for at, db := range map[int]float64{20000: 0, 200000: -30, 450000: -95} {
		for i, v := range bursts(20000, 0, 300, 0) {
			x[at+i] += v * float32(math.Pow(10, db/20))
		}
	}
	near(t, "95 dB below", found(t, Default(), x), []int{20000, 200000}, 0.3)
}

func TestWordLength(t *testing.T) {
	for codec, want := range map[string]float64{"PCM 16-bit": 1.0 / 32768, "FLAC 24-bit": 1.0 / (1 << 23), "float 32-bit": 0, "MP3": 0, "AIFF PCM 8-bit": 0} {
		if got := math.Sqrt(float64(floorOf(codec))); math.Abs(got-want) > 1e-9 {
			t.Errorf("%s: %v, want %v", codec, got, want)
		}
	}
}

// A causal detector knows nothing of what comes latency after an onset.
func TestCausal(t *testing.T) {
	c := Default()
	c.Causal = true
	x := sequence()
	want := found(t, c, x)
	for _, cut := range []int{41801 + 3000, 60000 - 500, 80000} {
		got := found(t, c, append(slices.Clone(x[:cut]), bursts(30000, 0.3, 1)...))
		past := func(onsets []int) []int {
			return slices.DeleteFunc(slices.Clone(onsets), func(o int) bool { return o > cut-rate.N(latency) })
		}
		if !slices.Equal(past(got), past(want)) {
			t.Errorf("cut at %d: %v, want %v", cut, past(got), past(want))
		}
	}
}

func TestTinyRecordings(t *testing.T) {
	for _, n := range []int{0, 1, 2, 10, 300} {
		clip := data.Clip{Rate: rate, Samples: bursts(n, 0.1, 1)}
		hits, err := Default().Hits(clip)
		if err != nil {
			t.Errorf("%d samples: %v", n, err)
		}
		for _, h := range hits {
			if h.Start < 0 || h.End > n || h.Onset >= h.End {
				t.Errorf("%d samples: %+v", n, h)
			}
		}
	}
}

func TestAttackAtTheFirstSample(t *testing.T) {
	near(t, "at 0", found(t, Default(), bursts(30000, 1e-4, 400, 0)), []int{0}, 0.2)
}

func TestLevels(t *testing.T) {
	x := make([]float32, 10000)
	for i := 5000; i < 10000; i++ {
		x[i] = float32(1 - 2*(i/20%2)) // a square wave of full scale
	}
	h := data.Hit{Start: 4900, Onset: 5000, End: 7000}
	if err := Default().measure(data.Clip{Rate: rate, Samples: x}, &h); err != nil {
		t.Fatal(err)
	}
	if h.PeakDB != 0 || math.Abs(h.RMSDB) > 0.1 || h.Clipped != 2000 || h.Offset != h.End || h.SNRDB < 40 {
		t.Errorf("%+v", h)
	}
}

// A source of floats has no ceiling above full scale; at full scale a converter before it
// may have had one.
func TestSamplesAboveFullScaleAreAtNoCeiling(t *testing.T) {
	clip := data.Clip{Rate: rate, Samples: bursts(30000, 1e-4, 400, 10000)}
	peak := slices.Max(clip.Samples)
	for i := range clip.Samples {
		clip.Samples[i] *= 8 / peak
	}
	clipped := data.Clip{Rate: rate, Samples: slices.Clone(clip.Samples)}
	for i, v := range clipped.Samples {
		clipped.Samples[i] = min(max(v, -1), 1)
	}
	for _, tc := range []struct {
		name, codec string
		clip        data.Clip
		want        bool
	}{
		{"integers above full scale, of a resampler", "PCM 24-bit", clip, true},
		{"floats above full scale", "float 32-bit", clip, false},
		{"floats that stop at full scale", "float 32-bit", clipped, true},
	} {
		o, err := Default().recording(data.Recording{ID: "r", Codec: tc.codec}, tc.clip, nil)
		if err != nil || len(o.Hits) != 1 || (o.Hits[0].Clipped > 100) != tc.want || !tc.want && o.Hits[0].Clipped > 2 {
			t.Errorf("%s: %+v, %v", tc.name, o.Hits, err)
		}
	}
}

func TestValidate(t *testing.T) {
	if err := Default().Validate(); err != nil {
		t.Error(err)
	}
	for _, change := range []func(*Config){
		func(c *Config) { c.Onsets = "guess" },
		func(c *Config) { c.Threshold = math.NaN() },
		func(c *Config) { c.Threshold = 0 },
		func(c *Config) { c.PreRoll = -1 },
		func(c *Config) { c.PreRoll = 60 * time.Millisecond },
		func(c *Config) { c.Tolerance = -1 },
	} {
		c := Default()
		change(&c)
		if c.Validate() == nil {
			t.Errorf("%+v passes", c)
		}
	}
}

type broken struct{ data.Clip }

var errMedium = errors.New("medium")

func (broken) ReadAt([]float32, int) error { return errMedium }

func TestHitsFailWhenTheMediumDoes(t *testing.T) {
	_, err := Default().Hits(broken{data.Clip{Rate: rate, Samples: sequence()}})
	if !errors.Is(err, errMedium) {
		t.Error(err)
	}
}

// FuzzHits holds what hits promise, whatever the samples.
func FuzzHits(f *testing.F) {
	f.Add([]byte{0, 0, 0xc0, 0x7f, 0, 0, 0x80, 0x7f}, false) // NaN, +Inf
	f.Add([]byte("some samples that are neither loud nor soft"), true)
	f.Fuzz(func(t *testing.T, raw []byte, causal bool) {
		x := make([]float32, 2000+len(raw)/4)
		for i := range len(raw) / 4 {
			b := raw[4*i:]
			x[1000+i] = math.Float32frombits(uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16 | uint32(b[3])<<24)
		}
		c := Default()
		c.Causal = causal
		hits, err := c.Hits(data.Clip{Rate: rate, Samples: x})
		if err != nil {
			t.Fatal(err)
		}
		end := 0
		for _, h := range hits {
			if h.Start < end || h.Start > h.Onset || h.Onset >= h.Offset || h.Offset > h.End || h.End > len(x) || h.Len()*20 >= int(rate) {
				t.Fatalf("%+v", h)
			}
			end = h.End
			for _, v := range []float64{h.PeakDB, h.RMSDB, h.SNRDB, h.Confidence} {
				if math.IsNaN(v) || math.IsInf(v, 0) {
					t.Fatalf("not finite: %+v", h)
				}
			}
		}
	})
}

// A detection function in few values has the largest of each stretch of the whole one.
func TestFunctionInFewValues(t *testing.T) {
	clip := data.Clip{Rate: 44100, Samples: make([]float32, 44100)}
	for _, at := range []int{5000, 21000, 33333} {
		for k := range 800 {
			clip.Samples[at+k] = float32(math.Exp(-float64(k)/150) * math.Sin(float64(k)*.4))
		}
	}
	whole, err := Default().Function(clip, 0)
	if err != nil {
		t.Fatal(err)
	}
	few, err := Default().Function(clip, 37)
	if err != nil {
		t.Fatal(err)
	}
	every := few.Hop / whole.Hop
	if few.Hop != every*whole.Hop || len(few.Values) > 37 || len(few.Values) < 30 {
		t.Fatalf("%d values, a hop of %d beside %d", len(few.Values), few.Hop, whole.Hop)
	}
	for i, v := range few.Values {
		if want := slices.Max(whole.Values[i*every : min((i+1)*every, len(whole.Values))]); v != want {
			t.Errorf("value %d is %g, want %g", i, v, want)
		}
	}
}

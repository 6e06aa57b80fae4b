package augment

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"prep/data"
	"prep/data/filter"
)

const rate = data.Rate(44100)

// recording is one second of quiet noise with a decaying sound from onset on.
func recording(onset int, sound func(t float64) float64) data.Clip {
	rng := rand.New(rand.NewPCG(1, 2))
	x := make([]float32, rate)
	for i := range x {
		x[i] = float32(1e-4 * rng.NormFloat64())
		if i >= onset {
			x[i] += float32(sound(float64(i-onset) / float64(rate)))
		}
	}
	return data.Clip{Rate: rate, Samples: x}
}

// strike is a hit at an onset, as segment cuts it.
func strike(onset int) data.Hit {
	return data.Hit{ID: "r-1", Recording: "r", Start: onset - 44, Onset: onset, End: onset + 2100, Offset: onset + 1500}
}

func copyOf(h data.Hit, lineage ...data.Transform) data.Hit {
	h.ID, h.Parent, h.Seed, h.Lineage = h.ID+"+1", h.ID, 99, lineage
	return h
}

func step(name, unit string, v float64) data.Transform {
	return data.Transform{Name: name, Amounts: amounts{unit: v}}
}

// renderer has one other recording.
var (
	renderer = Renderer{Open: func(string) (data.Reader, error) { return other, nil }}
	other    = recording(3000, func(t float64) float64 { return 0.3 * math.Sin(2*math.Pi*900*t) })
)

// kept renders a copy and keeps its audio.
func kept(m Renderer, r data.Reader, parent, copy data.Hit) (clip data.Clip, at data.Hit, err error) {
	err = m.Render(r, parent, copy, func(x data.Reader, h data.Hit) error {
		clip, at = data.Clip{Rate: x.SampleRate(), Samples: slices.Clone(x.(data.Clip).Samples)}, h
		return nil
	})
	return clip, at, err
}

// rendered renders one copy and checks what holds for all.
func rendered(t *testing.T, r data.Reader, parent data.Hit, lineage ...data.Transform) (data.Clip, data.Hit) {
	t.Helper()
	clip, h, err := kept(renderer, r, parent, copyOf(parent, lineage...))
	if err != nil {
		t.Fatalf("%v: %v", lineage, err)
	}
	context := rate.N(150_000_000)
	if !(0 <= h.Start && h.Start <= h.Onset && h.Onset < h.End && h.Offset > h.Onset && h.Offset <= h.End) ||
		h.Start < context || clip.Len()-h.End < context {
		t.Errorf("%v: hit %d %d %d in %d samples", lineage, h.Start, h.Onset, h.End, clip.Len())
	}
	if h.Len() >= rate.N(50_000_000) {
		t.Errorf("%v: the hit has %d samples, want under 50 ms", lineage, h.Len())
	}
	if p := float64(peak(clip.Samples)); !(p > 0 && p <= 1) {
		t.Errorf("%v: peak is %v, want in (0, 1]", lineage, p)
	}
	return clip, h
}

func kick(t float64) float64 { return 0.5 * math.Exp(-t/0.04) * math.Sin(2*math.Pi*110*t) }

func TestIdentityAmountsChangeNoSample(t *testing.T) {
	for _, onset := range []int{100, 20000, 42000} { // at the edges zeros lie beyond
		rec, h := recording(onset, kick), strike(onset)
		for _, tr := range transforms() {
			clip, got := rendered(t, rec, h, step(tr.Name, tr.Unit, tr.Identity), step("shift", "shift_ms", 0))
			want, _ := data.ReadSpan(rec, h.Onset-got.Onset, h.Onset-got.Onset+clip.Len())
			if !slices.Equal(clip.Samples, want) {
				t.Errorf("%s with %s %v changes samples", tr.Name, tr.Unit, tr.Identity)
			}
			if got.Onset-got.Start != h.Onset-h.Start || got.Len() != h.Len() || got.Offset-got.Onset != h.Offset-h.Onset {
				t.Errorf("%s with %s %v moves the hit", tr.Name, tr.Unit, tr.Identity)
			}
		}
	}
}

// middle returns a range's middle on its own scale.
func middle(tr Transform) float64 {
	if tr.log {
		return tr.Lo * math.Pow(min(tr.Hi, 20000)/tr.Lo, 0.6)
	}
	return tr.Lo + 0.6*(tr.Hi-tr.Lo)
}

func drawn(tr Transform, v float64) data.Transform {
	near := Surroundings{tone: &tone{1000, 8000}, others: [2][]data.Recording{{{ID: "other"}}}}
	rng := rand.New(rand.NewPCG(3, 4))
	step := tr.draw(v, v, rng)
	near.complete(&step, rng)
	return step
}

func TestEveryTransformRendersTheSameAlways(t *testing.T) {
	rec, h := recording(20000, kick), strike(20000)
	for _, tr := range transforms() {
		for _, v := range []float64{tr.Lo, middle(tr), min(tr.Hi, 20000)} {
			a, ha := rendered(t, rec, h, drawn(tr, v))
			b, hb := rendered(t, rec, h, drawn(tr, v))
			if !slices.Equal(a.Samples, b.Samples) || ha.Onset != hb.Onset {
				t.Errorf("%s with %s %v differs between two renderings", tr.Name, tr.Unit, v)
			}
		}
		a, _ := rendered(t, rec, h, drawn(tr, middle(tr)))
		b, _ := rendered(t, rec, h)
		if tr.Name != "shift" && slices.Equal(a.Samples, b.Samples) {
			t.Errorf("%s with %s %v changes nothing", tr.Name, tr.Unit, middle(tr))
		}
	}
}

func TestEveryTransformRendersAtEveryRate(t *testing.T) {
	for _, rate := range []data.Rate{1000, 8000, 22050, 96000, 192000} {
		rng := rand.New(rand.NewPCG(1, uint64(rate)))
		rec := data.Clip{Rate: rate, Samples: make([]float32, rate)}
		white(rec.Samples, rng)
		scale(rec.Samples, 0.1)
		at := rate.N(500_000_000)
		h := data.Hit{ID: "h", Start: at - 1, Onset: at, End: at + rate.N(40_000_000), Offset: at + rate.N(20_000_000)}
		m := Renderer{Open: func(string) (data.Reader, error) { return rec, nil }}
		for _, tr := range transforms() {
			for _, v := range []float64{tr.Lo, middle(tr), tr.Hi} {
				l := drawn(tr, v)
				if tr.Name == "room_tone" {
					l.Amounts["samples"] = float64(rate / 5)
					l.Amounts["from"] = 0
				}
				if _, _, err := kept(m, rec, h, copyOf(h, l)); err != nil {
					t.Errorf("%s %v at %d Hz: %v", tr.Name, v, rate, err)
				}
			}
		}
	}
}

// dominant returns the frequency of the strongest bin of a long Hann-windowed
// transform of x, refined by a parabola.
func dominant(x []float32, lo, hi float64) float64 {
	power := func(hz float64) float64 {
		var re, im float64
		for i, v := range x {
			w := 0.5 - 0.5*math.Cos(2*math.Pi*float64(i)/float64(len(x)))
			sin, cos := math.Sincos(2 * math.Pi * hz * float64(i) / float64(rate))
			re += w * float64(v) * cos
			im += w * float64(v) * sin
		}
		return re*re + im*im
	}
	best, at := 0.0, lo
	for hz := lo; hz <= hi; hz += 0.5 {
		if p := power(hz); p > best {
			best, at = p, hz
		}
	}
	return at
}

func TestPitchMovesTheFrequency(t *testing.T) {
	tone := func(t float64) float64 { return 0.4 * math.Sin(2*math.Pi*400*t) }
	rec, h := recording(15000, tone), strike(15000)
	for _, semitones := range []float64{12, 7, 1, -1, -5, -12} {
		clip, got := rendered(t, rec, h, step("pitch", "semitones", semitones))
		want := 400 * math.Exp2(semitones/12)
		hz := dominant(clip.Samples[got.Onset+200:got.Onset+6000], 0.9*want, 1.1*want)
		t.Logf("%v semitones: %.1f Hz, asked %.2f", semitones, hz, want)
		if math.Abs(hz/want-1) > 0.01 {
			t.Errorf("%v semitones: %.1f Hz, want %.1f", semitones, hz, want)
		}
	}
}

// Resampling up and down again gives back the band that both keep.
func TestPitchAndBackIsClose(t *testing.T) {
	rec, h := recording(20000, kick), strike(20000)
	clip, got := rendered(t, rec, h, step("pitch", "semitones", -12), step("pitch", "semitones", 12))
	var diff, power float64
	for i := range 2000 {
		a, b := float64(clip.Samples[got.Onset+i]), float64(rec.Samples[20000+i])
		diff += (a - b) * (a - b)
		power += b * b
	}
	if db := 10 * math.Log10(diff/power); db > -45 {
		t.Errorf("the difference is %.1f dB, want below -45", db)
	}
}

func TestStretchMovesALaterOnset(t *testing.T) {
	const later = 0.1
	for _, factor := range []float64{0.7, 0.9, 1.2, 1.4} {
		rec := recording(20000, func(t float64) float64 {
			v := kick(t)
			if t >= later {
				v += 0.8 * math.Exp(-(t-later)/0.01) * math.Sin(2*math.Pi*3000*(t-later))
			}
			return v
		})
		clip, got := rendered(t, rec, strike(20000), step("stretch", "factor", factor))
		from := got.Onset + int(0.04*float64(rate))
		at := slices.IndexFunc(clip.Samples[from:], func(v float32) bool { return math.Abs(float64(v)) > 0.3 })
		ms := rate.Ms(from + at - got.Onset)
		t.Logf("stretch by %v: the later onset is at %.1f ms", factor, ms)
		if want := 1000 * later * factor; math.Abs(ms-want) > 6 {
			t.Errorf("stretch by %v: the later onset is at %.1f ms, want %.1f", factor, ms, want)
		}
		original, _ := rendered(t, rec, strike(20000))
		attack := got.Onset + 150
		if !near(clip.Samples[got.Onset-40:attack], original.Samples[rate.N(150_000_000)+44-40:][:190], 1e-6) {
			t.Errorf("stretch by %v changes the attack", factor)
		}
	}
}

func near(a, b []float32, tolerance float64) bool {
	for i := range a {
		if math.Abs(float64(a[i]-b[i])) > tolerance {
			return false
		}
	}
	return len(a) == len(b)
}

func TestStretchKeepsThePitch(t *testing.T) {
	tone := func(t float64) float64 { return 0.4 * math.Sin(2*math.Pi*300*t) }
	rec := recording(15000, tone)
	for _, factor := range []float64{0.7, 1.2} {
		clip, got := rendered(t, rec, strike(15000), step("stretch", "factor", factor))
		if hz := dominant(clip.Samples[got.Onset+200:got.Onset+6000], 270, 330); math.Abs(hz-300) > 3 {
			t.Errorf("stretch by %v: %.1f Hz, want 300", factor, hz)
		}
	}
}

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

func TestTiltHasTheSlopeAsked(t *testing.T) {
	for _, slope := range []float64{-6, -3, 2, 6} {
		w := window{rate: rate, samples: make([]float32, 1<<14)}
		w.samples[0] = 1
		filter.Run(w.samples, tiltSections(slope, float64(rate))...)
		gain := func(hz float64) float64 { return 20 * math.Log10(magnitude(w.samples, hz)) }
		if g := gain(1000); math.Abs(g) > 0.05 {
			t.Errorf("%v dB an octave: %.2f dB at 1 kHz, want 0", slope, g)
		}
		for _, hz := range []float64{125, 250, 500, 2000, 4000, 8000} {
			if want, g := slope*math.Log2(hz/1000), gain(hz); math.Abs(g-want) > 1 {
				t.Errorf("%v dB an octave: %.2f dB at %v Hz, want %.2f", slope, g, hz, want)
			}
		}
	}
}

// magnitude returns the magnitude of x's transform at hz.
func magnitude(x []float32, hz float64) float64 {
	var re, im float64
	for i, v := range x {
		sin, cos := math.Sincos(2 * math.Pi * hz * float64(i) / float64(rate))
		re += float64(v) * cos
		im += float64(v) * sin
	}
	return math.Hypot(re, im)
}

func TestBandLimits(t *testing.T) {
	for _, c := range []struct {
		name, unit     string
		cut, keep, off float64
	}{{"lowpass", "lowpass_hz", 4000, 2000, 8000}, {"highpass", "highpass_hz", 200, 400, 100}} {
		w := window{rate: rate, samples: make([]float32, 1<<14)}
		w.samples[0] = 1
		catalogue[c.name].apply(&w, amounts{c.unit: c.cut}, span{}, nil)
		for _, at := range []struct{ hz, lo, hi float64 }{{c.keep, -0.1, 0.1}, {c.cut, -3.1, -2.9}, {c.off, -30, -23}} {
			if db := 20 * math.Log10(magnitude(w.samples, at.hz)); db < at.lo || db > at.hi {
				t.Errorf("%s: %.2f dB at %v Hz, want %v to %v", c.name, db, at.hz, at.lo, at.hi)
			}
		}
	}
}

func TestShiftMovesTheCutNotTheSound(t *testing.T) {
	rec, h := recording(20000, kick), strike(20000)
	clip, got := rendered(t, rec, h, step("shift", "shift_ms", 2))
	if clip.Samples[got.Onset] != rec.Samples[20000+88] || got.Len() != h.Len() {
		t.Error("2 ms later is not sample 88 after the onset")
	}
}

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

func TestRenderRefusesWhatItCannotDo(t *testing.T) {
	rec, h := recording(20000, kick), strike(20000)
	for name, l := range map[string]data.Transform{
		"unknown":      step("vocoder", "x", 1),
		"out of range": step("pitch", "semitones", 40),
		"not a number": step("pitch", "semitones", math.NaN()),
		"no amount":    {Name: "stretch"},
		"half a room":  step("reverb", "rt60_s", 0.3),
		"long a wait":  {Name: "reverb", Amounts: amounts{"rt60_s": 0.3, "wet_db": -9, "predelay_ms": 1e12}},
		"no such tone": {Name: "room_tone", Amounts: amounts{"snr_db": 10, "from": 40000, "samples": 1e9}},
		"no set":       {Name: "background:other", Amounts: amounts{"snr_db": 10, "place": 0.5}},
	} {
		if _, _, err := kept(Renderer{}, rec, h, copyOf(h, l)); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	bad := data.Clip{Rate: rate, Samples: slices.Clone(rec.Samples)}
	bad.Samples[20010] = float32(math.NaN())
	if _, _, err := kept(Renderer{}, bad, h, copyOf(h)); err == nil {
		t.Error("a recording with NaN is rendered")
	}
	if _, _, err := kept(Renderer{}, rec, h, copyOf(h, step("gain", "gain_db", -60))); err != nil {
		t.Errorf("quiet is not silent: %v", err)
	}
}

func TestSilentParentsStaySilent(t *testing.T) {
	quiet := data.Clip{Rate: rate, Samples: make([]float32, 44100)}
	for _, tr := range transforms() {
		if _, _, err := kept(renderer, quiet, strike(20000), copyOf(strike(20000), drawn(tr, middle(tr)))); err != nil {
			t.Errorf("%s of silence: %v", tr.Name, err)
		}
	}
}

// usual returns a step with an amount as plans have it.
func usual(tr Transform) data.Transform {
	v := map[string]float64{"pitch": 2, "pitch_formant": 2, "stretch": 1.1, "reverb": 0.3, "gain": -6, "shift": 2}
	if _, ok := v[tr.Name]; !ok {
		v[tr.Name] = middle(tr)
	}
	return drawn(tr, v[tr.Name])
}

// BenchmarkRender renders whole copies: reads the window, checks the lineage,
// transforms, looks for what is silent, clipped or not finite.
func BenchmarkRender(b *testing.B) {
	rec, h := recording(20000, kick), strike(20000)
	for _, tr := range transforms() {
		copy := copyOf(h, usual(tr))
		b.Run(tr.Name, func(b *testing.B) {
			for b.Loop() {
				if err := renderer.Render(rec, h, copy, func(data.Reader, data.Hit) error { return nil }); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkTransform does the transform alone, on a fresh copy of samples in
// memory.
func BenchmarkTransform(b *testing.B) {
	rec, h := recording(20000, kick), strike(20000)
	for _, tr := range transforms() {
		l := usual(tr)
		spans := plan(rate, h, []data.Transform{l}, []Transform{tr})
		in, err := new(buffer).read(rec, h, spans[0])
		if err != nil {
			b.Fatal(err)
		}
		if tr.material != nil {
			if in.material, err = tr.material(source{rec, renderer.Open}, l, len(in.samples)); err != nil {
				b.Fatal(err)
			}
		}
		scratch := make([]float32, len(in.samples))
		b.Run(tr.Name, func(b *testing.B) {
			for b.Loop() {
				w := in
				w.samples = scratch[:copy(scratch, in.samples)]
				tr.apply(&w, l.Amounts, spans[1], data.Rand(1, "benchmark"))
			}
		})
	}
}

// buzz is a pulse train at f0 through one formant.
func buzz(f0, formant float64) func(float64) float64 {
	return func(t float64) (v float64) {
		for k := 1.0; k*f0 < 9000; k++ {
			d := (k*f0 - formant) / 250
			v += 0.05 * math.Sin(2*math.Pi*k*f0*t) * (1/(1+d*d) + 0.01)
		}
		return v
	}
}

// centroid returns the mean frequency of x between lo and hi, by power.
func centroid(x []float32, lo, hi float64) float64 {
	var sum, moment float64
	for hz := lo; hz <= hi; hz += 5 {
		m := magnitude(x, hz)
		sum += m * m
		moment += m * m * hz
	}
	return moment / sum
}

func TestPitchWithFormantsKeepsThem(t *testing.T) {
	rec, h := recording(15000, buzz(150, 1800)), strike(15000)
	for _, semitones := range []float64{12, 4, -5} {
		f0 := 150 * math.Exp2(semitones/12)
		clip, got := rendered(t, rec, h, step("pitch_formant", "semitones", semitones))
		x := clip.Samples[got.Onset+300 : got.Onset+6000]
		k := math.Round(1800 / f0) // the harmonic next to the formant
		hz := dominant(x, (k-0.4)*f0, (k+0.4)*f0) / k
		t.Logf("%v semitones: f0 is %.2f Hz, asked %.2f; the formant is at %.0f Hz, was at 1800", semitones, hz, f0, centroid(x, 500, 5000))
		if math.Abs(hz/f0-1) > 0.01 {
			t.Errorf("%v semitones: f0 is %.1f Hz, want %.1f", semitones, hz, f0)
		}
		if c := centroid(x, 500, 5000); math.Abs(c/1800-1) > 0.1 {
			t.Errorf("%v semitones: the formant is at %.0f Hz, want 1800", semitones, c)
		}
		plain, at := rendered(t, rec, h, step("pitch", "semitones", semitones))
		if c, want := centroid(plain.Samples[at.Onset+300:][:4000], 500, 5000), 1800*math.Exp2(semitones/12); math.Abs(c/want-1) > 0.12 {
			t.Errorf("%v semitones by resampling: the formant is at %.0f Hz, want %.0f", semitones, c, want)
		}
		if got.Len() != h.Len() {
			t.Errorf("%v semitones: the hit has %d samples, want %d", semitones, got.Len(), h.Len())
		}
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

func TestMicrophoneHasItsCurve(t *testing.T) {
	w := window{rate: rate, samples: make([]float32, 1<<14)}
	w.samples[0] = 1
	filter.Run(w.samples, curve(amounts{"strength": 1, "low_hz": 200, "presence_hz": 3000, "presence_db": 6, "high_hz": 10000}, float64(rate))...)
	for _, at := range []struct{ hz, db, slack float64 }{{200, -3, 0.5}, {50, -24, 1}, {3000, 6, 0.5}, {10000, -2, 1}} {
		if db := 20 * math.Log10(magnitude(w.samples, at.hz)); math.Abs(db-at.db) > at.slack {
			t.Errorf("%.2f dB at %v Hz, want %v", db, at.hz, at.db)
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

// A lineage read from a file that someone edited renders or is refused.
func FuzzRender(f *testing.F) {
	for i, t := range transforms() {
		f.Add(uint8(i), t.Lo, t.Hi, t.Identity, 20000, 2100)
		f.Add(uint8(i), t.Hi, math.NaN(), math.Inf(-1), 43999, 1)
	}
	rec := recording(20000, kick)
	all := transforms()
	f.Fuzz(func(t *testing.T, which uint8, a, b, c float64, onset, length int) {
		var lineage []data.Transform
		tr := all[int(which)%len(all)]
		step := drawn(tr, a)
		step.Amounts[tr.Unit] = a
		for i, further := range tr.also {
			step.Amounts[further.name] = []float64{b, c}[i%2]
		}
		lineage = append(lineage, step, drawn(catalogue["stretch"], 1.3), step)
		h := data.Hit{ID: "h", Start: onset - 10, Onset: onset, End: onset + length, Offset: onset + length/2}
		clip, at, err := kept(renderer, rec, h, copyOf(h, lineage...))
		if err != nil {
			return
		}
		if p := peak(clip.Samples); !(p <= 1) || at.Start > at.Onset || at.Onset >= at.End || at.Start < 0 || at.End > clip.Len() {
			t.Errorf("%+v: peak %v, %+v in %d", lineage, p, at, clip.Len())
		}
	})
}

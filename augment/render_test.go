package augment

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"prep/data"
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

func TestShiftMovesTheCutNotTheSound(t *testing.T) {
	rec, h := recording(20000, kick), strike(20000)
	clip, got := rendered(t, rec, h, step("shift", "shift_ms", 2))
	if clip.Samples[got.Onset] != rec.Samples[20000+88] || got.Len() != h.Len() {
		t.Error("2 ms later is not sample 88 after the onset")
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

package corpus

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/go-audio/wav"
)

func newRand(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 1)) }

func small() Config {
	return Config{Voices: 8, TakesPerVoice: 1, HitsPerTake: 21, Seed: 7, Rate: 22050}
}

func TestTakesDoNotDependOnOrder(t *testing.T) {
	c := small()
	var takes []Take
	for take := range Generate(c) {
		takes = append(takes, take)
	}
	if len(takes) != c.Voices {
		t.Fatalf("got %d takes, want %d", len(takes), c.Voices)
	}
	more := c
	more.Voices, more.TakesPerVoice = 20, 3
	for i := len(takes) - 1; i >= 0; i-- {
		again := makeTake(more, i, 0)
		if again.Name != takes[i].Name || !slices.Equal(again.Clip.Samples, takes[i].Clip.Samples) ||
			!slices.Equal(again.Truth, takes[i].Truth) {
			t.Errorf("%s made alone, last first, among more voices, is another", takes[i].Name)
		}
	}
	c.Seed++
	if slices.Equal(makeTake(c, 0, 0).Clip.Samples, takes[0].Clip.Samples) {
		t.Error("another seed gives the same samples")
	}
}

func TestSamplesAreFiniteAndNotClipped(t *testing.T) {
	for take := range Generate(small()) {
		var peak float32
		for i, v := range take.Clip.Samples {
			if math.IsNaN(float64(v)) {
				t.Fatalf("%s: sample %d is not a number", take.Name, i)
			}
			peak = max(peak, v, -v)
		}
		if peak > 1 || peak < 0.1 {
			t.Errorf("%s: peak is %.3f, want 0.1 to 1", take.Name, peak)
		}
	}
}

// Without background noise nothing sounds before the first onset, and a take
// that lacks its last hit is the same up to the last onset, and not at it.
func TestOnsetIsTheFirstSampleOfAHit(t *testing.T) {
	c := small()
	c.SNRDB = math.Inf(1)
	for voice := range c.Voices {
		take := makeTake(c, voice, 0)
		first := slices.IndexFunc(take.Clip.Samples, func(v float32) bool { return v != 0 })
		if first != take.Truth[0].Onset {
			t.Errorf("%s: first sound at %d, first onset at %d", take.Name, first, take.Truth[0].Onset)
		}
	}
}

func TestEveryClassStartsAtItsFirstSample(t *testing.T) {
	c := small()
	for i := range c.Voices {
		v := newVoice(c, i)
		for _, class := range Classes {
			hit := v.hit(class, newRand(uint64(i)))
			if hit[0] == 0 {
				t.Errorf("%s of voice %d: the first sample is zero", class, i)
			}
			attack := slices.IndexFunc(hit, func(x float64) bool { return math.Abs(x) > 0.1 })
			if ms := c.Rate.Ms(attack); attack < 0 || ms > 4 {
				t.Errorf("%s of voice %d: reaches a tenth of its level after %.1f ms, want 4 at most", class, i, ms)
			}
			ms := c.Rate.Ms(len(hit))
			if ms < 30 || ms > 900 {
				t.Errorf("%s of voice %d lasts %.0f ms", class, i, ms)
			}
		}
	}
}

func TestEnergyRisesAtOnsets(t *testing.T) {
	c := small()
	window := int(0.005 * float64(c.Rate))
	rises, hits := 0, 0
	for take := range Generate(c) {
		for _, e := range take.Truth {
			before := energy(take.Clip.Samples[e.Onset-window : e.Onset])
			after := energy(take.Clip.Samples[e.Onset : e.Onset+window])
			hits++
			if after > 2*before {
				rises++
			}
		}
	}
	if share := float64(rises) / float64(hits); share < 0.97 {
		t.Errorf("energy doubles at %.3f of the onsets, want 0.97", share)
	}
}

func energy(x []float32) (sum float64) {
	for _, v := range x {
		sum += float64(v) * float64(v)
	}
	return sum
}

func TestClassesAreBalancedAndOnsetsApart(t *testing.T) {
	c := small()
	counts := map[string]int{}
	least := math.MaxInt
	for take := range Generate(c) {
		for i, e := range take.Truth {
			counts[e.Class]++
			if i > 0 {
				least = min(least, e.Onset-take.Truth[i-1].Onset)
			}
		}
	}
	if len(counts) != len(Classes) {
		t.Errorf("got classes %v, want %v", counts, Classes)
	}
	for class, n := range counts {
		if want := c.Voices * c.HitsPerTake / len(Classes); n != want {
			t.Errorf("%d of %s, want %d", n, class, want)
		}
	}
	if ms := c.Rate.Ms(least); ms < 59.9 || ms > 75 {
		t.Errorf("closest onsets are %.1f ms apart, want 60 to 75", ms)
	}
}

// Neither the distance to the next hit nor the accent says what the class is:
// the class means differ by less than chance would make rare.
func TestSpacingAndLevelSayNothingOfTheClass(t *testing.T) {
	c := Config{Voices: 1, TakesPerVoice: 1, HitsPerTake: 7000, Seed: 3, Rate: 22050}
	score := compose(newRand(5), c, 100)
	gaps, levels := map[string]float64{}, map[string]float64{}
	for i, n := range score[:len(score)-1] {
		gaps[n.class] += c.Rate.Ms(score[i+1].onset-n.onset) / 1000
		levels[n.class] += 20 * math.Log10(n.gain) / 1000
	}
	for _, m := range []struct {
		name  string
		means map[string]float64
		slack float64 // four standard errors of a mean of 1000
	}{{"gap in ms", gaps, 16}, {"level in dB", levels, 0.3}} {
		lo, hi := math.Inf(1), math.Inf(-1)
		for _, v := range m.means {
			lo, hi = min(lo, v), max(hi, v)
		}
		if hi-lo > 2*m.slack {
			t.Errorf("mean %s by class goes from %.2f to %.2f", m.name, lo, hi)
		}
	}
}

func TestVoicesDiffer(t *testing.T) {
	c := small()
	for i := range c.Voices {
		for j := range i {
			a, b := newVoice(c, i), newVoice(c, j)
			distance := math.Abs(math.Log(a.tract/b.tract))/math.Log(1.22/0.88) +
				math.Abs(math.Log(a.pitch/b.pitch))/math.Log(1.45/0.75) +
				math.Abs(math.Log(a.sibilHz/b.sibilHz))/math.Log(8600.0/5200) +
				math.Abs(math.Log(a.breath/b.breath))/math.Log(1.6/0.6)
			if distance < 0.4 {
				t.Errorf("voices %d and %d differ by %.2f of their ranges in four traits", i, j, distance)
			}
		}
	}
}

func TestRoomDecaysAsAsked(t *testing.T) {
	const fs = 22050
	for _, rt60 := range []float64{0.15, 0.3, 0.5} {
		r := newRoom(newRand(1), fs, rt60, -12)
		impulse := make([]float64, int(2*rt60*fs))
		impulse[0] = 1
		tail := r.lateResponse(impulse)
		var after float64
		curve := make([]float64, len(tail)) // Schroeder's backward integral
		for i := len(tail) - 1; i >= 0; i-- {
			after += tail[i] * tail[i]
			curve[i] = after
		}
		if db := 10 * math.Log10(curve[0]); math.Abs(db+12) > 0.5 {
			t.Errorf("rt60 %.2f: late energy is %.1f dB, want -12", rt60, db)
		}
		at := func(db float64) float64 {
			return float64(slices.IndexFunc(curve, func(e float64) bool { return e < curve[0]*math.Pow(10, db/10) }))
		}
		// Damping makes the highs shorter: the whole is at most what was asked.
		if got := 2 * (at(-35) - at(-5)) / fs; got > 1.1*rt60 || got < 0.4*rt60 {
			t.Errorf("rt60 is %.3f s, want %.3f or somewhat less", got, rt60)
		}
	}
}

func TestBackgroundHasTheRatioAsked(t *testing.T) {
	c := small()
	c.SNRDB = 20
	take := makeTake(c, 0, 0)
	clean := c
	clean.SNRDB = math.Inf(1)
	quiet := makeTake(clean, 0, 0)
	head := take.Truth[0].Onset
	scale := math.Sqrt(energy(quiet.Clip.Samples) / energy(take.Clip.Samples[head:]))
	rms := scale * math.Sqrt(energy(take.Clip.Samples[:head])/float64(head))
	var hits float64
	n := int(normSeconds * float64(c.Rate))
	for _, e := range quiet.Truth {
		hits += energy(quiet.Clip.Samples[e.Onset : e.Onset+n])
	}
	got := 20 * math.Log10(math.Sqrt(hits/float64(n*len(quiet.Truth)))/rms)
	if math.Abs(got-20) > 3 {
		t.Errorf("hits are %.1f dB over the noise, want 20 within 3", got)
	}
}

func TestWriteMakesAUsersFolder(t *testing.T) {
	dir := t.TempDir()
	c := small()
	c.Voices = 1
	if err := Write(dir, c); err != nil {
		t.Fatal(err)
	}
	take := makeTake(c, 0, 0)
	raw, err := os.ReadFile(filepath.Join(dir, "voice-01", "take-1.wav"))
	if err != nil {
		t.Fatal(err)
	}
	buf, err := wav.NewDecoder(bytes.NewReader(raw)).FullPCMBuffer()
	if err != nil {
		t.Fatal(err)
	}
	if len(buf.Data) != len(take.Clip.Samples) || buf.Format.SampleRate != int(c.Rate) {
		t.Fatalf("got %d samples at %d, want %d at %d", len(buf.Data), buf.Format.SampleRate, len(take.Clip.Samples), c.Rate)
	}
	for i, v := range buf.Data {
		if d := math.Abs(float64(v)/32768 - float64(take.Clip.Samples[i])); d > 1.0/32768 {
			t.Fatalf("sample %d is off by %g", i, d)
		}
	}
	track, err := os.ReadFile(filepath.Join(dir, "voice-01", "take-1.txt"))
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(string(track), "\n"), "\n")
	if len(lines) != len(take.Truth) {
		t.Fatalf("the label track has %d lines, want %d", len(lines), len(take.Truth))
	}
	for i, line := range lines { // microseconds are fine enough for the sample
		var from, to float64
		var class string
		fmt.Sscanf(line, "%f\t%f\t%s", &from, &to, &class)
		got := Event{int(math.Round(from * float64(c.Rate))), class}
		if got != take.Truth[i] || to != from {
			t.Errorf("line %q says %v, want %v", line, got, take.Truth[i])
		}
	}
}

func TestValidate(t *testing.T) {
	for name, change := range map[string]func(*Config){
		"voices":          func(c *Config) { c.Voices = 0 },
		"takes_per_voice": func(c *Config) { c.TakesPerVoice = -1 },
		"hits_per_take":   func(c *Config) { c.HitsPerTake = 0 },
		"rate":            func(c *Config) { c.Rate = 8000 },
		"snr_db":          func(c *Config) { c.SNRDB = math.NaN() },
	} {
		c := Default()
		change(&c)
		if err := c.Validate(); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s out of range: got %v", name, err)
		}
	}
	if err := Default().Validate(); err != nil {
		t.Error(err)
	}
}

func BenchmarkDefaultCorpus(b *testing.B) {
	for b.Loop() {
		for range Generate(Default()) {
		}
	}
}

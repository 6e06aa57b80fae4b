package features

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"testing"

	"prep/data"
)

// realTake lies beside the repository; see testdata/golden.py.
const realTake = "../../shared/recordings/vopec/IGN/Kick_IGN.wav"

// synthetic is the clip of testdata/golden.py.
func synthetic() data.Clip {
	const n, attack = 8000, 5000
	x, noise := make([]float32, n), make([]float64, n)
	state := uint32(1)
	for i := range noise {
		state = 1664525*state + 1013904223
		noise[i] = float64(state)/(1<<31) - 1
	}
	for i := range x {
		v := 0.001*noise[i] + 0.05*math.Sin(0.03*float64(i))
		if at := float64(i - attack); at >= 0 {
			v += math.Exp(-at/700) * (0.4*math.Sin(0.02*at) + 0.3*noise[i])
		}
		x[i] = float32(v)
	}
	return data.Clip{Rate: 44100, Samples: x}
}

// real reads a take of 16-bit samples behind a 44-byte header.
func real(t *testing.T) (c data.Clip, ok bool) {
	raw, err := os.ReadFile(realTake)
	if errors.Is(err, fs.ErrNotExist) {
		t.Log("without the real take: ../shared/recordings is not here")
		return c, false
	}
	if err != nil {
		t.Fatal(err)
	}
	c.Rate = 44100
	for i := 44; i+1 < len(raw); i += 2 {
		c.Samples = append(c.Samples, float32(int16(binary.LittleEndian.Uint16(raw[i:])))/32768)
	}
	return c, true
}

func golden(t *testing.T, name string) []float32 {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", name+".f32"))
	if err != nil {
		t.Fatal(err)
	}
	v := make([]float32, len(raw)/4)
	for i := range v {
		v[i] = math.Float32frombits(binary.LittleEndian.Uint32(raw[4*i:]))
	}
	return v
}

// distance is max |a-b| / max |b|.
func distance(a, b []float32) float64 {
	var worst, peak float64
	for i := range b {
		worst = max(worst, math.Abs(float64(a[i])-float64(b[i])))
		peak = max(peak, math.Abs(float64(b[i])))
	}
	return worst / peak
}

// goldens are the settings of testdata/golden.py, and how far from librosa's
// values ours may be.
var goldens = []struct {
	name      string
	tolerance float64
	set       func(*Config)
}{
	{"linear", 1e-6, func(c *Config) { c.Kind, c.FFT = "linear", 512 }},
	{"mel", 1e-6, func(*Config) {}},
	{"mel-htk", 1e-6, func(c *Config) { c.FFT, c.HTK, c.MelNorm, c.FMin, c.FMax = 2048, true, none, 50, 12000 }},
	{"mel-begins", 1e-6, func(c *Config) { c.Centred = false }},
	{"mel-db", 1e-5, func(c *Config) { c.Ref = refMax }},
	{"mfcc", 1e-6, func(c *Config) { c.Kind = "mfcc" }},
	{"pcen", 1e-5, func(c *Config) { c.Kind = "pcen" }},
	{"pcen-one", 1e-5, func(c *Config) { c.Kind, c.PCEN.Start = "pcen", startOne }},
	{"pcen-level", 1e-5, func(c *Config) { c.Kind, c.PCEN.Start = "pcen", startLevel }},
	{"modulation", 1e-6, func(c *Config) { c.Kind = "modulation" }},
}

func goldenConfig() Config {
	c := Default()
	c.Frames, c.PreRoll, c.Ref, c.AMin = 24, 0, none, 1e-10
	return c
}

func TestAgreesWithLibrosa(t *testing.T) {
	onClips(t, func(t *testing.T, name string, clip data.Clip, moment int) {
		for _, g := range goldens {
			c := goldenConfig()
			g.set(&c)
			got, want := planeAt(t, c, clip, moment), golden(t, name+"-"+g.name)
			d := distance(got, want)
			t.Logf("%s: %.2g", g.name, d)
			if !(d <= g.tolerance) {
				t.Errorf("%s: off by %.3g of the largest, want at most %g", g.name, d, g.tolerance)
			}
		}
	})
}

// onClips calls fn for the moments of testdata/golden.py.
func onClips(t *testing.T, fn func(t *testing.T, name string, clip data.Clip, moment int)) {
	moments := map[string][]int{"synthetic": {-100, 5000 - 132, 7400}, "real": {18800, 30007}}
	clips := map[string]data.Clip{"synthetic": synthetic()}
	if clip, ok := real(t); ok {
		clips["real"] = clip
	}
	for name, clip := range clips {
		for i, moment := range moments[name] {
			name := fmt.Sprintf("%s-%d", name, i)
			t.Run(name, func(t *testing.T) { fn(t, name, clip, moment) })
		}
	}
}

func planeAt(t *testing.T, c Config, clip data.Clip, moment int) []float32 {
	t.Helper()
	e, err := New(c, clip.Rate)
	if err != nil {
		t.Fatal(err)
	}
	dst := make([]float32, c.Bands*c.Frames)
	if err := e.planes[0].plane(dst, clip, place{moment, c.Frames}); err != nil {
		t.Fatal(err)
	}
	return dst
}

// librosa's constant-Q transform works at halved rates, through a resampler;
// ours does not.
func TestConstantQIsCloseToLibrosa(t *testing.T) {
	onClips(t, func(t *testing.T, name string, clip data.Clip, moment int) {
		near := int(math.Floor(float64(moment)/32)) * 32
		for _, kind := range []string{"cqt", "vqt"} {
			c := goldenConfig()
			c.Kind, c.FMin = kind, 350
			if kind == "vqt" {
				c.FMin, c.BinsPerOctave = 100, 9
			}
			got, want := planeAt(t, c, clip, near), golden(t, name+"-"+kind)
			if d := worstDB(got, want); d > 0.5 {
				t.Errorf("%s: %.2f dB off, want at most 0.5", kind, d)
			} else {
				t.Logf("%s: %.2f dB", kind, d)
			}
		}
	})
}

// worstDB compares powers with magnitudes where those are within 40 dB of
// their peak.
func worstDB(power, magnitude []float32) float64 {
	peak, worst := 0.0, 0.0
	for _, m := range magnitude {
		peak = max(peak, float64(m))
	}
	for i, m := range magnitude {
		if float64(m) >= peak/100 {
			worst = max(worst, math.Abs(10*math.Log10(float64(power[i]))-20*math.Log10(float64(m))))
		}
	}
	return worst
}

// The filters are compared by sum, first moment and sum of squares.
func TestMelFiltersAgreeWithLibrosa(t *testing.T) {
	i := 0
	for _, size := range []struct {
		rate data.Rate
		fft  int
	}{{44100, 512}, {44100, 2048}, {22050, 1024}, {48000, 512}} {
		for _, htk := range []bool{false, true} {
			for _, norm := range []string{normSlaney, none} {
				for _, limits := range [][2]float64{{0, 0}, {80, 8000}} {
					c := Default()
					c.FFT, c.HTK, c.MelNorm, c.FMin, c.FMax = size.fft, htk, norm, limits[0], limits[1]
					b, err := newMelBanded(&c, size.rate)
					if err != nil {
						t.Fatal(err)
					}
					if d := distance(moments(b.bank), golden(t, fmt.Sprint("bank-", i))); !(d <= 1e-6) {
						t.Errorf("rate %d, fft %d, htk %v, norm %s, %v Hz: off by %.3g", size.rate, size.fft, htk, norm, limits, d)
					}
					i++
				}
			}
		}
	}
}

func moments(k *bank) []float32 {
	n := len(k.weights)
	m := make([]float32, 3*n)
	for b, weights := range k.weights {
		for i, w := range weights {
			m[b] += w
			m[n+b] += w * float32(k.first[b]+i)
			m[2*n+b] += w * w
		}
	}
	return m
}

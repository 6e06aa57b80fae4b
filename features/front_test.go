package features

import (
	"math"
	"strings"
	"testing"

	"prep/data"
)

// What Front says, done in float64, is the patch.
func TestFrontMakesThePatch(t *testing.T) {
	clip := data.Clip{Rate: 44100, Samples: make([]float32, 9000)}
	for i := range clip.Samples {
		d := float64(max(i-3000, 0))
		clip.Samples[i] = float32(0.4*math.Exp(-d/500)*math.Sin(d*d/4000)*min(d, 1) + 1e-3*math.Sin(float64(i*i)))
	}
	h := data.Hit{Onset: 3000, Start: 2900, End: 5000}
	for _, tc := range []struct {
		name   string
		change func(*Config)
	}{
		{"mel", func(*Config) {}}, {"mel re 1", func(c *Config) { c.Ref = refOne }},
		{"mel of powers, not centred", func(c *Config) { c.Ref, c.Centred = none, false }},
		{"linear, unlimited", func(c *Config) { c.Kind, c.TopDB = "linear", 0 }}, {"mfcc", func(c *Config) { c.Kind = "mfcc" }},
		{"cqt", func(c *Config) { c.Kind = "cqt" }}, {"vqt", func(c *Config) { c.Kind = "vqt" }},
		{"stacked, with bands of their own", func(c *Config) { c.Kind, c.FMin, c.FMax = "mel+mfcc+linear", 100, 15000 }},
	} {
		c := Default()
		tc.change(&c)
		e, err := New(c, clip.Rate)
		if err != nil {
			t.Fatal(err)
		}
		f, err := e.Front()
		if err != nil {
			t.Fatal(err)
		}
		want, err := e.Patch(clip, h)
		if err != nil {
			t.Fatal(err)
		}
		x, _ := data.ReadSpan(clip, h.Onset+f.First, h.Onset+f.First+f.Samples)
		for i, p := range f.Planes {
			// 73 dB below the peak, float32 and the cut of cqt's kernels are worth 0.003 dB.
			for j, v := range planeOf(p, f, x) {
				w := float64(want.Values[i*f.Bands*f.Frames+j])
				if math.Abs(v-w) > 0.01 {
					t.Fatalf("%s: plane %d, value %d is %v, the patch has %v", tc.name, i, j, v, w)
				}
			}
		}
	}
}

// planeOf is the formula of data.Plane.
func planeOf(p data.Plane, f data.Front, x []float32) []float64 {
	out := make([]float64, f.Bands*f.Frames)
	for t := range f.Frames {
		from := x[p.Offset+t*p.Hop:]
		for k := range p.Filters {
			var re, im float64
			for n := range p.Taps {
				re += float64(from[n]) * float64(p.Re[k*p.Taps+n])
				im += float64(from[n]) * float64(p.Im[k*p.Taps+n])
			}
			for b := range f.Bands {
				out[b*f.Frames+t] += float64(p.Bank[b*p.Filters+k]) * (re*re + im*im)
			}
		}
	}
	if d := p.Decibels; d != nil {
		top := math.Inf(-1)
		for i, v := range out {
			out[i] = 10 * math.Log10(max(v, d.AMin))
			top = max(top, out[i])
		}
		for i := range out {
			if d.TopDB != 0 {
				out[i] = max(out[i], top-d.TopDB)
			}
			if d.Max {
				out[i] -= top
			}
		}
	}
	if p.Last == nil {
		return out
	}
	last := make([]float64, len(out))
	for i := range f.Bands {
		for b := range f.Bands {
			for t := range f.Frames {
				last[i*f.Frames+t] += float64(p.Last[i*f.Bands+b]) * out[b*f.Frames+t]
			}
		}
	}
	return last
}

func TestFrontSaysWhatSamplesAreNotEnoughFor(t *testing.T) {
	for want, change := range map[string]func(*Config){
		"pcen: its level follows the recording":    func(c *Config) { c.Kind = "mel+pcen" },
		"modulation: cannot be written":            func(c *Config) { c.Kind = "modulation" },
		"mask: which frames are silent depends on": func(c *Config) { c.Mask = true },
	} {
		c := Default()
		change(&c)
		e, err := New(c, 44100)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := e.Front(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}

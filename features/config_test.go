package features

import (
	"math"
	"strings"
	"testing"
	"time"

	"prep/data"
)

func TestConfigErrors(t *testing.T) {
	tests := []struct {
		set  func(*Config)
		want string
	}{
		{func(c *Config) { c.Kind = "mell" }, `kind: "mell": must be one of cqt, linear, mel, mfcc, modulation, pcen, vqt`},
		{func(c *Config) { c.Kind = "" }, `kind: ""`},
		{func(c *Config) { c.Kind = "mel+" }, `kind: ""`},
		{func(c *Config) { c.Kind = "mel+mel" }, "twice"},
		{func(c *Config) { c.Kind = "../mel" }, "kind"},
		{func(c *Config) { c.Bands = 0 }, "bands: 0: must be from 1 to 4096"},
		{func(c *Config) { c.Bands = -1 }, "bands: -1"},
		{func(c *Config) { c.Frames = 0 }, "frames: 0: must be from 1 to 4096"},
		{func(c *Config) { c.Frames = 1 << 30 }, "frames"},
		{func(c *Config) { c.Hop = 0 }, "hop: 0"},
		{func(c *Config) { c.Hop = 513 }, "hop: 513: must be from 1 to window (512) samples"},
		{func(c *Config) { c.Window = 2048 }, "window: 2048: must be from 2 to fft (1024) samples"},
		{func(c *Config) { c.FFT = 1000 }, "fft: 1000: must be a power of two"},
		{func(c *Config) { c.PreRoll = -time.Millisecond }, "pre_roll"},
		{func(c *Config) { c.FMin = -1 }, "fmin"},
		{func(c *Config) { c.FMin = math.NaN() }, "fmin"},
		{func(c *Config) { c.FMin = 23000 }, "fmin: 23000: must be below half the rate, 22050 Hz"},
		{func(c *Config) { c.FMax = 30000 }, "fmax: 30000: must be at most half the rate, 22050 Hz"},
		{func(c *Config) { c.FMax, c.FMin = 100, 200 }, "fmax: 100: must be above fmin (200 Hz)"},
		{func(c *Config) { c.FMax = math.Inf(1) }, "fmax"},
		{func(c *Config) { c.Kind, c.FMax = "cqt", 30000 }, "fmax"},
		{func(c *Config) { c.MelNorm = "area" }, `mel_norm: "area"`},
		{func(c *Config) { c.Ref = "median" }, `ref: "median"`},
		{func(c *Config) { c.AMin = 0 }, "amin"},
		{func(c *Config) { c.TopDB = -80 }, "top_db"},
		{func(c *Config) { c.PCEN.Gain = 0 }, "pcen: gain"},
		{func(c *Config) { c.PCEN.TimeConstant = 0 }, "pcen: time_constant"},
		{func(c *Config) { c.PCEN.Start = "zero" }, `pcen: start: "zero": must be one, level, or nothing for the first frame`},
		{func(c *Config) { c.Kind, c.FMin = "cqt", 100 }, "would last 173.3 ms: from 346.7 Hz it fits in 50 ms, or take vqt"},
		{func(c *Config) { c.Kind, c.Bands = "cqt", 80 }, "above half the rate"},
		{func(c *Config) { c.Kind, c.BinsPerOctave = "vqt", -1 }, "bins_per_octave"},
		{func(c *Config) { c.Kind, c.Frames, c.Window, c.FFT, c.Hop = "cqt", 4096, 4096, 4096, 4096 }, "256 MiB"},
		{func(c *Config) { c.Kind, c.Bands = "linear", 1000 }, "raise fft or lower bands"},
	}
	for _, test := range tests {
		c := Default()
		test.set(&c)
		_, err := New(c, 44100)
		if err == nil || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("got %v, want %q", err, test.want)
		}
	}
}

func TestEveryKindAtOtherSizesAndRates(t *testing.T) {
	clip := synthetic()
	for _, kind := range AllKinds() {
		for _, size := range [][2]int{{1, 1}, {8, 100}, {40, 7}, {64, 64}} {
			for _, rate := range []data.Rate{16000, 44100, 48000} {
				c := Default()
				c.Kind, c.Bands, c.Frames, clip.Rate = kind, size[0], size[1], rate
				if rate == 16000 {
					c.BinsPerOctave = 16 // from 462 Hz to 7.1 kHz
				}
				p, err := c.patch(clip, data.Hit{ID: "h", Onset: 5000, End: 6000})
				if err != nil {
					t.Errorf("%s %v at %d: %v", kind, size, rate, err)
				} else if p.Hit != "h" || p.Channels != 1 || p.Bands != size[0] || p.Frames != size[1] || len(p.Values) != size[0]*size[1] {
					t.Errorf("%s %v at %d: got %d x %d x %d, %d values", kind, size, rate, p.Channels, p.Bands, p.Frames, len(p.Values))
				}
			}
		}
	}
}

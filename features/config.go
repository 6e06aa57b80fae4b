package features

import (
	"fmt"
	"math/bits"
	"slices"
	"strings"
	"time"

	"prep/data"
)

// Config says how a hit becomes a patch. Names and meanings are librosa's
// where librosa has the parameter. Lengths in samples are at the set's rate;
// the recipe states them in ms.
type Config struct {
	// Kind is linear, mel, mfcc, pcen, cqt, vqt or modulation, or several of
	// them joined by "+", which become channels in that order.
	Kind string `yaml:"kind" json:"kind"`
	// Bands and Frames are the patch's height and width.
	Bands  int `yaml:"bands" json:"bands"`
	Frames int `yaml:"frames" json:"frames"`
	// Hop, Window (periodic Hann) and FFT (a power of two; zeros follow the
	// window) are in samples: hop_length, win_length and n_fft.
	Hop    int `yaml:"hop" json:"hop"`
	Window int `yaml:"window" json:"window"`
	FFT    int `yaml:"fft" json:"fft"`
	// Centred frames look half a window to either side of their moment, others
	// begin there. The constant-Q kinds are always centred.
	Centred bool `yaml:"centred" json:"centred"`
	// PreRoll is the time from frame 0 to the onset.
	PreRoll time.Duration `yaml:"pre_roll" json:"pre_roll"`
	// Mask makes frames whose moment lies at or past the hit's end silent.
	Mask bool `yaml:"mask" json:"mask"`
	// FMin and FMax bound the bands, in Hz. FMax 0 is half the rate. FMin is
	// the lowest centre frequency of cqt and vqt, where 0 chooses it and FMax
	// has no part.
	FMin float64 `yaml:"fmin" json:"fmin"`
	FMax float64 `yaml:"fmax" json:"fmax"`
	// HTK takes the mel scale of HTK instead of Slaney's. MelNorm is "slaney"
	// (each filter has unit area) or "none" (each has unit height).
	HTK     bool   `yaml:"htk" json:"htk"`
	MelNorm string `yaml:"mel_norm" json:"mel_norm"`
	// BinsPerOctave of cqt and vqt; 0 is 12 for cqt and 8 for vqt.
	BinsPerOctave int `yaml:"bins_per_octave" json:"bins_per_octave"`
	// Ref, AMin and TopDB are the reference ("max", "one", or "none" for
	// values that stay powers), the least power, and the range in dB (0 is
	// unlimited) of power_to_db. They apply to linear, mel, cqt, vqt and
	// modulation. mfcc has ref 1 as in librosa; pcen has no decibels.
	Ref   string  `yaml:"ref" json:"ref"`
	AMin  float64 `yaml:"amin" json:"amin"`
	TopDB float64 `yaml:"top_db" json:"top_db"`
	// PCEN has the parameters of pcen.
	PCEN PCEN `yaml:"pcen" json:"pcen"`
}

// Values of Config.Ref and Config.MelNorm.
const (
	refMax      = "max"
	refOne      = "one"
	none        = "none"
	normSlaney  = "slaney"
	maxSide     = 4096    // bands or frames: 64 MiB a patch
	maxFFT      = 1 << 16 // 1.5 s at 44.1 kHz, thirty times a hit
	maxChannels = 8
)

// Default returns mel patches of 64 x 64 for 44.1 kHz: a frame every 0.726 ms
// from 3 ms before the onset to 43 ms after it, windows of 11.6 ms. Decibels
// below the patch's own peak make a patch independent of the recording's
// level, and a range of 80 dB ends above the noise of most rooms: what tells
// microphones apart is below. amin is far below power_to_db's 1e-10, which would
// cut into the range of hits that peak under -30 dB.
func Default() Config {
	return Config{
		Kind: "mel", Bands: 64, Frames: 64,
		Hop: 32, Window: 512, FFT: 1024, Centred: true,
		PreRoll: 3 * time.Millisecond,
		MelNorm: normSlaney,
		Ref:     refMax, AMin: 1e-20, TopDB: 80,
		PCEN: defaultPCEN(),
	}
}

// Kinds returns the kinds of c, one a channel.
func (c Config) Kinds() []string { return strings.Split(c.Kind, "+") }

// Validate returns an error that names the first field out of range.
func (c Config) Validate() error {
	if err := c.validateKinds(); err != nil {
		return err
	}
	switch {
	case c.Bands < 1 || c.Bands > maxSide:
		return fmt.Errorf("bands: %d: must be from 1 to %d", c.Bands, maxSide)
	case c.Frames < 1 || c.Frames > maxSide:
		return fmt.Errorf("frames: %d: must be from 1 to %d", c.Frames, maxSide)
	case c.FFT < 4 || c.FFT > maxFFT || bits.OnesCount(uint(c.FFT)) != 1:
		return fmt.Errorf("fft: %d: must be a power of two from 4 to %d samples", c.FFT, maxFFT)
	case c.Window < 2 || c.Window > c.FFT:
		return fmt.Errorf("window: %d: must be from 2 to fft (%d) samples", c.Window, c.FFT)
	case c.Hop < 1 || c.Hop > c.Window:
		return fmt.Errorf("hop: %d: must be from 1 to window (%d) samples", c.Hop, c.Window)
	case c.PreRoll < 0 || c.PreRoll > time.Second:
		return fmt.Errorf("pre_roll: %v: must be from 0s to 1s", c.PreRoll)
	}
	if n := c.Bands * c.Frames * len(c.Kinds()); n > data.MaxPatch {
		return fmt.Errorf("frames: %d: patches of %d values; a patch has at most %d", c.Frames, n, data.MaxPatch)
	}
	if err := c.validateBands(); err != nil {
		return err
	}
	if err := c.validateDecibels(); err != nil {
		return err
	}
	return c.PCEN.validate()
}

func (c Config) validateKinds() error {
	kinds := c.Kinds()
	if len(kinds) > maxChannels {
		return fmt.Errorf("kind: %q: at most %d kinds can be stacked", c.Kind, maxChannels)
	}
	for i, k := range kinds {
		if _, ok := transforms[k]; !ok {
			return fmt.Errorf("kind: %q: must be one of %s, or several joined by +", k, strings.Join(AllKinds(), ", "))
		}
		if slices.Contains(kinds[:i], k) {
			return fmt.Errorf("kind: %q: %s is there twice", c.Kind, k)
		}
	}
	return nil
}

// The conditions are written so that NaN fails them.
func (c Config) validateBands() error {
	switch {
	case !(c.FMin >= 0 && c.FMin < 1e6):
		return fmt.Errorf("fmin: %v: must be 0 Hz or more", c.FMin)
	case c.FMax != 0 && !(c.FMax > c.FMin && c.FMax < 1e6):
		return fmt.Errorf("fmax: %v: must be above fmin (%v Hz), or 0 for half the rate", c.FMax, c.FMin)
	case c.MelNorm != normSlaney && c.MelNorm != none:
		return fmt.Errorf("mel_norm: %q: must be %s or %s", c.MelNorm, normSlaney, none)
	case c.BinsPerOctave < 0 || c.BinsPerOctave > 96:
		return fmt.Errorf("bins_per_octave: %d: must be from 1 to 96, or 0 for the kind's own", c.BinsPerOctave)
	}
	return nil
}

func (c Config) validateDecibels() error {
	switch {
	case c.Ref != refMax && c.Ref != refOne && c.Ref != none:
		return fmt.Errorf("ref: %q: must be %s, %s or %s", c.Ref, refMax, refOne, none)
	case !(c.AMin >= 1e-30 && c.AMin <= 1):
		return fmt.Errorf("amin: %v: must be from 1e-30 to 1", c.AMin)
	case !(c.TopDB >= 0 && c.TopDB <= 300):
		return fmt.Errorf("top_db: %v: must be from 0 (unlimited) to 300", c.TopDB)
	}
	return nil
}

// fmaxHz returns the upper edge of the bands at a rate.
func (c Config) fmaxHz(rate data.Rate) (float64, error) {
	nyquist := float64(rate) / 2
	switch {
	case c.FMax > nyquist:
		return 0, fmt.Errorf("fmax: %v: must be at most half the rate, %v Hz", c.FMax, nyquist)
	case c.FMin >= nyquist:
		return 0, fmt.Errorf("fmin: %v: must be below half the rate, %v Hz", c.FMin, nyquist)
	case c.FMax == 0:
		return nyquist, nil
	}
	return c.FMax, nil
}

package segment

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"sync"

	"prep/data"
	"prep/data/disk"
	"prep/data/tcn"
)

// Detector is a network that hears onsets, and what it must be known by.
type Detector struct {
	// Network has an output a frame: the logarithm of the odds that an onset is there.
	Network tcn.Network `json:"network"`
	// Lead is by how many frames the frame that an output speaks of lies behind the
	// middle of what the network sees for it: 0 to see as far ahead as back.
	Lead int `json:"lead"`
	// Slope and Shift turn a peak of the output into the logarithm of the odds that it
	// is a hit: Slope * output + Shift + Noise * level (Platt, "Probabilistic outputs for
	// support vector machines", 1999). The level is that of the noise, from 0 at 60 dB
	// below the loudest sound to 2.5 at 10 dB: a network that has heard hits drown says
	// too little of those that it hears.
	Slope float64 `json:"slope"`
	Shift float64 `json:"shift"`
	Noise float64 `json:"noise"`
	// Learned holds the IDs of the recordings that it learned from.
	Learned []string `json:"learned"`
	// About says what it was made from.
	About string `json:"about"`
}

// Shape returns the network of the detectors that come with prep, without weights: over
// the bands and both windows at once first, then over time alone, 170 ms to either side
// (after Böck and Davies, "Deconstruct, analyse, reconstruct", ISMIR 2020, whose layers it
// has fewer of).
func Shape() tcn.Network {
	const narrow, wide, deep = 12, 16, 24
	layers := []tcn.Layer{
		{Frames: 7, Bands: 3, Inputs: len(windowsS), Filters: narrow, Stride: 2},
		{Frames: 3, Bands: 3, Inputs: narrow, Filters: wide, Stride: 2},
		{Frames: 1, Bands: bandCount / 4, Inputs: wide, Filters: deep, Whole: true},
	}
	for _, dilation := range []int{1, 2, 4, 8} {
		layers = append(layers, tcn.Layer{Frames: 5, Bands: 1, Inputs: deep, Filters: deep, Dilation: dilation})
	}
	return tcn.Network{Bands: bandCount, Channels: len(windowsS),
		Layers: append(layers, tcn.Layer{Frames: 1, Bands: 1, Inputs: deep, Filters: 1, Linear: true})}
}

// detectorFormat is written in a detector's file, so that a later one is known.
const detectorFormat = 1

// maxDetector bounds a detector's file: far more than any that is worth its time.
const maxDetector = 64 << 20

// Write writes the detector: a line of JSON, then kernel and bias of layer after
// layer as little-endian float32.
func (d *Detector) Write(w io.Writer) error {
	head, err := json.Marshal(struct {
		Format int `json:"format"`
		*Detector
	}{detectorFormat, d})
	if err != nil {
		return err
	}
	body := append(head, '\n')
	for _, l := range d.Network.Layers {
		body = data.AppendFloats(data.AppendFloats(body, l.Kernel), l.Bias)
	}
	_, err = w.Write(body)
	return err
}

// readDetector reads what Write wrote. It fails on anything else, or cut short.
func readDetector(raw []byte) (*Detector, error) {
	head, body, ok := bytes.Cut(raw, []byte{'\n'})
	var d struct {
		Format int `json:"format"`
		Detector
	}
	switch err := json.Unmarshal(head, &d); {
	case !ok || err != nil:
		return nil, errors.New("is no detector")
	case d.Format != detectorFormat:
		return nil, fmt.Errorf("has format %d, and this prep knows %d", d.Format, detectorFormat)
	}
	for i := range d.Network.Layers {
		l := &d.Network.Layers[i]
		kernel, bias := l.Weights()
		if kernel < 0 || bias < 0 || kernel > maxDetector || bias > maxDetector || len(body) < 4*(kernel+bias) {
			return nil, errors.New("the file is cut short")
		}
		l.Kernel, body = floats(body, kernel)
		l.Bias, body = floats(body, bias)
	}
	if len(body) > 0 {
		return nil, errors.New("more follows the last layer")
	}
	return &d.Detector, d.validate()
}

// floats takes n values off the front of raw.
func floats(raw []byte, n int) ([]float32, []byte) {
	x := make([]float32, n)
	data.ReadFloats(x, raw)
	return x, raw[4*n:]
}

func (d *Detector) validate() error {
	if err := d.Network.Validate(); err != nil {
		return err
	}
	reach := d.Network.Reach()
	switch {
	case d.Network.Bands != bandCount || d.Network.Channels != len(windowsS):
		return fmt.Errorf("hears %d bands of %d windows, not %d of %d", d.Network.Bands, d.Network.Channels, bandCount, len(windowsS))
	case d.Lead < 0 || d.Lead > reach || reach > maxReach:
		return fmt.Errorf("sees %d frames and leads by %d; want at most %d, and no less than the lead", reach, d.Lead, maxReach)
	case !(d.Slope > 0 && d.Slope < 100) || !(math.Abs(d.Shift) < 100) || !(math.Abs(d.Noise) < 100):
		return errors.New("is not calibrated")
	}
	return nil
}

// maxReach bounds how far a network sees: 5 s.
const maxReach = 1000

//go:embed detectors/*.bin
var detectors embed.FS

// Notice is the licence of what the detectors that come with prep learned from.
//
//go:embed detectors/NOTICE
var Notice string

// shipped returns the detectors that come with prep.
var shipped = sync.OnceValue(func() (both struct{ offline, live *Detector }) {
	for name, into := range map[string]**Detector{"offline": &both.offline, "live": &both.live} {
		raw, err := detectors.ReadFile("detectors/" + name + ".bin")
		if err == nil {
			*into, err = readDetector(raw)
		}
		if err != nil {
			panic(fmt.Sprintf("segment: detector %s: %v", name, err)) // embedded: cannot fail
		}
	}
	return both
})

// With returns c with a detector in place of its file's.
func (c Config) With(d *Detector) Config {
	c.taught = d
	return c
}

// Open returns the detector that c names: what `prep teach` made, or one
// of those that come with prep.
func (c Config) Open() (*Detector, error) {
	switch {
	case c.taught != nil:
		return c.taught, nil
	case c.Detector == "" && c.Causal:
		return shipped().live, nil
	case c.Detector == "":
		return shipped().offline, nil
	}
	raw, err := readRegular(c.Detector)
	if err != nil {
		return nil, fmt.Errorf("detector: %w", err)
	}
	d, err := readDetector(raw)
	if err != nil {
		return nil, fmt.Errorf("detector %s: %w", c.Detector, err)
	}
	return d, nil
}

// recorded returns c as the record of a run has it: with the digest of the detector's
// file, so that another file under the same name is noticed.
func (c Config) recorded() Config {
	if c.Detector != "" {
		if raw, err := readRegular(c.Detector); err == nil {
			c.DetectorSHA256 = fmt.Sprintf("%x", sha256.Sum256(raw))
		}
	}
	return c
}

// readRegular reads a file of a detector's size.
func readRegular(path string) ([]byte, error) {
	info, err := disk.Stat(path)
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular() || info.Size() > maxDetector:
		return nil, fmt.Errorf("%s: is no detector", path)
	}
	return disk.ReadFile(path)
}

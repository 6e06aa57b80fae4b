package train

import (
	"embed"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"prep/data"
)

// The types of layer.
const (
	layerConv    = "conv"
	layerPool    = "pool"
	layerNorm    = "batch_norm"
	layerDropout = "dropout"
	layerDense   = "dense"
	layerAverage = "global_average"
	layerPCEN    = "pcen"
)

// The kinds of pooling.
const (
	poolMax = "max"
	poolAvg = "avg"
)

// Layer is one line of a network's description. Which fields apply depends on
// Type; the others must be left out.
//
//	{type: conv, filters: 64, kernel: 5x5, stride: 1x1}  same padding, bias
//	{type: pool, kind: max, size: 2x2, stride: 2x2}      or avg; stride defaults to size
//	{type: batch_norm}
//	{type: dropout, rate: 0.3}
//	{type: global_average}                               over bands and frames
//	{type: dense, units: 64}                             bias
//	{type: pcen}                                         first: energies, normalized by what each band learns
//
// Sizes are bands x frames. ReLU follows conv and dense, after their batch_norm
// if that comes next.
type Layer struct {
	Type    string  `yaml:"type" json:"type"`
	Filters int     `yaml:"filters,omitempty" json:"filters,omitempty"`
	Kernel  Size    `yaml:"kernel,omitempty" json:"kernel,omitzero"`
	Kind    string  `yaml:"kind,omitempty" json:"kind,omitempty"`
	Size    Size    `yaml:"size,omitempty" json:"size,omitzero"`
	Stride  Size    `yaml:"stride,omitempty" json:"stride,omitzero"`
	Rate    float64 `yaml:"rate,omitempty" json:"rate,omitempty"`
	Units   int     `yaml:"units,omitempty" json:"units,omitempty"`
}

// Net describes a network: its layers in order. What follows the last one is
// always there and not written down: a dense layer with one output a class,
// and softmax.
type Net struct {
	Layers []Layer `yaml:"layers" json:"layers"`
}

//go:embed presets/*.yaml
var presets embed.FS

// Presets returns the names of the networks that come with the program.
func Presets() []string {
	entries, err := presets.ReadDir("presets")
	if err != nil {
		panic(err) // embedded: cannot fail
	}
	var names []string
	for _, e := range entries {
		names = append(names, strings.TrimSuffix(e.Name(), ".yaml"))
	}
	return names
}

// openNet returns the preset of that name, or else the network described by the
// YAML file of that name. It fails when there is neither, naming the presets.
func openNet(name string) (Net, error) {
	if slices.Contains(Presets(), name) {
		text, err := presets.ReadFile("presets/" + name + ".yaml")
		if err != nil {
			return Net{}, err
		}
		return parseNet(text)
	}
	text, err := data.ReadRegular(name, maxNet)
	if errors.Is(err, os.ErrNotExist) {
		return Net{}, fmt.Errorf("net %q: neither a file nor one of %s", name, strings.Join(Presets(), ", "))
	}
	if err != nil {
		return Net{}, err
	}
	n, err := parseNet(text)
	if err != nil {
		return Net{}, fmt.Errorf("%s: %w", name, err)
	}
	return n, nil
}

// maxNet bounds the description of a network, in bytes.
const maxNet = 1 << 20

// parseNet reads a description ("layers:" and one layer a line, see Layer). It
// fails with the line of an unknown key, and on whatever Validate refuses.
func parseNet(text []byte) (Net, error) {
	var n Net
	if err := data.DecodeYAML(text, &n); err != nil {
		return Net{}, err
	}
	return n, n.validate()
}

// Bounds of what is worth trying on one machine: filters or units of a layer,
// parameters of a network (1.6 GB with gradients and Adam's moments), values that it
// makes of one patch (1 GB), and layers.
const (
	maxWidth      = 1 << 14
	maxParameters = 100_000_000
	maxValues     = 1 << 28
	maxLayers     = 256
)

// validate checks each layer by itself; whether they fit an input is what
// Describe finds out. Its error names the layer, counted from 1.
func (n Net) validate() error {
	if len(n.Layers) == 0 {
		return errors.New("the network has no layers")
	}
	if len(n.Layers) > maxLayers {
		return fmt.Errorf("the network has %d layers; at most %d are allowed", len(n.Layers), maxLayers)
	}
	for i, l := range n.Layers {
		if err := l.validate(); err != nil {
			return fmt.Errorf("layer %d (%s): %w", i+1, l.Type, err)
		}
		if l.Type == layerPCEN && i > 0 {
			return fmt.Errorf("layer %d (pcen): it takes the energies of patches, so it must be the first", i+1)
		}
	}
	return nil
}

// validate checks the fields that a layer of l's type has, and that it has no
// others.
func (l Layer) validate() error {
	rest := l
	rest.Type = ""
	switch l.Type {
	case layerConv:
		rest.Filters, rest.Kernel, rest.Stride = 0, Size{}, Size{}
		if l.Filters < 1 || l.Filters > maxWidth || l.Kernel.IsZero() {
			return fmt.Errorf("needs filters (1 to %d) and kernel (bands x frames)", maxWidth)
		}
	case layerPool:
		rest.Kind, rest.Size, rest.Stride = "", Size{}, Size{}
		if l.Kind != poolMax && l.Kind != poolAvg || l.Size.IsZero() {
			return fmt.Errorf("needs kind (max or avg; got %q) and size (bands x frames)", l.Kind)
		}
	case layerDropout:
		rest.Rate = 0
		if !(l.Rate > 0 && l.Rate < 1) {
			return fmt.Errorf("rate is %g: want more than 0 and less than 1", l.Rate)
		}
	case layerDense:
		rest.Units = 0
		if l.Units < 1 || l.Units > maxWidth {
			return fmt.Errorf("units is %d: want 1 to %d", l.Units, maxWidth)
		}
	case layerNorm, layerAverage, layerPCEN:
	default:
		return errors.New("unknown type: want conv, pool, batch_norm, dropout, global_average, dense or pcen")
	}
	if rest != (Layer{}) {
		return errors.New("has a setting that belongs to another type of layer")
	}
	return nil
}

// String returns the layer in a few words: "conv 64 @ 5x5 / 2x2".
func (l Layer) String() string {
	words := l.Type
	switch l.Type {
	case layerConv:
		words = fmt.Sprintf("conv %d @ %v", l.Filters, l.Kernel)
	case layerPool:
		words = fmt.Sprintf("%s pool %v", l.Kind, l.Size)
	case layerDropout:
		return fmt.Sprintf("dropout %g", l.Rate)
	case layerDense:
		return fmt.Sprintf("dense %d", l.Units)
	}
	if !l.Stride.IsZero() {
		words += fmt.Sprintf(" / %v", l.Stride)
	}
	return words
}

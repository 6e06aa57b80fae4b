package sweep

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"prep/train"
)

func TestExpand(t *testing.T) {
	c := Config{Grid: map[string][]any{"net.pool": {"2x2", "1x4"}, "features.kind": {"mel", "mfcc"}},
		Arms: []Settings{{"name": "seed", "train.net": "seed"}, {"train.jitter": map[string]any{"gain": 0}}}}
	all, err := c.Expand()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range all {
		got = append(got, s.Name())
	}
	want := []string{"base", "kind mel, pool 2x2", "kind mel, pool 1x4", "kind mfcc, pool 2x2", "kind mfcc, pool 1x4", "seed", `jitter {"gain":0}`}
	if !slices.Equal(got, want) {
		t.Errorf("got %q\nwant %q", got, want)
	}
	for _, c := range []struct {
		name, want string
		c          Config
	}{
		{"nothing", "nothing to try", Config{}},
		{"an empty grid", "nothing to try", Config{Grid: map[string][]any{}}},
		{"a key without values", "grid: net.kernel has no values", Config{Grid: map[string][]any{"net.kernel": {}}}},
		{"a grid without end", "more than 1000", Config{Grid: map[string][]any{"a.b": make([]any, 100), "c.d": make([]any, 100)}}},
		{"one name twice", `two arms are called "x"`, Config{Arms: []Settings{{"name": "x", "net.width": 2}, {"name": "x", "net.width": 3}}}},
	} {
		if _, err := c.c.Expand(); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
}

func TestTree(t *testing.T) {
	got, err := Settings{"name": "x", "net.kernel": "5x5", "train.jitter.gain": 0, "train.epochs": 3}.Tree()
	text, _ := json.Marshal(got)
	if want := `{"net":{"kernel":"5x5"},"train":{"epochs":3,"jitter":{"gain":0}}}`; err != nil || string(text) != want {
		t.Errorf("got %s (%v), want %s", text, err, want)
	}
	for _, path := range []string{"kernel", "net.", ".kernel", "train.folds", "train.name", "train.features", "train.leaky"} {
		if _, err := (Settings{path: 1}).Tree(); err == nil {
			t.Errorf("%q: no error", path)
		}
	}
}

func TestConfigValidate(t *testing.T) {
	if err := Default().Validate(); err != nil {
		t.Errorf("the default: %v", err)
	}
	for name, change := range map[string]func(*Config){
		"no name":             func(c *Config) { c.Name = "" },
		"a reserved name":     func(c *Config) { c.Name = resultsDir },
		"no seeds":            func(c *Config) { c.Seeds = 0 },
		"halving one seed":    func(c *Config) { c.Seeds, c.Halving = 1, true },
		"a share of all":      func(c *Config) { c.Curve = []float64{1} },
		"a negative depth":    func(c *Config) { c.Net.Depth = -1 },
		"too deep":            func(c *Config) { c.Net.Depth = maxDepth + 1 },
		"a negative width":    func(c *Config) { c.Net.Width = -1 },
		"a negative scale":    func(c *Config) { c.Net.Scale = -1 },
		"an unknown pool":     func(c *Config) { c.Net.PoolKind = "sum" },
		"a share of not much": func(c *Config) { c.Curve = []float64{0} },
	} {
		c := Default()
		change(&c)
		if c.Validate() == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestExtent(t *testing.T) {
	mel := Grid{HopMs: 0.726, HzPerBand: 340}
	for _, c := range []struct {
		text, want string
		grid       Grid
	}{
		{"5x3", "5x3", mel}, {"7", "7x7", Grid{}}, {"5ms x 1000Hz", "3x7", mel}, {"1000Hz x 5ms", "3x7", mel},
		{"0.1ms x 1Hz", "1x1", mel}, {"2.2ms x 340Hz", "1x3", mel},
	} {
		var e Extent
		if err := e.UnmarshalText([]byte(c.text)); err != nil {
			t.Errorf("%s: %v", c.text, err)
			continue
		}
		got, err := e.bins(c.grid)
		if err != nil || got.String() != c.want {
			t.Errorf("%s is %v bins (%v), want %s", c.text, got, err, c.want)
		}
		var again Extent
		if err := again.UnmarshalText([]byte(e.String())); err != nil || again != e {
			t.Errorf("%s is read back from %q as %v (%v)", c.text, e, again, err)
		}
	}
	for _, text := range []string{"", "0x5", "5x", "-1ms x 5Hz", "0ms x 5Hz", "5ms", "1.1.1ms x 5Hz"} {
		var e Extent
		if e.UnmarshalText([]byte(text)) == nil {
			t.Errorf("%q: no error, but %v", text, e)
		}
	}
	if _, err := (Extent{Ms: 5, Hz: 1000}).bins(Grid{HopMs: 1}); err == nil {
		t.Error("hertz where bands are no frequencies: no error")
	}
}

func TestFamilyNetworks(t *testing.T) {
	in, c := train.Shape{Bands: 64, Frames: 64, Channels: 1}, train.Default()
	describe := func(f Family) train.Description {
		t.Helper()
		n, err := f.network(c, in, Grid{})
		if err != nil {
			t.Fatal(err)
		}
		d, err := n.Describe(in, 7)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	// 3x3 kernels of 8, 16, 32, 64 filters with bias and batch norm, then 4 bands
	// of 64 filters to 7 classes.
	want := 9*(8+8*16+16*32+32*64) + 3*(8+16+32+64) + (4*64+1)*7
	if got := describe(Family{Depth: 4}).Parameters; got != want {
		t.Errorf("the family's default has %d parameters, want %d", got, want)
	}
	strided := Family{Stride: train.Size{Bands: 2, Frames: 2}, Pool: train.Size{Bands: 1, Frames: 1}}
	if got := describe(strided).Parameters; got != want {
		t.Errorf("strides in place of pools: %d parameters, want %d", got, want)
	}
	compact, half := describe(Family{}).Parameters, describe(Family{Scale: 0.5}).Parameters
	if half >= compact || half < compact/5 {
		t.Errorf("half of compact has %d parameters, all of it %d", half, compact)
	}
	if _, err := (Family{Pool: train.Size{Bands: 4, Frames: 4}}).network(c, in, Grid{}); err == nil {
		t.Error("four pools of 4x4 on 64x64: no error")
	}
}

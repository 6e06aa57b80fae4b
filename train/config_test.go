package train

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestLearningRatesFollowTheirSchedule(t *testing.T) {
	for _, c := range []struct {
		schedule   string
		done, want float64
	}{
		{scheduleCosine, 0, 0.1}, {scheduleCosine, 0.5, 0.05}, {scheduleCosine, 1, 0}, {scheduleCosine, 1.2, 0},
		{scheduleStep, 0, 0.1}, {scheduleStep, 0.49, 0.1}, {scheduleStep, 0.5, 0.01}, {scheduleStep, 0.75, 0.001}, {scheduleStep, 1, 0.001},
	} {
		if got := (Config{Schedule: c.schedule, LearningRate: 0.1}).rate(c.done); math.Abs(got-c.want) > 1e-15 {
			t.Errorf("%s at %v: got %v, want %v", c.schedule, c.done, got, c.want)
		}
	}
}

func TestLearningRateFollowsTheNetwork(t *testing.T) {
	for _, c := range []struct {
		set  float64
		last string
		want float64
	}{{0, layerNorm, normedRate}, {0, layerDropout, plainRate}, {0.5, layerNorm, 0.5}} {
		config := Config{LearningRate: c.set}
		config.chooseRate(Net{Layers: []Layer{{Type: c.last}}})
		if config.LearningRate != c.want {
			t.Errorf("%v with %s: got %v, want %v", c.set, c.last, config.LearningRate, c.want)
		}
	}
}

func TestConfigurationsAreRefused(t *testing.T) {
	for want, change := range map[string]func(*Config){
		"epochs is 0":             func(c *Config) { c.Epochs = 0 },
		"schedule is \"linear\"":  func(c *Config) { c.Schedule = "linear" },
		"batch is 5000":           func(c *Config) { c.Batch = 5000 },
		"label_smoothing is 0.6":  func(c *Config) { c.LabelSmoothing = 0.6 },
		"mixup is NaN":            func(c *Config) { c.Mixup = math.NaN() },
		"want nothing below 0":    func(c *Config) { c.Jitter.Gain = -1 },
		"patience is -1: want mo": func(c *Config) { c.Patience = -1 },
	} {
		c := Default()
		change(&c)
		if err := c.Validate(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q in it", err, want)
		}
	}
}

func TestNetworksAreReadFromFiles(t *testing.T) {
	dir := t.TempDir()
	good, bad := filepath.Join(dir, "good.yaml"), filepath.Join(dir, "bad.yaml")
	for path, text := range map[string]string{good: "layers:\n  - {type: dense, units: 5}\n", bad: "layers:\n  - {type: dense}\n"} {
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if n, err := openNet(good); err != nil || len(n.Layers) != 1 || n.Layers[0].Units != 5 {
		t.Errorf("got %+v, %v", n, err)
	}
	if _, err := openNet(bad); err == nil || !strings.HasPrefix(err.Error(), bad+": ") {
		t.Errorf("got %v, want the file's name", err)
	}
	if _, err := openNet(dir); err == nil {
		t.Error("a folder was read")
	}
}

func TestSpeedIsMeasured(t *testing.T) {
	in := Shape{Bands: 16, Frames: 16, Channels: 1}
	if v, err := (Net{Layers: small}).Speed(in, 3, 4); err != nil || !(v > 0) {
		t.Errorf("got %v patches/s, %v", v, err)
	}
	if _, err := (Net{Layers: []Layer{{Type: layerPool, Kind: poolMax, Size: Size{32, 1}}}}).Speed(in, 3, 4); err == nil {
		t.Error("a pool larger than the patch was timed")
	}
	if Kernels() == "" {
		t.Error("the kernels have no name")
	}
	if OcclusionPatches(2) != 2*OcclusionPatches(1) {
		t.Error("twice the classes are not twice the patches")
	}
}

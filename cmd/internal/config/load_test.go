package config

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"prep/data"
	"prep/segment"
)

// write writes a configuration and returns its path.
func write(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "prep.yaml")
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	return path
}

// wantUsage wants a fault of the user, with a text in it.
func wantUsage(t *testing.T, name string, err error, want string) {
	t.Helper()
	var usage UsageError
	if !errors.As(err, &usage) || !strings.Contains(err.Error(), want) {
		t.Errorf("%s: got %v (%T), want a usage error with %q", name, err, err, want)
	}
}

// The file lies over the defaults; its relative paths start where it is.
func TestTheFileLiesOverTheDefaults(t *testing.T) {
	path := write(t, "set: beats\ningest: {paths: [takes, /abs]}\ntrain: {epochs: 3}\n")
	for _, args := range [][]string{{"run", "--config", path}, {"run", "--config=" + path, "--", "--config", "x"}} {
		c, err := Load(args)
		if err != nil {
			t.Fatal(err)
		}
		dir := filepath.Dir(path)
		if c.Set != filepath.Join(dir, "beats") || c.Ingest.Paths[0] != filepath.Join(dir, "takes") || c.Ingest.Paths[1] != "/abs" {
			t.Errorf("paths: %q, %q", c.Set, c.Ingest.Paths)
		}
		if want := Default().Train; c.Train.Epochs != 3 || c.Train.Batch != want.Batch {
			t.Errorf("epochs %d, batch %d; want 3 and the default, %d", c.Train.Epochs, c.Train.Batch, want.Batch)
		}
	}
	for _, text := range []string{"", "# nothing\n", "{}\n"} {
		c, err := Load([]string{"--config", write(t, text)})
		if err != nil || c.Train.Epochs != Default().Train.Epochs {
			t.Errorf("%q: %d epochs, %v; want the defaults", text, c.Train.Epochs, err)
		}
	}
	if c, err := Load([]string{"run", "--", "--config", "nowhere.yaml"}); err != nil || c.Train.Epochs != Default().Train.Epochs {
		t.Errorf("without a file: %v", err)
	}
}

// A file that is no configuration is refused before it is parsed, one with a
// fault at its line.
func TestAFileThatIsNoConfigurationIsRefused(t *testing.T) {
	dir := t.TempDir()
	faulty := write(t, "train:\n  epochs: 3\n  epoch: 4\n")
	for _, c := range []struct{ name, path, want string }{
		{"none", filepath.Join(dir, "none.yaml"), "none.yaml"},
		{"a folder", dir, dir + ": not a configuration"},
		{"a recording", write(t, strings.Repeat("#\n", maxConfig)), "at most 1 MiB"},
		{"brackets", write(t, strings.Repeat("[", 1001)), "nested more than 100 deep"},
		{"an unknown key", faulty, faulty + ":3: "},
		{"no YAML", write(t, "train: [\n"), "prep.yaml"},
		{"a list", write(t, "- 1\n"), "prep.yaml"},
	} {
		_, err := Load([]string{"--config", c.path})
		wantUsage(t, c.name, err, c.want)
	}
	_, err := Load([]string{"--config", faulty, "--config=" + faulty})
	wantUsage(t, "two files", err, "--config is given 2 times")
}

// A fault of a value is told with the line of its key, where the file has it.
func TestAFaultIsToldWithItsLine(t *testing.T) {
	path := write(t, "train:\n  epochs: 3\naugment:\n  plan:\n    - {transform: gain, min: 2}\n")
	fault := &data.KeyError{Section: "augment", Key: "plan[0].min", Err: errors.New("must be less")}
	wantUsage(t, "in the file", Locate(path, fault), path+":5: augment: plan[0].min: must be less")
	wantUsage(t, "not in the file", Locate(path, &data.KeyError{Section: "train", Key: "batch", Err: io.EOF}), "batch: EOF")
	wantUsage(t, "no file", Locate("", fault), "plan[0].min: must be less")
	if err := Locate(path, io.EOF); err != io.EOF || Locate(path, nil) != nil {
		t.Errorf("an error without a key: %v", err)
	}
	if err := error(UsageError{io.EOF}); !errors.Is(err, io.EOF) {
		t.Error("a usage error hides its fault")
	}
}

func TestValidateNamesTheSection(t *testing.T) {
	if err := Default().Validate(); err != nil {
		t.Errorf("the defaults: %v", err)
	}
	for want, change := range map[string]func(*Config){
		"ingest: ":              func(c *Config) { c.Ingest.Paths, c.Ingest.Rate = []string{"x"}, -1 },
		"segment: ":             func(c *Config) { c.Segment = segment.Config{} },
		"augment: ":             func(c *Config) { c.Augment.Copies = -1 },
		"features: ":            func(c *Config) { c.Features.Kind = "mel,smell" },
		"train: learning_rate":  func(c *Config) { c.Train.LearningRate = -1 },
		"train: net":            func(c *Config) { c.Train.Net = "resnet" },
		"sweep: ":               func(c *Config) { c.Sweep.Seeds = 0 },
		"label: ":               func(c *Config) { c.Label.Keys = map[string]string{"kick": "long"} },
		"predict: unsure":       func(c *Config) { c.Predict.Unsure = 2 },
		"check: least_accuracy": func(c *Config) { c.Check.LeastAccuracy.AtLeast = 2 },
	} {
		c := Default()
		change(&c)
		wantUsage(t, want, c.Validate(), want)
	}
	c := Default()
	if c.Ingest.Rate = -1; c.Validate() != nil {
		t.Error("the ingest of a stage that ingests nothing is checked")
	}
}

// What the stages could only refuse after hours is refused before.
func TestWhatCannotBeIsRefusedBefore(t *testing.T) {
	c := Default()
	if err := c.Possible(); err != nil {
		t.Errorf("the defaults: %v", err)
	}
	c.Features.Kind = " linear, mel+pcen"
	if kinds := c.Kinds(); len(kinds) != 2 || kinds[0].Kind != "linear" || kinds[1].Kind != "mel+pcen" {
		t.Errorf("kinds: %+v", kinds)
	}
	if c.Train.Features = "mel+pcen"; c.Possible() != nil {
		t.Errorf("training on the second kind: %v", c.Possible())
	}
	for want, change := range map[string]func(*Config){
		"features: ": func(c *Config) { c.Features.Kind, c.Train.Features, c.Ingest.Rate = "cqt", "cqt", 8000 },
		`train: features: "mfcc" is none of the kinds made`: func(c *Config) { c.Train.Features = "mfcc" },
		"train: net compact: ":                              func(c *Config) { c.Features.Bands, c.Features.Frames = 4, 4 },
	} {
		c := Default()
		change(&c)
		wantUsage(t, want, c.Possible(), want)
	}
}

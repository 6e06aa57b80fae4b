// Package config reads prep.yaml: a section a stage, laid over the defaults.
package config

import (
	"errors"
	"fmt"
	"path/filepath"
	"reflect"
	"strings"

	"prep/augment"
	"prep/cmd/internal/gates"
	"prep/cmd/internal/page"
	"prep/cmd/internal/predict"
	"prep/cmd/internal/teach"
	"prep/data"
	"prep/data/disk"
	"prep/features"
	"prep/ingest"
	"prep/segment"
	"prep/train"
	"prep/train/sweep"
)

// Config is what prep.yaml holds: a section a stage.
type Config struct {
	Set    string        `yaml:"set"`
	Ingest ingest.Config `yaml:"ingest"`
	// Labels is handed on to Ingest, where flags overlay it.
	Labels   ingest.Labelling `yaml:"labels"`
	Segment  segment.Config   `yaml:"segment"`
	Augment  augment.Config   `yaml:"augment"`
	Features features.Config  `yaml:"features"`
	Train    train.Config     `yaml:"train"`
	Sweep    sweep.Config     `yaml:"sweep"`
	Label    page.Settings    `yaml:"label"`
	Predict  predict.Config   `yaml:"predict"`
	Check    gates.Config     `yaml:"check"`
	Teach    teach.Config     `yaml:"teach"`
}

// Default returns the defaults.
func Default() Config {
	return Config{
		Ingest:   ingest.Default(),
		Segment:  segment.Default(),
		Augment:  augment.Default(),
		Features: features.Default(),
		Train:    train.Default(),
		Sweep:    sweep.Default(),
		Predict:  predict.Default(),
		Teach:    teach.Default(),
	}
}

// Load returns the defaults overlaid with the file that --config names
// on the command line. Flags are bound to its fields afterwards, so they win.
func Load(args []string) (Config, error) {
	c := Default()
	path, err := configPath(args)
	if path == "" || err != nil {
		return c, err
	}
	text, err := readText(path)
	if err != nil {
		return c, UsageError{err}
	}
	read := c
	if err := data.DecodeYAML(text, &read); err != nil {
		return c, inFile(path, err)
	}
	if !reflect.ValueOf(read).IsZero() { // as a document without a key leaves it
		c = read
	}
	c.relativeTo(filepath.Dir(path))
	c.Ingest.Labelling = c.Labels
	return c, nil
}

// maxConfig bounds what is read of a configuration, in bytes; data.DecodeYAML has
// finer bounds.
const maxConfig = 1 << 20

// readText reads the text of a configuration.
func readText(path string) ([]byte, error) {
	info, err := disk.Stat(path)
	if err != nil {
		return nil, err
	}
	if data.CheckRegular(info, maxConfig) != nil {
		return nil, fmt.Errorf("%s: not a configuration: want a text file of at most 1 MiB", path)
	}
	return disk.ReadFile(path)
}

// configPath finds the file that --config names among the arguments, before
// they are parsed, or "". Two would leave open which one wins.
func configPath(args []string) (string, error) {
	var paths []string
	for i, a := range args {
		if a == "--" {
			break
		}
		if a == "--config" && i+1 < len(args) {
			paths = append(paths, args[i+1])
		} else if path, ok := strings.CutPrefix(a, "--config="); ok {
			paths = append(paths, path)
		}
	}
	switch len(paths) {
	case 0:
		return "", nil
	case 1:
		return paths[0], nil
	}
	return "", Usagef("--config is given %d times; one file holds all stages", len(paths))
}

// relativeTo makes the file's relative paths start at the file's directory.
func (c *Config) relativeTo(dir string) {
	for i, p := range c.Ingest.Paths {
		if !filepath.IsAbs(p) {
			c.Ingest.Paths[i] = filepath.Join(dir, p)
		}
	}
	if m := c.Labels.Meta; m != "" && !filepath.IsAbs(m) {
		c.Labels.Meta = filepath.Join(dir, m)
	}
	if c.Set != "" && !filepath.IsAbs(c.Set) {
		c.Set = filepath.Join(dir, c.Set)
	}
	if d := c.Segment.Detector; d != "" && !filepath.IsAbs(d) {
		c.Segment.Detector = filepath.Join(dir, d)
	}
}

// renamed says what became of keys that earlier editions had.
var renamed = map[string]string{
	`unknown field "threshold_db"`: `threshold_db is threshold now: how probable an onset must be, 0 to 1 (default 0.4)`,
}

// inFile names the file, the line and the fault in one line.
func inFile(path string, err error) error {
	var y *data.YAMLError
	if errors.As(err, &y) && renamed[y.What] != "" {
		y.What = renamed[y.What]
	}
	if errors.As(err, &y) && y.Line > 0 {
		if near := meant(y.What); near != "" {
			return Usagef("%s:%d: %s; did you mean %s?", path, y.Line, y.What, near)
		}
		return Usagef("%s:%d: %s", path, y.Line, y.What)
	}
	return Usagef("%s: %w", path, err)
}

// meant returns the key that a fault of an unknown one was likely meant as, or "".
func meant(fault string) string {
	var written string
	if n, _ := fmt.Sscanf(fault, "unknown field %q", &written); n == 0 {
		return ""
	}
	return Nearest(written, keys())
}

// Locate names file and line of an error that knows its key, if the file
// has it.
func Locate(path string, err error) error {
	var k *data.KeyError
	if !errors.As(err, &k) {
		return err
	}
	if text, rerr := readText(path); rerr == nil && k.Line(text) > 0 {
		return Usagef("%s:%d: %s: %w", path, k.Line(text), k.Section, k)
	}
	return UsageError{err}
}

// Package variants is a sweep as a user meets it: the arms of prep.yaml resolved
// to configurations, the copies and patches that each needs, and the report in
// words, tables and pictures. The trainings and the statistics are train/sweep's.
package variants

import (
	"errors"
	"fmt"

	"github.com/goccy/go-yaml"

	"prep/augment"
	"prep/data"
	"prep/data/work"
	"prep/features"
	"prep/train"
	"prep/train/sweep"
)

// Base is what every arm departs from: sections of prep.yaml.
type Base struct {
	Features features.Config
	Augment  augment.Config
	Train    train.Config
	Sweep    sweep.Config
}

// Variant is an arm and the configuration that it comes to.
type Variant struct {
	settings sweep.Settings
	config   config
}

// config is what an arm can set: sections of prep.yaml, and the network.
type config struct {
	Features features.Config `yaml:"features"`
	Augment  augment.Config  `yaml:"augment"`
	Train    train.Config    `yaml:"train"`
	Net      sweep.Family    `yaml:"net"`
}

// Variants resolves the arms of the sweep, the base first. It fails where the
// configuration is at fault.
func (b Base) Variants() ([]Variant, error) {
	arms, err := b.Sweep.Expand()
	if err != nil {
		return nil, err
	}
	all := make([]Variant, len(arms))
	for i, s := range arms {
		c, err := b.with(s)
		if err != nil {
			return nil, fmt.Errorf("arm %q: %w", s.Name(), err)
		}
		all[i] = Variant{s, c}
	}
	return all, nil
}

// with returns the base with an arm's settings.
func (b Base) with(s sweep.Settings) (config, error) {
	c := config{b.Features, b.Augment, b.Train, b.Sweep.Net}
	c.Features.Kind = b.Train.Features
	if s.OwnNetwork() {
		c.Net, c.Train.Layers = sweep.Family{}, nil
	}
	if err := c.overlay(s); err != nil {
		return c, err
	}
	c.Train.Features = c.Features.Kind
	return c, errors.Join(c.Features.Validate(), c.Augment.Validate(), c.Train.Validate(), sweep.Config{Name: "arm", Seeds: 1, Net: c.Net}.Validate())
}

// overlay sets what the arm sets. A fault tells no line: there is no file.
func (c *config) overlay(s sweep.Settings) error {
	tree, err := s.Tree()
	if err != nil || len(tree) == 0 {
		return err
	}
	text, err := yaml.Marshal(tree)
	if err != nil {
		return err
	}
	err = data.DecodeYAML(text, c)
	var fault *data.YAMLError
	if errors.As(err, &fault) {
		return errors.New(fault.What)
	}
	return err
}

// Arm returns the arm for recordings of a rate. Patches that cannot be are its
// Err.
func (v Variant) Arm(rate data.Rate) sweep.Arm {
	c := v.config
	r := recipe{Editions: work.Editions{"features": features.Edition}, Features: c.Features}
	if c.Augment.Copies > 0 || c.Augment.Balance {
		r.Augment, r.Editions["augment"] = &c.Augment, augment.Edition
	}
	arm := sweep.Arm{Settings: v.settings, Train: c.Train, Net: c.Net, Recipe: r,
		In: train.Shape{Bands: c.Features.Bands, Frames: c.Features.Frames, Channels: len(c.Features.Kinds())}}
	extractor, err := features.New(c.Features, rate)
	if err != nil {
		arm.Err = err
		return arm
	}
	arm.Grid.HopMs, arm.Grid.HzPerBand = extractor.Recipe().Spacing()
	return arm
}

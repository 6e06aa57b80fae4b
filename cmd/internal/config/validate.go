package config

import (
	"fmt"
	"slices"
	"strings"

	"prep/augment"
	"prep/data"
	"prep/features"
	"prep/ingest"
	"prep/plots"
	"prep/segment"
	"prep/train"
)

// Editions are those of the stages.
func Editions() map[string]int {
	return map[string]int{"ingest": ingest.Edition, "segment": segment.Edition, "augment": augment.Edition,
		"features": features.Edition, "train": train.Edition, "plots": plots.Edition}
}

// Validate checks every section, naming the one at fault.
func (c Config) Validate() error {
	sections := []struct {
		name string
		err  error
	}{
		{"ingest", c.validateIngest()},
		{"labels", c.Ingest.Labelling.Validate()},
		{"segment", c.Segment.Validate()},
		{"augment", c.Augment.Validate()},
		{"features", c.validateKinds()},
		{"train", c.validateTrain()},
		{"sweep", c.Sweep.Validate()},
		{"label", c.Label.Validate()},
		{"predict", c.Predict.Validate()},
		{"check", c.Check.Validate()},
		{"teach", c.Teach.Validate()},
	}
	for _, s := range sections {
		if s.err != nil {
			return UsageError{fmt.Errorf("%s: %w", s.name, s.err)}
		}
	}
	return nil
}

func (c Config) validateKinds() error {
	for _, r := range c.Kinds() {
		if err := r.Validate(); err != nil {
			return err
		}
	}
	return nil
}

// validateTrain checks the settings and the network that they name.
func (c Config) validateTrain() error {
	if err := c.Train.Validate(); err != nil {
		return err
	}
	_, err := c.Train.Network()
	return err
}

// validateIngest checks the section where it is used: other stages need no paths.
func (c Config) validateIngest() error {
	if len(c.Ingest.Paths) == 0 {
		return nil
	}
	return c.Ingest.Validate()
}

// Kinds returns a recipe for each of the kinds listed in features.kind.
func (c Config) Kinds() []features.Config {
	var recipes []features.Config
	for kind := range strings.SplitSeq(c.Features.Kind, ",") {
		r := c.Features
		r.Kind = strings.TrimSpace(kind)
		recipes = append(recipes, r)
	}
	return recipes
}

// Possible works out, before anything is done, what the stages could only
// refuse after the ones before them have run: patches that the rate does not
// allow, training on patches that are not made, and a network that does not fit
// them. How many classes there will be is not known yet; two are the fewest.
func (c Config) Possible() error {
	if err := c.Extractable(c.Ingest.Rate); err != nil {
		return err
	}
	kinds := c.Kinds()
	i := slices.IndexFunc(kinds, func(r features.Config) bool { return r.Kind == c.Train.Features })
	if i < 0 {
		return Usagef("train: features: %q is none of the kinds made (features.kind is %q)", c.Train.Features, c.Features.Kind)
	}
	net, err := c.Train.Network()
	if err == nil {
		in := train.Shape{Bands: kinds[i].Bands, Frames: kinds[i].Frames, Channels: len(kinds[i].Kinds())}
		_, err = net.Describe(in, 2)
	}
	if err != nil {
		return Usagef("train: net %s: %w", c.Train.Net, err)
	}
	return nil
}

// Extractable says which of the patches asked for a rate does not allow.
func (c Config) Extractable(rate data.Rate) error {
	for _, r := range c.Kinds() {
		if _, err := features.New(r, rate); err != nil {
			return Usagef("features: %w", err)
		}
	}
	return nil
}

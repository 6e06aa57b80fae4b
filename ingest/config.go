package ingest

import (
	"errors"
	"fmt"
	"regexp"

	"prep/data"
	"prep/ingest/resample"
)

// labelFromDir is the LabelFrom that takes a recording's class from its folder.
const labelFromDir = "dir"

// Config is what an ingest does.
type Config struct {
	// Paths are audio files and directories of them.
	Paths []string `yaml:"paths" json:"paths"`
	// Rate is the set's sampling rate, in samples per second.
	Rate data.Rate `yaml:"rate" json:"rate"`
	// LabelFrom is "dir" where the name of a file's folder is its class, or a
	// regular expression that is matched against the path below the ingested
	// directory; its first capture group, or the whole match, is the class.
	LabelFrom string `yaml:"label_from" json:"label_from"`
	// GroupFrom is a regular expression that is matched against the path below
	// the ingested directory; its first capture group, or the whole match where
	// it has none, is the recording's group. Empty: the first folder below the
	// ingested directory; the file's stem where the file lies in none or where
	// folders are classes.
	GroupFrom string `yaml:"group_from" json:"group_from"`
	// Channel says how the channels of a recording become one: mean, which leaves
	// out those that would hide the sounds; a channel's number, from 1 on;
	// loudest; mid or side, half the sum or the difference of two.
	Channel string `yaml:"channel" json:"channel"`
	// FFmpeg has an installed ffmpeg decode what prep does not.
	FFmpeg bool `yaml:"ffmpeg" json:"ffmpeg"`
	// Labels renames classes as label files and folders have them; one that
	// becomes null is dropped.
	Labels map[string]*string `yaml:"labels" json:"labels,omitempty"`
	// Labelling is a section of its own.
	Labelling Labelling `yaml:"-" json:"labelling,omitzero"`
}

// Default returns the configuration that holds where nothing else is said.
func Default() Config { return Config{Rate: 44100, Channel: channelMean} }

// Validate says which field is wrong, what it is and what is allowed.
func (c Config) Validate() error {
	if len(c.Paths) == 0 {
		return errors.New("paths: there are none; give at least one audio file or directory")
	}
	if c.Rate < resample.MinRate || c.Rate > resample.MaxRate {
		return fmt.Errorf("rate: %d Hz; %d to %d are allowed", c.Rate, resample.MinRate, resample.MaxRate)
	}
	if _, err := c.labelFrom(); err != nil {
		return fmt.Errorf("label_from: %w; %q or a regular expression is allowed", err, labelFromDir)
	}
	if err := checkChannel(c.Channel); err != nil {
		return err
	}
	if _, err := regexp.Compile(c.GroupFrom); err != nil {
		return fmt.Errorf("group_from: %w", err)
	}
	for name, alias := range c.Labels {
		if alias == nil || *alias == "" {
			continue // dropped
		}
		if _, err := data.Name(*alias); err != nil {
			return fmt.Errorf("labels: %s: %q: %w", name, *alias, err)
		}
	}
	if err := c.Labelling.Validate(); err != nil {
		return fmt.Errorf("labels: %w", err)
	}
	return nil
}

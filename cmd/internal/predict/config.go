package predict

import (
	"fmt"
	"maps"
	"slices"
)

// Config is the section "predict" of prep.yaml.
type Config struct {
	// Unsure marks hits whose best class has a lower probability: below a half the name is
	// more often wrong than right, for probabilities are those of people held out.
	Unsure float32 `yaml:"unsure"`
	// Notes are the General MIDI percussion keys of classes, 0 to 127.
	Notes map[string]int `yaml:"notes"`
}

// Default returns the defaults.
func Default() Config { return Config{Unsure: 0.5} }

// Validate says which setting is out of range.
func (c Config) Validate() error {
	if !(c.Unsure >= 0 && c.Unsure <= 1) {
		return fmt.Errorf("unsure: %v: must be from 0 to 1", c.Unsure)
	}
	for _, class := range slices.Sorted(maps.Keys(c.Notes)) {
		if n := c.Notes[class]; n < 0 || n > 127 {
			return fmt.Errorf("notes: %s: %d: must be from 0 to 127", class, n)
		}
	}
	return nil
}

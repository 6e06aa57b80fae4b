package predict

import (
	"fmt"
	"maps"
	"slices"

	"prep/data"
	"prep/data/labelfile"
)

// Config is the section "predict" of prep.yaml.
type Config struct {
	// Unsure marks hits whose best class has a lower probability. Below a half a name is more
	// often wrong than right, as far as the model's probabilities are true: its report has
	// their calibration on people held out.
	Unsure float32 `yaml:"unsure"`
	// Notes are the General MIDI percussion keys of classes, 0 to 127.
	Notes map[string]int `yaml:"notes"`
}

// Default returns the defaults.
func Default() Config { return Config{Unsure: 0.5} }

// keys returns the MIDI keys of classes that are sounds.
func (c Config) keys(classes []string) map[string]int {
	named := slices.DeleteFunc(slices.Clone(classes), func(class string) bool { return class == data.None })
	return labelfile.DrumNotes(append(named, slices.Sorted(maps.Keys(c.Notes))...), c.Notes)
}

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

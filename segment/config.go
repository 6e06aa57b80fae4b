package segment

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"prep/data"
)

// Where the onsets come from.
const (
	modeCorrected  = "corrected"  // the detector, and over it what people placed, moved, deleted and named
	modeDetect     = "detect"     // the detector alone; labels attach to what it found
	modeAnnotation = "annotation" // the annotated moments themselves
	modeSnap       = "snap"       // the annotated moments, each moved to the nearest detected attack
)

// Config says how recordings are cut into hits.
type Config struct {
	// Onsets is "corrected", "detect", "annotation" or "snap".
	Onsets string `yaml:"onsets" json:"onsets"`
	// Causal restricts the detector to what a live system would know: nothing
	// later than Latency after the onset.
	Causal bool `yaml:"causal" json:"causal"`
	// ThresholdDB is how far the band levels must rise, in dB averaged over
	// the bands, for an onset. Lower finds more.
	ThresholdDB float64 `yaml:"threshold_db" json:"threshold_db"`
	// PreRoll is how much of the recording before the onset a hit keeps.
	PreRoll time.Duration `yaml:"pre_roll" json:"pre_roll"`
	// Tolerance is how far a label may lie from the onset it attaches to, and
	// how far Snap may move it.
	Tolerance time.Duration `yaml:"tolerance" json:"tolerance"`
	// AllHits keeps every hit of a recording whose class is its folder's;
	// without it the strongest onset is the recording's one hit.
	AllHits bool `yaml:"all_hits" json:"all_hits"`
}

// latency is how long after an onset a causal detector decides at most: the peak
// of the slowest rise, the time in which a stronger one may follow, and half a
// window and a hop. Most take 30 to 40 ms.
const latency = 66 * time.Millisecond

// Default returns the one setting meant for all recordings.
func Default() Config {
	return Config{
		Onsets:      modeCorrected,
		ThresholdDB: 3, // measured: 2.6 loses 0.007 on VOPEC, 3.4 loses 0.003, see flux.go
		PreRoll:     3 * time.Millisecond,
		Tolerance:   50 * time.Millisecond, // the usual scoring tolerance (MIREX, mir_eval)
	}
}

// Validate returns an error that names the first field out of range.
func (c Config) Validate() error {
	switch modes := []string{modeCorrected, modeDetect, modeAnnotation, modeSnap}; {
	case !slices.Contains(modes, c.Onsets):
		return fmt.Errorf("onsets: %q: must be one of %s", c.Onsets, strings.Join(modes, ", "))
	case !(c.ThresholdDB > 0 && c.ThresholdDB <= 100):
		return fmt.Errorf("threshold_db: %v: must be above 0 and at most 100", c.ThresholdDB)
	case c.PreRoll < 0 || c.PreRoll > data.MaxHit/2:
		return fmt.Errorf("pre_roll: %v: must be between 0s and %v", c.PreRoll, data.MaxHit/2)
	case c.Tolerance < 0 || c.Tolerance > time.Second:
		return fmt.Errorf("tolerance: %v: must be between 0s (only labels exactly at an onset) and 1s", c.Tolerance)
	}
	return nil
}

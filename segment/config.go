package segment

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
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

// Modes returns the values of Config.Onsets.
func Modes() []string { return []string{modeCorrected, modeDetect, modeAnnotation, modeSnap} }

// Config says how recordings are cut into hits.
type Config struct {
	// Onsets is "corrected", "detect", "annotation" or "snap".
	Onsets string `yaml:"onsets" json:"onsets"`
	// Causal restricts the detector to what a live system would know: nothing
	// later than Latency after the onset.
	Causal bool `yaml:"causal" json:"causal"`
	// Threshold is how probable an onset must be. Lower finds more.
	Threshold float64 `yaml:"threshold" json:"threshold"`
	// Detector is the file of a detector that `prep teach` made; empty,
	// that which comes with prep.
	Detector string `yaml:"detector" json:"detector"`
	// PreRoll is how much of the recording before the onset a hit keeps.
	PreRoll time.Duration `yaml:"pre_roll" json:"pre_roll"`
	// Tolerance is how far a label may lie from the onset it attaches to, and
	// how far Snap may move it.
	Tolerance time.Duration `yaml:"tolerance" json:"tolerance"`
	// AllHits keeps every hit of a recording whose class is its folder's;
	// without it the strongest onset is the recording's one hit.
	AllHits bool `yaml:"all_hits" json:"all_hits"`

	// DetectorSHA256 is that of the detector's file, in the record of a run.
	DetectorSHA256 string `yaml:"-" json:"detector_sha256,omitempty"`

	taught    *Detector // instead of the file's
	floor     float32   // the power of noise as large as the last bit of a recording's source
	unbounded bool      // the source holds what lies above full scale
}

var wordLength = regexp.MustCompile(`(\d+)-bit`)

// floorOf returns the power of noise as large as the last bit of a source, of a codec that
// says how long its words are; otherwise 0.
func floorOf(codec string) float32 {
	m := wordLength.FindStringSubmatch(codec)
	if m == nil || holdsFloats(codec) {
		return 0
	}
	bits, err := strconv.Atoi(m[1])
	if err != nil || bits < minBits {
		return 0
	}
	step := math.Pow(2, float64(1-bits))
	return float32(step * step)
}

// holdsFloats reports whether a source can hold samples above full scale as they were.
func holdsFloats(codec string) bool { return strings.Contains(codec, "float") }

// minBits is the least length of words whose last bit is far below any sound.
const minBits = 12

// latency is how long after an onset a causal detector decides at most: the 10 ms
// that its network hears ahead, the time in which a surer frame may follow, half a
// window, and a hop.
const latency = 66 * time.Millisecond

// Default returns the one setting meant for all recordings.
func Default() Config {
	return Config{
		Onsets:    modeCorrected,
		Threshold: 0.4, // less costs precision on takes of single hits, more loses hits of fast performances: docs/segment.md
		PreRoll:   3 * time.Millisecond,
		Tolerance: 50 * time.Millisecond, // the usual scoring tolerance (MIREX, mir_eval)
	}
}

// Validate returns an error that names the first field out of range.
func (c Config) Validate() error {
	switch modes := Modes(); {
	case !slices.Contains(modes, c.Onsets):
		return fmt.Errorf("onsets: %q: must be one of %s", c.Onsets, strings.Join(modes, ", "))
	case !(c.Threshold > 0 && c.Threshold < 1):
		return fmt.Errorf("threshold: %v: is a probability, above 0 and below 1", c.Threshold)
	case c.PreRoll < 0 || c.PreRoll > data.MaxHit/2:
		return fmt.Errorf("pre_roll: %v: must be between 0s and %v", c.PreRoll, data.MaxHit/2)
	case c.Tolerance < 0 || c.Tolerance > time.Second:
		return fmt.Errorf("tolerance: %v: must be between 0s (only labels exactly at an onset) and 1s", c.Tolerance)
	}
	return nil
}

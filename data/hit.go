package data

import (
	"fmt"
	"strings"
	"time"
)

// MaxHit is the length that every hit stays below.
const MaxHit = 50 * time.Millisecond

// LongestHit returns the largest number of samples that last less than MaxHit,
// at least 1.
func LongestHit(rate Rate) int {
	return max(1, (int(rate)*int(MaxHit/time.Millisecond)-1)/1000)
}

// How a hit was found.
const (
	FoundDetected   = "detected"   // by the onset detector
	FoundAnnotation = "annotation" // at the annotated moment
	FoundSnapped    = "snapped"    // annotated, moved to the detected attack that was meant
	FoundPlaced     = "placed"     // by a person, who put the onset there or named a hit that is not detected now
)

// NoMark is the Mark of a hit that no label was attached to.
const NoMark = -1

// Hit is one percussive sound: a reference into a recording and a line of
// hits.jsonl. Positions are samples of the recording at the set's rate.
type Hit struct {
	// ID is HitID(Recording, Onset), and "<parent>+<n>" for an augmented copy.
	ID        string `json:"id"`
	Recording string `json:"recording"`
	// Start <= Onset < End; the hit is [Start, End), under 50 ms. Onset is the
	// sample where energy starts to rise.
	Start int `json:"start"`
	Onset int `json:"onset"`
	End   int `json:"end"`
	// Offset is the estimated sample, in (Onset, End], where the sound has
	// fallen to its floor.
	Offset int `json:"offset"`
	// Found is how the hit was found: one of the Found constants.
	Found string `json:"found"`
	// Mark is the moment (sample) of the label that was attached, or NoMark.
	Mark int `json:"mark"`
	// Confidence in [0, 1] is how probable it is that this is a hit.
	Confidence float64 `json:"confidence"`
	// PeakDB and RMSDB are levels over [Onset, End) in dB re full scale; SNRDB
	// is RMSDB less the level before the onset. All are finite.
	PeakDB float64 `json:"peak_db"`
	RMSDB  float64 `json:"rms_db"`
	SNRDB  float64 `json:"snr_db"`
	// Clipped is the number of samples at the converter's ceiling.
	Clipped int `json:"clipped"`
	// Parent is the hit this one is an augmented copy of, or "".
	Parent string `json:"parent"`
	// Lineage says how the copy is rendered from its parent's recording.
	Lineage []Transform `json:"lineage"`
	// Seed is the seed of the copy's random draws (noise, impulse responses).
	Seed uint64 `json:"seed"`
}

// Transform is one step of an augmented copy's lineage: a transform's name and
// the amounts drawn for it. The unit of an amount ends its name ("gain_db"). A
// transform that draws on another recording names it: "background:<recording>".
type Transform struct {
	Name    string             `json:"name"`
	Amounts map[string]float64 `json:"amounts"`
}

// Parts returns the transform's name alone, and the ID of the recording that it
// draws on, "" for none.
func (t Transform) Parts() (name, recording string) {
	name, recording, _ = strings.Cut(t.Name, ":")
	return name, recording
}

// Len returns the number of samples in the hit.
func (h Hit) Len() int { return h.End - h.Start }

// HitID returns the ID of the hit at a moment of a recording:
// "<recording>-<onset in samples, at least nine digits>".
func HitID(recording string, onset int) string {
	return fmt.Sprintf("%s-%09d", recording, onset)
}

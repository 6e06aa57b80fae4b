package segment

import (
	"cmp"
	"errors"
	"slices"
	"strings"
	"time"

	"gonum.org/v1/gonum/stat"

	"prep/data"
	"prep/data/num"
)

// outcome is what became of one recording.
type outcome struct {
	Hits       []data.Hit
	Unattached []Unattached // labels that no hit has
	Unused     []int        // detected attacks that no annotated moment was moved to
	Labels     int
	Unlabelled []int // hits without a label
	Forced     bool  // nothing was detected and the strongest attack was taken
	Placed     int   // hits that people placed, or named where nothing is detected
	Shift      Shift
	Sure       float64 // mean confidence of the detected hits; 1 where there are few
	SNRDB      float64 // their median
}

// Unattached is a label that is on no hit, or on one that it may not mean: a
// line of UnattachedFile. It stays in the journal.
type Unattached struct {
	Recording string `json:"recording"`
	Name      string `json:"name"` // of the recording
	Onset     int    `json:"onset"`
	End       int    `json:"end"`
	Class     string `json:"class"`
	// Why is one of the Why constants.
	Why string `json:"why"`
}

// Why a label is unattached.
const (
	WhyNoAttack  = "no attack near"                    // on no hit; in snap: its hit is where it was annotated
	WhyAmbiguous = "ambiguous: it could mean two hits" // on no hit
	WhyOutside   = "outside the recording"
	WhyTaken     = "another label is on that hit"
)

// Shift is what all the annotated marks of a recording were found to be early,
// which was taken out before they were given to hits.
type Shift struct {
	Ms float64
	// Explained is how many of the marks the shift brings near onsets, Without
	// how many lie near without it, Of how many there are.
	Explained, Without, Of int
}

var errSilent = errors.New("digital silence: no attack to give the recording's class to")

// recording makes the hits of one recording from its audio and its labels.
func (c Config) recording(rec data.Recording, r data.Reader, labels []data.Label) (outcome, error) {
	c.floor, c.unbounded = floorOf(rec.Codec), holdsFloats(rec.Codec)
	o := outcome{Labels: len(labels)}
	late := r.Len()
	if c.Onsets != modeAnnotation { // marks that are all late may mean what is before the end
		late += r.SampleRate().N(data.MostShift)
	}
	labels = o.dropOutside(labels, r.Len(), late)
	attacks, err := c.onsets(rec, r, labels, &o)
	if err != nil {
		return o, err
	}
	if o.Hits, err = c.cut(r, attacks); err != nil {
		return o, err
	}
	for i := range o.Hits {
		h := &o.Hits[i]
		h.Recording, h.ID = rec.ID, data.HitID(rec.ID, h.Onset)
	}
	o.findUnlabelled(rec, labels)
	o.doubt()
	for i := range o.Unattached {
		o.Unattached[i].Recording, o.Unattached[i].Name = rec.ID, rec.Name
	}
	return o, nil
}

// fewHits are too few to say of a recording that the detector is unsure of it.
const fewHits = 4

// doubt notes how sure the detector is of the hits, and how far they stand out.
func (o *outcome) doubt() {
	var sure, snr []float64
	for _, h := range o.Hits {
		if h.Found == data.FoundDetected {
			sure, snr = append(sure, h.Confidence), append(snr, h.SNRDB)
		}
	}
	if o.Sure = 1; len(sure) >= fewHits {
		o.Sure, o.SNRDB = stat.Mean(sure, nil), num.Quantile(snr, 0.5)
	}
}

// findUnlabelled notes the hits that nobody has said anything of.
func (o *outcome) findUnlabelled(rec data.Recording, labels []data.Label) {
	said := map[int]bool{}
	for _, l := range labels {
		said[l.Onset] = true
	}
	for _, h := range o.Hits {
		if h.Mark == data.NoMark && !said[h.Onset] && rec.Class == "" {
			o.Unlabelled = append(o.Unlabelled, h.Onset)
		}
	}
}

// leave notes labels that no hit has.
func (o *outcome) leave(why string, labels ...data.Label) {
	for _, l := range labels {
		if !l.Reject { // nothing is lost where nothing was to be
			o.Unattached = append(o.Unattached, Unattached{Onset: l.Onset, End: l.End, Class: l.Class, Why: why})
		}
	}
}

// dropOutside returns the labels that lie in a recording of n samples, and annotation before late.
func (o *outcome) dropOutside(labels []data.Label, n, late int) []data.Label {
	return slices.DeleteFunc(slices.Clone(labels), func(l data.Label) bool {
		outside := l.Onset < 0 || l.Onset >= n && (l.Onset >= late || !l.Annotates() || l.Moment == data.MomentPlaced)
		if outside {
			o.leave(WhyOutside, l)
		}
		return outside
	})
}

// onsets returns the attacks of a recording, with their labels, as the mode
// has it.
func (c Config) onsets(rec data.Recording, r data.Reader, labels []data.Label, o *outcome) ([]attack, error) {
	single := rec.Class != "" && !c.AllHits
	switch {
	case single && o.Labels == 0:
		return c.detectAttacks(r, true, o)
	case c.Onsets == modeAnnotation:
		return annotatedAttacks(labels), nil
	}
	found, err := c.detectAttacks(r, single && c.Onsets == modeDetect, o)
	if err != nil {
		return nil, err
	}
	l := partLabels(labels)
	switch c.Onsets {
	case modeDetect:
		l.named, l.placed = append(l.named, l.placed...), nil
		o.leave(WhyNoAttack, attachNamed(found, l.named, r.SampleRate().N(c.Tolerance))...)
		return found, c.attachAnnotated(r, found, l, o)
	case modeSnap:
		return c.snap(r, found, l, o)
	}
	return c.correct(r, found, l, o)
}

// detectAttacks returns the detected attacks, or the strongest alone.
func (c Config) detectAttacks(r data.Reader, single bool, o *outcome) ([]attack, error) {
	found, err := c.attacks(r, blockFrames)
	if err != nil || !single {
		return found, err
	}
	if len(found) == 0 {
		o.Forced = true
		a, ok, err := c.loudestAttack(r)
		if err == nil && !ok {
			err = errSilent
		}
		return []attack{a}, err
	}
	return []attack{strongestAttack(found)}, nil
}

// UnattachedFile lists the labels that are on no hit, an Unattached a line.
const UnattachedFile = "unattached.jsonl"

// sameAttack is how far a moment that was detected once may lie from where it is
// detected now: less than the shortest time between two attacks, so that no
// neighbour is taken.
const sameAttack = nearest - time.Millisecond

// correct lays what people said over what was detected: an onset that a person
// placed is one, and what it was moved from or lies on is none; a hit that a
// person named is one, detected now or not.
func (c Config) correct(r data.Reader, found []attack, l labelKinds, o *outcome) ([]attack, error) {
	same := r.SampleRate().N(sameAttack)
	found = withoutReplaced(found, l.placed, same)
	unnamed := attachNamed(found, l.named, same)
	var added []attack
	for _, p := range append(l.placed, unnamed...) {
		if !p.Reject {
			added = append(added, attack{onset: p.Onset, confidence: 1, found: data.FoundPlaced, mark: p.Onset, end: p.End})
		}
	}
	attacks := sorted(append(found, added...))
	if err := c.attachAnnotated(r, attacks, l, o); err != nil {
		return nil, err
	}
	heard := o.takeNamed(l.annotated, r)
	o.Placed = len(added) + len(heard)
	return sorted(append(attacks, heard...)), nil
}

func sorted(attacks []attack) []attack {
	slices.SortStableFunc(attacks, func(a, b attack) int { return a.onset - b.onset })
	return attacks
}

// takeNamed returns an attack for each annotated moment that a person has named
// and nothing detected is meant by, at the moment less the recording's shift;
// they are unattached no more.
func (o *outcome) takeNamed(annotated []data.Label, r data.Reader) (attacks []attack) {
	byPerson := map[int]bool{}
	for _, l := range annotated {
		byPerson[l.Onset] = l.By == data.ByHuman
	}
	shift := int(o.Shift.Ms / 1000 * float64(r.SampleRate()))
	o.Unattached = slices.DeleteFunc(o.Unattached, func(u Unattached) bool {
		if !byPerson[u.Onset] || u.Why == WhyOutside {
			return false
		}
		attacks = append(attacks, attack{onset: min(max(u.Onset+shift, 0), r.Len()-1), confidence: 1, found: data.FoundPlaced, mark: u.Onset, end: u.End})
		return true
	})
	return attacks
}

// withoutReplaced returns the attacks that no placed label lies on or was moved
// from.
func withoutReplaced(found []attack, placed []data.Label, same int) []attack {
	var at []int
	for _, p := range placed {
		at = append(at, p.Onset)
		if p.From > 0 {
			at = append(at, p.From)
		}
	}
	slices.Sort(at)
	return slices.DeleteFunc(found, func(a attack) bool {
		i, _ := slices.BinarySearch(at, a.onset-same)
		return i < len(at) && at[i] <= a.onset+same
	})
}

// annotatedAttacks returns an attack at each label that is not rejected.
func annotatedAttacks(labels []data.Label) []attack {
	var a []attack
	for _, l := range labels {
		if !l.Reject {
			a = append(a, attack{onset: l.Onset, confidence: 1, found: data.FoundAnnotation, mark: l.Onset})
		}
	}
	return a
}

// snap returns an attack at each label that is not rejected, moved to the
// detected attack that it means. One that means none stays, unless another was
// moved to its very sample; what a person placed is not moved.
func (c Config) snap(r data.Reader, found []attack, l labelKinds, o *outcome) ([]attack, error) {
	wanted := annotatedAttacks(l.all())
	pairs, err := c.pairAnnotated(r, found, l, o)
	if err != nil {
		return nil, err
	}
	for k, label := range pairNamed(found, l.named, r.SampleRate().N(sameAttack)) {
		pairs[k] = label
	}
	moved := map[int]attack{} // by the mark
	for k, a := range found {
		if label, ok := pairs[k]; ok {
			moved[label.Onset] = a
		} else {
			o.Unused = append(o.Unused, a.onset)
		}
	}
	for i := range wanted {
		w := &wanted[i]
		if a, ok := moved[w.mark]; ok {
			w.onset, w.confidence, w.found = a.onset, a.confidence, data.FoundSnapped
		}
	}
	wanted = slices.DeleteFunc(wanted, func(a attack) bool { return a.onset >= r.Len() })
	slices.SortStableFunc(wanted, func(a, b attack) int {
		return cmp.Or(a.onset-b.onset, strings.Compare(b.found, a.found)) // snapped first
	})
	return slices.CompactFunc(wanted, func(a, b attack) bool {
		if a.onset == b.onset {
			o.leave(WhyTaken, data.Label{Onset: b.mark})
		}
		return a.onset == b.onset
	}), nil
}

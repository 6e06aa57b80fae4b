package segment

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"prep/data"
	"prep/data/work"
)

var (
	// errNoRecordings says that there is nothing to segment.
	errNoRecordings = errors.New("the set has no recordings; `prep ingest` brings some in")
	// errNoLabels says that the onsets were to come from labels, and there is
	// neither a label nor a recording with a class.
	errNoLabels = errors.New("the set has no labels to take onsets from; import some or use onsets: detect")
)

// Run finds the hits of every recording of the set, attaches the standing
// labels one to one and replaces hits.jsonl; copies made from earlier hits go.
// A recording that cannot be read or holds no sound where one is due is a
// skip. Labels that find no onset stay in the journal and are counted and
// named in the notes, as are hits that find no label. Run fails when the
// configuration is invalid, when there is nothing to work on (no
// recordings, no labels), when ctx ends, or when the set cannot be written.
func Run(ctx context.Context, e work.Engine, c Config) (data.Summary, error) {
	if err := c.Validate(); err != nil {
		return data.Summary{}, err
	}
	job := work.Job{
		Stage:    "segment",
		Editions: work.Editions{"segment": Edition},
		Config:   c,
		Inputs:   []string{data.RecordingsFile, data.LabelsFile},
		Outputs:  []string{work.OriginalHits},
	}
	return e.Run(job, func() (data.Summary, error) {
		return work.Work(ctx, e, job, &stage{set: e.Set, config: c})
	})
}

// stage is a run in progress: its items are recordings.
type stage struct {
	set    *data.Set
	config Config
	marks  map[string][]data.Label
	tally
}

// Items returns the recordings and reads their labels.
func (s *stage) Items() ([]data.Recording, error) {
	recordings, err := s.set.Recordings()
	if err != nil {
		return nil, err
	}
	journal, err := s.set.Labels()
	if err != nil {
		return nil, err
	}
	s.marks = data.Marks(journal)
	return recordings, s.config.requireWork(recordings, s.marks)
}

// Describe implements work.Stage.
func (s *stage) Describe(rec data.Recording) (note string, weight int) { return rec.Name, 1 }

// Do makes the hits of a recording.
func (s *stage) Do(ctx context.Context, rec data.Recording) (outcome, error) {
	audio, err := s.set.Audio(rec.ID)
	if err != nil {
		return outcome{}, err
	}
	defer audio.Close()
	return s.config.recording(rec, stoppable{audio, ctx}, s.marks[rec.ID])
}

// Finish writes the hits.
func (s *stage) Finish() (data.Summary, error) {
	if err := s.set.WriteHits(s.hits); err != nil {
		return data.Summary{}, err
	}
	return s.summary(s.config), nil
}

// requireWork says why there is nothing to do.
func (c Config) requireWork(recordings []data.Recording, marks map[string][]data.Label) error {
	if len(recordings) == 0 {
		return errNoRecordings
	}
	classed := slices.ContainsFunc(recordings, func(r data.Recording) bool { return r.Class != "" })
	if c.Onsets != modeDetect && len(marks) == 0 && !classed {
		return errNoLabels
	}
	return nil
}

// stoppable is a reader that fails once its context has ended.
type stoppable struct {
	data.Reader
	ctx context.Context
}

// ReadAt implements data.Reader.
func (s stoppable) ReadAt(dst []float32, pos int) error {
	if err := s.ctx.Err(); err != nil {
		return err
	}
	return s.Reader.ReadAt(dst, pos)
}

// outcome is what became of one recording.
type outcome struct {
	Hits    []data.Hit
	Lonely  []data.Label // labels that found no onset
	Outside []data.Label // labels beyond the recording's edges
	Unused  []int        // detected attacks that no annotated moment was moved to
	Labels  int
	Forced  bool // nothing was detected and the strongest attack was taken
}

var errSilent = errors.New("digital silence: no attack to give the recording's class to")

// recording makes the hits of one recording from its audio and its labels.
func (c Config) recording(rec data.Recording, r data.Reader, labels []data.Label) (outcome, error) {
	o := outcome{Labels: len(labels)}
	labels, o.Outside = partInside(labels, r.Len())
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
	return o, nil
}

// partInside parts the labels that lie in a recording of n samples from the rest.
func partInside(labels []data.Label, n int) (in, out []data.Label) {
	for _, l := range labels {
		if l.Onset >= 0 && l.Onset < n {
			in = append(in, l)
		} else {
			out = append(out, l)
		}
	}
	return in, out
}

// onsets returns the attacks of a recording, with their labels, as the mode
// has it.
func (c Config) onsets(rec data.Recording, r data.Reader, labels []data.Label, o *outcome) ([]attack, error) {
	single := rec.Class != "" && !c.AllHits
	if c.Onsets == modeDetect || single && o.Labels == 0 {
		found, err := c.detectAttacks(r, single, o)
		o.Lonely = attach(found, labels, r.SampleRate().N(c.Tolerance))
		return found, err
	}
	wanted := annotatedAttacks(labels)
	if c.Onsets == modeAnnotation {
		return wanted, nil
	}
	found, err := c.attacks(r, blockFrames)
	if err != nil {
		return nil, err
	}
	return o.snap(wanted, found, r.SampleRate().N(c.Tolerance)), nil
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

// attach gives each attack the moment of its label and returns the labels that
// found no attack. Those that are not rejected choose first: a hit that a human
// moved leaves a rejected moment behind, which must not take its attack.
func attach(attacks []attack, labels []data.Label, tolerance int) (lonely []data.Label) {
	for _, reject := range []bool{false, true} {
		alike := slices.DeleteFunc(slices.Clone(labels), func(l data.Label) bool { return l.Reject != reject })
		lonely = append(lonely, attachAll(unmarkedAttacks(attacks), alike, tolerance)...)
	}
	return lonely
}

// unmarkedAttacks returns the attacks that have no label.
func unmarkedAttacks(attacks []attack) []*attack {
	var free []*attack
	for i := range attacks {
		if attacks[i].mark == data.NoMark {
			free = append(free, &attacks[i])
		}
	}
	return free
}

// attachAll attaches labels to attacks in a largest matching.
func attachAll(attacks []*attack, labels []data.Label, tolerance int) (lonely []data.Label) {
	var at []int
	for _, a := range attacks {
		at = append(at, a.onset)
	}
	paired := make([]bool, len(labels))
	for _, p := range data.Match(at, moments(labels), tolerance) {
		attacks[p.A].mark = labels[p.B].Onset
		paired[p.B] = true
	}
	for i, l := range labels {
		if !paired[i] {
			lonely = append(lonely, l)
		}
	}
	return lonely
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

// snap moves each wanted attack to the found one it pairs with. A wanted one
// that pairs with none stays, unless another was moved to its very sample.
func (o *outcome) snap(wanted, found []attack, tolerance int) []attack {
	paired := make([]bool, len(found))
	for _, p := range data.Match(onsetsOf(wanted), onsetsOf(found), tolerance) {
		w, f := &wanted[p.A], found[p.B]
		w.onset, w.confidence, w.found = f.onset, f.confidence, data.FoundSnapped
		paired[p.B] = true
	}
	for i, f := range found {
		if !paired[i] {
			o.Unused = append(o.Unused, f.onset)
		}
	}
	slices.SortStableFunc(wanted, func(a, b attack) int {
		return cmp.Or(a.onset-b.onset, strings.Compare(b.found, a.found)) // snapped first
	})
	return slices.CompactFunc(wanted, func(a, b attack) bool {
		if a.onset == b.onset {
			o.Lonely = append(o.Lonely, data.Label{Onset: b.mark})
		}
		return a.onset == b.onset
	})
}

func onsetsOf(attacks []attack) []int {
	at := make([]int, len(attacks))
	for i, a := range attacks {
		at[i] = a.onset
	}
	return at
}

func moments(labels []data.Label) []int {
	at := make([]int, len(labels))
	for i, l := range labels {
		at[i] = l.Onset
	}
	return at
}

// tally gathers the outcomes of a run.
type tally struct {
	hits                                []data.Hit
	skips                               []data.Skip
	recordings, labels, forced          int
	lonely, outside, unlabelled, unused []string
	moved                               []float64 // ms
}

// Take adds what became of a recording.
func (t *tally) Take(rec data.Recording, result work.Result[outcome]) error {
	t.recordings++
	if result.Err != nil {
		t.skips = append(t.skips, data.Skip{Item: rec.Name, Reason: result.Err.Error()})
		return nil
	}
	o := result.Value
	t.hits = append(t.hits, o.Hits...)
	t.labels += o.Labels
	if o.Forced {
		t.forced++
	}
	at := func(sample int) string { return fmt.Sprintf("%s at %.3f s", rec.Name, rec.Rate.Ms(sample)/1000) }
	for _, l := range o.Lonely {
		t.lonely = append(t.lonely, at(l.Onset))
	}
	for _, l := range o.Outside {
		t.outside = append(t.outside, at(l.Onset))
	}
	for _, onset := range o.Unused {
		t.unused = append(t.unused, at(onset))
	}
	for _, h := range o.Hits {
		if h.Mark == data.NoMark && rec.Class == "" {
			t.unlabelled = append(t.unlabelled, at(h.Onset))
		}
		if h.Found == data.FoundSnapped {
			t.moved = append(t.moved, rec.Rate.Ms(h.Onset-h.Mark))
		}
	}
	return nil
}

func (t *tally) summary(c Config) data.Summary {
	s := data.Summary{Stage: "segment", Skips: t.skips, Counts: map[string]int{
		"recordings":       t.recordings,
		"hits":             len(t.hits),
		"labels":           t.labels,
		"labels_unmatched": len(t.lonely),
		"labels_outside":   len(t.outside),
		"hits_unlabelled":  len(t.unlabelled),
	}}
	note := func(names []string, what string) {
		if len(names) > 0 {
			s.Notes = append(s.Notes, fmt.Sprintf("%d %s: %s", len(names), what, firstNames(names)))
		}
	}
	note(t.lonely, fmt.Sprintf("labels found no onset within %v and stay in the journal", c.Tolerance))
	note(t.outside, "labels lie outside their recording and stay in the journal")
	if t.labels > 0 {
		note(t.unlabelled, "hits found no label")
	}
	if t.forced > 0 {
		s.Notes = append(s.Notes, fmt.Sprintf("%d recordings had no detected onset: their strongest attack was taken", t.forced))
	}
	if c.Onsets == modeSnap {
		s.Counts["snapped"] = len(t.moved)
		s.Counts["attacks_unused"] = len(t.unused)
		note(t.unused, "detected attacks had no annotated moment and are no hits")
		s.Notes = append(s.Notes, movement(t.moved, len(t.hits)))
	}
	return s
}

// firstNames names the first few.
func firstNames(names []string) string {
	const few = 5
	if len(names) <= few {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:few], ", "), len(names)-few)
}

// movement says how far annotated moments were moved, in ms.
func movement(ms []float64, hits int) string {
	if len(ms) == 0 {
		return fmt.Sprintf("none of %d annotated moments was near an attack; all stayed", hits)
	}
	slices.Sort(ms)
	return fmt.Sprintf("%d of %d annotated moments moved to an attack: median %+.1f ms, from %+.1f to %+.1f ms",
		len(ms), hits, ms[len(ms)/2], ms[0], ms[len(ms)-1])
}

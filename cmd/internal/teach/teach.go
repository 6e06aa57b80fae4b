package teach

import (
	"context"
	"fmt"
	"io"
	"math"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"

	"prep/data"
	"prep/data/corpus"
	"prep/data/num"
	"prep/data/work"
	"prep/segment"
	"prep/train"
)

// hear turns takes into what a detector hears of them.
func hear(ctx context.Context, takes []take, causal bool) ([]train.Sequence, error) {
	one := func(_ context.Context, t take) (train.Sequence, error) {
		h, err := t.render()
		if err != nil {
			return train.Sequence{}, err
		}
		s, err := segment.Hear(h.clip, causal)
		q := train.Sequence{Frames: s.Frames, Levels: s.Levels}
		for _, o := range h.onsets {
			q.Onsets = append(q.Onsets, float64(o)/float64(s.Hop))
		}
		for _, o := range h.unsure {
			q.Unsure = append(q.Unsure, float64(o)/float64(s.Hop))
		}
		return q, err
	}
	var all []train.Sequence
	for _, result := range work.Map(ctx, takes, runtime.GOMAXPROCS(0), one) {
		if result.Err != nil {
			return nil, result.Err
		}
		all = append(all, result.Value)
	}
	return all, ctx.Err()
}

// Unsure is the class of labels that mark where nobody knows whether there is an onset.
const Unsure = "unsure"

// known returns the recordings of a set whose onsets people gave, as the hits of the set
// have them. A label that is on no hit, or whose class is Unsure, says only that nobody
// knows.
func known(set *data.Set) ([]recording, error) {
	recordings, err := set.Recordings()
	if err != nil {
		return nil, err
	}
	hits, err := set.Originals()
	if err != nil {
		return nil, err
	}
	journal, err := set.Labels()
	if err != nil {
		return nil, err
	}
	unattached, err := data.ReadLines[segment.Unattached](set.Path(segment.UnattachedFile))
	if err != nil {
		return nil, err
	}
	marks := data.Marks(journal)
	on := map[string]map[int]data.Hit{}
	for _, h := range hits {
		if on[h.Recording] == nil {
			on[h.Recording] = map[int]data.Hit{}
		}
		if h.Mark != data.NoMark {
			on[h.Recording][h.Mark] = h
		}
	}
	for _, u := range unattached {
		delete(on[u.Recording], u.Onset)
	}
	var all []recording
	for _, r := range recordings {
		k := recording{Recording: r}
		k.know(marks[r.ID], on[r.ID])
		if len(k.truth) > 0 {
			all = append(all, k)
		}
	}
	return all, nil
}

// know sorts a recording's labels into those on a hit and the others.
func (k *recording) know(labels []data.Label, on map[int]data.Hit) {
	for _, l := range labels {
		h, ok := on[l.Onset]
		switch {
		case l.Reject:
		case !ok || l.Class == Unsure:
			k.unsure = append(k.unsure, l.Onset)
		default:
			k.truth = append(k.truth, corpus.Event{Onset: h.Onset, Class: l.Class})
		}
		if !l.Reject && l.Class != Unsure {
			k.marks = append(k.marks, l.Onset)
		}
	}
	slices.Sort(k.marks)
	slices.SortFunc(k.truth, func(a, b corpus.Event) int { return a.Onset - b.Onset })
}

// Report is what came of teaching.
type Report struct {
	Detector   string `json:"detector"` // path of its file
	Recordings int    `json:"recordings"`
	Onsets     int    `json:"onsets"`
	Groups     int    `json:"groups"`
	Folds      int    `json:"folds"` // 0: nobody was held out
	Config     Config `json:"config"`
	// Held is how well detectors that learned from other groups hear each group, beside
	// the detector that comes with prep. That one may have learned from Known of the
	// recordings.
	Held []Line `json:"held_out"`
	// Calibration is of the probabilities that it gives in groups held out, as they are
	// and elsewhere.
	Calibration num.Calibration `json:"calibration"`
	Known       int             `json:"known_to_shipped"`
}

// Run teaches a detector and writes it to the set: first, for an honest figure and for its
// calibration, one a fold that learns from the other groups, then one that learns from
// all. It fails with an invalid configuration, without recordings whose onsets people
// gave, when ctx ends, and when the set cannot be written.
func Run(ctx context.Context, set *data.Set, c Config, p data.Progress) (Report, error) {
	if err := c.Validate(); err != nil {
		return Report{}, err
	}
	all, err := known(set)
	if err != nil {
		return Report{}, err
	}
	if len(all) == 0 {
		return Report{}, segment.ErrNoAnnotation
	}
	t := &teacher{set: set, c: c, progress: p, all: all}
	r := Report{Recordings: len(all), Config: c, Detector: set.Path("detectors", c.Name+".bin")}
	for _, rec := range all {
		r.Onsets += len(rec.truth)
	}
	parts, err := t.parts(&r)
	if err != nil {
		return r, err
	}
	detectors, err := t.learn(ctx, parts)
	if err != nil {
		return r, err
	}
	if r.Folds > 0 {
		if err := t.measure(&r, parts, detectors); err != nil {
			return r, err
		}
	}
	d := detectors[len(detectors)-1]
	fit, err := t.calibration()
	if err != nil {
		return r, err
	}
	d = fit.of(*d)
	for _, rec := range all {
		d.Learned = append(d.Learned, rec.ID)
	}
	slices.Sort(d.Learned)
	return r, t.write(d, r)
}

// calibration returns that of the held-out peaks or, where nobody was held out, that of
// the detector that comes with prep.
func (t *teacher) calibration() (calibration, error) {
	if len(t.peaks) > 0 {
		return calibrate(t.peaks), nil
	}
	own, err := segment.Config{Causal: t.c.Causal}.Open()
	if err != nil {
		return calibration{}, err
	}
	return calibration{own.Slope, own.Shift, own.Noise}, nil
}

// teacher is a run in progress.
type teacher struct {
	set      *data.Set
	c        Config
	progress data.Progress
	all      []recording
	peaks    []peak // of held-out recordings
}

// part is what one detector learns from, and what it is tested on.
type part struct {
	name       string
	from, test []recording
}

// parts returns one part a fold, and last that of all recordings.
func (t *teacher) parts(r *Report) (parts []part, err error) {
	var groups []data.GroupCount
	for _, rec := range t.all {
		i := slices.IndexFunc(groups, func(g data.GroupCount) bool { return g.Group == rec.Group })
		if i < 0 {
			groups, i = append(groups, data.GroupCount{Group: rec.Group, Classes: map[string]int{}}), len(groups)
		}
		groups[i].Classes["onset"] += len(rec.truth)
	}
	r.Groups = len(groups)
	if r.Folds = min(t.c.Folds, len(groups)); r.Folds < 2 {
		r.Folds = 0
		return []part{{name: "all", from: t.all}}, nil
	}
	fold, err := data.AssignFolds(groups, r.Folds)
	if err != nil {
		return nil, err
	}
	for k := range r.Folds {
		p := part{name: fmt.Sprintf("fold %d", k+1)}
		for _, rec := range t.all {
			if fold[rec.Group] == k {
				p.test = append(p.test, rec)
			} else {
				p.from = append(p.from, rec)
			}
		}
		parts = append(parts, p)
	}
	return append(parts, part{name: "all", from: t.all}), nil
}

// learn trains a detector a part, as many at once as there are processors: which gives
// the same bits as one after the other.
func (t *teacher) learn(ctx context.Context, parts []part) (all []*segment.Detector, err error) {
	var done atomic.Int64
	total := t.c.Training.Steps * len(parts)
	one := func(ctx context.Context, p part) (*segment.Detector, error) {
		return t.learnPart(ctx, p, func(s data.Step) {
			t.progress.Report(data.Step{Stage: "teach", Done: int(done.Add(1)), Total: total, Note: p.name + ", " + s.Note})
		})
	}
	for _, result := range work.Map(ctx, parts, runtime.GOMAXPROCS(0), one) {
		if result.Err != nil {
			return nil, result.Err
		}
		all = append(all, result.Value)
	}
	return all, ctx.Err()
}

// learnPart trains a detector on recordings and what is made of them.
func (t *teacher) learnPart(ctx context.Context, p part, progress data.Progress) (*segment.Detector, error) {
	takes, err := t.c.Material.takes(t.set, p.from)
	if err != nil {
		return nil, err
	}
	sequences, err := hear(ctx, takes, t.c.Causal)
	if err != nil {
		return nil, err
	}
	shape := segment.Shape()
	c := t.c.training(shape.Reach())
	n, err := train.TrainDetector(ctx, c, shape, sequences, progress)
	return &segment.Detector{Network: n, Lead: c.Lead, Slope: 1}, err
}

// measure tests each fold's detector on the groups that it has not heard, calibrated on
// the other folds, beside the detector that comes with prep, and gathers the peaks.
func (t *teacher) measure(r *Report, parts []part, detectors []*segment.Detector) error {
	var taught, shipped []score
	base := segment.Default()
	base.Causal = t.c.Causal
	peaks := make([][]peak, r.Folds)
	for k, p := range parts[:r.Folds] {
		var err error
		if peaks[k], err = t.listen(detectors[k], p.test); err != nil {
			return err
		}
	}
	t.peaks = slices.Concat(peaks...)
	var sure []float64
	var right []bool
	for k, p := range parts[:r.Folds] {
		fit := calibrate(slices.Concat(slices.Concat(peaks[:k]...), slices.Concat(peaks[k+1:]...)))
		for _, x := range peaks[k] {
			sure, right = append(sure, 1/(1+math.Exp(-fit.odds(x)))), append(right, x.hit)
		}
		a, err := compare(t.set, base.With(fit.of(*detectors[k])), p.test)
		if err != nil {
			return err
		}
		b, err := compare(t.set, base, p.test)
		if err != nil {
			return err
		}
		taught, shipped = append(taught, a...), append(shipped, b...)
	}
	byGroup := func(a, b score) int { return strings.Compare(a.group, b.group) }
	slices.SortFunc(taught, byGroup)
	slices.SortFunc(shipped, byGroup)
	r.Calibration = num.Calibrate(sure, right)
	r.Held = lines(taught, shipped)
	return r.countKnown(base, t.all)
}

// countKnown counts the recordings that the shipped detector learned from.
func (r *Report) countKnown(c segment.Config, all []recording) error {
	d, err := c.Open()
	if err != nil {
		return err
	}
	for _, rec := range all {
		if slices.Contains(d.Learned, rec.ID) {
			r.Known++
		}
	}
	return nil
}

// listen returns the peaks of a detector in recordings, as they are and elsewhere.
func (t *teacher) listen(d *segment.Detector, test []recording) (all []peak, err error) {
	takes, err := Plan{Surrounded: 3, Seed: t.c.Material.Seed + 1}.takes(t.set, test)
	if err != nil {
		return nil, err
	}
	for _, k := range takes {
		h, err := k.render()
		if err != nil {
			return nil, err
		}
		p, err := peaks(d, t.c.Causal, h)
		if err != nil {
			return nil, err
		}
		all = append(all, p...)
	}
	return all, nil
}

// write writes the detector and, beside it, how it was made.
func (t *teacher) write(d *segment.Detector, r Report) error {
	d.About = fmt.Sprintf("%d onsets of %d recordings of %d groups, seed %d", r.Onsets, r.Recordings, r.Groups, t.c.Training.Seed)
	if err := t.set.WriteFile("detectors/"+t.c.Name+".bin", d.Write); err != nil {
		return err
	}
	return t.set.WriteFile("detectors/"+t.c.Name+".json", func(w io.Writer) error { return data.EncodeJSON(w, r) })
}

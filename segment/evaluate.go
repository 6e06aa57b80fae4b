package segment

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"runtime"
	"slices"

	"prep/data"
	"prep/data/num"
	"prep/data/work"
)

// tolerancesMs are the distances at which onsets are scored. 50 ms is that of
// MIREX and mir_eval, 25 ms that of most papers on percussion; below 10 ms the
// score is one of the timing.
var tolerancesMs = []float64{50, 25, 10, 5, 2}

// ErrNoAnnotation says that the set has no labels to score onsets against.
var ErrNoAnnotation = errors.New("no annotated onsets to score against; import labels, or label some hits")

// ErrLearned says that the detector knows all that it could be scored on.
var ErrLearned = errors.New("the detector learned from every annotated recording of the set: a score on those would flatter; teach one that held them out (`prep teach`)")

// Tolerance is the score at one tolerance, each between 0 and 1.
type Tolerance struct {
	Ms float64 `json:"ms"`
	num.Score
	// Over is F with its interval over groups, where recordings were scored.
	Over num.Estimate `json:"over_groups,omitzero"`
}

// FText returns F in words, with its interval where there is one.
func (t Tolerance) FText() string {
	if t.Over.CI == [2]float64{} {
		return fmt.Sprintf("%.3f", t.F)
	}
	return t.Over.String()
}

// ErrorMs is the timing error, estimate less reference, in milliseconds over
// the pairs within 50 ms; zero when there are none.
type ErrorMs struct {
	Median float64 `json:"median"`  // signed
	P95Abs float64 `json:"p95_abs"` // 95th percentile of the magnitude
}

// Scores says how well estimated onsets agree with a reference.
type Scores struct {
	Reference  int         `json:"reference"` // onsets
	Estimated  int         `json:"estimated"` // onsets
	Tolerances []Tolerance `json:"tolerances"`
	ErrorMs    ErrorMs     `json:"error_ms"`
}

// Comparison counts the agreement of estimated onsets with a reference. The
// zero value is that of nothing with nothing; comparisons add up.
type Comparison struct {
	Reference, Estimated int
	Matched              []int     // pairs at 50, 25, 10, 5 and 2 ms
	ErrorsMs             []float64 // estimate less reference of the pairs at 50 ms
}

// Compare matches onsets in seconds, both sorted, one to one: at each
// tolerance a largest matching, as mir_eval.onset.f_measure does (Raffel et
// al., "mir_eval", ISMIR 2014).
func Compare(reference, estimated []float64) Comparison {
	c := Comparison{Reference: len(reference), Estimated: len(estimated)}
	for i, ms := range tolerancesMs {
		pairs := data.Match(reference, estimated, ms/1000)
		c.Matched = append(c.Matched, len(pairs))
		for _, p := range pairs {
			if i == 0 {
				c.ErrorsMs = append(c.ErrorsMs, 1000*(estimated[p.B]-reference[p.A]))
			}
		}
	}
	return c
}

// Add pools o into c.
func (c *Comparison) Add(o Comparison) {
	c.Reference += o.Reference
	c.Estimated += o.Estimated
	c.ErrorsMs = append(c.ErrorsMs, o.ErrorsMs...)
	if c.Matched == nil {
		c.Matched = make([]int, len(tolerancesMs))
	}
	for i, n := range o.Matched {
		c.Matched[i] += n
	}
}

// Scores returns precision, recall and F at each tolerance, zero where there
// is nothing to divide by, and the timing error.
func (c Comparison) Scores() Scores {
	s := Scores{Reference: c.Reference, Estimated: c.Estimated}
	for i, ms := range tolerancesMs {
		t := Tolerance{Ms: ms}
		if i < len(c.Matched) {
			t.Score = num.NewScore(c.Matched[i], c.Estimated, c.Reference)
		}
		s.Tolerances = append(s.Tolerances, t)
	}
	s.ErrorMs.Median = num.Quantile(c.ErrorsMs, 0.5)
	magnitudes := make([]float64, len(c.ErrorsMs))
	for i, e := range c.ErrorsMs {
		magnitudes[i] = math.Abs(e)
	}
	s.ErrorMs.P95Abs = num.Quantile(magnitudes, 0.95)
	return s
}

// OverGroups returns F at each tolerance with its interval over groups, of which each has a
// comparison. F is a share: what was matched, of the mean of what is there and what was found.
func OverGroups(groups []*Comparison) []num.Estimate {
	all := make([]num.Estimate, len(tolerancesMs))
	for i := range all {
		all[i] = num.Pooled(Agreements(groups, i))
	}
	return all
}

// Agreements returns what num.Pooled makes F of, at the i-th tolerance.
func Agreements(groups []*Comparison, i int) []num.Count {
	counts := make([]num.Count, len(groups))
	for g, c := range groups {
		counts[g] = num.Count{Hits: float64(c.Reference+c.Estimated) / 2, Right: float64(c.Matched[i])}
	}
	return counts
}

// Evaluation is the score of the detector on the annotated recordings of a set.
type Evaluation struct {
	Onsets     Scores            `json:"onsets"`
	Groups     map[string]Scores `json:"groups"`
	Recordings []RecordingScores `json:"recordings"`
	// Unannotated counts the recordings without a label, which are left out.
	Unannotated int `json:"unannotated"`
	// Learned counts the annotated recordings that the detector learned from, which
	// are left out as well.
	Learned int         `json:"learned_from"`
	Skips   []data.Skip `json:"skips"`
}

// Err returns why there is no score, or nil.
func (e Evaluation) Err() error {
	switch {
	case e.Onsets.Reference > 0:
		return nil
	case e.Learned > 0:
		return ErrLearned
	}
	return ErrNoAnnotation
}

// RecordingScores is the score of one recording.
type RecordingScores struct {
	Recording string `json:"recording"` // its name
	ID        string `json:"id"`
	Scores
	// Annotated and Detected are the onsets, in samples.
	Annotated []int `json:"annotated_samples"`
	Detected  []int `json:"detected_samples"`
	compared  Comparison
}

// Match returns the pairs of annotated and detected onsets within a tolerance in
// samples, and the F-measure of that.
func (s RecordingScores) Match(tolerance int) ([]data.Pair, float64) {
	pairs := data.Match(s.Annotated, s.Detected, tolerance)
	return pairs, num.NewScore(len(pairs), len(s.Detected), len(s.Annotated)).F
}

// Evaluate detects the onsets of every annotated recording of the set, whatever
// c.Onsets says, and scores them against its standing labels that are not
// rejected. Recordings that the detector learned from are left out and counted. It
// writes nothing. It fails without recordings, with ErrNoAnnotation or ErrLearned
// when there is nothing to score, and when ctx ends; a recording that cannot be
// read is a skip.
func Evaluate(ctx context.Context, set *data.Set, c Config, p data.Progress) (Evaluation, error) {
	recordings, marks, err := c.annotatedRecordings(set)
	if err != nil {
		return Evaluation{}, err
	}
	one := func(ctx context.Context, rec data.Recording) (RecordingScores, error) {
		return c.evaluate(ctx, set, rec, marks[rec.ID])
	}
	e := Evaluation{Groups: map[string]Scores{}, Unannotated: len(recordings) - len(marks)}
	d, err := c.Open()
	if err != nil {
		return e, err
	}
	c = c.With(d)
	recordings = slices.DeleteFunc(recordings, func(r data.Recording) bool { return marks[r.ID] == nil })
	annotated := len(recordings)
	recordings = slices.DeleteFunc(recordings, func(r data.Recording) bool { return slices.Contains(d.Learned, r.ID) })
	if e.Learned = annotated - len(recordings); len(recordings) == 0 {
		return e, ErrLearned
	}
	var pooled Comparison
	groups := map[string]*Comparison{}
	done := 0
	for rec, result := range work.Map(ctx, recordings, runtime.GOMAXPROCS(0), one) {
		if err := ctx.Err(); err != nil {
			return Evaluation{}, err
		}
		done++
		p.Report(data.Step{Stage: "segment: evaluate", Done: done, Total: len(recordings), Note: rec.Name})
		if result.Err != nil {
			e.Skips = append(e.Skips, data.Skip{Item: rec.Name, Reason: result.Err.Error()})
			continue
		}
		e.Recordings = append(e.Recordings, result.Value)
		if groups[rec.Group] == nil {
			groups[rec.Group] = &Comparison{}
		}
		groups[rec.Group].Add(result.Value.compared)
		pooled.Add(result.Value.compared)
	}
	var each []*Comparison
	for _, name := range slices.Sorted(maps.Keys(groups)) {
		e.Groups[name] = groups[name].Scores()
		each = append(each, groups[name])
	}
	e.Onsets = pooled.Scores()
	for i, over := range OverGroups(each) {
		e.Onsets.Tolerances[i].Over = over
	}
	return e, nil
}

// annotatedRecordings returns the set's recordings and the annotated onsets of
// those that have any.
func (c Config) annotatedRecordings(set *data.Set) ([]data.Recording, map[string][]int, error) {
	if err := c.Validate(); err != nil {
		return nil, nil, err
	}
	recordings, err := set.Recordings()
	if err != nil {
		return nil, nil, err
	}
	journal, err := set.Labels()
	if err != nil {
		return nil, nil, err
	}
	labels := data.Marks(journal)
	marks := map[string][]int{}
	for _, rec := range recordings {
		if at := annotatedMoments(labels[rec.ID]); len(at) > 0 {
			marks[rec.ID] = at
		}
	}
	switch {
	case len(recordings) == 0:
		err = errNoRecordings
	case len(marks) == 0:
		err = ErrNoAnnotation
	}
	return recordings, marks, err
}

// annotatedMoments returns the onsets that a detector can be scored against:
// moments that came as annotation or that a person placed, not those of names
// given to what a detector found. Moments placed here and there among such names
// are corrections and no annotation of the whole.
func annotatedMoments(labels []data.Label) (at []int) {
	l := partLabels(labels)
	if len(l.annotated) == 0 && slices.ContainsFunc(l.named, func(x data.Label) bool { return x.By == data.ByHuman }) {
		return nil
	}
	for _, a := range annotatedAttacks(append(l.placed, l.annotated...)) {
		at = append(at, a.onset)
	}
	slices.Sort(at)
	return at
}

// evaluate scores one recording.
func (c Config) evaluate(ctx context.Context, set *data.Set, rec data.Recording, reference []int) (RecordingScores, error) {
	s := RecordingScores{Recording: rec.Name, ID: rec.ID, Annotated: reference}
	audio, err := set.Audio(rec.ID)
	if err != nil {
		return s, err
	}
	defer audio.Close()
	c.floor = floorOf(rec.Codec)
	found, err := c.attacks(stoppable{audio, ctx}, blockFrames)
	s.Detected = onsetsOf(found)
	s.compared = Compare(seconds(s.Annotated, rec.Rate), seconds(s.Detected, rec.Rate))
	s.Scores = s.compared.Scores()
	return s, err
}

// seconds returns samples in seconds.
func seconds(samples []int, rate data.Rate) []float64 {
	s := make([]float64, len(samples))
	for i, n := range samples {
		s[i] = float64(n) / float64(rate)
	}
	return s
}

package sweep

import (
	"fmt"

	"prep/data/num"
	"prep/train"
)

// Report is what a sweep found: a function of the result files alone.
type Report struct {
	Name      string          `json:"name"`
	Protocol  string          `json:"protocol"`
	Seeds     int             `json:"seeds"`
	Hits      int             `json:"hits"`
	Groups    int             `json:"groups"`
	Classes   []string        `json:"classes"`
	Baselines train.Baselines `json:"baselines"`
	Rows      []Row           `json:"rows"`    // the base first
	Skipped   []Skipped       `json:"skipped"` // arms without a result
	Curves    []Curve         `json:"curves"`
}

// Skipped is an arm that was left out, and why.
type Skipped struct {
	Arm    string `json:"arm"`
	Reason string `json:"reason"`
}

// Row is what is known of one arm.
type Row struct {
	Arm  string `json:"arm"`
	Kind string `json:"kind"` // of its patches
	// Kernel is the first convolution's, Field the receptive field of the last
	// convolution or pooling; each in bands x frames and, where bands are
	// frequencies, in ms and Hz.
	Kernel     train.Size `json:"kernel"`
	KernelMs   float64    `json:"kernel_ms"`
	KernelHz   float64    `json:"kernel_hz"`
	Field      train.Size `json:"field"`
	FieldMs    float64    `json:"field_ms"`
	FieldHz    float64    `json:"field_hz"`
	Parameters int        `json:"parameters"`
	MACs       int        `json:"macs"`
	// TrainHits, with copies, and Epochs are means over folds and seeds.
	TrainHits float64 `json:"train_hits"`
	Epochs    float64 `json:"epochs"`
	// PerHit is Parameters / TrainHits.
	PerHit   float64      `json:"parameters_per_training_hit"`
	Seeds    int          `json:"seeds"` // that it was trained with
	Accuracy num.Estimate `json:"accuracy"`
	// Difference is from the base; Classes the same of each class's recall. Both
	// are empty for the base.
	Difference Difference     `json:"difference"`
	Recall     []num.Estimate `json:"recall"`
	Classes    []Difference   `json:"classes"`
	// ByGroup is what all of it comes from, for questions of one's own.
	ByGroup []GroupCount `json:"by_group"`

	Sight train.Sight `json:"-"` // summed over the seeds; kernels of the first
}

// GroupCount counts a held-out group's hits, and those named rightly by each
// training.
type GroupCount struct {
	Group string `json:"group"`
	Hits  int    `json:"hits"`
	Right []int  `json:"right"`
}

// sample is what an arm's trainings came to.
type sample struct {
	arm     *arm
	results []result
	tally   tally
}

// sample gathers the trainings of an arm that were done and did not fail.
func (s *Sweep) sample(a *arm, study train.Study) (sample, error) {
	got := sample{arm: a}
	for seed := range s.c.Seeds {
		r, done, err := s.result(s.job(a, seed, study))
		if err != nil {
			return got, err
		}
		if done && r.Failed == "" {
			got.results = append(got.results, r)
		}
	}
	if len(got.results) > 0 {
		got.tally = tallyOf(got.results, -1)
	}
	return got, nil
}

// groups returns the tally by group.
func (s sample) groups() []GroupCount {
	counts := make([]GroupCount, len(s.tally.hits))
	for g := range counts {
		counts[g] = GroupCount{Group: s.results[0].Groups[g].Group, Hits: int(s.tally.hits[g])}
		for _, right := range s.tally.right {
			counts[g].Right = append(counts[g].Right, int(right[g]))
		}
	}
	return counts
}

// Report makes the report of the results that are there. It fails with
// errWaiting when some are not.
func (s *Sweep) Report() (Report, error) {
	if missing, err := s.Missing(); err != nil || missing > 0 {
		return Report{}, waitError(err, missing)
	}
	base, err := s.sample(&s.arms[0], whole)
	if err != nil {
		return Report{}, err
	}
	if len(base.results) == 0 {
		return Report{}, fmt.Errorf("sweep: the base came to nothing: %s", s.failure(&s.arms[0]))
	}
	r := newReport(s.c, base)
	samples, err := s.comparableArms(&r, base)
	if err != nil {
		return r, err
	}
	spreads := spreadsOf(samples)
	for _, got := range samples {
		r.Rows = append(r.Rows, newRow(got, base, spreads))
	}
	r.correct()
	r.Curves, err = s.curves(base, spreads.all)
	return r, err
}

// spreads are how much trainings differ, in all hits and in those of each class.
type spreads struct {
	all     spread
	classes []spread
}

func spreadsOf(samples []sample) (s spreads) {
	of := func(class int) spread {
		var tallies []tally
		for _, got := range samples {
			tallies = append(tallies, tallyOf(got.results, class))
		}
		return spreadOf(tallies)
	}
	for class := range samples[0].results[0].Classes {
		s.classes = append(s.classes, of(class))
	}
	s.all = of(-1)
	return s
}

// waitError returns err or, without one, that jobs are missing.
func waitError(err error, missing int) error {
	if err != nil {
		return err
	}
	return fmt.Errorf("sweep: %d jobs: %w", missing, errWaiting)
}

// failure returns why an arm has no result.
func (s *Sweep) failure(a *arm) string {
	if a.reason != "" {
		return a.reason
	}
	r, _, err := s.result(s.job(a, 0, whole))
	if err != nil {
		return err.Error()
	}
	return r.Failed
}

func newReport(c Config, base sample) Report {
	first := base.results[0]
	r := Report{Name: c.Name, Protocol: first.Protocol, Seeds: c.Seeds, Groups: len(first.Groups),
		Classes: first.Classes, Baselines: first.Baselines}
	for _, hits := range base.tally.hits {
		r.Hits += int(hits)
	}
	return r
}

// comparableArms returns the arms that can be compared with the base, the base
// first, and tells r why the others cannot.
func (s *Sweep) comparableArms(r *Report, base sample) ([]sample, error) {
	var samples []sample
	for i := range s.arms {
		a := &s.arms[i]
		got, err := s.sample(a, whole)
		if err != nil {
			return nil, err
		}
		switch {
		case a.reason != "" || len(got.results) == 0:
			r.Skipped = append(r.Skipped, Skipped{a.name, s.failure(a)})
		case !got.results[0].sameHits(base.results[0]):
			r.Skipped = append(r.Skipped, Skipped{a.name, "its patches cover other hits than the base's: nothing to compare group by group"})
		default:
			samples = append(samples, got)
		}
	}
	return samples, nil
}

// newRow works out an arm's row but for Holm's correction.
func newRow(got, base sample, of spreads) Row {
	a, d := got.arm, got.arm.description
	r := Row{Arm: a.name, Kind: a.Train.Features, Kernel: a.kernel(), Field: d.Field, Parameters: d.Parameters, MACs: d.MACs,
		Seeds: len(got.results), Accuracy: got.tally.interval()}
	r.KernelMs, r.KernelHz = r.Kernel.Extent(a.Grid.HopMs, a.Grid.HzPerBand)
	r.FieldMs, r.FieldHz = r.Field.Extent(a.Grid.HopMs, a.Grid.HzPerBand)
	for _, x := range got.results {
		r.TrainHits += x.TrainHits / float64(r.Seeds)
		r.Epochs += x.Epochs / float64(r.Seeds)
		r.Sight.Add(x.Sight)
	}
	r.PerHit = float64(r.Parameters) / r.TrainHits
	r.ByGroup = got.groups()
	r.compare(got, base, of)
	return r
}

// compare fills the recalls and, for an arm that is not the base, the
// differences from it.
func (r *Row) compare(got, base sample, of spreads) {
	for class := range got.results[0].Classes {
		mine, bases := tallyOf(got.results, class), tallyOf(base.results, class)
		r.Recall = append(r.Recall, mine.interval())
		if got.arm != base.arm {
			r.Classes = append(r.Classes, difference(mine, bases, of.classes[class]))
		}
	}
	if got.arm != base.arm {
		r.Difference = difference(got.tally, base.tally, of.all)
	}
}

// correct applies Holm's correction to the arms' differences, and to those of
// all their classes.
func (r *Report) correct() {
	var arms, classes []*Difference
	for i := 1; i < len(r.Rows); i++ {
		arms = append(arms, &r.Rows[i].Difference)
		for k := range r.Rows[i].Classes {
			classes = append(classes, &r.Rows[i].Classes[k])
		}
	}
	holm(arms)
	holm(classes)
}

// Reach returns half the median width of the differences' intervals: what is
// smaller cannot be seen in this sweep.
func (r Report) Reach() float64 {
	var halves []float64
	for _, row := range r.Rows[1:] {
		halves = append(halves, (row.Difference.CI[1]-row.Difference.CI[0])/2)
	}
	return num.Quantile(halves, 0.5)
}

// Smallest returns the arm with fewest parameters of those with fewer than the
// base that are not found worse, where anything can be found.
func (r Report) Smallest() (best Row, ok bool) {
	for _, row := range r.Rows[1:] {
		v := row.Difference.Verdict()
		if row.Parameters < r.Rows[0].Parameters && v != Once && v != Worse && (!ok || row.Parameters < best.Parameters) {
			best, ok = row, true
		}
	}
	return best, ok
}

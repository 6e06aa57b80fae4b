package sweep

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"prep/data"
	"prep/data/work"
	"prep/train"
)

// Sweep is a sweep of one set.
type Sweep struct {
	set      *data.Set
	c        Config
	arms     []arm // the base first
	shard    work.Shard
	digest   string // of recordings, hits and labels
	classes  int
	groups   int
	results  map[string]result // that were read
	variants variants
	speeds   map[string]float64 // of arms that were timed, patches a second
	clock    clock
}

// New works out the arms, the first of which is the base. It fails where there
// are fewer groups than folds and where the base itself cannot be tried; another
// arm that cannot is left out.
func New(set *data.Set, c Config, arms []Arm, prepare Prepare, shard work.Shard) (*Sweep, error) {
	s := &Sweep{set: set, c: c, shard: shard, results: map[string]result{}, speeds: map[string]float64{}}
	if err := s.survey(arms[0].Train.Folds); err != nil {
		return nil, fmt.Errorf("sweep: %w", err)
	}
	s.variants = variants{set, s.digest, prepare, map[string]*data.Set{}}
	seen := map[string]string{}
	for _, a := range arms {
		w := newArm(a, s.classes)
		if w.reason == "" {
			key := s.job(&w, 0, whole).key
			if same, ok := seen[key]; ok {
				w.reason = fmt.Sprintf("it is the same as %s", same)
			}
			seen[key] = w.name
		}
		s.arms = append(s.arms, w)
	}
	if base := s.arms[0]; base.reason != "" {
		return nil, fmt.Errorf("sweep: the base cannot be tried: %s", base.reason)
	}
	return s, nil
}

// survey reads what is to be learnt from and checks that there are groups for
// the folds.
func (s *Sweep) survey(folds int) error {
	recordings, err := s.set.Recordings()
	if err != nil {
		return err
	}
	examples, err := s.set.Examples()
	if err != nil {
		return err
	}
	var originals []data.Example
	classes := map[string]bool{}
	for _, e := range examples {
		if e.Parent == "" {
			originals = append(originals, e)
			classes[e.Class] = true
		}
	}
	delete(classes, "")
	s.classes, s.groups = len(classes), len(data.CountGroups(originals))
	s.digest = hash(struct {
		Recordings []data.Recording
		Examples   []data.Example
	}{recordings, originals})
	switch least := max(folds, 2); {
	case s.classes < 2:
		return fmt.Errorf("the labelled hits are of %d classes: want at least 2", s.classes)
	case s.groups < least:
		return fmt.Errorf("folds is %d, but there are labelled hits of %d groups only: want at least %d groups", folds, s.groups, least)
	}
	return nil
}

// whole is the study of an arm, as the learning curve's are of parts.
var whole = train.Study{Groups: 1, Hits: 1, Look: true}

// curve returns the jobs of the learning curve with one seed.
func (s *Sweep) curve(seed int) (jobs []job) {
	for _, share := range s.c.Curve {
		jobs = append(jobs, s.job(&s.arms[0], seed, train.Study{Groups: share, Hits: 1}),
			s.job(&s.arms[0], seed, train.Study{Groups: 1, Hits: share}))
	}
	return jobs
}

// round returns all jobs with one seed, in their order. With halving it fails
// with errWaiting while a job of an earlier seed is not done.
func (s *Sweep) round(seed int) ([]job, error) {
	alive, err := s.armsLeft(seed)
	if err != nil {
		return nil, err
	}
	var jobs []job
	for _, a := range alive {
		jobs = append(jobs, s.job(a, seed, whole))
	}
	return append(jobs, s.curve(seed)...), nil
}

// errWaiting says that results of other shards are still to come.
var errWaiting = errors.New("results of other shards are not there yet; run the same command again when they are")

// Missing returns the jobs that are still to be done, by all shards, as far as
// they are known.
func (s *Sweep) Missing() (int, error) {
	missing, err := s.jobsLeft(work.Shard{})
	return len(missing), err
}

// jobsLeft returns the jobs of a shard that are still to be done, as far as they
// are known.
func (s *Sweep) jobsLeft(shard work.Shard) (missing []job, err error) {
	i := 0
	for seed := range s.c.Seeds {
		jobs, err := s.round(seed)
		if errors.Is(err, errWaiting) {
			return missing, nil
		}
		if err != nil {
			return nil, err
		}
		for _, j := range jobs {
			_, done, err := s.result(j)
			if err != nil {
				return nil, err
			}
			if !done && (shard.N == 0 || i%shard.N == shard.I) {
				missing = append(missing, j)
			}
			i++
		}
	}
	return missing, nil
}

// Run does the jobs of the shard that are still to be done, and those that
// halving then adds. A killed run goes on where its last epoch ended and comes
// to the same bytes.
func (s *Sweep) Run(ctx context.Context, p data.Progress) error {
	for {
		jobs, err := s.jobsLeft(s.shard)
		if err != nil || len(jobs) == 0 {
			return err
		}
		if err := s.schedule(ctx, jobs); err != nil {
			return err
		}
		for _, j := range jobs {
			if err := s.do(ctx, j, p); err != nil {
				return fmt.Errorf("sweep: arm %q, seed %d: %w", j.arm.name, j.config().Seed, err)
			}
		}
	}
}

// do trains one job. Values that are not finite are a result; whatever else
// goes wrong is an error.
func (s *Sweep) do(ctx context.Context, j job, p data.Progress) error {
	set, err := s.variants.open(ctx, j.arm.Arm)
	if err != nil {
		return err
	}
	before := s.clock.done
	v, err := train.CrossValidate(ctx, set, j.config(), j.study, s.clock.watch(j, p))
	s.clock.finish(j, before)
	if errors.Is(err, train.ErrDiverged) {
		return s.keep(j, result{Failed: strings.Join(strings.Fields(err.Error()), " ")})
	}
	if err != nil {
		return err
	}
	return s.keep(j, newResult(v))
}

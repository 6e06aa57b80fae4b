package sweep

import (
	"context"
	"errors"
	"fmt"
	"time"

	"prep/data"
	"prep/train"
)

// Estimate is what a run is expected to take, from a few timed steps of each
// network.
type Estimate struct {
	Jobs int
	// Most is the time when no training stops early.
	Most time.Duration
}

// clock compares what jobs were expected to take with what they took.
type clock struct {
	expected map[string]float64 // seconds of each job, by key
	total    float64            // of all jobs
	done     float64            // expected seconds of what is done
	jobs     int
	finished int
}

// Estimate makes the patches that the shard's jobs need and says how long they
// take. With halving it knows of no later seeds.
func (s *Sweep) Estimate(ctx context.Context) (Estimate, error) {
	jobs, err := s.jobsLeft(s.shard)
	if err == nil {
		err = s.schedule(ctx, jobs)
	}
	return Estimate{len(jobs), time.Duration(s.clock.total * float64(time.Second))}, err
}

// schedule makes the patches that jobs need, times their networks and sets the
// clock.
func (s *Sweep) schedule(ctx context.Context, jobs []job) error {
	s.clock = clock{expected: map[string]float64{}, jobs: len(jobs)}
	for _, j := range jobs {
		if err := ctx.Err(); err != nil {
			return err
		}
		speed, err := s.speed(j.arm)
		if err != nil {
			return err
		}
		patches, err := s.work(ctx, j)
		if err != nil {
			return fmt.Errorf("sweep: arm %q: %w", j.arm.name, err)
		}
		s.clock.expected[j.key] = patches / speed
		s.clock.total += s.clock.expected[j.key]
	}
	return nil
}

// speed times an arm's network once: patches trained on a second.
func (s *Sweep) speed(a *arm) (float64, error) {
	if v, ok := s.speeds[a.name]; ok {
		return v, nil
	}
	v, err := a.net.Speed(a.In, s.classes, a.Train.Batch)
	if err != nil {
		return 0, fmt.Errorf("sweep: arm %q: %w", a.name, err)
	}
	s.speeds[a.name] = v
	return v, nil
}

// Speeds returns how many patches a second this machine now trains each arm on,
// by its name.
func (s *Sweep) Speeds() (map[string]float64, error) {
	for i := range s.arms {
		if a := &s.arms[i]; a.reason == "" {
			if _, err := s.speed(a); err != nil {
				return nil, err
			}
		}
	}
	return s.speeds, nil
}

// The shares of the originals that train and validate, of what is not tested:
// see train's splits. Evaluating a patch is a third of a step's work: it needs
// no gradients, of the values or of the weights.
const (
	trainShare    = 0.8
	validateShare = 0.2
	evaluateWork  = 1.0 / 3
)

// work returns about how many patches a job goes through, in patches trained on.
func (s *Sweep) work(ctx context.Context, j job) (float64, error) {
	set, err := s.variants.open(ctx, j.arm.Arm)
	if err != nil {
		return 0, err
	}
	copied, errC := set.Hits()
	own, errO := set.Originals()
	if err := errors.Join(errC, errO); err != nil {
		return 0, err
	}
	folds, all, originals := float64(s.folds()), float64(len(copied)), float64(len(own))
	learnt := folds - 1 // the originals' times they are in a part that is not tested
	epochs := float64(j.arm.Train.Epochs)
	patches := epochs*learnt*(all*trainShare+originals/j.share()*validateShare*evaluateWork) + originals*evaluateWork
	if j.study.Look {
		patches += evaluateWork * folds * train.OcclusionPatches(s.classes)
	}
	return patches, nil
}

// share returns the share of the training part that is learnt from.
func (j job) share() float64 { return j.study.Groups * j.study.Hits }

// folds returns the number of folds.
func (s *Sweep) folds() int {
	if k := s.arms[0].Train.Folds; k > 0 {
		return k
	}
	return s.groups
}

// watch returns a Progress that tells p how the sweep goes while j is trained. Its items are the seconds
// that trainings were expected to take, so that what is left of them tells the time left.
func (c *clock) watch(j job, p data.Progress) data.Progress {
	before := c.done
	return func(step data.Step) {
		c.done = before + float64(step.Done)/float64(max(step.Total, 1))*c.expected[j.key]
		p.Report(data.Step{Stage: "sweep", Done: int(c.done), Total: int(c.total),
			Note: fmt.Sprintf("training %d of %d: %s, seed %d, %s", c.finished+1, c.jobs, j.arm.name, j.config().Seed, step.Note)})
	}
}

// finish counts a job as done; before is what was done when it began.
func (c *clock) finish(j job, before float64) {
	c.finished++
	c.done = before + c.expected[j.key]
}

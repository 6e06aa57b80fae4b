package train

import (
	"context"
	"fmt"
	"math"

	"prep/data"
	"prep/train/conv"
)

// Epoch is one line of history.csv. Validation figures are 0 where no group
// was left to validate on.
type Epoch struct {
	Fit                string  `json:"fit"`
	Epoch              int     `json:"epoch"` // counted from 1
	LearningRate       float64 `json:"learning_rate"`
	TrainLoss          float64 `json:"train_loss"`
	ValidationLoss     float64 `json:"validation_loss"`
	ValidationAccuracy float64 `json:"validation_accuracy"`
}

// fitState is how far a fit has come, besides its arrays.
type fitState struct {
	Fit       string  `json:"fit"`
	BestEpoch int     `json:"best_epoch"` // 0 before the first
	BestLoss  float64 `json:"best_loss"`
	History   []Epoch `json:"history"` // a row an epoch done
}

// fit is one training of one network: a fold's, or the final one.
type fit struct {
	fitState
	c          Config
	s          *samples
	feeder     *feeder
	validation []int
	epochs     int // to train for, at most

	current weights // that steps change
	average weights // of current over the last steps: what is evaluated and kept
	best    weights // of average
	train   *graph
	eval    *evaluator
	solver  *conv.Adam
	meter   *meter
}

// newFit prepares a fit from its seed. Without a validation part it runs for
// all its epochs and keeps the last one's weights.
func newFit(c Config, n Net, s *samples, id string, part, validation []int) (*fit, error) {
	f := &fit{fitState: fitState{Fit: id}, c: c, s: s, validation: validation, epochs: c.Epochs}
	var err error
	if f.feeder, err = newFeeder(c, s, id, part); err != nil {
		return nil, err
	}
	if f.current, err = n.newWeights(s.shape(), len(s.classes), c.Seed, id); err != nil {
		return nil, err
	}
	f.current.setLevels(n, f.feeder.norm, s.shape())
	f.average, f.best = f.current.clone(), f.current.clone()
	dropout := data.Rand(c.Seed, id+"/dropout").Uint64()
	if f.train, err = n.newGraph(s.shape(), f.feeder.size, f.current, conv.Training, dropout); err != nil {
		return nil, err
	}
	f.eval, err = newEvaluator(n, s.shape(), f.feeder.size, f.average, f.feeder.norm)
	f.solver = conv.NewAdam(c.LearningRate)
	f.solver.WeightDecay = c.WeightDecay
	return f, err
}

// run trains until the epochs are over or validation has not improved for
// c.Patience of them, calling save after each, and leaves the best weights in
// f.average.
func (f *fit) run(ctx context.Context, save func() error) error {
	for len(f.History) < f.epochs && !f.hasStalled() {
		if err := f.epoch(ctx); err != nil {
			return err
		}
		if err := save(); err != nil {
			return err
		}
	}
	return f.average.set(f.best.list())
}

// hasStalled reports whether validation has not improved for c.Patience epochs.
func (f *fit) hasStalled() bool {
	return len(f.validation) > 0 && len(f.History)-f.BestEpoch >= f.c.Patience
}

// epoch trains on every sample once and validates.
func (f *fit) epoch(ctx context.Context) error {
	row := Epoch{Fit: f.Fit, Epoch: len(f.History) + 1}
	steps, step := f.feeder.steps(), 0
	var loss float64
	for b, err := range f.feeder.epoch(ctx, row.Epoch) {
		if err != nil {
			return err
		}
		f.solver.LearningRate = f.c.rate((float64(row.Epoch-1) + float64(step)/float64(steps)) / float64(f.c.Epochs))
		if step == 0 {
			row.LearningRate = f.solver.LearningRate
		}
		mean, err := f.step(b, uint64((row.Epoch-1)*steps+step))
		f.feeder.spare.Put(&b)
		if err != nil {
			return fmt.Errorf("%s, epoch %d: %w", f.Fit, row.Epoch, err)
		}
		loss += mean * float64(b.real)
		step++
		f.meter.report(f, row.Epoch, step, b.real, loss/float64(min(step*f.feeder.size, len(f.feeder.part))))
	}
	row.TrainLoss = loss / float64(len(f.feeder.part))
	return f.validate(row)
}

// averageKeep is the share of the average that a step leaves, once there have
// been many: it spans the last hundred steps or so, three epochs of a small set,
// and takes the noise of single steps out of what is evaluated and kept (Polyak
// and Juditsky, "Acceleration of Stochastic Approximation by Averaging", 1992).
const averageKeep = 0.99

// step trains on one batch, the number-th counted from 0, and returns its mean
// loss.
func (f *fit) step(b batch, number uint64) (float64, error) {
	copy(f.train.x, b.x)
	copy(f.train.targets, b.targets)
	copy(f.train.counts, b.counts)
	loss, err := f.train.step(f.solver, number)
	f.average.follow(f.current, averageShare(number))
	return loss, err
}

// averageShare returns the share of the average that a step leaves. The first
// steps count more, as in TensorFlow's ExponentialMovingAverage.
func averageShare(number uint64) float64 {
	return min(averageKeep, float64(1+number)/float64(10+number))
}

// validate ends an epoch: it measures the validation part and keeps the weights
// if they do as well as any before.
func (f *fit) validate(row Epoch) error {
	if len(f.validation) > 0 {
		outcomes, err := f.test(f.validation, 0)
		if err != nil {
			return err
		}
		row.ValidationLoss, row.ValidationAccuracy = crossEntropy(outcomes), accuracy(outcomes)
	}
	f.History = append(f.History, row)
	if f.keeps() {
		f.BestEpoch = row.Epoch
		return f.best.set(f.average.list())
	}
	return nil
}

// keeps reports whether the weights of the last epoch are to be kept: unless
// their validation accuracy is more than a standard error below the best so far.
// Smaller differences are chance where few people validate, and then later
// weights, learnt at lower rates, do better on others (the one-standard-error
// rule of Breiman et al., "Classification and Regression Trees", 1984, section
// 3.4.3). The loss is no better judge: on people never heard it rises with the
// network's confidence while the accuracy still does too.
func (f *fit) keeps() bool {
	best := 0.0
	for _, e := range f.History {
		best = max(best, e.ValidationAccuracy)
	}
	deviation := math.Sqrt(best * (1 - best) / float64(max(len(f.validation), 1)))
	return f.History[len(f.History)-1].ValidationAccuracy >= best-deviation
}

// test returns what the averaged weights say of the given samples.
func (f *fit) test(part []int, fold int) ([]outcome, error) {
	rows, err := f.eval.predict(len(part), func(i int) (data.Patch, error) {
		return f.s.patches.Patch(f.s.rows[part[i]])
	})
	if err != nil {
		return nil, err
	}
	outcomes := make([]outcome, len(part))
	for j, i := range part {
		outcomes[j] = outcome{f.s.examples[i].ID, f.s.examples[i].Group, fold, f.s.class[i], rows[j]}
	}
	return outcomes, nil
}

// crossEntropy returns the mean of -log p of the true classes. A probability
// that float32 rounds to 0 counts as the smallest there is.
func crossEntropy(outcomes []outcome) float64 {
	var sum float64
	for _, o := range outcomes {
		sum -= math.Log(max(float64(o.Probabilities[o.Class]), math.SmallestNonzeroFloat32))
	}
	return sum / float64(len(outcomes))
}

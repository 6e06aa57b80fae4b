package train

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"strconv"

	"prep/data"
	"prep/data/work"
	"prep/train/conv"
)

// mapsAtOnce bounds the values in the maps of the folds that are trained at once, 128 MB.
const mapsAtOnce = 1 << 25

// folds trains and tests the folds, some at once. Each depends on itself alone, so that they come to the
// same as one after the other; of faults the first fold's is told.
func (t *trainer) folds(ctx context.Context) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	for i, sp := range t.splits {
		t.planFold(i, sp)
	}
	if t.study == nil {
		t.meter.plan(finalFit, len(t.s.examples)*t.c.Epochs)
	}
	for _, r := range work.Map(ctx, indices(len(t.splits)), t.atOnce, t.resumeFold) {
		if r.Err != nil {
			stop()
			return r.Err
		}
		t.folded = append(t.folded, r.Value)
	}
	return nil
}

// resumeFold trains and tests fold i, going on where an earlier run left it.
func (t *trainer) resumeFold(ctx context.Context, i int) (foldDone, error) {
	defer conv.Claim()()
	k, err := openCheckpoint(t.set, t.c.checkpointName(strconv.Itoa(i+1)), t.key)
	if err != nil {
		return foldDone{}, err
	}
	if k.Done != nil {
		t.meter.skip(fitID(i), fitID(i)+again)
		return *k.Done, nil
	}
	done, err := t.fold(ctx, i, k)
	if err != nil {
		return done, err
	}
	return done, k.finish(done)
}

// fitID names the first fit of fold i.
func fitID(i int) string { return fmt.Sprintf("fold %d", i+1) }

// trainsAgain reports whether a fold is trained again on the part that chose its epochs, too.
func (t *trainer) trainsAgain(sp split) bool { return len(sp.validation) > 0 && t.study == nil }

// planFold tells the meter what fold i will take at most.
func (t *trainer) planFold(i int, sp split) {
	t.meter.plan(fitID(i), len(sp.train)*t.c.Epochs)
	if t.trainsAgain(sp) {
		t.meter.plan(fitID(i)+again, len(sp.known)*t.c.Epochs)
	}
}

// fold trains and tests one fold.
func (t *trainer) fold(ctx context.Context, i int, k *keeper) (foldDone, error) {
	sp := t.splits[i]
	f, chosen, err := t.fitFold(ctx, fitID(i), sp, k)
	if err != nil {
		return foldDone{}, err
	}
	outcomes, err := f.test(sp.test, i)
	if err != nil {
		return foldDone{}, err
	}
	done := foldDone{Outcomes: outcomes, History: chosen.History, Fold: Fold{
		Fold: i + 1, Test: sp.testGroups, Validation: sp.validationGroups,
		TrainHits: len(f.feeder.part), ValidationHits: len(sp.validation), TestHits: len(sp.test),
		Epochs: len(chosen.History), BestEpoch: chosen.BestEpoch,
		Accuracy: accuracy(sounding(outcomes, slices.Index(t.s.classes, data.None))),
	}}
	if f.Fit != chosen.Fit {
		done.History = slices.Concat(chosen.History, f.History)
	}
	if t.study != nil && t.study.Look {
		if done.Sight, err = f.look(sp.test); err != nil {
			return done, err
		}
	}
	if len(t.c.Shots) > 0 && t.study == nil {
		done.Shots, err = f.shots(sp, t.c.Shots)
	}
	return done, err
}

// fitFold trains the network that a fold tests: on the training part, to see by
// the validation part after how many epochs to stop, and then on both parts for
// as many, as the final model is trained on everything. Where groups are few,
// those that validate are a large part of what there is to learn from. A study,
// which only compares, leaves it at the first training. It also returns the
// training that chose.
func (t *trainer) fitFold(ctx context.Context, id string, sp split, k *keeper) (f *fit, chosen fitState, err error) {
	if k.Chosen.Fit != id {
		if f, err = t.fit(ctx, k, id, sp.train, sp.validation, t.c.Epochs); err != nil {
			return nil, chosen, err
		}
		if !t.trainsAgain(sp) {
			return f, f.fitState, nil
		}
		k.Chosen = f.fitState
	}
	chosen = k.Chosen
	t.meter.skip(id)
	f, err = t.fit(ctx, k, id+again, sp.known, nil, chosen.BestEpoch)
	return f, chosen, err
}

// fit runs one fit, going on where its checkpoint ends.
func (t *trainer) fit(ctx context.Context, k *keeper, id string, part, validation []int, epochs int) (*fit, error) {
	runtime.GC() // or the next graphs, up to a gigabyte, are made beside those of the fit before
	f, err := newFit(t.c, t.net, t.s, id, part, validation)
	if err != nil {
		return nil, err
	}
	f.epochs, f.meter = epochs, t.meter
	if err := k.restore(f); err != nil {
		return nil, err
	}
	t.meter.plan(id, len(part)*epochs)
	defer t.meter.skip(id)
	return f, f.run(ctx, func() error { return k.save(f) })
}

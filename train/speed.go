package train

import (
	"errors"
	"time"

	"prep/data"
	"prep/train/conv"
)

// Speed returns how many patches a second this machine now trains n on, in
// batches of that size: the best of timedSteps steps on noise, after one that
// is not timed. It fails when a layer does not fit.
func (n Net) Speed(in Shape, classes, batch int) (float64, error) {
	w, err := n.newWeights(in, classes, 1, "speed")
	if err != nil {
		return 0, err
	}
	g, err := n.newGraph(in, batch, w, conv.Training, 1)
	if err != nil {
		return 0, err
	}
	random := data.Rand(1, "speed")
	for i := range g.x {
		g.x[i] = float32(random.NormFloat64())
	}
	for i := range batch {
		g.targets[i*classes+i%classes], g.counts[i] = 1, 1
	}
	solver := conv.NewAdam(plainRate)
	_, err = g.step(solver, 0)
	best := time.Duration(1<<63 - 1)
	for i := range timedSteps {
		start := time.Now()
		_, again := g.step(solver, uint64(1+i))
		err, best = errors.Join(err, again), min(best, time.Since(start))
	}
	return float64(batch) / max(best.Seconds(), 1e-9), err
}

// timedSteps is few: what runs beside slows some of them, not all.
const timedSteps = 3

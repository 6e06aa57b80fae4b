package train

import (
	"math"

	"prep/data"
	"prep/data/num"
)

// durations returns the two lengths of a hit in samples: up to where its sound
// has fallen, and up to where it was cut.
func durations(h data.Hit) []float64 {
	return []float64{float64(h.Offset - h.Onset), float64(h.End - h.Onset)}
}

// levels returns how loud a hit is: peak, mean and above what came before, dB.
func levels(h data.Hit) []float64 { return []float64{h.PeakDB, h.RMSDB, h.SNRDB} }

// logistic is a multinomial logistic regression on standardized measures and
// their squares, so that a class between two others can be found.
type logistic struct {
	mean, scale []float64
	weights     [][]float64 // a row a class; the last column is the bias
}

// The descent is full-batch and convex: these only say when it stops.
const (
	logisticSteps = 300
	logisticRate  = 0.5
	logisticDecay = 1e-3
)

// fitLogistic fits n rows of measures to their classes by gradient descent.
func fitLogistic(x [][]float64, y []int, classes int) logistic {
	m := logistic{weights: make([][]float64, classes)}
	m.mean, m.scale = standardize(x)
	rows := make([][]float64, len(x))
	for i := range x {
		rows[i] = m.expand(x[i])
	}
	for k := range m.weights {
		m.weights[k] = make([]float64, len(rows[0]))
	}
	for range logisticSteps {
		m.descend(rows, y)
	}
	return m
}

// standardize returns the columns' means and standard deviations (1 where a
// column does not vary).
func standardize(x [][]float64) (mean, scale []float64) {
	mean, scale = make([]float64, len(x[0])), make([]float64, len(x[0]))
	for j := range mean {
		var sum, squares float64
		for i := range x {
			sum += x[i][j]
		}
		mean[j] = sum / float64(len(x))
		for i := range x {
			squares += (x[i][j] - mean[j]) * (x[i][j] - mean[j])
		}
		scale[j] = math.Sqrt(squares / float64(len(x)))
		if scale[j] == 0 {
			scale[j] = 1
		}
	}
	return mean, scale
}

// expand returns the standardized measures, their squares and a one.
func (m logistic) expand(x []float64) []float64 {
	row := make([]float64, 0, 2*len(x)+1)
	for j, v := range x {
		z := (v - m.mean[j]) / m.scale[j]
		row = append(row, z, z*z/2)
	}
	return append(row, 1)
}

// descend takes one step down the gradient of the mean cross-entropy.
func (m logistic) descend(rows [][]float64, y []int) {
	gradient := make([][]float64, len(m.weights))
	for k := range gradient {
		gradient[k] = make([]float64, len(rows[0]))
	}
	for i, row := range rows {
		for k, p := range m.probabilities(row) {
			if k == y[i] {
				p--
			}
			for j, v := range row {
				gradient[k][j] += p * v
			}
		}
	}
	for k, w := range m.weights {
		for j := range w {
			w[j] -= logisticRate * (gradient[k][j]/float64(len(rows)) + logisticDecay*w[j])
		}
	}
}

// probabilities returns the softmax of an expanded row's scores.
func (m logistic) probabilities(row []float64) []float64 {
	scores := make([]float64, len(m.weights))
	top := math.Inf(-1)
	for k, w := range m.weights {
		for j, v := range row {
			scores[k] += w[j] * v
		}
		top = max(top, scores[k])
	}
	var sum float64
	for k := range scores {
		scores[k] = math.Exp(scores[k] - top)
		sum += scores[k]
	}
	for k := range scores {
		scores[k] /= sum
	}
	return scores
}

// classify returns the likeliest class of one row of measures.
func (m logistic) classify(x []float64) int { return num.ArgMax(m.probabilities(m.expand(x))) }

// majority returns the commonest class, the first of equals.
func majority(y []int, classes int) int {
	counts := make([]int, classes)
	for _, k := range y {
		counts[k]++
	}
	return num.ArgMax(counts)
}

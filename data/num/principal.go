package num

import (
	"slices"

	"gonum.org/v1/gonum/mat"
)

// Principal returns the coordinates of vectors, all of one length, along the axes of their
// greatest variance: len(x) x n, the greatest first, about the mean; and the share of the whole
// variance that each axis holds. n is at most the length of a vector. The same vectors in the
// same order give the same coordinates: of the two directions of an axis, the one along which the
// largest of its weights is positive is taken. The axes of more than 4,096 vectors are those of
// 4,096 of them, evenly taken. (Jolliffe, Principal Component Analysis, 2002, ch. 1.)
func Principal(x [][]float32, n int) (coordinates [][]float64, share []float64) {
	if len(x) == 0 {
		return nil, nil
	}
	some := Thin(x, axesFrom)
	mean := meanOf(some)
	n = min(n, len(mean))
	values, axes := axesOf(some, mean)
	total := 0.0
	for _, v := range values {
		total += max(v, 0)
	}
	for k := range n {
		share = append(share, 0)
		if total > 0 {
			share[k] = max(values[k], 0) / total
		}
	}
	coordinates = make([][]float64, len(x))
	for i, v := range x {
		coordinates[i] = make([]float64, n)
		for k, axis := range axes[:n] {
			for j, a := range axis {
				coordinates[i][k] += a * (float64(v[j]) - mean[j])
			}
		}
	}
	return coordinates, share
}

// axesFrom is from how many vectors axes are found: 16 times the values of a picture of 16 x 16.
const axesFrom = 4096

func meanOf[T float32 | float64](x [][]T) []float64 {
	mean := make([]float64, len(x[0]))
	for _, v := range x {
		for j, a := range v {
			mean[j] += float64(a)
		}
	}
	for j := range mean {
		mean[j] /= float64(len(x))
	}
	return mean
}

// axesOf returns the variances along the principal axes, and the axes, the greatest first.
func axesOf(x [][]float32, mean []float64) (values []float64, axes [][]float64) {
	d := len(mean)
	centred := mat.NewDense(len(x), d, nil)
	for i, v := range x {
		row := centred.RawRowView(i)
		for j, a := range v {
			row[j] = float64(a) - mean[j]
		}
	}
	covariance := mat.NewSymDense(d, nil)
	covariance.SymOuterK(1/float64(len(x)), centred.T())
	var eigen mat.EigenSym
	var vectors mat.Dense
	eigen.Factorize(covariance, true) // fails on numbers that are not finite, and then has no axes
	values = eigen.Values(nil)
	eigen.VectorsTo(&vectors)
	slices.Reverse(values)
	for k := d - 1; k >= 0; k-- {
		axes = append(axes, upright(mat.Col(nil, k, &vectors)))
	}
	return values, axes
}

// upright turns an axis so that its largest weight is positive.
func upright(axis []float64) []float64 {
	largest := 0.0
	for _, a := range axis {
		if a*a > largest*largest {
			largest = a
		}
	}
	if largest < 0 {
		for i := range axis {
			axis[i] = -axis[i]
		}
	}
	return axis
}

package num

import "slices"

// Quantile returns the q-quantile of x, q from 0 to 1, by linear interpolation
// between the order statistics on either side of q (n-1): type 7 of Hyndman and
// Fan, "Sample quantiles in statistical packages", The American Statistician 50,
// 1996, and NumPy's default. (gonum's stat.Quantile has types 1 and 4.) It
// returns 0 of none and leaves x as it is.
func Quantile[T float32 | float64](x []T, q float64) float64 {
	if len(x) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(x))
	at := q * float64(len(sorted)-1)
	i := int(at)
	low := float64(sorted[i])
	if at == float64(i) {
		return low
	}
	return low + (at-float64(i))*(float64(sorted[i+1])-low)
}

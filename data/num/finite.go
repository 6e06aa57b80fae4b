package num

import "slices"

// Finite reports whether x is neither NaN nor infinite: only then is x - x zero.
func Finite[T float32 | float64](x T) bool { return x-x == 0 }

// FirstNotFinite returns the index of the first value of x that is NaN or
// infinite, or -1.
func FirstNotFinite[T float32 | float64](x []T) int {
	return slices.IndexFunc(x, func(v T) bool { return !Finite(v) })
}

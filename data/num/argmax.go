package num

import "cmp"

// ArgMax returns the index of the largest value of x, the first of equals; 0 of
// none. A NaN is never larger.
func ArgMax[T cmp.Ordered](x []T) int {
	best := 0
	for i, v := range x {
		if v > x[best] {
			best = i
		}
	}
	return best
}

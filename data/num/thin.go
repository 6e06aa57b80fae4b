package num

// Thin returns at most n of the items, evenly spaced, the first among them.
func Thin[T any](items []T, n int) []T {
	if len(items) <= n {
		return items
	}
	few := make([]T, n)
	for i := range few {
		few[i] = items[i*len(items)/n]
	}
	return few
}

package data

// Pair is an element of a matching: a[A] with b[B].
type Pair struct{ A, B int }

// Match pairs the moments a with the moments b, one to one, no pair further
// apart than the tolerance. Of the matchings with the most pairs it returns
// one of least total distance, in ascending order. Both slices must be sorted.
//
// On a line an optimal matching exists that never crosses: uncrossing two
// pairs lengthens neither their sum nor the longer of them. So it is an
// alignment of two sequences, found by dynamic programming in each run of
// moments that the tolerance links.
func Match[T int | float64](a, b []T, tolerance T) []Pair {
	var pairs []Pair
	for i, j := 0, 0; i < len(a) && j < len(b); {
		if a[i] < b[j] && b[j]-a[i] > tolerance {
			i++
			continue
		}
		if b[j] < a[i] && a[i]-b[j] > tolerance {
			j++
			continue
		}
		ni, nj := runLength(a[i:], b[j:], tolerance)
		for _, p := range align(a[i:i+ni], b[j:j+nj], tolerance) {
			pairs = append(pairs, Pair{p.A + i, p.B + j})
		}
		i, j = i+ni, j+nj
	}
	return pairs
}

// runLength returns how many leading moments of a and of b form one run in which
// each next moment, of either, is within the tolerance of the one before.
func runLength[T int | float64](a, b []T, tolerance T) (na, nb int) {
	last := min(a[0], b[0])
	for {
		switch {
		case na < len(a) && a[na]-last <= tolerance && (nb == len(b) || a[na] <= b[nb]):
			last = a[na]
			na++
		case nb < len(b) && b[nb]-last <= tolerance:
			last = b[nb]
			nb++
		default:
			return na, nb
		}
	}
}

// cell is the best matching of two prefixes: its size and total distance.
type cell[T int | float64] struct {
	n    int
	dist T
}

func (c cell[T]) beats(d cell[T]) bool {
	return c.n > d.n || c.n == d.n && c.dist < d.dist
}

// align solves one run by dynamic programming over prefixes.
func align[T int | float64](a, b []T, tolerance T) []Pair {
	best := make([][]cell[T], len(a)+1)
	for i := range best {
		best[i] = make([]cell[T], len(b)+1)
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			c := best[i-1][j]
			if best[i][j-1].beats(c) {
				c = best[i][j-1]
			}
			if m, ok := extend(best[i-1][j-1], a[i-1], b[j-1], tolerance); ok && m.beats(c) {
				c = m
			}
			best[i][j] = c
		}
	}
	return trace(best, a, b, tolerance)
}

// extend extends a matching by the pair (x, y) where the tolerance allows it.
func extend[T int | float64](c cell[T], x, y, tolerance T) (cell[T], bool) {
	d := max(x-y, y-x)
	return cell[T]{c.n + 1, c.dist + d}, d <= tolerance
}

// trace walks the table back to the pairs that made its last cell.
func trace[T int | float64](best [][]cell[T], a, b []T, tolerance T) []Pair {
	i, j := len(a), len(b)
	pairs := make([]Pair, best[i][j].n)
	for n := len(pairs); n > 0; {
		switch best[i][j] {
		case best[i-1][j]:
			i--
		case best[i][j-1]:
			j--
		default:
			i, j, n = i-1, j-1, n-1
			pairs[n] = Pair{i, j}
		}
	}
	return pairs
}

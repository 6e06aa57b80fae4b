package num

import (
	"math"
	"math/rand/v2"
	"slices"
)

// rounds bounds how often Cluster deals the vectors anew; it mostly settles in fewer.
const rounds = 50

// Cluster deals vectors, all of one length, into at most k groups whose members lie near their
// mean: k-means (Lloyd, IEEE Trans. Inf. Theory 28(2), 1982), begun as k-means++ does (Arthur and
// Vassilvitskii, SODA 2007) from a fixed seed, so that the same vectors give the same groups. It
// returns the group of each vector, and of each group its mean; the largest group is the first.
func Cluster(x [][]float64, k int) (group []int, means [][]float64) {
	group = make([]int, len(x))
	means = seeds(x, k)
	for range rounds {
		changed := false
		for i, v := range x {
			if g := nearest(v, means); g != group[i] {
				group[i], changed = g, true
			}
		}
		means = meansOf(x, group, means)
		if !changed {
			break
		}
	}
	return bySize(group, means)
}

// seeds draws means among vectors, each with a chance that grows with the square of its distance
// from those that are drawn. Vectors that are all alike give one.
func seeds(x [][]float64, k int) (means [][]float64) {
	if len(x) == 0 {
		return nil
	}
	r := rand.New(rand.NewPCG(1, 2))
	means = [][]float64{x[r.IntN(len(x))]}
	far := make([]float64, len(x))
	for i := range far {
		far[i] = math.Inf(1)
	}
	for len(means) < k {
		sum := 0.0
		for i, v := range x {
			far[i] = min(far[i], Apart(v, means[len(means)-1]))
			sum += far[i]
		}
		if sum == 0 {
			break
		}
		at := r.Float64() * sum
		i := slices.IndexFunc(far, func(d float64) bool { at -= d; return at < 0 })
		if i < 0 {
			i = ArgMax(far)
		}
		means = append(means, x[i])
	}
	return means
}

// Apart returns the square of the distance between two vectors.
func Apart[T float32 | float64](a, b []T) (d float64) {
	for i, v := range a {
		d += float64(v-b[i]) * float64(v-b[i])
	}
	return d
}

func nearest(v []float64, means [][]float64) int {
	best, least := 0, math.Inf(1)
	for g, m := range means {
		if d := Apart(v, m); d < least {
			best, least = g, d
		}
	}
	return best
}

// meansOf returns the mean of each group; one that is empty keeps its last.
func meansOf(x [][]float64, group []int, last [][]float64) [][]float64 {
	members := make([][][]float64, len(last))
	for i, v := range x {
		members[group[i]] = append(members[group[i]], v)
	}
	means := slices.Clone(last)
	for g, m := range members {
		if len(m) > 0 {
			means[g] = meanOf(m)
		}
	}
	return means
}

// bySize numbers groups anew, the largest first, and leaves out those that are empty.
func bySize(group []int, means [][]float64) ([]int, [][]float64) {
	size, order := make([]int, len(means)), make([]int, len(means))
	for _, g := range group {
		size[g]++
	}
	for g := range order {
		order[g] = g
	}
	slices.SortStableFunc(order, func(a, b int) int { return size[b] - size[a] })
	rank, sorted := make([]int, len(means)), [][]float64{}
	for i, g := range order {
		rank[g] = i
		if size[g] > 0 {
			sorted = append(sorted, means[g])
		}
	}
	for i, g := range group {
		group[i] = rank[g]
	}
	return group, sorted
}

package sweep

import "prep/data/num"

// tally counts an arm's held-out hits by group: how many there are and how many
// were named rightly, in each of its trainings.
type tally struct {
	hits  []float64
	right [][]float64 // seeds x groups
}

// tallyOf counts the hits of one class, or of all with class -1.
func tallyOf(results []result, class int) tally {
	var t tally
	for _, r := range results {
		hits, right := make([]float64, len(r.Groups)), make([]float64, len(r.Groups))
		for g, of := range r.Groups {
			for k, row := range of.Confusion {
				if class < 0 || class == k {
					hits[g] += float64(sum(row))
					right[g] += float64(row[k])
				}
			}
		}
		t.hits, t.right = hits, append(t.right, right)
	}
	return t
}

// accuracy returns the share of hits named rightly when groups and seeds count
// as often as they are listed.
func (t tally) accuracy(groups, seeds []int) float64 {
	var hits, right float64
	for _, g := range groups {
		hits += t.hits[g]
		for _, s := range seeds {
			right += t.right[s][g]
		}
	}
	if hits == 0 {
		return 0
	}
	return right / (hits * float64(len(seeds)))
}

// indices returns 0 to n-1: every group, or every seed, once.
func indices(n int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	return all
}

// estimate returns the accuracy as it was measured.
func (t tally) estimate() float64 { return t.accuracy(indices(len(t.hits)), indices(len(t.right))) }

// counts returns the groups' hits and how many of them a training named rightly on average.
func (t tally) counts() []num.Count {
	all := make([]num.Count, len(t.hits))
	for g, hits := range t.hits {
		all[g].Hits = hits
		for _, right := range t.right {
			all[g].Right += right[g] / float64(len(t.right))
		}
	}
	return all
}

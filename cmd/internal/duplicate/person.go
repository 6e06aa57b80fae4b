package duplicate

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"math"
	"slices"

	"prep/data"
)

// Two groups sound like one person where their voices are apart by less than half
// a standard deviation of hits within groups, and less than half as far as either
// is from any other: Lowe's ratio of the nearest to the second nearest
// ("Distinctive Image Features from Scale-Invariant Keypoints", IJCV 2004, section
// 7.1), both ways. Two others are the fewest that say how far people are from each
// other.
const (
	within    = 0.5 * 0.5 // of the variance
	closer    = 0.5
	leastSeen = 4 // groups
)

// Person is a pair of groups that sound like one person under two names.
type Person struct {
	Groups [2]string
	// Apart is how far their voices are from each other, and Other how far the
	// nearest of other groups is from either: per dimension, in units of how much
	// hits of one group and class differ, less what chance makes of few hits.
	Apart, Other float64
}

// PersonWord says what was found, "" of nothing.
func PersonWord(people []Person) string {
	if len(people) == 0 {
		return ""
	}
	p := people[0]
	return fmt.Sprintf("%d pairs of groups sound like one person under two names; the first is %q and %q (%.2f apart, the nearest other group %.2f)",
		len(people), p.Groups[0], p.Groups[1], max(p.Apart, 0), p.Other)
}

// People returns the pairs of groups whose labelled hits sound like one person's,
// the surest first. Voices are compared class by class, since a kick is unlike a
// hat whoever makes it: of groups without a common class nothing is known, and of
// fewer than four groups nothing is told.
//
// It fails when ctx ends or the set cannot be read.
func People(ctx context.Context, set *data.Set) ([]Person, error) {
	examples, err := originals(set)
	if err != nil {
		return nil, err
	}
	examples = slices.DeleteFunc(examples, func(e data.Example) bool { return e.Class == "" })
	if len(examples) == 0 {
		return nil, nil
	}
	rows, err := spectra(ctx, set, examples)
	if err != nil {
		return nil, err
	}
	return people(examples, rows), nil
}

// people decides from the spectra of hits.
func people(examples []data.Example, rows [][]float64) (found []Person) {
	groups := voices(examples, whiten(rows, examples))
	names := slices.Sorted(maps.Keys(groups))
	if len(names) < leastSeen {
		return nil
	}
	apart := make([][]float64, len(names))
	for i, a := range names {
		apart[i] = make([]float64, len(names))
		for j, b := range names {
			apart[i][j] = distance(groups[a], groups[b])
		}
	}
	for i := range names {
		for j := range i {
			other := math.Inf(1)
			for k := range names {
				if k != i && k != j {
					other = min(other, apart[i][k], apart[j][k])
				}
			}
			if apart[i][j] < min(within, closer*other) && other > 0 && !math.IsInf(other, 1) {
				found = append(found, Person{[2]string{names[j], names[i]}, apart[i][j], other})
			}
		}
	}
	slices.SortStableFunc(found, func(p, q Person) int { return cmp.Compare(p.Apart*q.Other, q.Apart*p.Other) })
	return found
}

// voice is a class of a group: the mean of its vectors, and of how many.
type voice struct {
	mean []float64
	hits float64
}

// voices returns each group's classes.
func voices(examples []data.Example, vectors [][]float64) map[string]map[string]voice {
	groups := map[string]map[string]voice{}
	for i, e := range examples {
		if groups[e.Group] == nil {
			groups[e.Group] = map[string]voice{}
		}
		v, ok := groups[e.Group][e.Class]
		if !ok {
			v.mean = make([]float64, len(vectors[i]))
		}
		v.hits++
		for k, x := range vectors[i] {
			v.mean[k] += (x - v.mean[k]) / v.hits
		}
		groups[e.Group][e.Class] = v
	}
	return groups
}

// distance returns the mean squared difference of two groups' classes, a
// dimension, less what it is expected to be where both draw from one voice; the
// classes weigh by how well they are known. It is infinite without a common class.
func distance(a, b map[string]voice) float64 {
	var sum, weight float64
	for _, class := range slices.Sorted(maps.Keys(a)) {
		v, w := a[class], b[class]
		if w.hits == 0 {
			continue
		}
		var squares float64
		for k, x := range v.mean {
			squares += (x - w.mean[k]) * (x - w.mean[k]) / float64(len(v.mean))
		}
		chance := 1/v.hits + 1/w.hits
		sum += (squares - chance) / chance
		weight += 1 / chance
	}
	if weight == 0 {
		return math.Inf(1)
	}
	return sum / weight
}

package advice

import (
	"context"
	"math"

	"prep/cmd/internal/sonagram"
	"prep/data/num"
)

// Plane is hits in two dimensions: those that sound alike lie near each other.
type Plane struct {
	// X and Y are from 0 to 1. The few that lie farther out are at the edge.
	X, Y []float64
	// Share is how much of the differences between the hits is to be seen: that of the variance
	// along the two axes.
	Share float64

	sounds [][]float64 // along the axes by which groups and odd ones are told
}

// axes is along how many principal axes hits are compared: what is beyond is noise to groups.
const axes = 16

// Plane lays out places by how they sound: by the same small spectrograms as MostLike. It fails
// when a recording cannot be read.
func (l *Likeness) Plane(ctx context.Context, places []sonagram.Place) (*Plane, error) {
	pictures, err := l.pictures(ctx, places)
	if err != nil {
		return nil, err
	}
	return NewPlane(pictures), nil
}

// NewPlane lays out hits by vectors of theirs, all of one length, along the two axes of their
// greatest variance.
func NewPlane(vectors [][]float32) *Plane {
	sounds, share := num.Principal(vectors, axes)
	p := &Plane{sounds: sounds, X: make([]float64, len(sounds)), Y: make([]float64, len(sounds))}
	for k, to := range [][]float64{p.X, p.Y} {
		if k >= len(share) {
			break
		}
		for i, s := range sounds {
			to[i] = s[k]
		}
		spread(to)
		p.Share += share[k]
	}
	return p
}

// outside is the share of hits at each side that do not decide on the scale.
const outside = 0.002

// spread brings values to 0 to 1: all but the outermost few within .03 and .97.
func spread(x []float64) {
	low, high := num.Quantile(x, outside), num.Quantile(x, 1-outside)
	if high <= low {
		low, high = low-0.5, low+0.5
	}
	for i, v := range x {
		x[i] = min(max(0.03+0.94*(v-low)/(high-low), 0), 1)
	}
}

// Group is hits that sound alike.
type Group struct {
	Size    int
	Typical int // the index of the hit that is nearest to the mean of all
}

// Groups deals the hits into at most k groups, the largest first, and returns the group of each.
func (p *Plane) Groups(k int) (of []int, groups []Group) {
	of, means := num.Cluster(p.sounds, k)
	nearest := make([]float64, len(means))
	groups = make([]Group, len(means))
	for i, g := range of {
		d := num.Apart(p.sounds[i], means[g])
		if groups[g].Size == 0 || d < nearest[g] {
			groups[g].Typical, nearest[g] = i, d
		}
		groups[g].Size++
	}
	return of, groups
}

// A hit is odd where its distance from the middle of those that are called the same is more than
// oddAt times as far from what is usual as theirs mostly are: the modified z-score of Iglewicz and
// Hoaglin (How to Detect and Handle Outliers, 1993), its limit and its constant. Of fewer
// than oddOf nothing is said.
const (
	oddAt   = 3.5
	oddUnit = 0.6745
	oddOf   = 8
)

// Odd reports of each hit whether it is unlike those that are called the same.
func (p *Plane) Odd(called []string) []bool {
	odd, members := make([]bool, len(called)), map[string][]int{}
	for i, c := range called {
		members[c] = append(members[c], i)
	}
	for _, all := range members {
		if len(all) < oddOf {
			continue
		}
		far := p.fromMiddle(all)
		usual := num.Quantile(far, 0.5)
		off := make([]float64, len(far))
		for i, d := range far {
			off[i] = math.Abs(d - usual)
		}
		mostly := num.Quantile(off, 0.5)
		for i, d := range far {
			odd[all[i]] = oddUnit*(d-usual) > oddAt*mostly && mostly > 0
		}
	}
	return odd
}

// fromMiddle returns the distances of hits from the median of each of their axes.
func (p *Plane) fromMiddle(all []int) []float64 {
	middle := make([]float64, len(p.sounds[all[0]]))
	for k := range middle {
		along := make([]float64, len(all))
		for i, m := range all {
			along[i] = p.sounds[m][k]
		}
		middle[k] = num.Quantile(along, 0.5)
	}
	far := make([]float64, len(all))
	for i, m := range all {
		far[i] = math.Sqrt(num.Apart(p.sounds[m], middle))
	}
	return far
}

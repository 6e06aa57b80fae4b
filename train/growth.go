package train

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"

	"prep/data"
	"prep/data/num"
)

// curveDraws is how many times each point of the curve draws which hits are given.
const curveDraws = 4

// curve finds out what fewer hits would have done, and from that what more would do.
func (a *adaptation) curve() error {
	least := math.MaxInt
	for k := range sounds(a.s.classes) {
		least = min(least, a.count(k))
	}
	kernel := kernelMatrix(a.fitted.vectors)
	p := a.report.Personal
	p.Curve = []CurvePoint{}
	for _, n := range []int{1, 2, 3, 5, 10, 20, 50} {
		if n >= least {
			break
		}
		right, asked := 0, 0
		for draw := range curveDraws {
			r, t, err := a.drawn(kernel, n, draw)
			if err != nil {
				return err
			}
			right, asked = right+r, asked+t
		}
		p.Curve = append(p.Curve, CurvePoint{n, num.Share(right, asked)})
	}
	p.Twice = p.promise(least, a.report.Accuracy)
	return nil
}

// drawn gives n lessons of each class, drawn by lot, and returns how many of the others are
// named rightly.
func (a *adaptation) drawn(kernel *mat.SymDense, n, draw int) (right, asked int, err error) {
	order := data.Rand(uint64(draw), fmt.Sprintf("curve/%d", n)).Perm(len(a.lessons))
	counts := make([]int, len(a.s.classes))
	var kept, left []int
	for _, i := range order {
		if k := a.s.class[i]; counts[k] < n {
			counts[k]++
			kept = append(kept, i)
		} else if a.s.classes[k] != data.None {
			left = append(left, i)
		}
	}
	slices.Sort(kept)
	for i := len(a.lessons); i < len(a.hits); i++ {
		kept = append(kept, i)
	}
	part := mat.NewSymDense(len(kept), nil)
	of, vectors := make([]knownHit, len(kept)), make([][]float32, len(kept))
	for i, x := range kept {
		of[i], vectors[i] = a.hits[x], a.fitted.vectors[x]
		for j := range i + 1 {
			part.SetSym(j, i, kernel.At(kept[j], x))
		}
	}
	h := a.fitted.head
	h.vectors = vectors
	f, err := h.fitKernel(of, part, len(a.s.classes))
	if err != nil {
		return 0, 0, err
	}
	for _, i := range left {
		if num.ArgMax(f.probabilities(a.hits[i].vector)) == a.s.class[i] {
			right++
		}
	}
	return right, len(left), nil
}

// promise returns the accuracy that twice as many hits promise: errors fall as a power of the
// number of hits (Hestness et al., "Deep Learning Scaling is Predictable", 2017), by the
// least squares of their logarithms over the curve's last three points.
func (p *Personal) promise(least int, now float64) float64 {
	points := p.Curve[max(0, len(p.Curve)-3):]
	if len(points) < 2 || now >= 1 {
		return 0
	}
	var x, y, xx, xy float64
	for _, c := range points {
		u, v := math.Log(float64(c.Shots)), math.Log(max(1-c.Accuracy, 1e-3))
		x, y, xx, xy = x+u, y+v, xx+u*u, xy+u*v
	}
	n := float64(len(points))
	slope := min((n*xy-x*y)/(n*xx-x*x), 0)
	return 1 - (1-now)*math.Pow(2, slope)
}

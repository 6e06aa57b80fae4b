package sweep

import (
	"cmp"
	"math"
	"slices"

	"prep/data/num"
	"prep/train"
)

// Curve is a learning curve of the base: its accuracy by how much it learnt from.
type Curve struct {
	// Of is what there is less of: "groups" or "hits" (of every group).
	Of     string  `json:"of"`
	Points []Point `json:"points"` // the last is all of it
	// Double and Quadruple extrapolate to twice and four times as much by
	// error = Floor + Scale x^-Power.
	Double    num.Estimate `json:"double"`
	Quadruple num.Estimate `json:"quadruple"`
	Floor     float64      `json:"floor"`
	Scale     float64      `json:"scale"`
	Power     float64      `json:"power"`
	// Gain is what all of it gained over the largest part that was tried.
	Gain Difference `json:"gain"`
}

// Point is a point of a learning curve; Hits, with copies, and Groups are means
// over the folds.
type Point struct {
	Groups   float64      `json:"groups"`
	Hits     float64      `json:"hits"`
	Accuracy num.Estimate `json:"accuracy"`
}

// At returns the accuracy expected at an amount.
func (c Curve) At(amount float64) float64 { return 1 - power{c.Floor, c.Scale, c.Power}.at(amount) }

// Amount is what the curve counts, at a point.
func (c Curve) Amount(p Point) float64 {
	if c.Of == ofGroups {
		return p.Groups
	}
	return p.Hits
}

const (
	ofGroups = "groups"
	ofHits   = "hits"
)

// curves returns both learning curves, none if none was asked for or a part
// could not be learnt from.
func (s *Sweep) curves(base sample, of spread) ([]Curve, error) {
	if len(s.c.Curve) == 0 {
		return nil, nil
	}
	var curves []Curve
	for _, less := range []string{ofGroups, ofHits} {
		samples, err := s.parts(less)
		if err != nil {
			return nil, err
		}
		curves = append(curves, newCurve(less, append(samples, base), of))
	}
	var gains []*Difference
	for i := range curves {
		gains = append(gains, &curves[i].Gain)
	}
	holm(gains)
	return curves, nil
}

// parts returns what was learnt from parts of the groups or of the hits, the
// smallest first.
func (s *Sweep) parts(of string) ([]sample, error) {
	var samples []sample
	for _, share := range slices.Sorted(slices.Values(s.c.Curve)) {
		study := train.Study{Groups: share, Hits: 1}
		if of == ofHits {
			study = train.Study{Groups: 1, Hits: share}
		}
		got, err := s.sample(&s.arms[0], study)
		if err != nil {
			return nil, err
		}
		if len(got.results) > 0 {
			samples = append(samples, got)
		}
	}
	return samples, nil
}

// newCurve fits a curve to its points, the last of which is the whole.
func newCurve(of string, samples []sample, trainings spread) Curve {
	c := Curve{Of: of}
	var x, e []float64
	for _, s := range samples {
		p := Point{Accuracy: s.tally.interval()}
		for _, r := range s.results {
			p.Hits += r.TrainHits / float64(len(s.results))
			p.Groups += r.TrainGroups / float64(len(s.results))
		}
		c.Points = append(c.Points, p)
		x, e = append(x, c.Amount(p)), append(e, 1-p.Accuracy.Value)
	}
	last := len(samples) - 1
	if last > 0 {
		c.Gain = difference(samples[last].tally, samples[last-1].tally, trainings)
	}
	fit := fitPower(x, e)
	c.Floor, c.Scale, c.Power = fit.floor, fit.scale, fit.power
	c.Double, c.Quadruple = extrapolate(fit, 2*x[last], x, samples), extrapolate(fit, 4*x[last], x, samples)
	return c
}

// extrapolate returns the accuracy expected at an amount, with the interval of the curves
// fitted to the groups but one.
func extrapolate(fit power, at float64, x []float64, samples []sample) num.Estimate {
	groups := samples[len(samples)-1].tally.counts()
	e := num.Over(groups, func(in []int) float64 {
		errors := make([]float64, len(samples))
		for j, s := range samples {
			errors[j] = 1 - s.tally.accuracy(in, indices(len(s.tally.right)))
		}
		return 1 - fitPower(x, errors).at(at)
	})
	e.Value = 1 - fit.at(at)
	return e
}

// power is the curve error = floor + scale x^-power, the usual shape of
// learning curves (Cortes et al., "Learning Curves: Asymptotic Values and Rate of
// Convergence", NIPS 1993, eq. 2).
type power struct{ floor, scale, power float64 }

func (p power) at(x float64) float64 { return p.floor + p.scale*math.Pow(x, -p.power) }

// fitPower fits the curve by least squares, floor and scale at least 0: in
// closed form for each power of a grid.
func fitPower(x, e []float64) power {
	best, least := power{}, math.Inf(1)
	for c := 0.05; c <= 2; c += 0.05 {
		p := fitLine(x, e, c)
		var squares float64
		for i := range x {
			squares += (p.at(x[i]) - e[i]) * (p.at(x[i]) - e[i])
		}
		if cmp.Less(squares, least) {
			best, least = p, squares
		}
	}
	return best
}

// fitLine fits floor and scale for one power.
func fitLine(x, e []float64, c float64) power {
	n := float64(len(x))
	var su, se, suu, sue float64
	for i := range x {
		u := math.Pow(x[i], -c)
		su, se, suu, sue = su+u, se+e[i], suu+u*u, sue+u*e[i]
	}
	scale := (n*sue - su*se) / (n*suu - su*su)
	floor := (se - scale*su) / n
	switch {
	case !(scale > 0): // a curve does not rise with less data
		return power{se / n, 0, c}
	case floor < 0:
		return power{0, sue / suu, c}
	}
	return power{floor, scale, c}
}

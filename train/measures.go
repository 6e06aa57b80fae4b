package train

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"prep/data"
	"prep/data/num"
)

// Measures are figures of a confusion besides the accuracy, of hits that are sounds, each with
// its interval over groups.
type Measures struct {
	// Balanced is the balanced accuracy: the mean of the classes' recalls.
	Balanced num.Estimate `json:"balanced_accuracy"`
	// MacroF1 is the mean of the classes' F1.
	MacroF1 num.Estimate `json:"macro_f1"`
	// MCC is Matthews' correlation coefficient of several classes, -1 to 1 (Gorodkin, "Comparing
	// two K-category assignments by a K-category correlation coefficient", 2004, eq. 8).
	MCC num.Estimate `json:"mcc"`
}

// measuresOf returns the figures of groups, of which each has a confusion; none says which
// class is none of the sounds, or is -1.
func measuresOf(groups []PerGroup, none int) Measures {
	over := func(figure func([][]int) float64) num.Estimate {
		return num.Over(counts(groups), func(in []int) float64 { return figure(summed(groups, in)) })
	}
	mcc := over(func(c [][]int) float64 { return (1 + matthews(c)) / 2 })
	for _, v := range append([]*float64{&mcc.Value, &mcc.CI[0], &mcc.CI[1]}, pointers(mcc.Each)...) {
		*v = 2**v - 1
	}
	return Measures{
		Balanced: over(balanced),
		MacroF1:  over(func(c [][]int) float64 { return macroF1(c, none) }),
		MCC:      mcc,
	}
}

func pointers(x []float64) (all []*float64) {
	for i := range x {
		all = append(all, &x[i])
	}
	return all
}

// summed returns the confusion of some groups.
func summed(groups []PerGroup, in []int) [][]int {
	if len(in) == 0 {
		return nil
	}
	sum := make([][]int, len(groups[in[0]].Confusion))
	for k := range sum {
		sum[k] = make([]int, len(sum))
		for _, g := range in {
			for j, n := range groups[g].Confusion[k] {
				sum[k][j] += n
			}
		}
	}
	return sum
}

// totals returns how many hits there are of each class and how many were called it.
func totals(confusion [][]int) (hits, said []int) {
	hits, said = make([]int, len(confusion)), make([]int, len(confusion))
	for k, row := range confusion {
		for j, n := range row {
			hits[k] += n
			said[j] += n
		}
	}
	return hits, said
}

// balanced returns the mean recall of the classes that have hits.
func balanced(confusion [][]int) float64 {
	hits, _ := totals(confusion)
	sum, classes := 0.0, 0
	for k, n := range hits {
		if n > 0 {
			sum, classes = sum+num.Share(confusion[k][k], n), classes+1
		}
	}
	return sum / float64(max(classes, 1))
}

// macroF1 returns the mean F1 of the classes that have hits, but for none of the sounds.
func macroF1(confusion [][]int, none int) float64 {
	hits, said := totals(confusion)
	sum, classes := 0.0, 0
	for k, n := range hits {
		if n > 0 && k != none {
			sum, classes = sum+num.NewScore(confusion[k][k], said[k], n).F, classes+1
		}
	}
	return sum / float64(max(classes, 1))
}

// matthews returns the correlation of classes and what was called, 0 where either is but one.
func matthews(confusion [][]int) float64 {
	hits, said := totals(confusion)
	var right, all, both, hits2, said2 float64
	for k := range confusion {
		right += float64(confusion[k][k])
		all += float64(hits[k])
		both += float64(hits[k]) * float64(said[k])
		hits2 += float64(hits[k]) * float64(hits[k])
		said2 += float64(said[k]) * float64(said[k])
	}
	if d := math.Sqrt((all*all - hits2) * (all*all - said2)); d > 0 {
		return (right*all - both) / d
	}
	return 0
}

// ClassCurve is how well the probability of one class tells its hits from all others: a point
// for each threshold, falling.
type ClassCurve struct {
	Class  string
	Points []CurveAt
	// AveragePrecision is the mean precision over the hits of the class, without interpolation;
	// AUC the area below the ROC: how often a hit of the class has the larger probability than
	// one of another (Fawcett, "An introduction to ROC analysis", 2006).
	AveragePrecision, AUC float64
}

// CurveAt are the figures when all hits of at least a probability are called the class.
type CurveAt struct{ Threshold, Precision, Recall, FalsePositive float64 }

// ClassCurves returns the curves of classes, given as the probabilities are ordered; a class
// without hits, or without others, has no points.
func ClassCurves(classes []string, predictions []Prediction) []ClassCurve {
	curves := make([]ClassCurve, len(classes))
	for k, class := range classes {
		curves[k] = classCurve(class, k, predictions)
	}
	return curves
}

func classCurve(class string, k int, predictions []Prediction) ClassCurve {
	c := ClassCurve{Class: class}
	sorted := slices.Clone(predictions)
	slices.SortStableFunc(sorted, func(a, b Prediction) int { return cmp.Compare(b.Probabilities[k], a.Probabilities[k]) })
	hits := 0
	for _, p := range sorted {
		if p.Class == class {
			hits++
		}
	}
	others := len(sorted) - hits
	if hits == 0 || others == 0 {
		return c
	}
	right, wrong := 0, 0
	var last CurveAt
	for i, p := range sorted {
		if p.Class == class {
			right++
		} else {
			wrong++
		}
		if i+1 < len(sorted) && sorted[i+1].Probabilities[k] == p.Probabilities[k] {
			continue
		}
		at := CurveAt{float64(p.Probabilities[k]), num.Share(right, right+wrong), num.Share(right, hits), num.Share(wrong, others)}
		c.AveragePrecision += at.Precision * (at.Recall - last.Recall)
		c.AUC += (at.FalsePositive - last.FalsePositive) * (at.Recall + last.Recall) / 2
		c.Points, last = append(c.Points, at), at
	}
	return c
}

// Comparison is what one model is better by than another on the same hits, held out from both,
// paired over groups.
type Comparison struct {
	Hits     int          `json:"hits"`
	Groups   int          `json:"groups"`
	Accuracy num.Estimate `json:"accuracy"`
	P        float64      `json:"p"` // of a difference of accuracies as large where there is none
	Balanced num.Estimate `json:"balanced_accuracy"`
	MacroF1  num.Estimate `json:"macro_f1"`
	MCC      num.Estimate `json:"mcc"` // halved: its range is twice that of the others
}

// Compare compares two models' predictions, the first less the second, on the hits that both
// have under the same label. It fails when there are none.
func Compare(first, second []Prediction) (Comparison, error) {
	other := map[string]Prediction{}
	classes := map[string]int{}
	for _, p := range second {
		other[p.Hit] = p
	}
	var a, b []outcome
	number := func(class string) int {
		if _, ok := classes[class]; !ok {
			classes[class] = len(classes)
		}
		return classes[class]
	}
	for _, p := range first {
		q, ok := other[p.Hit]
		if !ok || q.Class != p.Class || p.Class == data.None {
			continue
		}
		k := number(p.Class)
		a = append(a, outcome{p.Hit, p.Group, 0, k, only(number(p.Called))})
		b = append(b, outcome{p.Hit, p.Group, 0, k, only(number(q.Called))})
	}
	if len(a) == 0 {
		return Comparison{}, fmt.Errorf("the models have no held-out hits in common: nothing to compare")
	}
	x, y := perGroup(a, len(classes)), perGroup(b, len(classes))
	gain := func(figure func([][]int) float64) num.Contrast {
		return num.Difference(counts(x), func(in []int) float64 { return figure(summed(x, in)) - figure(summed(y, in)) })
	}
	accuracy := num.Gain(counts(x), counts(y))
	return Comparison{
		Hits: len(a), Groups: len(x), Accuracy: accuracy.Estimate(), P: accuracy.P(),
		Balanced: gain(balanced).Estimate(), MacroF1: gain(func(c [][]int) float64 { return macroF1(c, -1) }).Estimate(),
		MCC: gain(func(c [][]int) float64 { return matthews(c) / 2 }).Estimate(),
	}, nil
}

// only returns probabilities that are all one class's.
func only(class int) []float32 {
	p := make([]float32, class+1)
	p[class] = 1
	return p
}

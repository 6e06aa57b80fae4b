package train

import (
	"cmp"
	"slices"

	"prep/data/num"
)

// Doubt is a held-out hit whose label is likely wrong.
type Doubt struct {
	Hit    string  `json:"hit"`
	Group  string  `json:"group"`
	Class  string  `json:"class"`  // the label
	Likely string  `json:"likely"` // what it is more likely
	Margin float64 `json:"margin"` // the label's probability less that of Likely
}

// Doubts returns the hits whose labels are likely wrong, the likeliest first, by confident
// learning over held-out probabilities (Northcutt, Jiang and Chuang, "Confident Learning:
// Estimating Uncertainty in Dataset Labels", JAIR 70, 2021, section 3.1): a class is likely
// where its probability reaches the mean of those hits that are labelled so, and a label is in
// doubt where the most probable of the likely classes is another.
func Doubts(classes []string, predictions []Prediction) []Doubt {
	least := make([]float64, len(classes))
	hits := make([]int, len(classes))
	for _, p := range predictions {
		if k := slices.Index(classes, p.Class); k >= 0 {
			least[k] += float64(p.Probabilities[k])
			hits[k]++
		}
	}
	for k, n := range hits {
		least[k] /= float64(max(n, 1))
	}
	doubts := []Doubt{}
	for _, p := range predictions {
		label := slices.Index(classes, p.Class)
		likely := make([]float32, len(classes))
		for k, q := range p.Probabilities {
			if hits[k] > 0 && float64(q) >= least[k] {
				likely[k] = q
			}
		}
		if k := num.ArgMax(likely); label >= 0 && likely[k] > 0 && k != label {
			doubts = append(doubts, Doubt{p.Hit, p.Group, p.Class, classes[k], float64(p.Probabilities[label] - p.Probabilities[k])})
		}
	}
	slices.SortStableFunc(doubts, func(a, b Doubt) int { return cmp.Compare(a.Margin, b.Margin) })
	return doubts
}

package train

import (
	"cmp"
	"maps"
	"slices"

	"prep/data"
	"prep/data/num"
)

// Report is what is known about a trained network, and how: report.json. It
// holds no timings, so that equal inputs make equal bytes.
type Report struct {
	// Format is reportFormat; that of prep 0.1.0 has none and is of format 1.
	Format int `json:"format"`
	// Protocol says in words which hits were held out.
	Protocol string `json:"protocol"`
	// Leaky is true when hits of one group were on both sides of the split: the
	// accuracy is then no estimate for new people.
	Leaky bool `json:"leaky"`
	// Takes is true when all hits are of one group and its takes were held out in turn: Groups
	// are then takes, and the figures are of that group's other takes.
	Takes      bool     `json:"takes,omitempty"`
	Features   string   `json:"features"`
	Net        string   `json:"net"`
	Parameters int      `json:"parameters"`
	Classes    []string `json:"classes"`
	Hits       int      `json:"hits"`   // labelled originals that are sounds
	Copies     int      `json:"copies"` // augmented, in training parts only
	// Accuracy is the share of held-out hits named rightly, over all folds; CI
	// its 95 % interval over groups.
	Accuracy float64    `json:"accuracy"`
	CI       [2]float64 `json:"ci"`
	// MacroF1 is the mean of the classes' F1.
	MacroF1 float64 `json:"macro_f1"`
	// Measures are nil where all hits are one person's.
	Measures  *Measures  `json:"measures,omitempty"`
	Baselines Baselines  `json:"baselines"`
	PerClass  []PerClass `json:"per_class"`
	// Rejection says what became of hits that are none of the sounds; nil where the network
	// knows no such class.
	Rejection *Rejection `json:"rejection,omitempty"`
	// Confusion counts hits: a row a true class, a column a predicted one.
	Confusion   [][]int         `json:"confusion"`
	Calibration num.Calibration `json:"calibration"`
	Folds       []Fold          `json:"folds"`
	Groups      []PerGroup      `json:"groups"`
	Shots       []Shots         `json:"shots,omitempty"`
	// Personal is there where the model was made for one person by Adapt.
	Personal *Personal `json:"personal,omitempty"`
	// FinalEpochs is for how long the final model was trained, on all groups.
	FinalEpochs int      `json:"final_epochs"`
	Notes       []string `json:"notes,omitempty"`
	// Doubts are the labels that are likely wrong, at most 20 of Doubtful; doubts.csv has all.
	Doubtful int     `json:"doubtful,omitempty"`
	Doubts   []Doubt `json:"doubts,omitempty"`
	// Provenance is there where Run made the report.
	Provenance *Provenance `json:"provenance,omitempty"`
}

// published returns what report.json holds: the report, and how it was made in words.
func (r Report) published() any {
	return struct {
		Report
		Method string `json:"method"`
	}{r, r.Method()}
}

// reportFormat is the number of docs/schemas/report.schema.json: it is raised when a field
// goes or means something else.
const reportFormat = 1

// doubtsTold is how many doubts a report has.
const doubtsTold = 20

// doubt fills the labels that are likely wrong.
func (r *Report) doubt(predictions []Prediction) {
	all := Doubts(r.Classes, predictions)
	r.Doubtful, r.Doubts = len(all), all[:min(len(all), doubtsTold)]
}

// Rejection counts held-out hits that are none of the sounds (rejected ones), and how many of
// them were given a name; and how many hits that are sounds were taken for none.
type Rejection struct {
	Hits  int `json:"hits"`
	Named int `json:"named"`
	Lost  int `json:"lost"`
}

// Baselines are the accuracies, under the same folds, of rules that do not hear the
// hit: the commonest class of the training part, and a multinomial logistic
// regression on the hit's length alone, its levels alone, or the spectrum of the
// 20 ms before it alone (BeforeOnly, 0 where nobody knows). A network that does
// not beat them has learnt how the recordings were made.
type Baselines struct {
	Majority     float64 `json:"majority"`
	DurationOnly float64 `json:"duration_only"`
	LevelOnly    float64 `json:"level_only"`
	BeforeOnly   float64 `json:"before_only"`
}

// PerClass are one class's figures.
type PerClass struct {
	Class     string  `json:"class"`
	Hits      int     `json:"hits"`
	Precision float64 `json:"precision"`
	Recall    float64 `json:"recall"`
	F1        float64 `json:"f1"`
}

// PerGroup are one held-out group's figures.
type PerGroup struct {
	Group    string  `json:"group"`
	Fold     int     `json:"fold"` // counted from 1
	Hits     int     `json:"hits"`
	Correct  int     `json:"correct"`
	Accuracy float64 `json:"accuracy"`
	// Confusion counts the group's hits that are sounds, as Report's does.
	Confusion [][]int `json:"confusion,omitempty"`
}

// Fold is one split and what came of it.
type Fold struct {
	Fold       int      `json:"fold"` // counted from 1
	Test       []string `json:"test"` // groups held out
	Validation []string `json:"validation"`
	// TrainHits, with copies, is how many hits the network that was tested learnt
	// from: those of the validation groups too, where they chose its epochs and it
	// was then trained again.
	TrainHits      int     `json:"train_hits"`
	ValidationHits int     `json:"validation_hits"`
	TestHits       int     `json:"test_hits"`
	Epochs         int     `json:"epochs"`     // that were tried
	BestEpoch      int     `json:"best_epoch"` // the number chosen
	Accuracy       float64 `json:"accuracy"`
}

// outcome is what was said of one held-out hit.
type outcome struct {
	Hit           string
	Group         string
	Fold          int // from 0
	Class         int
	Probabilities []float32
}

// answer returns the class of the largest probability, the first of equals.
func (o outcome) answer() int { return num.ArgMax(o.Probabilities) }

func (o outcome) isRight() bool { return o.answer() == o.Class }

// score fills the figures of r that follow from the outcomes. All but the confusion and
// Rejection are of hits that are sounds.
func (r *Report) score(outcomes []outcome) {
	none := slices.Index(r.Classes, data.None)
	r.Confusion = confusion(outcomes, len(r.Classes))
	r.PerClass, r.MacroF1 = perClass(r.Confusion, r.Classes), macroF1(r.Confusion, none)
	if none >= 0 {
		r.Rejection = &Rejection{}
		for _, o := range outcomes {
			r.Rejection.add(o, none)
		}
	}
	outcomes = sounding(outcomes, none)
	r.Accuracy = accuracy(outcomes)
	r.Groups = perGroup(outcomes, len(r.Classes))
	r.CI = num.Pooled(counts(r.Groups)).CI
	if r.Personal == nil {
		m := measuresOf(r.Groups, none)
		r.Measures = &m
	}
	r.Calibration = calibrate(outcomes)
}

func (s *Rejection) add(o outcome, none int) {
	said := o.answer()
	switch {
	case o.Class == none && said != none:
		s.Hits++
		s.Named++
	case o.Class == none:
		s.Hits++
	case said == none:
		s.Lost++
	}
}

// sounding returns the outcomes of hits that are sounds.
func sounding(outcomes []outcome, none int) []outcome {
	return slices.DeleteFunc(slices.Clone(outcomes), func(o outcome) bool { return o.Class == none })
}

func accuracy(outcomes []outcome) float64 {
	right := 0
	for _, o := range outcomes {
		if o.isRight() {
			right++
		}
	}
	return num.Share(right, len(outcomes))
}

func confusion(outcomes []outcome, classes int) [][]int {
	counts := make([][]int, classes)
	for k := range counts {
		counts[k] = make([]int, classes)
	}
	for _, o := range outcomes {
		counts[o.Class][o.answer()]++
	}
	return counts
}

// perClass returns each class's figures.
func perClass(confusion [][]int, classes []string) []PerClass {
	rows := make([]PerClass, len(classes))
	hits, said := totals(confusion)
	for k := range classes {
		score := num.NewScore(confusion[k][k], said[k], hits[k])
		rows[k] = PerClass{classes[k], hits[k], score.Precision, score.Recall, score.F}
	}
	return rows
}

// perGroup returns the groups in order of their names.
func perGroup(outcomes []outcome, classes int) []PerGroup {
	rows := map[string]PerGroup{}
	for _, o := range outcomes {
		g := rows[o.Group]
		g.Group, g.Fold, g.Hits = o.Group, o.Fold+1, g.Hits+1
		if o.isRight() {
			g.Correct++
		}
		if g.Confusion == nil {
			g.Confusion = confusion(nil, classes)
		}
		g.Confusion[o.Class][o.answer()]++
		g.Accuracy = num.Share(g.Correct, g.Hits)
		rows[o.Group] = g
	}
	return slices.SortedFunc(maps.Values(rows), func(a, b PerGroup) int { return cmp.Compare(a.Group, b.Group) })
}

// Estimate returns the accuracy with its interval and, of few groups, theirs.
func (r Report) Estimate() num.Estimate {
	e := num.Estimate{Value: r.Accuracy, CI: r.CI}
	if r.Personal == nil {
		e.Each = num.Pooled(counts(r.Groups)).Each
	}
	return e
}

// Over says in a word what intervals are over.
func (r Report) Over() string {
	switch {
	case r.Personal != nil:
		return "hits"
	case r.Takes:
		return "takes"
	}
	return "groups"
}

// counts returns the groups' hits.
func counts(groups []PerGroup) []num.Count {
	all := make([]num.Count, len(groups))
	for i, g := range groups {
		all[i] = num.Count{Hits: float64(g.Hits), Right: float64(g.Correct)}
	}
	return all
}

// calibrate compares how sure the network was with how often it was right.
func calibrate(outcomes []outcome) num.Calibration {
	confidence, right := make([]float64, len(outcomes)), make([]bool, len(outcomes))
	for i, o := range outcomes {
		confidence[i], right[i] = float64(o.Probabilities[o.answer()]), o.isRight()
	}
	return num.Calibrate(confidence, right)
}

package train

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"

	"prep/data/num"
)

// The tables of a report, for a spreadsheet: the report's figures and what they come from.
const (
	figuresFile   = "figures.csv"
	classesFile   = "classes.csv"
	confusionFile = "confusion.csv"
	curvesFile    = "curves.csv"
	doubtsFile    = "doubts.csv"
)

// tables returns the files of a report's tables.
func tables(r Report, predictions []Prediction) []modelContent {
	return []modelContent{
		{figuresFile, asCSV(r.figureRows())},
		{classesFile, asCSV(r.classRows(predictions))},
		{confusionFile, asCSV(r.confusionRows())},
		{doubtsFile, asCSV(doubtRows(Doubts(r.Classes, predictions)))},
		{curvesFile, asCSV(curveRows(r.Classes, predictions))},
	}
}

// asCSV returns what writes rows as CSV.
func asCSV(rows [][]string) func(io.Writer) error {
	return func(w io.Writer) error { return csv.NewWriter(w).WriteAll(rows) }
}

func decimal(v float64) string { return strconv.FormatFloat(v, 'g', 6, 64) }

// figureRows has a row a figure, with its interval where it has one.
func (r Report) figureRows() [][]string {
	rows := [][]string{{"figure", "value", "low", "high"}}
	add := func(name string, e num.Estimate) {
		rows = append(rows, []string{name, decimal(e.Value), decimal(e.CI[0]), decimal(e.CI[1])})
	}
	add("accuracy", r.Estimate())
	if m := r.Measures; m != nil {
		add("balanced_accuracy", m.Balanced)
		add("macro_f1", m.MacroF1)
		add("mcc", m.MCC)
	}
	for _, b := range []struct {
		name  string
		value float64
	}{{"majority", r.Baselines.Majority}, {"duration_only", r.Baselines.DurationOnly}, {"level_only", r.Baselines.LevelOnly}, {"before_only", r.Baselines.BeforeOnly}} {
		rows = append(rows, []string{b.name, decimal(b.value), "", ""})
	}
	return rows
}

// classRows has a row a class.
func (r Report) classRows(predictions []Prediction) [][]string {
	rows := [][]string{{"class", "hits", "precision", "recall", "f1", "average_precision", "auc"}}
	curves := ClassCurves(r.Classes, predictions)
	for k, c := range r.PerClass {
		rows = append(rows, []string{c.Class, strconv.Itoa(c.Hits), decimal(c.Precision), decimal(c.Recall), decimal(c.F1),
			decimal(curves[k].AveragePrecision), decimal(curves[k].AUC)})
	}
	return rows
}

// confusionRows has a row for each group, class and what was called.
func (r Report) confusionRows() [][]string {
	rows := [][]string{{"group", "fold", "class", "called", "hits"}}
	for _, g := range r.Groups {
		for k, row := range g.Confusion {
			for j, n := range row {
				if n > 0 {
					rows = append(rows, []string{g.Group, strconv.Itoa(g.Fold), r.Classes[k], r.Classes[j], strconv.Itoa(n)})
				}
			}
		}
	}
	return rows
}

// curveRows has a row for each class and threshold.
func curveRows(classes []string, predictions []Prediction) [][]string {
	rows := [][]string{{"class", "threshold", "precision", "recall", "false_positive_rate"}}
	for _, c := range ClassCurves(classes, predictions) {
		for _, p := range c.Points {
			rows = append(rows, []string{c.Class, decimal(p.Threshold), decimal(p.Precision), decimal(p.Recall), decimal(p.FalsePositive)})
		}
	}
	return rows
}

// doubtRows has a row a label that is likely wrong.
func doubtRows(doubts []Doubt) [][]string {
	rows := [][]string{{"hit", "group", "class", "likely", "margin"}}
	for _, d := range doubts {
		rows = append(rows, []string{d.Hit, d.Group, d.Class, d.Likely, decimal(d.Margin)})
	}
	return rows
}

// Method says in a paragraph how the figures were made, to be pasted.
func (r Report) Method() string {
	split := "Hits of one group were never on both sides of a split"
	switch {
	case r.Leaky:
		split = "Hits of one group were on both sides of the split, so that nothing is said of new people"
	case r.Personal != nil, r.Takes:
		split = "All hits are of one person, so that nothing is said of other people"
	}
	s := fmt.Sprintf("A network (%s, %d parameters) on %s patches was tested on %d labelled hits of %d classes and %d %s that it had not learned from (%s). %s; augmented copies, %d of them, were only learned from. ",
		r.Net, r.Parameters, r.Features, r.Hits, len(sounds(r.Classes)), max(len(r.Groups), 1), r.Over(), r.Protocol, split, r.Copies)
	s += fmt.Sprintf("The accuracy is %.3f, 95 %% interval %.3f to %.3f over %s", r.Accuracy, r.CI[0], r.CI[1], r.Over())
	if m := r.Measures; m != nil {
		s += fmt.Sprintf("; balanced accuracy %.3f (%.3f to %.3f), macro F1 %.3f (%.3f to %.3f), Matthews' correlation %.3f (%.3f to %.3f)",
			m.Balanced.Value, m.Balanced.CI[0], m.Balanced.CI[1], m.MacroF1.Value, m.MacroF1.CI[0], m.MacroF1.CI[1], m.MCC.Value, m.MCC.CI[0], m.MCC.CI[1])
	}
	if r.Personal == nil {
		s += fmt.Sprintf(". Intervals over %s are Wilson's of the effective number of hits, with a jackknifed variance and Student's quantile", r.Over())
	}
	if r.Baselines != (Baselines{}) {
		s += fmt.Sprintf(". Under the same split the commonest class has %.3f, a hit's length alone %.3f, its level alone %.3f, the 20 ms before it alone %.3f",
			r.Baselines.Majority, r.Baselines.DurationOnly, r.Baselines.LevelOnly, r.Baselines.BeforeOnly)
	}
	s += "."
	if r.Provenance != nil {
		s += r.Provenance.words()
	}
	return s
}

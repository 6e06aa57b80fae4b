package gallery

import (
	"cmp"
	"fmt"
	"io"
	"slices"

	"prep/data"
	"prep/data/document"
	"prep/plots"
	"prep/train"
)

func (g *gallery) addModel(name string) error {
	dir := train.ModelDir(g.set, name)
	report, err := train.ReadReport(dir)
	if err != nil {
		return err
	}
	history, err := train.ReadHistory(dir)
	if err != nil {
		return err
	}
	note := fmt.Sprintf("%s: accuracy %.3f, 95 %% interval %.3f to %.3f; majority class %.3f, duration only %.3f.",
		report.Protocol, report.Accuracy, report.CI[0], report.CI[1], report.Baselines.Majority, report.Baselines.DurationOnly)
	confusion := plots.Confusion{Title: "Model " + name, Note: note, Classes: report.Classes, Counts: report.Confusion}
	g.add("confusion-"+name+".png", "The model", "Who is taken for whom", note,
		func(w io.Writer) error { return plots.DrawConfusion(w, confusion) })
	if err := g.addPredictions(dir, name, report); err != nil {
		return err
	}
	if len(report.Shots) > 1 {
		g.add("shots-"+name+".png", "The model", "What a person's own hits are worth", "The accuracy after so many of a person's own hits of each class.",
			func(w io.Writer) error { return plots.Shots(w, "Model "+name, shotsOf(report.Shots)) })
	}
	g.add("curves-"+name+".png", "The model", "How it learnt", "Loss and accuracy by epoch, each fold and their mean.",
		func(w io.Writer) error { return plots.Curves(w, "Model "+name, curvesOf(history)) })
	return nil
}

// addPredictions shows how far a model's confidence can be trusted, and the
// mistakes it was surest of.
func (g *gallery) addPredictions(dir, name string, report train.Report) error {
	predictions, err := train.ReadPredictions(dir)
	if err != nil {
		return err
	}
	var wrong []train.Prediction
	for _, p := range predictions {
		if p.Called != p.Class {
			wrong = append(wrong, p)
		}
	}
	slices.SortStableFunc(wrong, func(a, b train.Prediction) int { return cmp.Compare(b.Confidence(), a.Confidence()) })
	if len(wrong) > 0 && g.patches != nil {
		p := g.add("mistakes-"+name+".png", "The model", "The mistakes it was surest of",
			"Some are mistakes of the labels: listen to these first.",
			func(w io.Writer) error { return g.mistakes(w, name, wrong) })
		if p.Sounds, err = g.soundsOfMistakes(wrong); err != nil {
			return err
		}
	}
	g.add("calibration-"+name+".png", "The model", "How far to trust it",
		"How often it is right when it says how sure it is.",
		func(w io.Writer) error { return plots.Calibration(w, "Model "+name, report.Calibration) })
	g.add("classes-"+name+".png", "The model", "How well it tells each class", "Precision by recall, and the ROC, of each class against all others.",
		func(w io.Writer) error {
			return plots.Discriminations(w, "Model "+name, discriminations(train.ClassCurves(report.Classes, predictions)))
		})
	return nil
}

// discriminations returns the curves as they are drawn, from nothing to everything called.
func discriminations(curves []train.ClassCurve) (all []plots.Discrimination) {
	for _, c := range curves {
		d := plots.Discrimination{Class: c.Class, AveragePrecision: c.AveragePrecision, AUC: c.AUC}
		for i, p := range c.Points {
			if i == 0 {
				d.Precision, d.Recall, d.FalsePositive = []float64{p.Precision}, []float64{0}, []float64{0}
			}
			d.Precision, d.Recall, d.FalsePositive = append(d.Precision, p.Precision), append(d.Recall, p.Recall), append(d.FalsePositive, p.FalsePositive)
		}
		all = append(all, d)
	}
	return all
}

// mistakesShown fill four rows of the picture; of the others it tells the number.
const mistakesShown = 24

func (g *gallery) mistakes(w io.Writer, name string, wrong []train.Prediction) error {
	var shown []plots.Mistake
	for i, p := range wrong {
		m := plots.Mistake{Name: p.Hit, Group: p.Group, True: p.Class, Called: p.Called, Confidence: float64(p.Confidence())}
		if row, ok := g.rows[p.Hit]; ok && i < mistakesShown {
			var err error
			if m.Patch, err = g.patches.Patch(row); err != nil {
				return err
			}
		}
		shown = append(shown, m)
	}
	return plots.Mistakes(w, "Model "+name, axesOf(g.recipe), shown)
}

// soundsOfMistakes returns the mistakes that are shown, to be heard.
func (g *gallery) soundsOfMistakes(wrong []train.Prediction) (all []document.Sound, err error) {
	examples := map[string]data.Example{}
	for _, e := range g.examples {
		examples[e.ID] = e
	}
	for _, p := range wrong[:min(len(wrong), mistakesShown)] {
		e, ok := examples[p.Hit]
		if !ok {
			continue // of a set that was segmented again since
		}
		s, err := g.sound(fmt.Sprintf("%s called %s, %s %% sure", p.Class, p.Called, plots.Percent(float64(p.Confidence()))), e)
		if err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	return all, nil
}

// shotsOf returns the points of a report's curve.
func shotsOf(shots []train.Shots) (points []plots.ShotPoint) {
	for _, s := range shots {
		if r := s.Rest; r.Hits > 0 {
			points = append(points, plots.ShotPoint{Shots: s.Shots, Personal: r.Personal.Value, General: r.General.Value, Alone: r.Alone.Value,
				Low: r.Personal.CI[0], High: r.Personal.CI[1]})
		}
	}
	return points
}

// curvesOf turns a training's history into curves, one a fold.
func curvesOf(history []train.Epoch) []plots.Curve {
	var curves []plots.Curve
	for _, e := range history {
		if !e.Chose() {
			continue
		}
		if n := len(curves); n == 0 || curves[n-1].Name != e.Fit {
			curves = append(curves, plots.Curve{Name: e.Fit})
		}
		c := &curves[len(curves)-1]
		c.TrainLoss = append(c.TrainLoss, e.TrainLoss)
		c.HeldLoss = append(c.HeldLoss, e.ValidationLoss)
		c.HeldAccuracy = append(c.HeldAccuracy, e.ValidationAccuracy)
		if e.ValidationLoss < c.HeldLoss[c.Best] {
			c.Best = len(c.HeldLoss) - 1
		}
	}
	return curves
}

package train

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"prep/data"
	"prep/data/num"
)

// Evaluation is what a model makes of another set's labelled hits.
type Evaluation struct {
	Report      Report
	Predictions []Prediction
	// Learned are hits left out, for the model has learned from their recordings; Foreign those
	// of classes that it does not know; Without those without a patch.
	Learned, Foreign, Without int
}

// Evaluate has a model name the labelled originals of a set that it has not learned from. It
// fails when the set has no patches of the model's recipe, and when nothing is left to name,
// saying why.
func (m *Model) Evaluate(ctx context.Context, set *data.Set) (Evaluation, error) {
	examples, err := set.Lessons()
	if err != nil {
		return Evaluation{}, err
	}
	patches, err := set.Patches(m.Features)
	if err != nil {
		return Evaluation{}, err
	}
	defer patches.Close()
	if err := m.CheckRecipe(patches.Recipe); err != nil {
		return Evaluation{}, fmt.Errorf("%w: `prep features` makes patches of the model's recipe", err)
	}
	var e Evaluation
	kept, rows := e.choose(m, examples, patches)
	if len(kept) == 0 {
		return Evaluation{}, e.nothing(m, examples)
	}
	outcomes, err := m.outcomes(ctx, kept, rows, patches)
	if err != nil {
		return Evaluation{}, err
	}
	e.report(m, outcomes)
	for _, o := range outcomes {
		e.Predictions = append(e.Predictions, Prediction{o.Hit, o.Group, 1, m.Classes[o.Class], m.Classes[o.answer()], o.Probabilities})
	}
	e.Report.doubt(e.Predictions)
	return e, nil
}

// choose returns the hits that are named, and their rows of the patches; it counts the others.
func (e *Evaluation) choose(m *Model, examples []data.Example, patches *data.Patches) (kept []data.Example, rows []int) {
	row := make(map[string]int, patches.N)
	for i, id := range patches.Hits {
		row[id] = i
	}
	for _, x := range examples {
		i, ok := row[x.ID]
		switch {
		case x.Parent != "" || x.Class == "":
		case m.HasLearned(x.Recording):
			e.Learned++
		case !slices.Contains(m.Classes, x.Class):
			e.Foreign++
		case !ok:
			e.Without++
		default:
			kept, rows = append(kept, x), append(rows, i)
		}
	}
	return kept, rows
}

// nothing says why no hit is left.
func (e Evaluation) nothing(m *Model, examples []data.Example) error {
	classes := map[string]bool{}
	for _, x := range examples {
		if x.Class != "" && x.Class != data.None {
			classes[x.Class] = true
		}
	}
	switch {
	case len(classes) == 0:
		return fmt.Errorf("the set has no labelled hit: label some, or import labels")
	case e.Learned > 0 && e.Foreign == 0:
		return fmt.Errorf("the model has learned from the recordings of all %d labelled hits: a figure of those would flatter; %s of its own set has those of hits that it was tested on", e.Learned, reportFile)
	case e.Without > 0:
		return fmt.Errorf("none of the labelled hits has a %s patch: run `prep features`", m.Features)
	}
	return fmt.Errorf("the set and the model have no class in common: the set has %s, the model %s", names(classes), strings.Join(sounds(m.Classes), ", "))
}

func names(classes map[string]bool) string {
	var all []string
	for c := range classes {
		all = append(all, c)
	}
	slices.Sort(all)
	return strings.Join(all, ", ")
}

// outcomes names hits.
func (m *Model) outcomes(ctx context.Context, hits []data.Example, rows []int, patches *data.Patches) (all []outcome, err error) {
	for lo := 0; lo < len(hits); lo += predictBatch {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		var batch []data.Patch
		for _, i := range rows[lo:min(lo+predictBatch, len(rows))] {
			p, err := patches.Patch(i)
			if err != nil {
				return nil, err
			}
			batch = append(batch, p)
		}
		said, err := m.Predict(batch)
		if err != nil {
			return nil, err
		}
		for j, probabilities := range said {
			x := hits[lo+j]
			all = append(all, outcome{x.ID, x.Group, 0, slices.Index(m.Classes, x.Class), probabilities})
		}
	}
	return all, nil
}

// report fills the figures of the outcomes.
func (e *Evaluation) report(m *Model, outcomes []outcome) {
	d := m.description
	heard := sounding(outcomes, slices.Index(m.Classes, data.None))
	e.Report = Report{Format: reportFormat, Protocol: fmt.Sprintf("model %q on hits of a set that it has not learned from", d.Config.Name),
		Features: m.Features, Net: d.Config.Net, Parameters: m.report.Parameters, Classes: m.Classes, Hits: len(heard)}
	r := &e.Report
	r.score(outcomes)
	for _, n := range []struct {
		count int
		of    string
	}{{e.Learned, "of recordings that the model has learned from"}, {e.Foreign, "of classes that the model does not know"},
		{e.Without, "without a patch"}} {
		if n.count > 0 {
			r.Notes = append(r.Notes, fmt.Sprintf("%d labelled hits were left out: %s", n.count, n.of))
		}
	}
	if len(r.Groups) < num.FewGroups {
		r.Notes = append(r.Notes, fmt.Sprintf("%d hits of %d groups say little of others", len(heard), len(r.Groups)))
	}
}

// Write keeps an evaluation in the set, in evaluations/<the model's name>/, and returns where.
func (e Evaluation) Write(set *data.Set, m *Model) (dir string, err error) {
	dir = "evaluations/" + m.description.Config.Name + "/"
	for _, f := range append(tables(e.Report, e.Predictions), modelContent{predictedFile, asLines(e.Predictions)}, modelContent{reportFile, asJSON(e.Report.published())}) {
		if err := set.WriteFile(dir+f.name, f.write); err != nil {
			return "", err
		}
	}
	return set.Path(dir), nil
}

package variants

import (
	"fmt"

	"prep/data/document"
	"prep/data/num"
	"prep/train"
	"prep/train/sweep"
)

// resultTable has each arm and its difference from the base.
func resultTable(r sweep.Report) document.Table {
	t := document.Table{Head: []string{"arm", "accuracy, %", "less the base's, points", "p", "p, Holm", "verdict", "seeds"}}
	for i, row := range r.Rows {
		cells := []string{row.Arm, span(row.Accuracy), "", "", "", "", fmt.Sprint(row.Seeds)}
		if d := row.Difference; i > 0 {
			cells[2], cells[3], cells[4], cells[5] = signed(d.Estimate), probability(d.P), probability(d.Holm), verdictWords[d.Verdict()]
		}
		t.Rows = append(t.Rows, cells)
	}
	return t
}

// networkTable has the sizes of the arms' networks.
func networkTable(r sweep.Report) document.Table {
	t := document.Table{Head: []string{"arm", "patches", "kernel", "ms x Hz", "field", "ms x Hz", "parameters", "MACs", "parameters per hit", "epochs"}}
	for _, row := range r.Rows {
		t.Rows = append(t.Rows, []string{row.Arm, row.Kind, sizeText(row.Kernel), extentText(row.KernelMs, row.KernelHz),
			sizeText(row.Field), extentText(row.FieldMs, row.FieldHz), count(row.Parameters), count(row.MACs),
			ratio(row.PerHit), fmt.Sprintf("%.1f", row.Epochs)})
	}
	return t
}

// classTable has each class's recall and the differences from it.
func classTable(r sweep.Report) document.Table {
	t := document.Table{Head: append([]string{"arm"}, r.Classes...)}
	for i, row := range r.Rows {
		cells := []string{row.Arm}
		for k := range r.Classes {
			if i == 0 {
				cells = append(cells, span(row.Recall[k])+" %")
				continue
			}
			star := ""
			if row.Classes[k].Found() {
				star = " *"
			}
			cells = append(cells, signed(row.Classes[k].Estimate)+star)
		}
		t.Rows = append(t.Rows, cells)
	}
	return t
}

// skipTable has the arms that were left out.
func skipTable(r sweep.Report) document.Table {
	t := document.Table{Head: []string{"arm", "why"}}
	for _, s := range r.Skipped {
		t.Rows = append(t.Rows, []string{s.Arm, s.Reason})
	}
	return t
}

// curveTable has the points of the learning curves.
func curveTable(r sweep.Report) document.Table {
	t := document.Table{Head: []string{"fewer", "training groups", "training hits", "accuracy, %"}}
	for _, c := range r.Curves {
		for _, p := range c.Points {
			t.Rows = append(t.Rows, []string{c.Of, fmt.Sprintf("%.1f", p.Groups), fmt.Sprintf("%.0f", p.Hits), span(p.Accuracy)})
		}
	}
	return t
}

// probability writes a p-value.
func probability(p float64) string {
	if p < 0.001 {
		return "< .001"
	}
	return fmt.Sprintf("%.3f", p)
}

// ratio writes three digits, or what is before the point.
func ratio(x float64) string {
	if x >= 100 {
		return fmt.Sprintf("%.0f", x)
	}
	return fmt.Sprintf("%.3g", x)
}

// points writes a share as points: 1.9.
func points(x float64) string { return fmt.Sprintf("%.1f", 100*x) }

// span writes "81.9 (77.0 to 86.2)".
func span(i num.Estimate) string {
	return fmt.Sprintf("%.1f (%.1f to %.1f)", 100*i.Value, 100*i.CI[0], 100*i.CI[1])
}

// signed writes "-1.9 (-3.0 to +0.2)".
func signed(i num.Estimate) string {
	return fmt.Sprintf("%+.1f (%+.1f to %+.1f)", 100*i.Value, 100*i.CI[0], 100*i.CI[1])
}

// count writes 1,718,727 as 1.72M.
func count(n int) string {
	switch {
	case n >= 1e9:
		return fmt.Sprintf("%.3gG", float64(n)/1e9)
	case n >= 1e6:
		return fmt.Sprintf("%.3gM", float64(n)/1e6)
	case n >= 1e3:
		return fmt.Sprintf("%.3gk", float64(n)/1e3)
	}
	return fmt.Sprint(n)
}

func sizeText(s train.Size) string {
	if s.IsZero() {
		return ""
	}
	return s.String()
}

// extentText writes "2.2 x 1019", with a dash where an axis has no such unit.
func extentText(ms, hz float64) string {
	return document.OrDash("%.1f", ms) + " x " + document.OrDash("%.0f", hz)
}

package sweep

import (
	"fmt"
	"slices"
	"strings"

	"prep/train"
)

// Section is a part of the report as it is read: sentences, then a table or a
// picture.
type Section struct {
	Title string
	Words []string
	// Table has its heads in the first row; its first column is text, the rest
	// are figures.
	Table [][]string
	// Picture names the file, Caption says what it shows.
	Picture, Caption string
}

// The pictures of a report, files beside it.
const (
	PictureParameters  = "accuracy-parameters.png"
	PictureMACs        = "accuracy-macs.png"
	PictureDifferences = "differences.png"
	PictureCurves      = "curves.png"
	PictureKernels     = "kernels.png"
	PictureOcclusion   = "occlusion.png"
)

// Sections returns the report in the order in which it is read. pictures are
// the files that there are.
func (r Report) Sections(pictures []string) []Section {
	all := []Section{
		{Title: "What was found", Words: r.findings(), Table: r.results()},
		{Title: "The differences", Picture: PictureDifferences,
			Caption: "Accuracy less the base's, with 95 % intervals over groups and trainings."},
		{Title: "The networks", Words: []string{"Kernels are the first layer's, fields those of the last convolution or " +
			"pooling, in bands x frames and in ms x Hz (bands at their mean distance); one larger than the patch sees all of it. Parameters per hit count training hits, " +
			"with copies. How fast each trains is in speed.csv, for it differs from run to run."}, Table: r.networks()},
		{Title: "Accuracy against parameters", Picture: PictureParameters, Caption: "One point an arm."},
		{Title: "Accuracy against multiplications", Picture: PictureMACs, Caption: "One point an arm."},
		{Title: "By class", Words: []string{"Recall of the base, and what each arm's is above it, in points. A star marks a " +
			"difference that stands Holm's correction over this whole table."}, Table: r.classes()},
		{Title: "Would more data help?", Words: r.curveWords(), Table: r.curveTable()},
		{Title: "The learning curves", Picture: PictureCurves, Caption: "Of the base: accuracy by what it learnt from, " +
			"and the fitted curve carried on to four times as much."},
		{Title: "What the first layer looks for", Picture: PictureKernels, Caption: "First-layer kernels of one fold; " +
			"frequency upwards, time to the right. Arms whose first layers have one shape begin with the same kernels: " +
			"how alike they are says how little training moved them."},
		{Title: "Where a class is heard", Picture: PictureOcclusion, Caption: "Bits of evidence for the true class that are " +
			"lost when a cell of a held-out patch is silenced, mean over hits of the class."},
	}
	if len(r.Skipped) > 0 {
		all = append(all, Section{Title: "What was left out", Table: r.skips()})
	}
	return slices.DeleteFunc(all, func(s Section) bool {
		return s.Picture != "" && !slices.Contains(pictures, s.Picture) || s.Picture == "" && len(s.Words)+len(s.Table) == 0
	})
}

// protocol says what was held out and how differences were judged.
func (r Report) protocol() string {
	return fmt.Sprintf("%d labelled hits of %d groups in %d classes; %s; trainings of each arm: %d; every hit is judged by a network that never "+
		"heard its group. Baselines under the same folds: commonest class %s, duration only %s, level only %s.",
		r.Hits, r.Groups, len(r.Classes), r.Protocol, r.Seeds, percent(r.Baselines.Majority),
		percent(r.Baselines.DurationOnly), percent(r.Baselines.LevelOnly))
}

// findings returns the sentences that sum the sweep up.
func (r Report) findings() []string {
	words := []string{r.protocol()}
	words = append(words, r.verdicts())
	if row, ok := r.smallest(); ok {
		words = append(words, fmt.Sprintf("The smallest network that is not found worse than the base is %s: %s parameters (the base: %s), difference %s points.",
			row.Arm, count(row.Parameters), count(r.Rows[0].Parameters), signed(row.Difference.Interval)))
	}
	return append(words, "Intervals of differences are Student's, of a paired bootstrap over groups and of the spread between "+
		"trainings of one arm, pooled over the arms; p is corrected for the number of arms (Holm). Intervals of accuracies are over groups.")
}

// verdicts counts what was found.
func (r Report) verdicts() string {
	found := map[string][]string{}
	for _, row := range r.Rows[1:] {
		v := row.Difference.Verdict()
		found[v] = append(found[v], row.Arm)
	}
	if once := len(found[verdictOnce]); once > 0 {
		return fmt.Sprintf("The base and %s were trained once each. How much two trainings of one arm differ is not known then, "+
			"the intervals leave it out, and no difference is told: train each twice (seeds: 2).", arms(once))
	}
	sentence := fmt.Sprintf("Of %s against the base", arms(len(r.Rows)-1))
	for _, v := range []string{verdictBetter, verdictWorse} {
		if names := found[v]; len(names) > 0 {
			sentence += fmt.Sprintf(", %d %s (%s)", len(names), v, strings.Join(names, "; "))
		} else {
			sentence += ", none " + v
		}
	}
	if none := len(found[verdictNone]); none > 0 {
		sentence += fmt.Sprintf("; no difference was found for %s", arms(none))
	}
	return sentence + fmt.Sprintf(". Half the intervals of a difference reach %s points or less to either side: "+
		"what is smaller cannot be seen with these hits.", points(r.reach()))
}

// arms counts arms in words.
func arms(n int) string {
	if n == 1 {
		return "1 arm"
	}
	return fmt.Sprintf("%d arms", n)
}

// smallest returns the arm with fewest parameters of those with fewer than the
// base that are not found worse, where anything can be found.
func (r Report) smallest() (best Row, ok bool) {
	for _, row := range r.Rows[1:] {
		v := row.Difference.Verdict()
		if row.Parameters < r.Rows[0].Parameters && v != verdictOnce && v != verdictWorse && (!ok || row.Parameters < best.Parameters) {
			best, ok = row, true
		}
	}
	return best, ok
}

func (r Report) results() [][]string {
	table := [][]string{{"arm", "accuracy, %", "less the base's, points", "p", "p, Holm", "verdict", "seeds"}}
	for i, row := range r.Rows {
		cells := []string{row.Arm, span(row.Accuracy), "", "", "", "", fmt.Sprint(row.Seeds)}
		if d := row.Difference; i > 0 {
			cells[2], cells[3], cells[4], cells[5] = signed(d.Interval), probability(d.P), probability(d.Holm), d.Verdict()
		}
		table = append(table, cells)
	}
	return table
}

func (r Report) networks() [][]string {
	table := [][]string{{"arm", "patches", "kernel", "ms x Hz", "field", "ms x Hz", "parameters", "MACs", "parameters per hit", "epochs"}}
	for _, row := range r.Rows {
		table = append(table, []string{row.Arm, row.Kind, sizeText(row.Kernel), extentText(row.KernelMs, row.KernelHz),
			sizeText(row.Field), extentText(row.FieldMs, row.FieldHz), count(row.Parameters), count(row.MACs),
			ratio(row.PerHit), fmt.Sprintf("%.1f", row.Epochs)})
	}
	return table
}

func (r Report) classes() [][]string {
	table := [][]string{append([]string{"arm"}, r.Classes...)}
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
			cells = append(cells, signed(row.Classes[k].Interval)+star)
		}
		table = append(table, cells)
	}
	return table
}

func (r Report) skips() [][]string {
	table := [][]string{{"arm", "why"}}
	for _, s := range r.Skipped {
		table = append(table, []string{s.Arm, s.Reason})
	}
	return table
}

// curveWords says what the learning curves tell.
func (r Report) curveWords() (words []string) {
	for _, c := range r.Curves {
		last := c.Points[len(c.Points)-1]
		words = append(words, fmt.Sprintf("All of the %s against the largest part tried: %s points, %s. Twice as many %s as these %.0f: "+
			"%s %% expected, four times: %s %% (error = %.3g + %.3g x^-%.2g, fitted to %d points).",
			c.Of, signed(c.Gain.Interval), c.Gain.Verdict(), c.Of, c.Amount(last), span(c.Double), span(c.Quadruple),
			c.Floor, c.Scale, c.Power, len(c.Points)))
	}
	return words
}

func (r Report) curveTable() [][]string {
	if len(r.Curves) == 0 {
		return nil
	}
	table := [][]string{{"fewer", "training groups", "training hits", "accuracy, %"}}
	for _, c := range r.Curves {
		for _, p := range c.Points {
			table = append(table, []string{c.Of, fmt.Sprintf("%.1f", p.Groups), fmt.Sprintf("%.0f", p.Hits), span(p.Accuracy)})
		}
	}
	return table
}

// percent writes a share: 81.9 %.
func percent(x float64) string { return fmt.Sprintf("%.1f %%", 100*x) }

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
func span(i Interval) string {
	return fmt.Sprintf("%.1f (%.1f to %.1f)", 100*i.Value, 100*i.Low, 100*i.High)
}

// signed writes "-1.9 (-3.0 to +0.2)".
func signed(i Interval) string {
	return fmt.Sprintf("%+.1f (%+.1f to %+.1f)", 100*i.Value, 100*i.Low, 100*i.High)
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
	side := func(format string, x float64) string {
		if x == 0 {
			return "-"
		}
		return fmt.Sprintf(format, x)
	}
	return side("%.1f", ms) + " x " + side("%.0f", hz)
}

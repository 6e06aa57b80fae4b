package variants

import (
	"fmt"
	"io"
	"strings"

	"prep/data/document"
	"prep/train/sweep"
)

// verdictWords say what is known of a difference.
var verdictWords = map[sweep.Verdict]string{
	sweep.Once:   "trained once: not told",
	sweep.None:   "no difference found",
	sweep.Better: "better",
	sweep.Worse:  "worse",
}

// Text prints a line an arm.
func Text(w io.Writer, r sweep.Report) {
	fmt.Fprintf(w, "sweep %s: %s\n", r.Name, protocol(r))
	for i, row := range r.Rows {
		fmt.Fprintf(w, "  %-28s %6s parameters %6s MACs  %s %%", row.Arm, count(row.Parameters), count(row.MACs), span(row.Accuracy))
		if d := row.Difference; i > 0 {
			fmt.Fprintf(w, "  %s, p %s: %s", signed(d.Estimate), probability(d.Holm), verdictWords[d.Verdict()])
		}
		fmt.Fprintln(w)
	}
	for _, s := range r.Skipped {
		fmt.Fprintf(w, "  left out: %s: %s\n", s.Arm, s.Reason)
	}
}

// protocol says what was held out and how differences were judged.
func protocol(r sweep.Report) string {
	return fmt.Sprintf("%d labelled hits of %d groups in %d classes; %s; trainings of each arm: %d; every hit is judged by a network that never "+
		"heard its group. Baselines under the same folds: commonest class %s, duration only %s, level only %s.",
		r.Hits, r.Groups, len(r.Classes), r.Protocol, r.Seeds, document.Percent(r.Baselines.Majority),
		document.Percent(r.Baselines.DurationOnly), document.Percent(r.Baselines.LevelOnly))
}

// findings returns the sentences that sum the sweep up.
func findings(r sweep.Report) []string {
	words := []string{protocol(r)}
	words = append(words, verdicts(r))
	if row, ok := r.Smallest(); ok {
		words = append(words, fmt.Sprintf("The smallest network that is not found worse than the base is %s: %s parameters (the base: %s), difference %s points.",
			row.Arm, count(row.Parameters), count(r.Rows[0].Parameters), signed(row.Difference.Estimate)))
	}
	return append(words, "Intervals of differences are Student's, of a paired jackknife over groups and of the spread between "+
		"trainings of one arm, pooled over the arms; p is corrected for the number of arms (Holm). Intervals of accuracies are over groups.")
}

// verdicts counts what was found.
func verdicts(r sweep.Report) string {
	found := map[sweep.Verdict][]string{}
	for _, row := range r.Rows[1:] {
		v := row.Difference.Verdict()
		found[v] = append(found[v], row.Arm)
	}
	if once := len(found[sweep.Once]); once > 0 {
		return fmt.Sprintf("The base and %s were trained once each. How much two trainings of one arm differ is not known then, "+
			"the intervals leave it out, and no difference is told: train each twice (seeds: 2).", arms(once))
	}
	sentence := fmt.Sprintf("Of %s against the base", arms(len(r.Rows)-1))
	for _, v := range []sweep.Verdict{sweep.Better, sweep.Worse} {
		if names := found[v]; len(names) > 0 {
			sentence += fmt.Sprintf(", %d %s (%s)", len(names), verdictWords[v], strings.Join(names, "; "))
		} else {
			sentence += ", none " + verdictWords[v]
		}
	}
	if none := len(found[sweep.None]); none > 0 {
		sentence += fmt.Sprintf("; no difference was found for %s", arms(none))
	}
	return sentence + fmt.Sprintf(". Half the intervals of a difference reach %s points or less to either side: "+
		"what is smaller cannot be seen with these hits.", points(r.Reach()))
}

// arms counts arms in words.
func arms(n int) string {
	if n == 1 {
		return "1 arm"
	}
	return fmt.Sprintf("%d arms", n)
}

// curveWords says what the learning curves tell.
func curveWords(r sweep.Report) (words []string) {
	for _, c := range r.Curves {
		last := c.Points[len(c.Points)-1]
		words = append(words, fmt.Sprintf("All of the %s against the largest part tried: %s points, %s. Twice as many %s as these %.0f: "+
			"%s %% expected, four times: %s %% (error = %.3g + %.3g x^-%.2g, fitted to %d points).",
			c.Of, signed(c.Gain.Estimate), verdictWords[c.Gain.Verdict()], c.Of, c.Amount(last), span(c.Double), span(c.Quadruple),
			c.Floor, c.Scale, c.Power, len(c.Points)))
	}
	return words
}

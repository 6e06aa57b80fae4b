package document

import (
	"fmt"
	"regexp"
	"strings"
)

// Percent writes a share: "81.9 %".
func Percent(share float64) string { return fmt.Sprintf("%.1f %%", 100*share) }

// Thousandths writes a figure with three digits behind the point: "0.819".
func Thousandths(v float64) string { return fmt.Sprintf("%.3f", v) }

// Short writes a figure with at most three digits behind the point: "0.8".
func Short(v float64) string {
	return strings.TrimSuffix(strings.TrimRight(Thousandths(v), "0"), ".")
}

// OrDash writes a figure by the format, and a dash for 0 where 0 stands for a
// figure that there is not.
func OrDash(format string, v float64) string {
	if v == 0 {
		return "-"
	}
	return fmt.Sprintf(format, v)
}

// figure matches one word of a cell of figures: "1.72M", "7x3", "(+0.2", "81 %".
var figure = regexp.MustCompile(`^(?:[-+<(]*\.?[0-9][0-9.,]*(?:[kMG]|x[0-9]+)?[)%]*|[-+]?(?:NaN|Inf)|<|to|x|%|-|\*)$`)

// isFigure reports whether a cell holds figures, or a dash for one, and nothing
// else.
func isFigure(cell string) bool {
	for w := range strings.FieldsSeq(cell) {
		if !figure.MatchString(w) {
			return false
		}
	}
	return strings.ContainsAny(cell, "0123456789-N")
}

// figures reports which columns of a table hold figures, as many as its widest
// row has.
func (t Table) figures() []bool {
	flush := make([]bool, len(t.Head))
	text := map[int]bool{0: true}
	for _, row := range t.Rows {
		for len(flush) < len(row) {
			flush = append(flush, false)
		}
		for j, cell := range row {
			flush[j] = flush[j] || isFigure(cell)
			text[j] = text[j] || cell != "" && !isFigure(cell)
		}
	}
	for j := range flush {
		flush[j] = flush[j] && !text[j]
	}
	return flush
}

package plots

import (
	"fmt"
	"io"
	"math"

	"gonum.org/v1/plot/vg"
)

// Confusion is a table of what a classifier said about what it heard.
type Confusion struct {
	Title string
	// Note says under which protocol: "5 folds, groups held out: 38 performers".
	Note    string
	Classes []string
	// Counts[t][p] is the number of hits of class t that were called p.
	Counts [][]int
}

// count returns Counts[t][p], zero where the table is incomplete.
func (c Confusion) count(t, p int) int {
	if t >= len(c.Counts) || p >= len(c.Counts[t]) {
		return 0
	}
	return max(c.Counts[t][p], 0)
}

func (c Confusion) row(t int) (sum int) {
	for p := range c.Classes {
		sum += c.count(t, p)
	}
	return sum
}

func (c Confusion) column(p int) (sum int) {
	for t := range c.Classes {
		sum += c.count(t, p)
	}
	return sum
}

// sentence sums the table up.
func (c Confusion) sentence() string {
	total, hits, macro, seen := 0, 0, 0.0, 0
	for t := range c.Classes {
		n := c.row(t)
		total, hits = total+n, hits+c.count(t, t)
		if n > 0 {
			macro += float64(c.count(t, t)) / float64(n)
			seen++
		}
	}
	if total == 0 {
		return "No hits."
	}
	return fmt.Sprintf("%d of %d right: accuracy %.1f %%, mean recall %.1f %%.",
		hits, total, 100*float64(hits)/float64(total), 100*macro/float64(seen))
}

// maxConfusion is how many classes a page can hold, nine points each.
const maxConfusion = 200

// DrawConfusion draws the table: a row a true class with the share of its hits
// that were given each name (percent, and counts where there is room), recall
// at its end, precision under each column. Cells on the diagonal are blue,
// mistakes red. It fails with more than 200 classes.
func DrawConfusion(w io.Writer, c Confusion) error {
	n := len(c.Classes)
	if n > maxConfusion {
		return fmt.Errorf("confusion of %d classes: at most %d can be drawn", n, maxConfusion)
	}
	limit := vg.Length(96)
	if n > 25 {
		limit = 60
	}
	names := nameWidth(c.Classes, noteText, limit)
	side := snap(min(64, max(9, (pageWidth-2*pageMargin-128-names)/vg.Length(max(n, 1)))))
	foot := names + 8
	if side >= names+4 {
		foot = body + 6
	}
	notes := []string{c.sentence() + " Blue: right; red: mistakes; the darker, the larger the share of the row."}
	if c.Note != "" {
		notes = append(notes, c.Note)
	}
	s := newSheet(w, 2*pageMargin+headingHeight(notes...)+16+side*vg.Length(n)+foot+34)
	page := s.page()
	s.heading(&page, c.Title, notes...)
	g := grid{sheet: s, table: c, side: side, foot: foot}
	page.cutTop(16)
	g.left = snap(page.x0 + 14 + names + 6)
	g.top = page.y1
	g.draw(names)
	return s.encode()
}

// nameWidth returns the width of the widest name, at most limit.
func nameWidth(names []string, l lettering, limit vg.Length) vg.Length {
	width := vg.Length(0)
	for _, name := range names {
		width = max(width, l.width(l.fit(name, limit)))
	}
	return width
}

// labelledSide is the least side of a cell, in points, that holds a number.
const labelledSide = 15

// grid is a confusion matrix on a page.
type grid struct {
	*sheet
	table     Confusion
	side      vg.Length // of a cell
	left, top vg.Length
	foot      vg.Length // room for the names under the columns
}

func (g grid) cell(row, col int) box {
	x, y := g.left+g.side*vg.Length(col), g.top-g.side*vg.Length(row+1)
	return box{x, y, x + g.side, y + g.side}
}

func (g grid) draw(names vg.Length) {
	n := len(g.table.Classes)
	recallX := g.left + g.side*vg.Length(n) + 12
	for t, class := range g.table.Classes {
		for p := range n {
			g.drawCell(t, p)
		}
		mid := g.cell(t, 0).y0 + g.side/2 - 2.8
		g.write(noteText.withColor(ink), g.left-6, mid, 1, noteText.fit(class, names))
		g.share(box{recallX, g.cell(t, 0).y0, recallX + 40, g.cell(t, 0).y1}, g.table.count(t, t), g.table.row(t))
		g.bottomName(t, class, names)
	}
	all := box{g.left, g.top - g.side*vg.Length(n), g.left + g.side*vg.Length(n), g.top}
	g.outline(quiet, 0.5, all)
	g.write(noteText, recallX, g.top+5, 0, "recall (of hits)")
	g.writeUp(noteText, g.left-names-12, all.y0+all.h()/2, 0.5, "true class")
	low := all.y0 - g.foot - 12
	for p := range n {
		g.precision(p, low)
	}
	if g.side >= labelledSide {
		g.write(noteText, recallX, low, 0, "precision (%)")
	}
	g.write(noteText, g.left+all.w()/2, low-16, 0.5, "called")
}

// drawCell paints one share of a row.
func (g grid) drawCell(t, p int) {
	b, count, sum := g.cell(t, p), g.table.count(t, p), g.table.row(t)
	share := float64(count) / float64(max(sum, 1))
	depth := math.Sqrt(share) // a few percent of mistakes are seen, too
	shade := wrong.at(depth)
	if t == p {
		depth = share
		shade = right.at(share)
	}
	if count == 0 {
		shade = paper
	}
	g.fill(shade, b)
	g.outline(faint, 0.5, b)
	text := ink
	if depth > 0.55 {
		text = paper
	}
	x, y := b.x0+b.w()/2, b.y0+b.h()/2
	switch {
	case count == 0 || g.side < labelledSide:
	case g.side >= 32:
		g.write(bodyText.withColor(text), x, y+1.5, 0.5, Percent(share)+" %")
		g.write(tinyText.withColor(mix(text, shade, 0.2)), x, y-8.5, 0.5, fmt.Sprint(count))
	default:
		g.write(tinyText.withColor(text), x, y-2.6, 0.5, Percent(share))
	}
}

// Percent writes a share, 0 to 1, in percent without decimals; what is not nothing is at least
// "<1", what is not all at most ">99".
func Percent(share float64) string {
	if share > 0 && share < 0.005 {
		return "<1"
	}
	if share < 1 && share >= 0.995 {
		return ">99"
	}
	return fmt.Sprintf("%.0f", 100*share)
}

// share draws a part of a whole as a bar with its figures.
func (g grid) share(b box, part, whole int) {
	text := tinyText
	if g.side < text.size+1 {
		text.size = g.side - 1
	}
	y := b.y0 + b.h()/2
	if whole == 0 {
		g.write(text, b.x0, y-2.6, 0, "no hits")
		return
	}
	thick := min(b.h()*0.5, 8)
	bar := box{b.x0, y - thick/2, b.x1, y + thick/2}
	g.fill(wash, bar)
	bar.x1 = bar.x0 + bar.w()*vg.Length(part)/vg.Length(whole)
	g.fill(blue, bar)
	words := fmt.Sprintf("%s %% of %d", Percent(float64(part)/float64(whole)), whole)
	g.write(text.withColor(ink), b.x1+4, y-2.6, 0, text.fit(words, pageWidth-pageMargin/2-b.x1-4))
}

func (g grid) bottomName(p int, class string, names vg.Length) {
	b := g.cell(len(g.table.Classes)-1, p)
	if g.foot > body+6 {
		g.writeUp(noteText.withColor(ink), b.x0+b.w()/2+2.8, b.y0-4, 1, noteText.fit(class, names))
		return
	}
	g.write(noteText.withColor(ink), b.x0+b.w()/2, b.y0-body, 0.5, noteText.fit(class, names))
}

func (g grid) precision(p int, y vg.Length) {
	b, sum := g.cell(0, p), g.table.column(p)
	if g.side < labelledSide {
		return
	}
	word := "–"
	if sum > 0 {
		word = Percent(float64(g.table.count(p, p)) / float64(sum))
	}
	g.write(tinyText.withColor(ink), b.x0+b.w()/2, y, 0.5, word)
}

package plots

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"sort"
	"strings"

	"prep/data"
	"prep/data/num"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// OverviewView is a set at a glance.
type OverviewView struct {
	Title string
	// Rate is the set's rate.
	Rate data.Rate
	// Hits are the examples of the set; those without a class count as
	// "unlabelled".
	Hits []data.Example
	// Split names the split or fold of a group; nil draws none.
	Split map[string]string
}

const (
	unlabelled = "without a class"
	rare       = "(other classes)"
	// maxClasses is how many have a row and a colour: one hue three times, and
	// some more.
	maxClasses = 40
)

// mergeRare returns the hits with all but the most frequent classes called
// rare, so that a page has an end.
func mergeRare(hits []data.Example) []data.Example {
	counts := map[string]int{}
	for _, e := range hits {
		counts[e.Class]++
	}
	if len(counts) <= maxClasses {
		return hits
	}
	names := slices.SortedFunc(maps.Keys(counts), func(a, b string) int {
		return cmp.Or(counts[b]-counts[a], strings.Compare(a, b))
	})
	merged := slices.Clone(hits)
	for i, e := range merged {
		if slices.Index(names[:maxClasses-1], e.Class) < 0 {
			merged[i].Class = rare
		}
	}
	return merged
}

func countGroups(hits []data.Example) int {
	seen := map[string]bool{}
	for _, e := range hits {
		seen[e.Group] = true
	}
	return len(seen)
}

// Overview draws what a set holds: hits by class, by group and by split, how
// long they are and how loud.
func Overview(w io.Writer, v OverviewView) error {
	note := fmt.Sprintf("%d hits, %d classes, %d groups.", len(v.Hits), len(named(classesOf(v.Hits))), countGroups(v.Hits))
	v.Hits = mergeRare(v.Hits)
	classes := classesOf(v.Hits)
	groups := tally(v.Hits, classes, func(e data.Example) string { return e.Group })
	splits := tally(v.Hits, classes, func(e data.Example) string { return v.Split[e.Group] })
	splits = splits[:min(len(splits), maxClasses)]
	keys := classKeys(classes)
	classRows, shown := unlabelledLast(tally(v.Hits, classes, className)), groups
	slices.SortStableFunc(shown, func(a, b bar) int { return b.total() - a.total() })
	note, shown = cutGroups(note, shown)
	rows := max(len(classRows), 3)
	height := vg.Length(rows)*15 + 34
	if len(v.Split) > 0 {
		height = max(height, vg.Length(len(splits))*15+34)
	}
	length := quantity{"length, onset to offset (ms)", func(e data.Example) float64 { return v.Rate.Ms(soundLength(e.Hit)) }, true}
	left := quantity{"level above what was before (dB)", levelAbove, false}
	if ms, n := length.commonValue(v.Hits); n > 0 {
		note += fmt.Sprintf(" %d of them last %s ms from onset to offset.", n, number(ms, 0))
	} else {
		left = length
	}
	s := newSheet(w, 2*pageMargin+headingHeight(note)+legendHeight(keys, pageWidth-2*pageMargin)+height+150+178)
	page := s.page()
	s.heading(&page, v.Title, note)
	s.legend(&page, keys)
	top := page.cutTop(height)
	if len(v.Split) > 0 {
		s.bars(top.cutRight(top.w()*0.45), "hits by split", splits)
		top.cutRight(16)
	}
	s.bars(top, "hits by class", classRows)
	s.drawColumns(page.cutTop(150), "hits by group", shown)
	s.histogram(page.cutLeft(page.w()/2).inset(34, 8, 32, 22), left, v.Hits, classes)
	level := func(e data.Example) float64 { return e.PeakDB }
	s.histogram(page.inset(34, 4, 32, 22), quantity{"peak level (dB re full scale)", level, false}, v.Hits, classes)
	return s.encode()
}

// levelAbove returns a hit's level above what was before, NaN after digital
// silence.
func levelAbove(e data.Example) float64 {
	if e.SNRDB > -floorDB {
		return math.NaN()
	}
	return e.SNRDB
}

// commonValue returns the value, to a whole unit, of nine of ten hits or more, and
// their number, 0 when there is none: a histogram of them would be one column.
func (q quantity) commonValue(hits []data.Example) (value float64, n int) {
	counts := map[float64]int{}
	for _, e := range hits {
		counts[math.Round(q.of(e))]++
	}
	for value, n := range counts {
		if 10*n >= 9*len(hits) {
			return value, n
		}
	}
	return 0, 0
}

// soundLength returns how many samples a hit lasts, that of its slice when its
// offset was not estimated.
func soundLength(h data.Hit) int {
	if h.Offset > h.Onset {
		return h.Offset - h.Onset
	}
	return h.Len()
}

// maxGroups is how many groups are drawn a column each.
const maxGroups = 60

func cutGroups(note string, groups []bar) (string, []bar) {
	if len(groups) <= maxGroups {
		return note, groups
	}
	return note + fmt.Sprintf(" The %d largest groups are drawn.", maxGroups), groups[:maxGroups]
}

func className(e data.Example) string {
	if e.Class == "" {
		return unlabelled
	}
	return e.Class
}

// classesOf returns the names in order, those that are no class's last.
func classesOf(hits []data.Example) []string {
	seen := map[string]bool{}
	var names []string
	for _, e := range hits {
		if name := className(e); !seen[name] {
			seen[name] = true
			names = append(names, name)
		}
	}
	sort.Slice(names, func(i, j int) bool {
		if a, b := isNone(names[i]), isNone(names[j]); a != b {
			return b
		}
		return names[i] < names[j]
	})
	return names
}

// unlabelledLast puts the hits without a class behind the classes.
func unlabelledLast(bars []bar) []bar {
	if i := slices.IndexFunc(bars, func(b bar) bool { return b.name == unlabelled }); i >= 0 {
		b := bars[i]
		return append(slices.Delete(bars, i, i+1), b)
	}
	return bars
}

func classKeys(classes []string) []key {
	var keys []key
	for i, name := range classes {
		k := key{category(i), name}
		if isNone(name) {
			k.color = mix(quiet, paper, 0.4)
		}
		keys = append(keys, k)
	}
	return keys
}

// bar is a named count by class.
type bar struct {
	name   string
	keys   []key // of the classes
	counts []int
}

func (b bar) total() (sum int) {
	for _, n := range b.counts {
		sum += n
	}
	return sum
}

// tally counts hits by name and class, names in order.
func tally(hits []data.Example, classes []string, name func(data.Example) string) []bar {
	index := map[string]int{}
	for i, c := range classes {
		index[c] = i
	}
	of, keys := map[string]*bar{}, classKeys(classes)
	for _, e := range hits {
		n := name(e)
		if of[n] == nil {
			of[n] = &bar{n, keys, make([]int, len(classes))}
		}
		of[n].counts[index[className(e)]]++
	}
	var bars []bar
	for _, b := range of {
		bars = append(bars, *b)
	}
	slices.SortFunc(bars, func(a, b bar) int { return strings.Compare(a.name, b.name) })
	return bars
}

func largestBar(bars []bar) (most int) {
	for _, b := range bars {
		most = max(most, b.total())
	}
	return max(most, 1)
}

// bars draws lying bars, their parts in the colours of the classes.
func (s *sheet) bars(b box, title string, bars []bar) {
	s.write(boldText, b.x0, b.y1-12, 0, title)
	b.cutTop(18)
	names := make([]string, len(bars))
	for i := range bars {
		names[i] = nameOrDash(bars[i].name)
	}
	names = noteText.telling(names, 100)
	wide := nameWidth(names, noteText, 100)
	most := largestBar(bars)
	for i, row := range bars {
		line := b.cutTop(15)
		s.write(noteText.withColor(ink), line.x0+wide, line.y0+4, 1, names[i])
		at := line.inset(wide+6, 44, 2, 2)
		x := at.x0
		for c, n := range row.counts {
			if n == 0 {
				continue
			}
			part := at.w() * vg.Length(n) / vg.Length(most)
			s.fill(row.keys[c].color, box{x, at.y0, x + part, at.y1})
			x += part
		}
		s.write(tinyText.withColor(ink), x+4, line.y0+4, 0, fmt.Sprint(row.total()))
	}
}

func nameOrDash(name string) string {
	if name == "" {
		return "–"
	}
	return name
}

// drawColumns draws standing bars with their names under them, upright.
func (s *sheet) drawColumns(b box, title string, bars []bar) {
	s.write(boldText, b.x0, b.y1-12, 0, title)
	step := (b.w() - 38) / vg.Length(max(len(bars), 1))
	names := make([]string, len(bars))
	for i := range bars {
		names[i] = nameOrDash(bars[i].name)
	}
	names, flat, below := layNames(names, step)
	data := b.inset(34, 4, below, 22)
	p := panel(span{"", 0, float64(max(len(bars), 1)), nil}, linear("hits", 0, 1.05*float64(largestBar(bars)), 4))
	gridlines(p)
	p.Add(marks(func(_ draw.Canvas, x, y func(float64) vg.Length) {
		for i, column := range bars {
			sum := 0
			for c, n := range column.counts {
				if n == 0 {
					continue
				}
				s.fill(column.keys[c].color, box{x(float64(i) + 0.12), y(float64(sum)), x(float64(i) + 0.88), y(float64(sum + n))})
				sum += n
			}
		}
	}))
	s.draw(p, data)
	for i := range bars {
		mid := data.x0 + step*(vg.Length(i)+0.5)
		if flat {
			s.write(tinyText.withColor(ink), mid, data.y0-12, 0.5, names[i])
		} else {
			s.writeUp(tinyText.withColor(ink), mid+2.6, data.y0-4, 1, names[i])
		}
	}
}

// longestUp is the room for a name that stands under a column.
const longestUp = 44

// layNames returns the names of columns as they are written, whether they lie under them, as they do
// when they fit or columns are wide, or else stand, and the room they take.
func layNames(names []string, step vg.Length) (fitted []string, flat bool, room vg.Length) {
	if short := tinyText.telling(names, longestUp); step >= 60 || nameWidth(short, tinyText, longestUp) <= step-6 {
		return tinyText.telling(names, max(step-6, longestUp)), true, 18
	}
	fitted = tinyText.telling(names, longestUp)
	return fitted, false, nameWidth(fitted, tinyText, longestUp) + 8
}

// quantity is a property of hits.
type quantity struct {
	label    string
	of       func(data.Example) float64
	fromZero bool // where its axis begins
}

// histogram draws how a quantity is spread, stacked by class.
func (s *sheet) histogram(at box, q quantity, hits []data.Example, classes []string) {
	lo, hi, step := q.bins(hits)
	bins := q.tally(hits, classes, stretch{lo, hi}, step)
	p := panel(linear(q.label, lo, hi, 8), linear("hits", 0, float64(largestBar(bins))*1.05, 4))
	gridlines(p)
	p.Add(marks(func(_ draw.Canvas, x, y func(float64) vg.Length) {
		for i, column := range bins {
			sum, left := 0, lo+float64(i)*step
			for c, n := range column.counts {
				if n == 0 {
					continue
				}
				s.fill(column.keys[c].color, box{x(left), y(float64(sum)), x(left+step) - 0.5, y(float64(sum + n))})
				sum += n
			}
		}
	}))
	s.draw(p, at)
}

// bins returns a range of whole round steps, about 30, that holds the finite
// values; a step holds its upper end, so that 0 dB is not above full scale.
func (q quantity) bins(hits []data.Example) (lo, hi, step float64) {
	lo, hi = math.Inf(1), math.Inf(-1)
	if q.fromZero {
		lo, hi = 0, 0
	}
	for _, e := range hits {
		if v := q.of(e); num.Finite(v) {
			lo, hi = min(lo, v), max(hi, v)
		}
	}
	lo, hi = drawableRange(lo, hi)
	step = niceStep((hi - lo) / 30)
	hi = math.Ceil(hi/step) * step
	if lo = math.Floor(lo/step) * step; lo == hi {
		lo -= step
	}
	return lo, hi, step
}

// tally counts the finite values in steps over the range.
func (q quantity) tally(hits []data.Example, classes []string, over stretch, step float64) []bar {
	index, keys := map[string]int{}, classKeys(classes)
	for i, c := range classes {
		index[c] = i
	}
	bins := make([]bar, max(int(math.Round((over.to-over.from)/step)), 1))
	for i := range bins {
		bins[i] = bar{"", keys, make([]int, len(classes))}
	}
	for _, e := range hits {
		if v := q.of(e); num.Finite(v) {
			bins[min(max(int(math.Ceil((v-over.from)/step))-1, 0), len(bins)-1)].counts[index[className(e)]]++
		}
	}
	return bins
}

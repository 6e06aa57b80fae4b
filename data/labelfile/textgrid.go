package labelfile

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
)

// TextGrids are Praat's label files:
// https://www.fon.hum.uva.nl/praat/manual/TextGrid_file_formats.html

// tier is a tier of a TextGrid: those of its intervals that have text, or its
// points.
type tier struct {
	name, kind string
	marks      []Mark
}

// grid is a TextGrid.
type grid struct {
	xmin, xmax float64
	tiers      []tier
}

// Bounds on what a TextGrid says of its own size.
const (
	maxTiers     = 1000
	maxIntervals = 1e7
)

func isTextGrid(in *input) bool {
	head := in.head[:min(len(in.head), 400)]
	return strings.Contains(head, "ooTextFile") && strings.Contains(head, "TextGrid")
}

// readTextGrid reads the long and the short text format: both consist of the
// free-standing numbers and quoted strings, whatever stands between them.
func readTextGrid(in *input, out *reading) error {
	t := &tokens{text: in.text(), line: 1}
	t.string() // "ooTextFile"
	t.string() // "TextGrid"
	g := grid{xmin: t.number(), xmax: t.number()}
	count := t.number()
	for range int(min(count, maxTiers)) {
		one := tier{kind: t.string(), name: cleanName(t.string())}
		t.number()
		t.number()
		n := int(min(t.number(), maxIntervals))
		t.tier(&one, n)
		g.tiers = append(g.tiers, one)
		if t.err != nil {
			break
		}
	}
	g.choose(in, out)
	if t.err == nil && count > maxTiers {
		t.err = fmt.Errorf("more than %d tiers; the others are left out", maxTiers)
	}
	if t.err != nil {
		out.addFault(t.line, t.err)
	}
	return nil
}

// tier reads n intervals or points into a tier.
func (t *tokens) tier(one *tier, n int) {
	for range n {
		var m Mark
		m.Onset = t.number()
		m.Line = t.line
		if one.kind == "IntervalTier" {
			m.End = t.number()
		}
		m.Class = cleanName(t.string())
		if t.err != nil {
			return
		}
		one.add(m)
	}
}

// add takes in a point, or an interval with text.
func (t *tier) add(m Mark) {
	if m.Class != "" || t.kind != "IntervalTier" {
		t.marks = append(t.marks, m)
	}
}

// choose takes the marks of one tier, or of all of one name, and tells which.
func (g *grid) choose(in *input, out *reading) {
	name, ok := g.tierName(in.opts.Tier)
	if !ok {
		out.addFault(1, fmt.Errorf("there is no tier %q; there are %s", in.opts.Tier, strings.Join(g.describe(func(tier) bool { return true }), ", ")))
		return
	}
	shift := g.shift(in.src, out)
	seen, taken := map[Mark]bool{}, 0
	for _, t := range g.tiers {
		if t.name != name || len(t.marks) == 0 {
			continue
		}
		for _, m := range t.marks {
			m.Onset -= shift
			if m.End != 0 {
				m.End -= shift
			}
			key := m
			if key.Line = 0; !seen[key] {
				seen[key] = true
				if !out.addMark(m) {
					return
				}
			}
		}
		taken++
	}
	out.sortTiers(taken)
	if taken > 1 {
		out.note("%d tiers are named %q; all of them are read", taken, name)
	}
	if left := g.describe(func(t tier) bool { return t.name != name && (len(t.marks) > 0 || in.opts.Tier == "") }); len(left) > 0 {
		out.note("the labels are those of the tier %q; left out: %s", name, strings.Join(left, ", "))
	}
}

// sortTiers puts the marks of several tiers in order of time.
func (r *reading) sortTiers(taken int) {
	if notes := r.Notes; taken > 1 {
		r.sortMarks()
		r.Notes = notes
	}
}

// tierName returns the name of the tier that holds the labels: the one that is
// asked for, the only one with several labels, one that is named like labels of
// hits, the one with the most.
func (g *grid) tierName(asked string) (string, bool) {
	if asked != "" {
		for _, t := range g.tiers {
			if t.name == cleanName(asked) {
				return t.name, true
			}
		}
		return "", false
	}
	count := map[string]int{}
	for _, t := range g.tiers {
		count[t.name] += len(t.marks)
	}
	best, most, named := "", -1, false
	for _, t := range g.tiers {
		n, like := count[t.name], isTierOfHits(t.name)
		if n > 0 && like && !named || n > most && like == named {
			best, most, named = t.name, n, like && n > 0
		}
	}
	return best, true
}

// isTierOfHits says whether a tier is named like one that holds hits.
func isTierOfHits(name string) bool {
	known, _ := columnName(name)
	for _, n := range []string{"hits", "hit", "onsets", "onset", "labels", "strokes", "events", "drums", "beats", "classes"} {
		if known == n {
			return true
		}
	}
	return false
}

// describe names tiers with how much is in them.
func (g *grid) describe(which func(tier) bool) (all []string) {
	for _, t := range g.tiers {
		word := "intervals"
		if t.kind != "IntervalTier" {
			word = "points"
		}
		if which(t) {
			all = append(all, fmt.Sprintf("the tier %q (%d %s)", t.name, len(t.marks), word))
		}
	}
	return all
}

// frame is how far the length of a TextGrid may be from its recording's.
const frame = .05

// shift returns what is taken off all times: a TextGrid of a part of a recording
// may count from the whole's beginning.
func (g *grid) shift(src Source, out *reading) float64 {
	if g.xmin == 0 {
		return 0
	}
	long := src.Seconds
	fits := long == 0 && g.xmin > 0 || math.Abs(g.xmax-g.xmin-long) < frame
	if !fits || math.Abs(g.xmax-long) < frame && g.xmin > 0 && g.xmin < frame {
		out.note("its times begin at %g s, which is kept: it is %.3f s long, the recording %.3f s", g.xmin, g.xmax-g.xmin, long)
		return 0
	}
	out.note("its times begin at %g s, which is taken off all of them", g.xmin)
	return g.xmin
}

// tokens reads the free-standing numbers and quoted strings of a text.
type tokens struct {
	text string
	line int
	err  error
}

// string returns the next quoted string.
func (t *tokens) string() string {
	for t.err == nil {
		if w := t.word(); strings.HasPrefix(w, `"`) {
			w = strings.TrimPrefix(w, `"`)
			return strings.ReplaceAll(strings.TrimSuffix(w, `"`), `""`, `"`)
		}
	}
	return ""
}

// number returns the next free-standing number.
func (t *tokens) number() float64 {
	for t.err == nil {
		w := t.word()
		if strings.HasPrefix(w, `"`) {
			t.err = fmt.Errorf("text where a number is due")
			break
		}
		if v, err := strconv.ParseFloat(w, 64); err == nil && !math.IsNaN(v) && !math.IsInf(v, 0) {
			return v
		}
	}
	return 0
}

// word returns the next blank-separated word or quoted string with its quotes.
// What follows an exclamation mark in a line is a remark.
func (t *tokens) word() string {
	t.skip()
	if t.text == "" && t.err == nil {
		t.err = fmt.Errorf("the TextGrid ends too early")
	}
	if t.err != nil {
		return ""
	}
	end := indexOr(t.text, " \t\r\n")
	if t.text[0] == '"' {
		end = t.endOfString()
	}
	w := t.text[:end]
	t.line += strings.Count(w, "\n")
	t.text = t.text[end:]
	return w
}

// skip passes blanks and remarks.
func (t *tokens) skip() {
	for {
		trimmed := strings.TrimLeft(t.text, " \t\r\n")
		t.line += strings.Count(t.text[:len(t.text)-len(trimmed)], "\n")
		if t.text = trimmed; !strings.HasPrefix(trimmed, "!") {
			return
		}
		t.text = trimmed[indexOr(trimmed, "\r\n"):]
	}
}

// endOfString returns where the quoted string ends with which the text begins.
func (t *tokens) endOfString() int {
	for at := 1; ; {
		i := strings.IndexByte(t.text[at:], '"')
		if i < 0 {
			t.err = fmt.Errorf("the quotes of a text do not end")
			return len(t.text)
		}
		if at += i + 1; !strings.HasPrefix(t.text[at:], `"`) {
			return at
		}
		at++
	}
}

// interval is a stretch of a tier; between hits its text is empty.
type interval struct {
	from, to float64
	text     string
}

// gridOf parts marks into the intervals of a tier, which covers the recording
// without a gap, and the points of another: those without an end.
func gridOf(r Recording) (end float64, intervals, points []interval) {
	end = length(r)
	at := 0.
	for _, m := range r.Marks {
		class := cleanName(m.Class)
		if m.End <= m.Onset || m.Onset < at {
			points = append(points, interval{m.Onset, m.Onset, class})
			continue
		}
		if m.Onset > at {
			intervals = append(intervals, interval{at, m.Onset, ""})
		}
		intervals = append(intervals, interval{m.Onset, m.End, class})
		at = m.End
	}
	if at < end {
		intervals = append(intervals, interval{at, end, ""})
	}
	return end, intervals, points
}

// length returns that of a recording, or what its marks need.
func length(r Recording) float64 {
	end := 0.
	if r.Rate > 0 {
		end = float64(r.Samples) / float64(r.Rate)
	}
	for _, m := range r.Marks {
		end = max(end, m.Onset, m.End)
	}
	return end
}

// writeTextGrid writes a tier of intervals, and one of points where marks have
// no end, both named "hits".
func writeTextGrid(w io.Writer, r Recording) error {
	end, intervals, points := gridOf(r)
	b := bufio.NewWriter(w)
	tiers := 1
	if len(points) > 0 {
		tiers = 2
	}
	fmt.Fprintf(b, "File type = \"ooTextFile\"\nObject class = \"TextGrid\"\n\nxmin = 0\nxmax = %s\ntiers? <exists>\nsize = %d\nitem []:\n", micro(end), tiers)
	head := func(i int, kind, what string, n int) {
		fmt.Fprintf(b, "    item [%d]:\n        class = \"%s\"\n        name = \"hits\"\n        xmin = 0\n        xmax = %s\n        %s: size = %d\n",
			i, kind, micro(end), what, n)
	}
	head(1, "IntervalTier", "intervals", len(intervals))
	for i, v := range intervals {
		fmt.Fprintf(b, "        intervals [%d]:\n            xmin = %s\n            xmax = %s\n            text = \"%s\"\n",
			i+1, micro(v.from), micro(v.to), strings.ReplaceAll(v.text, `"`, `""`))
	}
	if len(points) > 0 {
		head(2, "TextTier", "points", len(points))
	}
	for i, v := range points {
		fmt.Fprintf(b, "        points [%d]:\n            number = %s\n            mark = \"%s\"\n", i+1, micro(v.from), strings.ReplaceAll(v.text, `"`, `""`))
	}
	return b.Flush()
}

package labelfile

import (
	"cmp"
	"math"
	"slices"
	"strings"
)

// maxProfile is how many rows of a table are looked at before its columns are
// decided.
const maxProfile = 100_000

// profile is what the columns of a table hold, over its first rows.
type profile struct {
	rows  int
	width int // the cells of most rows
	cols  []column
}

// column counts what a column's cells are.
type column struct {
	filled, numbers, words, audio int
	whole                         int       // numbers of digits alone
	places                        [2]int    // behind the decimal point, fewest and most
	values                        []float64 // a row each; NaN where there is no number
}

// valued is how many columns keep their values.
const valued = 8

// profileOf looks at the rows ahead; remarks are left out, but for rows of so
// many cells as the header has.
func profileOf(ahead rows, width int) *profile {
	p := &profile{}
	widths := map[int]int{}
	for p.rows < maxProfile {
		r, ok := ahead.next()
		if !ok {
			break
		}
		if r.err != nil || isRemark(r.text) && len(r.cells) != width || isSpectral(r.text) {
			continue
		}
		p.add(r.cells)
		widths[len(r.cells)]++
	}
	for w, n := range widths {
		if n > widths[p.width] || n == widths[p.width] && w > p.width {
			p.width = w
		}
	}
	return p
}

// add takes in a row.
func (p *profile) add(cells []string) {
	for len(p.cols) < len(cells) {
		p.cols = append(p.cols, column{})
	}
	for i := range cells {
		c := &p.cols[i]
		v, ok := c.add(cells[i])
		if i >= valued {
			continue
		}
		for len(c.values) < p.rows {
			c.values = append(c.values, math.NaN())
		}
		if !ok {
			v = math.NaN()
		}
		c.values = append(c.values, v)
	}
	p.rows++
}

// add counts a cell and returns its number.
func (c *column) add(cell string) (float64, bool) {
	cell = strings.TrimSpace(cell)
	if cell == "" {
		return 0, false
	}
	c.filled++
	v, _, ok := number(cell)
	switch {
	case ok:
		c.numbers++
		if !strings.ContainsFunc(cell, func(r rune) bool { return r < '0' || r > '9' }) {
			c.whole++
		}
		c.count(decimals(cell))
	default:
		c.words++
		if isAudioName(cell) {
			c.audio++
		}
	}
	return v, ok
}

// count takes in how many decimal places a number has.
func (c *column) count(places int) {
	if c.numbers == 1 {
		c.places = [2]int{places, places}
	}
	c.places = [2]int{min(c.places[0], places), max(c.places[1], places)}
}

// decimals returns how many characters stand behind a number's decimal point.
func decimals(cell string) int {
	if at := strings.LastIndexAny(cell, ".,"); at >= 0 {
		return len(cell) - at - 1
	}
	return 0
}

// is returns the column, an empty one where there is none.
func (p *profile) is(i int) column {
	if i < 0 || i >= len(p.cols) {
		return column{}
	}
	return p.cols[i]
}

// value returns the number in a row of a column, NaN where there is none.
func (p *profile) value(col, row int) float64 {
	if v := p.is(col).values; row < len(v) {
		return v[row]
	}
	return math.NaN()
}

func (c column) isNumbers() bool { return c.numbers > 0 && c.numbers*2 >= c.filled }
func (c column) isWords() bool   { return c.words > 0 && c.words*2 >= c.filled }
func (c column) isFiles() bool   { return c.audio > 0 && c.audio*10 >= c.filled*9 }

// audioEndings are what names of recordings end in.
var audioEndings = []string{".wav", ".flac", ".mp3", ".m4a", ".ogg", ".opus", ".aif", ".aiff", ".aac", ".mp4", ".wave", ".webm", ".caf", ".wma", ".w64", ".oga"}

// isAudioName says whether a cell names a recording.
func isAudioName(s string) bool {
	s = strings.ToLower(s)
	return slices.ContainsFunc(audioEndings, func(e string) bool { return strings.HasSuffix(s, e) && len(s) > len(e) })
}

// hasSplitDecimals says whether the first two columns look like one of numbers
// whose decimal commas were taken to part cells: 0,250,kick.
func (p *profile) hasSplitDecimals() bool {
	a, b := p.is(0), p.is(1)
	if p.rows < 2 || a.whole != p.rows || b.whole != p.rows {
		return false
	}
	for i := 1; i < p.rows; i++ {
		if p.value(0, i) <= p.value(0, i-1) {
			return true
		}
	}
	return false
}

// fit is how the numbers of a column lie to the onsets.
type fit struct {
	pairs, before, over int  // rows with both; those that lie before; behind the next onset
	constant            bool // one number in all rows, which have several onsets
	ascending           int
	median              float64 // distance
	span                float64 // from the first onset to the last
}

// fitOf compares a column with that of the onsets; file, if there is one, parts
// the rows of different recordings.
func (p *profile) fitOf(onset, col int) fit {
	var f fit
	var far []float64
	low, high := math.Inf(1), math.Inf(-1)
	first, before, same := math.NaN(), math.Inf(-1), true
	for i := range p.rows {
		on, v := p.value(onset, i), p.value(col, i)
		if math.IsNaN(on) || math.IsNaN(v) {
			continue
		}
		if f.pairs++; f.pairs == 1 {
			first = v
		}
		same = same && v == first
		low, high = min(low, on), max(high, on)
		far = append(far, v-on)
		if v < on {
			f.before++
		}
		if next := p.value(onset, i+1); next >= on && v > next {
			f.over++
		}
		if v >= before {
			f.ascending++
		}
		before = v
	}
	if f.pairs > 0 {
		slices.SortFunc(far, cmp.Compare)
		f.median, f.span = far[len(far)/2], high-low
	}
	f.constant = same && high > low
	return f
}

// isEnd says whether a column is that of the ends of sounds: they lie behind
// their onsets, most before the next, or else are written as they are or go up with
// them. A column of one number is none where it lies behind the next onset.
func (p *profile) isEnd(onset, col int, src Source) bool {
	if !p.is(col).isNumbers() {
		return false
	}
	f := p.fitOf(onset, col)
	switch {
	case f.pairs == 0 || f.before*5 > f.pairs:
		return false
	case src.Seconds > 0 && p.beyond(col, src.Seconds)*2 > f.pairs:
		return false
	case f.over*2 <= f.pairs && !(f.constant && f.over > 0):
		return true
	}
	if on := p.is(onset).places; f.before == 0 && !f.constant && on[0] >= 3 && on[0] == on[1] && on == p.is(col).places {
		return true // one program wrote both as times: nested regions
	}
	return !f.constant && f.before == 0 && f.ascending*10 >= f.pairs*9 && f.median <= f.span
}

// beyond counts the numbers that lie behind the end of the recording.
func (p *profile) beyond(col int, length float64) (n int) {
	for i := range p.rows {
		if p.value(col, i) > length+.5 {
			n++
		}
	}
	return n
}

// isIndex says whether a column counts the rows: 0, 1, 2 ... or 1, 2, 3 ...
func (p *profile) isIndex(col int) bool {
	first := p.value(col, 0)
	if p.rows < 2 || first != 0 && first != 1 {
		return false
	}
	for i := range p.rows {
		if p.value(col, i) != first+float64(i) {
			return false
		}
	}
	return true
}

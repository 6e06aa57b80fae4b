package labelfile

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"prep/data"
)

// REAPER's projects (.rpp): blocks of lines, "<NAME" to ">". Markers and regions
// are on the project's time line, where recordings lie as items that begin
// somewhere; a take's own markers (TKM) are on the recording's.

// reaperItem is a stretch of a recording on the time line.
type reaperItem struct {
	position, length, offset, rate float64
	file                           string
}

// holds says whether the item sounds at a time.
func (t reaperItem) holds(at float64) bool { return at >= t.position && at < t.position+t.length }

// in returns a time of the project as one of the recording.
func (t reaperItem) in(at float64) float64 { return (at-t.position)*t.rate + t.offset }

// reaperMarker is a marker, or a region, which two lines make.
type reaperMarker struct {
	line       int
	index      string
	at, end    float64
	name       string
	isRegion   bool
	takeMarker bool
	item       int // of a take's marker
}

// reaperProject is what a project says.
type reaperProject struct {
	markers []reaperMarker
	items   []reaperItem
	blocks  []string // that are open
}

func isReaper(in *input) bool {
	return strings.HasPrefix(strings.TrimSpace(in.head), "<REAPER_PROJECT")
}

func readReaper(in *input, out *reading) error {
	p := reaperProject{}
	line := 0
	for text := range strings.Lines(in.text()) {
		line++
		if err := p.take(line, strings.TrimSpace(text)); err != nil {
			out.addFault(line, err)
		}
	}
	outside := 0
	for _, m := range p.markers {
		item, ok := p.itemOf(m)
		if !ok {
			outside++
			continue
		}
		k := Mark{Line: m.line, Onset: m.at, Class: m.name, File: item.file}
		if !m.takeMarker {
			k.Onset = item.in(m.at)
			if m.isRegion && m.end > m.at {
				k.End = item.in(m.end)
			}
		}
		if !out.addMark(k) {
			break
		}
	}
	if outside > 0 {
		out.note("left out: %s where no recording lies on the time line", data.Counted(outside, "marker"))
	}
	if len(p.items) > 0 {
		out.note("times are those of the recordings on the time line (%s)", data.Counted(len(p.items), "item"))
	}
	return nil
}

// itemOf returns the item that a marker is about: what lies under it. In a
// project without recordings, the time line is the recording.
func (p *reaperProject) itemOf(m reaperMarker) (reaperItem, bool) {
	if m.takeMarker {
		return p.items[m.item], true
	}
	if len(p.items) == 0 {
		return reaperItem{rate: 1}, true
	}
	for _, t := range p.items {
		if t.file != "" && t.holds(m.at) {
			return t, true
		}
	}
	return reaperItem{}, false
}

// maxReaperDepth bounds how deep blocks lie in each other.
const maxReaperDepth = 1000

// take takes in a line.
func (p *reaperProject) take(line int, text string) error {
	switch {
	case text == ">":
		p.blocks = p.blocks[:max(0, len(p.blocks)-1)]
		return nil
	case strings.HasPrefix(text, "<"):
		if len(p.blocks) == maxReaperDepth {
			return errors.New("blocks too deep in each other")
		}
		name, _, _ := strings.Cut(text[1:], " ")
		p.blocks = append(p.blocks, name)
		if name == "ITEM" {
			p.items = append(p.items, reaperItem{rate: 1})
		}
		return nil
	case text == "" || len(p.blocks) == 0:
		return nil
	}
	switch fields := reaperFields(text); p.blocks[len(p.blocks)-1] {
	case "REAPER_PROJECT":
		return p.takeMarker(line, fields)
	case "ITEM":
		return p.takeItem(line, fields)
	case "SOURCE":
		if item := len(p.items) - 1; item >= 0 && fields[0] == "FILE" && len(fields) > 1 && p.items[item].file == "" {
			p.items[item].file = strings.ReplaceAll(fields[1], `\`, "/")
		}
	}
	return nil
}

// takeMarker takes in a line of the project: MARKER index time name flags; the
// second line of a region has its end.
func (p *reaperProject) takeMarker(line int, fields []string) error {
	if fields[0] != "MARKER" || len(fields) < 3 {
		return nil
	}
	at, err := strconv.ParseFloat(fields[2], 64)
	if err != nil {
		return fmt.Errorf("%.40q is not a time in seconds", fields[2])
	}
	m := reaperMarker{line: line, index: fields[1], at: at}
	if len(fields) > 3 {
		m.name = fields[3]
	}
	if len(fields) > 4 {
		flags, _ := strconv.Atoi(fields[4])
		m.isRegion = flags&1 != 0
	}
	if n := len(p.markers); n > 0 && m.isRegion && p.markers[n-1].isRegion && p.markers[n-1].index == m.index && p.markers[n-1].end == 0 {
		p.markers[n-1].end = at
		return nil
	}
	p.markers = append(p.markers, m)
	return nil
}

// takeItem takes in a line of an item.
func (p *reaperProject) takeItem(line int, fields []string) error {
	item := &p.items[len(p.items)-1]
	if len(fields) < 2 {
		return nil
	}
	into := map[string]*float64{"POSITION": &item.position, "LENGTH": &item.length, "SOFFS": &item.offset, "PLAYRATE": &item.rate}[fields[0]]
	if into == nil && fields[0] != "TKM" {
		return nil
	}
	v, err := strconv.ParseFloat(fields[1], 64)
	if err != nil {
		return fmt.Errorf("%.40q is not a number", fields[1])
	}
	if into != nil {
		*into = v
		return nil
	}
	m := reaperMarker{line: line, at: v, takeMarker: true, item: len(p.items) - 1}
	if len(fields) > 2 {
		m.name = fields[2]
	}
	p.markers = append(p.markers, m)
	return nil
}

// reaperFields cuts a line at blanks; a field that has some stands in quotes of
// one of three kinds, which it does not hold itself.
func reaperFields(text string) (fields []string) {
	for text = strings.TrimSpace(text); text != ""; text = strings.TrimLeft(text, " ") {
		end, from := strings.IndexByte(text, ' '), 0
		if q := text[0]; strings.IndexByte("\"'`", q) >= 0 {
			from = 1
			end = strings.IndexByte(text[1:], q) + 1
			if end == 0 {
				end = len(text)
			}
		}
		if end < 0 {
			end = len(text)
		}
		fields = append(fields, text[from:end])
		text = text[min(len(text), end+from):]
	}
	return fields
}

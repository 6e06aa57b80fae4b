package plots

import (
	"slices"
	"strings"

	"prep/data"

	"gonum.org/v1/plot/vg"
)

// fitMiddle returns a name on one line and, where it is wider than width, without its middle: names of takes
// and people begin alike and differ at their end.
func (l lettering) fitMiddle(name string, width vg.Length) string {
	name = oneLine(name)
	if l.width(name) <= width {
		return name
	}
	runes := []rune(name)
	for keep := len(runes) - 1; keep > 1; keep-- {
		head, tail := (keep+1)/2, keep/2
		short := strings.TrimRight(string(runes[:head]), " ") + "…" + strings.TrimLeft(string(runes[len(runes)-tail:]), " ")
		if l.width(short) <= width {
			return short
		}
	}
	return l.fit(name, width)
}

// telling returns names as they fit beside each other: whole where all do, else without the words that all begin
// and end with, and where that is not enough without their middle.
func (l lettering) telling(names []string, width vg.Length) []string {
	short, wide := make([]string, len(names)), false
	for i, name := range names {
		short[i] = oneLine(name)
		wide = wide || l.width(short[i]) > width
	}
	if !wide {
		return short
	}
	head, tail := commonWords(short)
	var shortest []string
	for _, cut := range [][2]string{{"", tail}, {head, ""}, {head, tail}} {
		shortest = without(short, cut[0], cut[1])
		if !slices.ContainsFunc(shortest, func(name string) bool { return l.width(name) > width }) {
			return shortest
		}
	}
	for i, name := range shortest {
		shortest[i] = l.fitMiddle(name, width)
	}
	return shortest
}

// without returns names that all begin with head and end with tail with an ellipsis instead.
func without(names []string, head, tail string) []string {
	short := make([]string, len(names))
	for i, name := range names {
		short[i] = name[len(head) : len(name)-len(tail)]
		if head != "" {
			short[i] = "…" + short[i]
		}
		if tail != "" {
			short[i] = strings.TrimRight(short[i], " ") + "…"
		}
	}
	return short
}

// breaks end a word of a name.
const breaks = " -_/.,"

// commonWords returns what all names begin and end with, up to the end of a word, and "" of names that are the
// same or fewer than two.
func commonWords(names []string) (head, tail string) {
	if len(names) < 2 {
		return "", ""
	}
	head, tail = names[0], names[0]
	for _, name := range names[1:] {
		for !strings.HasPrefix(name, head) {
			head = head[:len(head)-1]
		}
		for !strings.HasSuffix(name, tail) {
			tail = tail[1:]
		}
	}
	head = head[:strings.LastIndexAny(head, breaks)+1]
	if at := strings.IndexAny(tail, breaks); at < 0 {
		tail = ""
	} else {
		tail = tail[at:]
	}
	for _, name := range names {
		if len(head)+len(tail) >= len(name) { // nothing of it would be left
			return "", ""
		}
	}
	return head, tail
}

// isNone reports whether a name is no class's: of hits that nobody named, or that a model
// takes for none of its sounds.
func isNone(name string) bool { return name == unlabelled || name == data.None }

// named returns the names that are classes'.
func named(classes []string) []string {
	return slices.DeleteFunc(slices.Clone(classes), isNone)
}

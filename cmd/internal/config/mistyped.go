package config

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"
)

// rarer is how many times as many hits a class has as one that is taken for a mistyped name of it.
// Two classes that somebody means to keep apart, "tham" and "thom", are about as many.
const rarer = 10

// Mistyped says, of how many hits each class has, which classes are likely others with a slip of the
// finger: rarer, and a letter or two neighbouring ones apart. Numbers tell classes apart: "snare1" is
// not "snare2". Those that differ in capitals and blanks alone ingest tells of itself.
func Mistyped(hits map[string]int) (notes []string) {
	classes := slices.SortedFunc(maps.Keys(hits), func(a, b string) int {
		return cmp.Or(hits[b]-hits[a], strings.Compare(a, b))
	})
	for i, class := range classes {
		for _, other := range classes[:i] {
			if hits[other] >= rarer*hits[class] && slipped(other, class) {
				notes = append(notes, fmt.Sprintf("class %q (%d) is likely %q (%d), mistyped: if so, `ingest: {labels: {%s: %s}}` in prep.yaml names it so",
					class, hits[class], other, hits[other], class, other))
				break
			}
		}
	}
	return notes
}

// Unmet says which classes are renamed that nothing had: those whose new name no hit bears. Hits
// says how many of each class there are, when they have been renamed.
func Unmet(renamed map[string]*string, hits map[string]int) (notes []string) {
	classes := slices.Sorted(maps.Keys(hits))
	for _, class := range slices.Sorted(maps.Keys(renamed)) {
		to := renamed[class]
		if to == nil || *to == "" || hits[*to] > 0 {
			continue
		}
		note := fmt.Sprintf("labels: nothing was called %q, so that nothing became %q", class, *to)
		if near := Nearest(class, classes); near != "" {
			note += fmt.Sprintf("; did you mean %s?", near)
		}
		notes = append(notes, note)
	}
	return notes
}

// slipped reports whether b is likely a with a slip of the finger.
func slipped(a, b string) bool {
	letters := func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}
	digits := func(r rune) rune {
		if unicode.IsDigit(r) {
			return r
		}
		return -1
	}
	a, b = strings.Map(letters, a), strings.Map(letters, b)
	return strings.Map(digits, a) == strings.Map(digits, b) && min(len(a), len(b)) >= 3 && (distance(a, b) == 1 || swapped(a, b))
}

// swapped reports whether b is a with two neighbouring letters the other way round.
func swapped(a, b string) bool {
	if len(a) != len(b) {
		return false
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	return i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]
}

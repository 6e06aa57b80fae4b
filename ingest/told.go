package ingest

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"prep/data"
)

// What a person is told of an ingest: what was decided in reading, what the set
// holds now, and what was left lying.

// teller gathers what is told.
type teller struct {
	sum  *data.Summary       // its notes and skips
	told map[string][]string // files by what holds of them
}

// tell notes what holds of a file; what holds of many is said once.
func (t *teller) tell(what, file string) {
	if files := t.told[what]; len(files) == 0 || files[len(files)-1] != file {
		t.told[what] = append(files, file)
	}
}

func (t *teller) note(format string, args ...any) {
	t.sum.Notes = append(t.sum.Notes, oneLine(fmt.Sprintf(format, args...)))
}

func (t *teller) skip(item, why string) {
	t.sum.Skips = append(t.sum.Skips, data.Skip{Item: oneLine(item), Reason: oneLine(why)})
}

// report completes the notes of the summary.
func (l *labeller) report(takes []take, recordings []data.Recording, said map[string]int) {
	for _, what := range slices.Sorted(maps.Keys(l.told)) {
		l.note("%s: %s", firstOf(l.told[what]), what)
	}
	classes := classCounts(recordings, said)
	l.noteCounts("classes", classes)
	groups := map[string]int{}
	for _, r := range recordings {
		groups[r.Group]++
	}
	l.noteCounts("recordings by group", groups)
	l.noteMeta(takes)
	l.noteUnmatched(takes)
	l.noteTwins(classes)
	l.noteReserved(classes)
	l.noteDecoders(recordings)
	l.notePassed()
}

// classCounts returns how many labels there are of each class; one that whole
// recordings have counts once a recording.
func classCounts(recordings []data.Recording, said map[string]int) map[string]int {
	classes := maps.Clone(said)
	for _, r := range recordings {
		if r.Class != "" {
			classes[r.Class]++
		}
	}
	return classes
}

// countsShown bounds a list of counts.
const countsShown = 24

// noteCounts lists counts, the largest first.
func (t *teller) noteCounts(of string, counts map[string]int) {
	names := slices.SortedFunc(maps.Keys(counts), func(a, b string) int {
		if d := counts[b] - counts[a]; d != 0 {
			return d
		}
		return strings.Compare(a, b)
	})
	if len(names) == 0 {
		return
	}
	var parts []string
	for _, n := range names[:min(len(names), countsShown)] {
		parts = append(parts, fmt.Sprintf("%s %d", n, counts[n]))
	}
	if more := len(names) - len(parts); more > 0 {
		parts = append(parts, fmt.Sprintf("and %d more", more))
	}
	t.note("%s: %s", of, strings.Join(parts, ", "))
}

// twinKey is what names that differ only in case, blanks and the like have in
// common.
func twinKey(name string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(" _-\t\u00a0", r) {
			return -1
		}
		return r
	}, strings.ToLower(norm.NFKC.String(name)))
}

// noteTwins tells of classes that differ in case or blanks only, and of the line
// that makes them one.
func (t *teller) noteTwins(classes map[string]int) {
	alike := map[string][]string{}
	for _, c := range slices.Sorted(maps.Keys(classes)) {
		alike[twinKey(c)] = append(alike[twinKey(c)], c)
	}
	for _, key := range slices.Sorted(maps.Keys(alike)) {
		names := alike[key]
		if len(names) < 2 {
			continue
		}
		slices.SortStableFunc(names, func(a, b string) int { return classes[b] - classes[a] })
		var counts, aliases []string
		for i, n := range names {
			counts = append(counts, fmt.Sprintf("%q (%d)", n, classes[n]))
			if i > 0 {
				aliases = append(aliases, fmt.Sprintf("%q: %q", n, names[0]))
			}
		}
		t.note("classes that differ in case or blanks only: %s; `labels: {%s}` in the section ingest of prep.yaml makes them one",
			strings.Join(counts, ", "), strings.Join(aliases, ", "))
	}
}

// reservedNames are what prep itself calls what has no class.
var reservedNames = []string{"unlabelled", "(rejected)", "(no class)"}

// noteReserved tells of classes that are called like what has none.
func (t *teller) noteReserved(classes map[string]int) {
	for _, c := range slices.Sorted(maps.Keys(classes)) {
		if slices.Contains(reservedNames, strings.ToLower(c)) {
			t.note("the class %q is called like what prep calls hits without a class; `labels: {%q: other}` in the section ingest of prep.yaml renames it", c, c)
		}
	}
}

// noteDecoders tells what was odd about recordings, by what it was.
func (t *teller) noteDecoders(recordings []data.Recording) {
	odd := map[string][]string{}
	for _, r := range recordings {
		decoding, channels := splitNote(r.Note)
		if what, _, _ := strings.Cut(decoding, ":"); what != "" {
			odd[what] = append(odd[what], r.Name)
		}
		if channels != "" {
			odd[channels] = append(odd[channels], r.Name)
		}
		if r.AlignmentUnknown {
			odd[unaligned] = append(odd[unaligned], r.Name)
		}
	}
	for _, what := range slices.Sorted(maps.Keys(odd)) {
		t.note("%s (%d): %s", what, len(odd[what]), firstOf(odd[what]))
	}
}

// unaligned is what holds of an MP3 without a LAME tag.
const unaligned = "recordings that do not say their encoder's delay, so that labels made elsewhere may be 13 ms or more off"

// noteUnmatched tells which settings found nothing, and what they were tried on.
func (l *labeller) noteUnmatched(takes []take) {
	names, classless := make([]string, len(takes)), []string{}
	for i, t := range takes {
		names[i] = t.name
		if t.class == "" {
			classless = append(classless, t.name)
		}
	}
	if pattern, _ := l.c.labelFrom(); pattern != nil && len(classless) > 0 {
		l.note("label_from %q finds no class in %d of %d paths: %s; without it classes are those of label files alone",
			l.c.LabelFrom, len(classless), len(names), firstOf(classless))
	}
	for _, p := range l.c.Labelling.Files {
		tried := make([]string, 0, len(names))
		for _, t := range takes {
			tried = append(tried, expand(p, t.name))
		}
		if l.patterns[p] == 0 && len(tried) > 0 {
			l.note("the pattern of label files %q finds none; it was tried as %s; without it label files are those beside their recordings", p, firstOf(tried))
		}
	}
}

// notePassed names what was passed over: what looks like label files first.
func (l *labeller) notePassed() {
	if len(l.labelled) > 0 {
		names := make([]string, len(l.labelled))
		for i, p := range l.labelled {
			names[i] = l.found.nameOf(p)
		}
		l.note("%d files look like label files of no recording here: %s; name where labels lie, as --labels '%s', or take them in as one person's by `prep label --import`",
			len(names), firstOf(names), patternOf(names[0]))
	}
	var others []string
	for p := range l.found.passed {
		if !slices.Contains(l.labelled, p) {
			others = append(others, l.found.nameOf(p))
		}
	}
	slices.Sort(others)
	if len(others) > 0 {
		l.note("%d other files are no recordings: %s", len(others), firstOf(others))
	}
}

// patternOf returns the pattern of label files that a file's name suggests.
func patternOf(name string) string {
	dir, base := filepath.Split(name)
	return filepath.ToSlash(dir) + "{stem}" + ext(base)
}

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

// tell notes what holds of a file; what holds of many is said once.
func (in *intake) tell(what, file string) {
	if in.told == nil {
		in.told = map[string][]string{}
	}
	in.told[what] = append(in.told[what], file)
}

func (in *intake) note(format string, args ...any) {
	in.sum.Notes = append(in.sum.Notes, oneLine(fmt.Sprintf(format, args...)))
}

// report completes the notes of the summary.
func (in *intake) report(recordings []data.Recording, said map[string]int) {
	for _, what := range slices.Sorted(maps.Keys(in.told)) {
		in.note("%s: %s", firstOf(in.told[what]), what)
	}
	classes := classCounts(recordings, said)
	in.noteCounts("classes", classes)
	groups := map[string]int{}
	for _, r := range recordings {
		groups[r.Group]++
	}
	in.noteCounts("recordings by group", groups)
	in.noteMeta()
	in.noteUnmatched()
	in.noteTwins(classes)
	in.noteReserved(classes)
	in.noteDecoders(recordings)
	in.notePassed()
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
func (in *intake) noteCounts(of string, counts map[string]int) {
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
	in.note("%s: %s", of, strings.Join(parts, ", "))
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
func (in *intake) noteTwins(classes map[string]int) {
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
		in.note("classes that differ in case or blanks only: %s; `labels: {%s}` in the section ingest of prep.yaml makes them one",
			strings.Join(counts, ", "), strings.Join(aliases, ", "))
	}
}

// reservedNames are what prep itself calls what has no class.
var reservedNames = []string{"unlabelled", "(rejected)", "(no class)"}

// noteReserved tells of classes that are called like what has none.
func (in *intake) noteReserved(classes map[string]int) {
	for _, c := range slices.Sorted(maps.Keys(classes)) {
		if slices.Contains(reservedNames, strings.ToLower(c)) {
			in.note("the class %q is called like what prep calls hits without a class; `labels: {%q: other}` in the section ingest of prep.yaml renames it", c, c)
		}
	}
}

// noteDecoders tells what was odd about recordings, by what it was.
func (in *intake) noteDecoders(recordings []data.Recording) {
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
		in.note("%s (%d): %s", what, len(odd[what]), firstOf(odd[what]))
	}
}

// unaligned is what holds of an MP3 without a LAME tag.
const unaligned = "recordings that do not say their encoder's delay, so that labels made elsewhere may be 13 ms or more off"

// noteUnmatched tells which settings found nothing, and what they were tried on.
func (in *intake) noteUnmatched() {
	names, classless := make([]string, len(in.takes)), []string{}
	for i, t := range in.takes {
		names[i] = t.name
		if t.class == "" {
			classless = append(classless, t.name)
		}
	}
	if pattern, _ := in.c.labelFrom(); pattern != nil && len(classless) > 0 {
		in.note("label_from %q finds no class in %d of %d paths: %s; without it classes are those of label files alone",
			in.c.LabelFrom, len(classless), len(names), firstOf(classless))
	}
	for _, p := range in.c.Labelling.Files {
		tried := make([]string, 0, len(names))
		for _, t := range in.takes {
			tried = append(tried, expand(p, t.name))
		}
		if in.patterns[p] == 0 && len(tried) > 0 {
			in.note("the pattern of label files %q finds none; it was tried as %s; without it label files are those beside their recordings", p, firstOf(tried))
		}
	}
}

// notePassed names what was passed over: what looks like label files first.
func (in *intake) notePassed() {
	if len(in.labelled) > 0 {
		names := make([]string, len(in.labelled))
		for i, p := range in.labelled {
			names[i] = in.found.nameOf(p)
		}
		in.note("%d files look like label files of no recording here: %s; name where labels lie, as --labels '%s', or take them in as one person's by `prep label --import`",
			len(names), firstOf(names), patternOf(names[0]))
	}
	var others []string
	for p := range in.found.passed {
		if !slices.Contains(in.labelled, p) {
			others = append(others, in.found.nameOf(p))
		}
	}
	slices.Sort(others)
	if len(others) > 0 {
		in.note("%d other files are no recordings: %s", len(others), firstOf(others))
	}
}

// patternOf returns the pattern of label files that a file's name suggests.
func patternOf(name string) string {
	dir, base := filepath.Split(name)
	return filepath.ToSlash(dir) + "{stem}" + ext(base)
}

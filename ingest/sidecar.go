package ingest

import (
	"cmp"
	"errors"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"prep/data"
	"prep/data/disk"
	"prep/data/labelfile"
)

// Sidecars: which label file lies beside a recording.

// endings are those of label files, behind an audio file's stem or its whole
// name, in the order in which they are looked for.
var endings = inCases(".txt", ".tsv", ".csv", ".TextGrid", ".selections.txt", ".Table.1.selections.txt", ".onsets",
	".lab", ".svl", ".jams", ".eaf", ".mid", ".midi", ".json", ".BirdNET.selection.table.txt", ".BirdNET.results.csv", ".rpp")

// suffixes are what people put between the stem and the ending.
var suffixes = []string{"", "_labels", "-labels", ".labels", " labels", "_label", "_annotations", "_annotation", ".annotations", "_onsets", "_markers", ".predicted"}

// inCases returns each ending as it is, in lower and in upper case.
func inCases(endings ...string) (all []string) {
	for _, end := range endings {
		all = append(all, end, strings.ToLower(end), strings.ToUpper(end))
	}
	return slices.Compact(all)
}

// LabelStem returns a file's name without what marks it as the label file of a
// recording of the rest of the name; ok is false where nothing does.
func LabelStem(name string) (stem string, ok bool) {
	stem = name
	for _, suffix := range suffixes {
		for _, end := range endings {
			if s, found := strings.CutSuffix(name, suffix+end); found && len(s) < len(stem) {
				stem = s
			}
		}
	}
	return stem, stem != name
}

// shelf is the files of one folder by the recordings whose label files they may
// be: by stem or by whole name, the likeliest first.
type shelf map[string][]string

// readShelf reads a folder. One that may not be read has nothing on its shelf.
func (f *finder) readShelf(dir string) shelf {
	type ranked struct {
		name string
		rank int
	}
	found := map[string][]ranked{}
	entries, err := disk.ReadDir(dir)
	f.met(err)
	for _, e := range entries {
		if IsAudio(e.Name()) || e.IsDir() {
			continue
		}
		for i, suffix := range suffixes {
			for j, end := range endings {
				if base, ok := strings.CutSuffix(e.Name(), suffix+end); ok {
					found[base] = append(found[base], ranked{e.Name(), i*len(endings) + j})
				}
			}
		}
	}
	s := shelf{}
	for base, files := range found {
		slices.SortFunc(files, func(a, b ranked) int { return cmp.Or(a.rank-b.rank, strings.Compare(a.name, b.name)) })
		for _, f := range files {
			s[base] = append(s[base], filepath.Join(dir, f.name))
		}
	}
	return s
}

// labeller finds out what label files say of recordings.
type labeller struct {
	teller
	c        Config
	found    *finder
	meta     meta
	shelves  map[string]shelf // the label files of folders
	patterns map[string]int   // how many files each pattern of label files found
	tried    map[string]bool  // files beside recordings without a label in them, which are told
	labelled []string         // files that look like label files and are none of a recording here
}

// candidates returns where the label file of a take may lie: where prep.yaml
// says, then beside it.
func (l *labeller) candidates(t take) (paths []string) {
	_, conversion := conversionOf(t.path)
	below, err := filepath.Rel(t.root, t.path)
	if conversion {
		below = filepath.FromSlash(t.name) // its original's
	}
	if err == nil {
		for _, pattern := range l.c.Labelling.Files {
			paths = append(paths, filepath.Join(t.root, filepath.FromSlash(expand(pattern, filepath.ToSlash(below)))))
		}
	}
	dir := filepath.Dir(t.path)
	s, ok := l.shelves[dir]
	if !ok {
		s = l.found.readShelf(dir)
		l.shelves[dir] = s
	}
	base := filepath.Base(t.path)
	paths = slices.Concat(paths, s[stem(base)], s[base])
	if original := filepath.Base(below); conversion {
		paths = slices.Concat(paths, s[stem(original)], s[original])
	}
	return paths
}

// sidecar reads the label file of the takes of a recording: the first with a
// label in it. Others that look like label files are passed over, and told; nil
// where there is none.
func (l *labeller) sidecar(takes []take, r data.Recording) (said *statement) {
	for _, t := range takes {
		for i, p := range l.candidates(t) {
			if info, err := disk.Stat(p); l.found.met(err) || err != nil || !info.Mode().IsRegular() {
				continue
			}
			if i < len(l.c.Labelling.Files) {
				l.patterns[l.c.Labelling.Files[i]]++
			}
			if said == nil {
				said = l.read(p, nameBelow(t.root, p), r)
			} else if l.found.passed[p] && !l.tried[p] && l.readable(p) {
				l.tell("passed over, for "+said.name+" has the labels of that recording", nameBelow(t.root, p))
				l.tried[p] = true
			}
		}
	}
	return said
}

// read reads a label file; nil of one without a label in it, which is told.
func (l *labeller) read(p, name string, r data.Recording) *statement {
	s := l.c.statement(p, name, r)
	l.found.met(s.err)
	if errors.Is(s.err, labelfile.ErrNoLabels) {
		l.tell("no labels in it: "+cause(s.err), s.name)
		l.tried[p] = true
		return nil
	}
	delete(l.found.passed, p)
	l.countStatement(s)
	return s
}

// readable reports whether a file looks like a label file.
func (l *labeller) readable(p string) bool {
	ok, err := labelfile.ReadableFile(p, maxLabelFile)
	l.found.met(err)
	return ok
}

// markers makes labels of the markers inside a WAV file.
func (l *labeller) markers(t take, r data.Recording) *statement {
	s := &statement{name: nameBelow(t.root, t.path), whole: len(t.inside.Faults) == 0,
		notes: append(t.inside.Notes, "the labels are the markers inside the file")}
	s.report(t.inside.Faults, len(t.inside.Marks))
	s.place(l.c, t.inside.Marks, r)
	l.countStatement(s)
	return s
}

// markersIn reads the markers inside a file that is RIFF; nil where there are
// none.
func (c Config) markersIn(r io.ReaderAt, size int64, audio data.Recording) *labelfile.Reading {
	src := labelfile.Source{Rate: audio.SourceRate, Seconds: float64(audio.Samples) / float64(audio.Rate)}
	read, err := labelfile.ReadWAV(r, size, src, c.Labelling.Options())
	if err != nil || len(read.Marks) == 0 {
		return nil
	}
	return &read
}

// nameBelow returns what a file below a folder is called in reports.
func nameBelow(root, p string) string {
	name, err := filepath.Rel(root, p)
	if err != nil {
		name = filepath.Base(p)
	}
	return oneLine(filepath.ToSlash(name))
}

// cause returns why a file holds no labels, without the words that say that it
// holds none.
func cause(err error) string {
	return strings.TrimPrefix(err.Error(), labelfile.ErrNoLabels.Error()+": ")
}

// countStatement takes what a label file says into the summary.
func (l *labeller) countStatement(s *statement) {
	l.sum.Skips = append(l.sum.Skips, s.skips...)
	l.sum.Counts["labels"] += len(s.labels)
	if s.dropped > 0 {
		l.sum.Counts["dropped labels"] += s.dropped
	}
	for _, n := range s.notes {
		l.tell(n, s.name)
	}
}

package desk

import (
	"cmp"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"prep/data"
	"prep/data/labelfile"
)

// Files is how label files of other programs are read.
type Files struct {
	Options labelfile.Options
	// Stem returns the name of the recording that a label file is about, and
	// whether the name is that of a label file.
	Stem func(name string) (stem string, known bool)
	// Class returns what a class is called in the set; ok is false where it is
	// dropped.
	Class func(name string) (class string, ok bool)
}

// Import takes in the labels of a file, or of the files in a folder, as said by
// the desk's person, and as one act, which undo takes back. A file is about the
// recording that it is named like, unless it says itself what it is about. It
// fails when there is no label in them of a recording here; what else could not
// be read are skips.
func (d *Desk) Import(root string, f Files) (data.Summary, error) {
	files, err := labelFiles(root, f)
	if err != nil {
		return data.Summary{}, err
	}
	var notes []string
	var all []account
	skips := []data.Skip{}
	from := map[string]string{} // the file that speaks of a recording
	for _, file := range files {
		r := fileReader{catalog: d.Catalog, file: file, how: f, loudest: d.loudest}
		accounts, err := r.read()
		notes = append(notes, r.notes...)
		skipped := r.skips
		if err != nil {
			skipped = append(skipped, data.Skip{Item: file.name, Reason: strings.Join(strings.Fields(err.Error()), " ")})
		}
		skips = append(skips, skipped...)
		for _, a := range accounts {
			if earlier := from[a.recording]; earlier != "" {
				skips = append(skips, data.Skip{Item: file.name, Reason: "it speaks of a recording that " + earlier + " spoke of already"})
				continue
			}
			from[a.recording] = file.name
			all = append(all, a)
		}
	}
	if len(all) == 0 {
		return data.Summary{}, fmt.Errorf("%s: no labels of this set's recordings: %s", root, firstReason(skips))
	}
	sum, err := d.take(all)
	sum.Skips, sum.Notes = skips, notes
	if sum.Counts["new"]+sum.Counts["moved"] > 0 {
		sum.Notes = append(sum.Notes, "run `prep segment` again: labels attach to the hits that they mean, and make one where there is none")
	}
	return sum, err
}

func firstReason(skips []data.Skip) string {
	if len(skips) == 0 {
		return "there is no label file"
	}
	return skips[0].Item + ": " + skips[0].Reason
}

// labelFile is a file with its name below the folder that was named.
type labelFile struct{ path, name string }

// labelFiles returns what may be label files at a path, in the order of their
// names.
func labelFiles(root string, f Files) (files []labelFile, err error) {
	info, err := os.Stat(root)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		return []labelFile{{root, filepath.Base(root)}}, nil
	}
	err = filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		if err != nil || !e.Type().IsRegular() {
			return err
		}
		name, err := filepath.Rel(root, path)
		_, known := f.Stem(name)
		if known {
			files = append(files, labelFile{path, filepath.ToSlash(name)})
		}
		return err
	})
	return files, err
}

// account is what a file of another program says about one recording.
type account struct {
	recording string       // its ID
	labels    []data.Label // by onset; of each only Onset, End, Class, By and Who count
	whole     bool         // whether all of the file could be read
}

// fileReader reads one label file.
type fileReader struct {
	catalog data.Catalog
	file    labelFile
	how     Files
	// loudest returns where the loudest hit of a recording is shown; false where
	// it has none.
	loudest func(recording string) (onset int, ok bool)
	skips   []data.Skip
	notes   []string
}

// maxFile bounds a label file: Label Studio's JSON of 100,000 tasks is 100 MB.
const maxFile = 256 << 20

// read returns what the file says, by recording.
func (f *fileReader) read() ([]account, error) {
	content, err := labelfile.Load(f.file.path, maxFile)
	if err != nil {
		return nil, err
	}
	stem, _ := f.how.Stem(f.file.name)
	own, ownErr := f.catalog.Find(stem)
	src := labelfile.Source{Rate: own.SourceRate}
	if ownErr == nil {
		src.Seconds = float64(own.Samples) / float64(own.Rate)
	}
	read, err := labelfile.Read(filepath.Base(f.file.path), content, src, f.how.Options)
	if err != nil {
		return nil, err
	}
	for _, n := range read.Notes {
		f.notes = append(f.notes, f.file.name+": "+n)
	}
	for _, fault := range read.Faults {
		f.skip(fault.Line, fault.Reason)
	}
	return f.accounts(read, own, ownErr)
}

func (f *fileReader) skip(line int, why string) {
	f.skips = append(f.skips, data.Skip{Item: fmt.Sprintf("%s:%d", f.file.name, line), Reason: why})
}

// loudest returns where the loudest hit of a recording is shown.
func (d *Desk) loudest(recording string) (onset int, ok bool) {
	i, _ := d.Index(recording)
	if len(d.hits[i]) == 0 {
		return 0, false
	}
	h := slices.MaxFunc(d.hits[i], func(a, b data.Hit) int { return cmp.Compare(a.PeakDB, b.PeakDB) })
	items, err := d.Named([]string{h.ID})
	if err != nil {
		return 0, false
	}
	return items[0].Onset, true
}

// accounts parts marks by the recordings that they are about: own where they do
// not say.
func (f *fileReader) accounts(read labelfile.Reading, own data.Recording, ownErr error) (all []account, err error) {
	at := map[string]int{}
	ofOne := !slices.ContainsFunc(read.Marks, func(m labelfile.Mark) bool { return m.File != read.Marks[0].File })
	for _, m := range read.Marks {
		r, err := own, ownErr
		// ELAN and JAMS name the file that was annotated, which may have been
		// renamed since: of a file about one recording its own name counts first.
		if m.File != "" && (!ofOne || ownErr != nil) {
			r, err = f.catalog.Find(m.File)
		}
		if err != nil {
			if m.File == "" || ofOne && len(read.Marks) > 1 {
				return nil, cmp.Or(ownErr, err)
			}
			f.skip(m.Line, fmt.Sprintf("%s: %v", m.File, err))
			continue
		}
		i, ok := at[r.ID]
		if !ok {
			i, at[r.ID] = len(all), len(all)
			all = append(all, account{recording: r.ID, whole: len(read.Faults) == 0})
		}
		if !f.add(&all[i], m, r) {
			all[i].whole = false
		}
	}
	for i := range all {
		slices.SortStableFunc(all[i].labels, func(a, b data.Label) int { return a.Onset - b.Onset })
		all[i].labels = slices.CompactFunc(all[i].labels, func(a, b data.Label) bool { return a.Onset == b.Onset })
	}
	return all, nil
}

// add adds what a mark says; false where it says nothing that can be taken in.
func (f *fileReader) add(a *account, m labelfile.Mark, r data.Recording) bool {
	class, ok := f.how.Class(m.Class)
	if !ok {
		return true // dropped, as asked
	}
	class, err := data.Name(class)
	onset := int(m.Onset*float64(r.Rate) + 0.5)
	if m.Whole { // a class of the recording: of its one hit, or of its loudest
		if onset, ok = f.loudest(r.ID); !ok {
			f.skip(m.Line, fmt.Sprintf("%q is the class of %s, which has no hit", class, r.Name))
			return false
		}
	}
	switch {
	case err != nil:
		f.skip(m.Line, err.Error())
		return false
	case onset >= r.MarkLimit():
		f.skip(m.Line, fmt.Sprintf("%g s lies beyond the end of the recording at %.3f s", m.Onset, float64(r.Samples)/float64(r.Rate)))
		return false
	}
	l := data.Label{Recording: r.ID, Onset: onset, Class: class, By: data.ByHuman}
	if m.Model {
		l.By, l.Who = data.ByModel, m.Who
	}
	if end := min(int(m.End*float64(r.Rate)+0.5), r.Samples); end > onset {
		l.End = end
	}
	a.labels = append(a.labels, l)
	return true
}

// take takes in what files of other programs say. A file speaks for its whole
// recording: where it has a label no longer, what stood there is taken back,
// unless another person said it or the file could not be read to its end.
// Labels by a model are said by the model and take nothing back.
func (d *Desk) take(all []account) (data.Summary, error) {
	sum := data.Summary{Stage: "import labels", Counts: map[string]int{}}
	var people, models []data.Label
	for _, a := range all {
		i, _ := d.Index(a.recording)
		c := comparison{d, i, a, sum.Counts}
		sum.Counts["recordings"]++
		sum.Counts["labels"] += len(a.labels)
		if len(a.labels) > 0 && a.labels[0].By == data.ByModel {
			models = append(models, c.modelLines()...)
			continue
		}
		people = append(people, c.peopleLines()...)
	}
	for _, lines := range [][]data.Label{people, models} {
		if len(lines) == 0 {
			continue
		}
		if _, err := d.write(lines); err != nil {
			return sum, err
		}
	}
	sum.Unchanged = len(people)+len(models) == 0
	return sum, nil
}

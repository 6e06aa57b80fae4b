package desk

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"prep/data"
)

// Files is how label files of other programs are read.
type Files struct {
	// Stem returns the name of the recording that a label file is about, and
	// whether the name is that of a label file.
	Stem func(name string) (stem string, known bool)
	// Read returns what a file says of a recording, by onset, whether all of it
	// could be read, and what could not. The name is for messages.
	Read func(path, name string, r data.Recording) (says map[int]data.Label, whole bool, skips []data.Skip)
}

// Import takes in the labels of a file, or of the files in a folder, as said by
// the desk's person, and as one act, which undo takes back. A file is about the
// recording that it is named like; one of Label Studio's tasks (JSON) says
// itself what they are about. It fails when there is no label in them of a
// recording here; what else could not be read are skips.
func (d *Desk) Import(root string, f Files) (data.Summary, error) {
	files, err := labelFiles(root, f)
	if err != nil {
		return data.Summary{}, err
	}
	var all []account
	skips := []data.Skip{}
	from := map[string]string{} // the file that speaks of a recording
	for _, file := range files {
		accounts, skipped, err := d.read(file, f)
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
	sum.Skips = skips
	if sum.Counts["new"]+sum.Counts["moved"] > 0 {
		sum.Notes = append(sum.Notes, "run `prep segment` again: labels that lie where no hit is make one, or attach to the nearest")
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
		if known || filepath.Ext(name) == ".json" {
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

// read reads one label file.
func (c catalog) read(file labelFile, f Files) ([]account, []data.Skip, error) {
	if filepath.Ext(file.name) == ".json" {
		r, err := os.Open(file.path)
		if err != nil {
			return nil, nil, err
		}
		defer r.Close()
		return c.readStudio(r)
	}
	stem, _ := f.Stem(file.name)
	recording, err := c.find(stem)
	if err != nil {
		return nil, nil, err
	}
	says, whole, skips := f.Read(file.path, file.name, recording)
	a := account{recording: recording.ID, whole: whole}
	for _, onset := range slices.Sorted(maps.Keys(says)) {
		a.labels = append(a.labels, says[onset])
	}
	switch {
	case len(a.labels) > 0:
		return []account{a}, skips, nil
	case len(skips) > 0:
		return nil, skips, nil
	}
	return nil, nil, errors.New("no labels in it")
}

// take takes in what files of other programs say. A file speaks for its whole
// recording: where it has a label no longer, what stood there is taken back,
// unless another person said it or the file could not be read to its end.
// Labels by a model are said by the model and take nothing back.
func (d *Desk) take(all []account) (data.Summary, error) {
	sum := data.Summary{Stage: "import labels", Counts: map[string]int{}}
	var people, models []data.Label
	for _, a := range all {
		c := comparison{d, d.index[a.recording], a, sum.Counts}
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

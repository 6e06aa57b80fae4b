package main

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"prep/data"
	"prep/data/label"
	"prep/ingest"
)

// importLabels takes in the labels of a file or of the files in a folder, as
// said by o.who. A file is about the recording that it is named like; one of
// Label Studio says itself what its tasks are about.
func (a *app) importLabels(set *data.Set, o labelOptions) (result, error) {
	page, err := label.New(set, label.Config{Who: o.who})
	if err != nil {
		return nil, err
	}
	files, err := labelFiles(o.from)
	if err != nil {
		return nil, err
	}
	var all []label.Said
	skips := []data.Skip{}
	from := map[string]string{} // the file that speaks of a recording
	for _, f := range files {
		said, skipped, err := a.readLabels(page, f)
		if err != nil {
			skipped = append(skipped, data.Skip{Item: f.name, Reason: oneLine(err)})
		}
		skips = append(skips, skipped...)
		for _, s := range said {
			if earlier := from[s.Recording]; earlier != "" {
				skips = append(skips, data.Skip{Item: f.name, Reason: "it speaks of a recording that " + earlier + " spoke of already"})
				continue
			}
			from[s.Recording] = f.name
			all = append(all, s)
		}
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("%s: no labels of this set's recordings: %s", o.from, why(skips))
	}
	sum, err := page.Import(all)
	sum.Skips = skips
	if sum.Counts["new"]+sum.Counts["moved"] > 0 {
		sum.Notes = append(sum.Notes, "run `prep segment` again: labels that lie where no hit is make one, or attach to the nearest")
	}
	return stageResult{sum}, err
}

// why returns the first reason of some.
func why(skips []data.Skip) string {
	if len(skips) == 0 {
		return "there is no label file"
	}
	return skips[0].Item + ": " + skips[0].Reason
}

// labelFile is a file with its name below the folder that was named.
type labelFile struct{ path, name string }

// labelFiles returns what may be label files at a path, in the order of their
// names.
func labelFiles(root string) (files []labelFile, err error) {
	info, err := os.Stat(root)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		return []labelFile{{root, filepath.Base(root)}}, nil
	}
	err = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		name, err := filepath.Rel(root, path)
		_, known := ingest.LabelStem(name)
		if known || filepath.Ext(name) == ".json" {
			files = append(files, labelFile{path, filepath.ToSlash(name)})
		}
		return err
	})
	return files, err
}

// readLabels reads one label file.
func (a *app) readLabels(page *label.Page, f labelFile) ([]label.Said, []data.Skip, error) {
	if filepath.Ext(f.name) == ".json" {
		r, err := os.Open(f.path)
		if err != nil {
			return nil, nil, err
		}
		defer r.Close()
		return page.LabelStudio(r)
	}
	stem, _ := ingest.LabelStem(f.name)
	recording, err := page.Find(stem)
	if err != nil {
		return nil, nil, err
	}
	says, whole, skips := a.config.Ingest.LabelFile(f.path, f.name, recording)
	said := label.Said{Recording: recording.ID, Whole: whole}
	for _, onset := range slices.Sorted(maps.Keys(says)) {
		said.Labels = append(said.Labels, says[onset])
	}
	switch {
	case len(said.Labels) > 0:
		return []label.Said{said}, skips, nil
	case len(skips) > 0:
		return nil, skips, nil
	}
	return nil, nil, errors.New("no labels in it")
}

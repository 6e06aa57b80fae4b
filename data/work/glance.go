package work

import (
	"errors"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"prep/data"
	"prep/data/disk"
)

// Look is how Outdated compares the files of a set with their digests in records.
type Look int

const (
	// Whole reads every file.
	Whole Look = iota
	// Glance takes a file for what the youngest record that names it says, where that record is
	// younger than the file, and reads the others: a word on what comes next may rest on that, what a
	// stage does may not. It is wrong of a file that another took the place of with its old time.
	// The journal of labels is always read, for lines come while a stage is at work.
	Glance
)

// known are the digests of files that need not be read, by their names.
type known map[string]string

// knownBy returns what records say of files that are older than they are.
func knownBy(set *data.Set, records []record) (known, error) {
	written := map[string]time.Time{}
	for _, r := range records {
		info, err := disk.Stat(set.Path(runsDir, r.Stage+recordExt))
		if err != nil {
			return nil, err
		}
		written[r.Stage] = info.ModTime()
	}
	youngestLast := slices.SortedStableFunc(slices.Values(records), func(a, b record) int {
		return written[a.Stage].Compare(written[b.Stage])
	})
	said, at := known{}, map[string]time.Time{}
	for _, r := range youngestLast {
		for _, files := range []map[string]string{r.Inputs, r.Outputs} {
			maps.Copy(said, files)
			for name := range files {
				at[name] = written[r.Stage]
			}
		}
	}
	for name, record := range at {
		info, err := disk.Stat(set.Path(filepath.FromSlash(strings.TrimSuffix(name, originals))))
		gone := errors.Is(err, fs.ErrNotExist)
		if err != nil && !gone {
			return nil, err
		}
		if gone || name == data.LabelsFile || !info.ModTime().Before(record) || said[name] == absent {
			delete(said, name)
		}
	}
	return said, nil
}

// digests returns the digests of files, of which it reads those that are not known.
func (k known) digests(set *data.Set, files map[string]string) (map[string]string, error) {
	sums := make(map[string]string, len(files))
	for name := range files {
		sum, ok := k[name]
		if !ok {
			var err error
			if sum, err = digest(set, name); err != nil {
				return nil, err
			}
		}
		sums[name] = sum
	}
	return sums, nil
}

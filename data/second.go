package data

import (
	"errors"
	"io/fs"
	"path"
	"strings"

	"prep/data/disk"
)

// SecondDir holds what second labellers say, a journal each, in the form of labels.jsonl. No stage
// reads them: a second opinion overrules nobody.
const SecondDir = "second"

// JournalExt ends the name of a journal.
const JournalExt = ".jsonl"

// SecondFiles returns the journals of second labellers, below the set, sorted.
func (s *Set) SecondFiles() (files []string, err error) {
	entries, err := disk.ReadDir(s.Path(SecondDir))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), JournalExt) {
			files = append(files, path.Join(SecondDir, e.Name()))
		}
	}
	return files, nil
}

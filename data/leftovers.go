package data

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// folders are those of a set that prep makes. In no others does it remove anything.
var folders = []string{"audio", "features", "models", "plots", "runs", ShardsDir, "sweeps", "detectors"}

// temporary matches the name of a file that CreateFile has begun.
var temporary = regexp.MustCompile(`.\.[0-9a-f]{16}\` + TmpSuffix + `$`)

// leftovers returns what writers that were killed left: files by the temporary names that
// prep gives, in a set's root and its own folders, and folders of shards on their way out.
// Their names are relative to the set, whose directory may be a link.
func (s *Set) leftovers() (left []string, err error) {
	root, err := filepath.EvalSymlinks(s.dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	err = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		name, _ := filepath.Rel(root, path)
		top, below, _ := strings.Cut(filepath.ToSlash(name), "/")
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil // renamed by a writer meanwhile
		case err != nil || name == ".":
			return err
		case d.IsDir() && below == "" && !slices.Contains(folders, top):
			return fs.SkipDir
		case d.IsDir() && top == ShardsDir && strings.HasSuffix(below, TmpSuffix) && !strings.Contains(below, "/"):
			left = append(left, name)
			return fs.SkipDir
		case d.Type().IsRegular() && temporary.MatchString(d.Name()):
			left = append(left, name)
		}
		return nil
	})
	return left, err
}

// sweep removes what killed writers left.
func sweep(s *Set) error {
	left, err := s.leftovers()
	for _, name := range left {
		err = errors.Join(err, os.RemoveAll(s.Path(name)))
	}
	return err
}

package data

import (
	"errors"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"prep/data/disk"
)

// folders are those of a set that prep makes. In no others does it remove anything.
var folders = []string{"audio", "features", "models", "plots", "runs", ShardsDir, "sweeps", "detectors", "takes", SecondDir}

// temporary matches the name of a file that CreateFile has begun.
var temporary = regexp.MustCompile(`.\.[0-9a-f]{16}\` + TmpSuffix + `$`)

// leftovers returns what writers that were killed left: files by the temporary names that
// prep gives, in a set's root and its own folders, folders of shards on their way out, and
// those of bundles that are not in place.
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
		case d.IsDir() && below != "" && unsettled.MatchString(d.Name()):
			left = append(left, name)
			return fs.SkipDir
		case d.Type().IsRegular() && temporary.MatchString(d.Name()):
			left = append(left, name)
		}
		return nil
	})
	return left, err
}

// sweep removes what killed writers left, but for bundles that are complete, which it
// puts in place.
func sweep(s *Set) error {
	left, err := s.leftovers()
	for _, name := range left {
		if b, ok := pendingBundle(s.Path(name)); ok {
			err = errors.Join(err, b.settle())
		} else {
			err = errors.Join(err, disk.RemoveAll(s.Path(name)))
		}
	}
	return err
}

// pendingBundle returns the bundle that lies complete in a folder, if one does.
func pendingBundle(folder string) (b Bundle, ok bool) {
	parts := unsettled.FindStringSubmatch(filepath.Base(folder))
	if parts == nil || parts[2] != bundleNext {
		return b, false
	}
	return BundleIn(filepath.Dir(folder), parts[1]), true
}

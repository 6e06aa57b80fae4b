package data

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"prep/data/disk"
)

// A set may come from a stranger. Before prep reads or writes in one, it looks at
// what there is: nothing may lead out of it or never end.

// ErrForeign says that a set holds what no set of prep's has, and what its commands
// must not touch.
var ErrForeign = errors.New("prep does not touch it")

// inspect fails, with an error that wraps ErrForeign, where among the files and
// folders of the set that are prep's one is no file or folder but a pipe, a socket
// or a device, a link that leads out of them, or a file that no stage writes as
// long. A set that is not there passes.
func (s *Set) inspect() error {
	root, err := filepath.EvalSymlinks(s.dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		name, _ := filepath.Rel(root, path)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil // renamed by a writer meanwhile
		case err != nil || name == ".":
			return err
		case !isOurs(name):
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		if what := foreign(root, path, d); what != "" {
			return fmt.Errorf("%s: %s; %w: remove it, or put a file of the set's own in its place", s.Path(name), what, ErrForeign)
		}
		return nil
	})
}

// isOurs reports whether a name below a set is one that prep may read or write: a
// file in the set's root, but for those of kinds that it has none of, or anything in
// its folders.
func isOurs(name string) bool {
	top, _, below := strings.Cut(filepath.ToSlash(name), "/")
	if below || slices.Contains(folders, top) {
		return slices.Contains(folders, top)
	}
	return top == LockFile || slices.Contains([]string{".jsonl", ".json", ".html", ".md", ".csv"}, filepath.Ext(top))
}

// foreign says what is wrong with an entry of a set, or returns "".
func foreign(root, path string, d fs.DirEntry) string {
	mode := d.Type()
	if mode&fs.ModeSymlink != 0 {
		target, err := filepath.EvalSymlinks(path)
		if err != nil {
			return "a link to nothing"
		}
		below, err := filepath.Rel(root, target)
		if err != nil || !filepath.IsLocal(below) || !isOurs(below) {
			return "a link that leads out of the set"
		}
		info, err := os.Stat(target)
		if err != nil {
			return "a link to nothing"
		}
		mode = info.Mode().Type()
	}
	switch {
	case mode&fs.ModeNamedPipe != 0:
		return "a pipe"
	case mode&fs.ModeSocket != 0:
		return "a socket"
	case mode&fs.ModeDevice != 0:
		return "a device"
	case mode.IsRegular() || mode.IsDir():
		return tooLong(path, d)
	}
	return "neither a file nor a folder"
}

// What a file has at most, by its ending: one that is read at once, and the lines of a
// manifest, which are hashed whole.
var longest = map[string]int64{".json": maxWhole, ".manifest": maxWhole, ".safetensors": 16 * maxWhole, ".jsonl": 64 * maxWhole}

const maxWhole = 64 << 20

// tooLong says that a file is longer than any that prep writes there, or returns "".
func tooLong(path string, d fs.DirEntry) string {
	most, bounded := longest[filepath.Ext(path)]
	array := filepath.Ext(path) == ".npy"
	if !bounded && !array || d.IsDir() {
		return ""
	}
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return ""
	case bounded && info.Size() > most:
		return fmt.Sprintf("a file of %d bytes; %d are allowed", info.Size(), most)
	case array && info.Size() > maxWhole && !isArray(path, info.Size()):
		return fmt.Sprintf("a file of %d bytes, and no array of as many", info.Size())
	}
	return ""
}

// isArray reports whether a file of so many bytes is the array that its header says.
func isArray(path string, size int64) bool {
	f, err := disk.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	head := make([]byte, npyHeader)
	if _, err := f.ReadAt(head, 0); err != nil {
		return false
	}
	shape, err := parseNpyHead(head)
	bytes := int64(4)
	for _, d := range shape {
		bytes *= int64(d)
	}
	return err == nil && size == npyHeader+bytes
}

// IsID reports whether a text can be the ID of a recording or a hit, which become
// parts of files' names: it leads to no other folder.
func IsID(text string) bool {
	return text != "." && text != ".." && len(text) <= MaxName && !strings.ContainsFunc(text, func(r rune) bool {
		return strings.ContainsRune(`/\:`, r) || IsControl(r)
	})
}

// maxPosition bounds positions, in samples: 180 years at 48 kHz. What is read stays
// below, so that sums of positions do not overflow.
const maxPosition = 1 << 48

// fault says why no line of a manifest can be this value, whatever else the set
// holds, or returns nil.
func fault(v any) error {
	var ids []string
	var positions []int
	switch v := v.(type) {
	case Recording:
		if v.Rate < 1 || v.Rate > maxRate {
			return fmt.Errorf("a rate of %d Hz; 1 to %d are allowed", v.Rate, maxRate)
		}
		ids, positions = []string{v.ID}, []int{v.Samples, v.SourceFrames}
	case Hit:
		ids, positions = []string{v.ID, v.Recording, v.Parent}, []int{v.Start, v.Onset, v.End, v.Offset, v.Mark}
		for _, t := range v.Lineage {
			_, id := t.Parts()
			ids = append(ids, id)
		}
	case Removal:
		return fault(v.Recording)
	case Label:
		ids, positions = []string{v.Recording}, []int{v.Onset, v.End, v.From}
	}
	for _, id := range ids {
		if !IsID(id) {
			return fmt.Errorf("%.80q can be no ID: it would lead out of its folder", id)
		}
	}
	for _, at := range positions {
		if at < -maxPosition || at > maxPosition {
			return fmt.Errorf("%d can be no position", at)
		}
	}
	return nil
}

// maxRate bounds the rate of a recording, in samples per second: far above what
// ingest makes.
const maxRate = 1 << 24

// ReadRegular reads a file that must be one: no pipe or device, which may never end,
// and of at most so many bytes.
func ReadRegular(path string, most int64) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if err := CheckRegular(info, most); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return os.ReadFile(path)
}

// CheckRegular fails unless a file is a regular one of at most so many bytes.
func CheckRegular(info fs.FileInfo, most int64) error {
	switch {
	case !info.Mode().IsRegular():
		return errors.New("not a regular file")
	case info.Size() > most:
		return fmt.Errorf("a file of %d bytes; %d are allowed", info.Size(), most)
	}
	return nil
}

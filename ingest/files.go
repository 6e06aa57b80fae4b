package ingest

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"prep/data"
	"prep/data/disk"
	"prep/ingest/decode"
)

var (
	// errNoPath says that a path to ingest is not there.
	errNoPath = errors.New("no such file or directory; check the path")
	// errNothing says that no recording came of all the paths.
	errNothing = errors.New("nothing was ingested")
)

// audioExtensions are the names that promise audio; a file that breaks the
// promise is reported, any other file that is no audio is passed over.
var audioExtensions = strings.Fields(`.wav .wave .bwf .rf64 .w64 .aif .aiff .aifc .mp3 .mp2 .mp1 .mpga .flac .ogg .oga
	.opus .m4a .m4b .mp4 .mov .3gp .aac .wma .caf .wv .ape .amr .au .snd .mka .mkv .webm .mpc .tta .dsf .dff`)

// file is a candidate found below an ingested path.
type file struct {
	path string // where to open it
	name string // below the ingested root, with slashes
	base string // the name of the ingested root
	root string // the ingested root itself
}

// finder walks the ingested paths.
type finder struct {
	set    fs.FileInfo // the set's own directory, not to be ingested into itself
	files  []file
	skips  []data.Skip
	notes  []string        // what a person should know of them
	passed map[string]bool // the paths of files that were passed over
	root   string          // that is walked
	roots  []string        // all that were
	seen   map[string]bool // directories of this root, by their true paths
	fault  error           // the first that the system gave: what was found is not all
}

// met notes what the system said in looking for files where that is no word on a
// file, and reports whether it is not. That a source is gone, or may not be read,
// is a word on it: it is skipped, and tried again by the next run.
func (f *finder) met(err error) bool {
	if !disk.IsOfMoment(err) {
		return false
	}
	if f.fault == nil {
		f.fault = err
	}
	return true
}

// find returns the candidates below the paths, in order, and what was skipped.
func find(paths []string, set string) (*finder, error) {
	f := &finder{passed: map[string]bool{}}
	var err error
	if f.set, err = disk.Stat(set); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	for _, p := range paths {
		info, err := disk.Stat(p)
		if errors.Is(err, fs.ErrNotExist) {
			err = errNoPath
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", p, err)
		}
		abs, err := filepath.Abs(p)
		if err != nil {
			return nil, err
		}
		if f.set != nil && os.SameFile(info, f.set) {
			return nil, fmt.Errorf("%s: this is the set itself, from which nothing is ingested: name another directory with --set", p)
		}
		if info.IsDir() {
			f.seen, f.root = map[string]bool{}, p
			f.roots = append(f.roots, p)
			f.walk(p, "", filepath.Base(abs), info)
			continue
		}
		f.take(file{p, filepath.Base(abs), filepath.Base(filepath.Dir(abs)), filepath.Dir(p)}, info, true)
	}
	if f.fault != nil {
		return nil, f.fault
	}
	f.settleConversions()
	if len(f.files) == 0 && len(f.skips) == 0 {
		return nil, fmt.Errorf("%s: no audio files here (%d others): %w; give files or directories of %s",
			strings.Join(paths, ", "), len(f.passed), errNothing, "WAV, AIFF, MP3, M4A, FLAC, Ogg or WebM")
	}
	return f, nil
}

// walk visits one directory in the order of names.
func (f *finder) walk(dir, below, base string, info fs.FileInfo) {
	if f.set != nil && os.SameFile(info, f.set) {
		return
	}
	if truth, err := filepath.EvalSymlinks(dir); err == nil {
		if f.seen[truth] {
			f.skip(below+"/", "a symbolic link to a directory that is taken already")
			return
		}
		f.seen[truth] = true
	}
	entries, err := disk.ReadDir(dir)
	if err != nil && !f.met(err) {
		f.skip(below+"/", reason(err))
	}
	for _, e := range entries {
		c := file{filepath.Join(dir, e.Name()), path.Join(below, e.Name()), base, f.root}
		if strings.HasPrefix(e.Name(), ".") {
			f.passed[c.path] = true
			continue
		}
		info, err := disk.Stat(c.path)
		switch {
		case f.met(err):
			return
		case err != nil:
			f.refuse(c, reason(err))
		case info.IsDir():
			f.walk(c.path, c.name, base, info)
		default:
			f.take(c, info, false)
		}
	}
}

// take decides about a file by its kind, its name and its first bytes.
func (f *finder) take(c file, info fs.FileInfo, asked bool) {
	promised := asked || IsAudio(c.name)
	switch {
	case !info.Mode().IsRegular():
		f.refuse(c, "not a regular file: "+kindOf(info.Mode()))
	case promised || f.looksLikeAudio(c.path):
		c.name = norm.NFC.String(strings.ToValidUTF8(c.name, "\uFFFD"))
		f.files = append(f.files, c)
	default:
		f.passed[c.path] = true
	}
}

// refuse reports a file if its name promised audio.
func (f *finder) refuse(c file, why string) {
	if IsAudio(c.name) || !strings.Contains(path.Base(c.name), ".") {
		f.skip(c.name, why)
		return
	}
	f.passed[c.path] = true
}

func (f *finder) skip(name, why string) {
	f.skips = append(f.skips, data.Skip{Item: oneLine(name), Reason: oneLine(why)})
}

// IsAudio reports whether a file's name promises audio.
func IsAudio(name string) bool {
	return slices.Contains(audioExtensions, strings.ToLower(ext(name)))
}

// looksLikeAudio reports whether a file without a name for it begins like a
// recording that is decoded.
func (f *finder) looksLikeAudio(p string) bool {
	r, err := disk.Open(p)
	if err != nil {
		f.met(err)
		return false
	}
	defer r.Close()
	var head [decode.HeadBytes]byte
	n, err := io.ReadFull(r, head[:])
	return !f.met(err) && decode.Recognizes(head[:n])
}

// kindOf names what is no regular file.
func kindOf(m fs.FileMode) string {
	switch {
	case m&fs.ModeNamedPipe != 0:
		return "a named pipe"
	case m&fs.ModeSocket != 0:
		return "a socket"
	case m&fs.ModeDevice != 0:
		return "a device"
	}
	return "of an unknown kind"
}

// reason returns an error's message without the path, which Skip.Item has.
func reason(err error) string {
	var p *fs.PathError
	if errors.As(err, &p) {
		if errors.Is(p.Err, fs.ErrNotExist) {
			return "a symbolic link to nothing"
		}
		return p.Err.Error()
	}
	return err.Error()
}

// oneLine keeps line breaks and control characters of file names out of reports.
func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, s)
}

// nameOf returns what a file below the ingested directories is called.
func (f *finder) nameOf(p string) string {
	for _, root := range f.roots {
		if below, err := filepath.Rel(root, p); err == nil && filepath.IsLocal(below) {
			return oneLine(norm.NFC.String(filepath.ToSlash(below)))
		}
	}
	return oneLine(filepath.Base(p))
}

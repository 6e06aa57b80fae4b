package data

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path/filepath"

	"prep/data/disk"
)

// ErrMixed says that a file of a bundle is not the one that was written with the
// others.
var ErrMixed = errors.New("not the file that was written with the others of this folder")

// Generation is the files of a bundle as one writer left them, to read. It is an
// fs.FS. A bundle of prep 0.1.0 has no manifest, and nothing to compare.
type Generation struct {
	bundle   Bundle
	manifest manifest
	known    bool // there is a manifest
}

// triesToRead bounds how often a bundle is read that others replace meanwhile.
const triesToRead = 5

// Read calls fn with the files of one generation of the bundle, and again where
// another took its place meanwhile.
func (b Bundle) Read(fn func(g Generation) error) error {
	for try := 1; ; try++ {
		g, err := b.generation()
		if err != nil {
			return err
		}
		err = fn(g)
		if now, fault := b.generation(); fault != nil {
			return fault
		} else if now.same(g) || try == triesToRead {
			return err
		}
	}
}

// generation finds the files that are the bundle.
func (b Bundle) generation() (g Generation, err error) {
	g.bundle = b
	for _, dir := range []string{b.next(), b.dir} {
		if g.manifest, g.known, err = readManifest(filepath.Join(dir, b.manifestName())); g.known || err != nil {
			return g, err
		}
	}
	return g, nil
}

func (g Generation) same(o Generation) bool {
	return g.known == o.known && maps.Equal(g.manifest.Files, o.manifest.Files)
}

// Open implements fs.FS. It compares the size of the file, and what is small
// enough to be read at once ReadFile compares whole.
func (g Generation) Open(name string) (fs.File, error) { return g.OpenFile(name) }

// OpenFile opens a file of the bundle, which the caller closes. It fails with an
// error that wraps ErrMixed where the file has another size than was written.
func (g Generation) OpenFile(name string) (*disk.File, error) {
	f, err := g.open(name)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if want := g.manifest.Files[name].Bytes; err == nil && g.known && info.Size() != want {
		err = fmt.Errorf("%s: %w: it has %d bytes, of %d", f.Name(), ErrMixed, info.Size(), want)
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// open opens a file where it lies: it moves from one folder to the other.
func (g Generation) open(name string) (*disk.File, error) {
	if _, listed := g.manifest.Files[name]; g.known && !listed {
		return nil, &fs.PathError{Op: "open", Path: filepath.Join(g.bundle.dir, name), Err: fs.ErrNotExist}
	}
	f, err := disk.Open(filepath.Join(g.bundle.next(), name))
	if errors.Is(err, fs.ErrNotExist) {
		f, err = disk.Open(filepath.Join(g.bundle.dir, name))
	}
	return f, err
}

// ReadFile implements fs.ReadFileFS. It fails with an error that wraps ErrMixed
// where the file is another than was written.
func (g Generation) ReadFile(name string) ([]byte, error) {
	f, err := g.OpenFile(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var text bytes.Buffer
	if _, err := text.ReadFrom(f); err != nil {
		return nil, fmt.Errorf("%s: %w", f.Name(), err)
	}
	sum := sha256.Sum256(text.Bytes())
	if g.known && hex.EncodeToString(sum[:]) != g.manifest.Files[name].SHA256 {
		return nil, fmt.Errorf("%s: %w", f.Name(), ErrMixed)
	}
	return text.Bytes(), nil
}

// ReadFile returns a file of the bundle as it is now.
func (b Bundle) ReadFile(name string) (text []byte, err error) {
	err = b.Read(func(g Generation) (err error) {
		text, err = g.ReadFile(name)
		return err
	})
	return text, err
}

// Has reports whether a file is one of the bundle's.
func (b Bundle) Has(name string) (bool, error) {
	g, err := b.generation()
	if err != nil || g.known {
		_, listed := g.manifest.Files[name]
		return listed, err
	}
	return disk.Exists(filepath.Join(b.dir, name))
}

// Check returns which files are not those that were written together, by their
// names. The error is of a disk that cannot be read.
func (b Bundle) Check() (wrong []Problem, err error) {
	err = b.Read(func(g Generation) error {
		wrong = nil
		for _, name := range g.manifest.names() {
			f, err := g.open(name)
			if errors.Is(err, fs.ErrNotExist) {
				wrong = append(wrong, Problem{Where: name, What: "is gone, of the files that were written together"})
				continue
			}
			if err != nil {
				return err
			}
			is, err := contentOf(f.Name())
			f.Close()
			if err != nil {
				return err
			}
			if was := g.manifest.Files[name]; is != was {
				wrong = append(wrong, Problem{Where: name, What: fmt.Sprintf("%v: its SHA-256 was %s and is %s", ErrMixed, was.SHA256, is.SHA256)})
			}
		}
		return nil
	})
	if err != nil && !disk.IsFault(err) {
		return append(wrong, Problem{Where: b.manifestName(), What: err.Error()}), nil
	}
	return wrong, err
}

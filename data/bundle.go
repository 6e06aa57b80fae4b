package data

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"

	"prep/data/disk"
)

// Bundle is several files of one folder that make one thing: an array, its rows
// and their recipe; a model. They come into being together. Their writer lays
// them into a folder of its own, with a manifest of their sizes and digests, and
// one rename, to .<name>.next, makes them the bundle: from then on readers take
// them from there. Then each is moved to its own name, the manifest last. A
// writer that is killed leaves the old bundle or the new, never both, and the
// next one moves what is left to be moved.
type Bundle struct{ dir, name string }

// BundleIn returns the bundle of a name in a folder.
func BundleIn(dir, name string) Bundle { return Bundle{dir, name} }

// What bundles are called while they are written, and when they are complete.
const (
	bundleNew  = ".new"
	bundleNext = ".next"
)

// unsettled matches the folders of bundles that are not in place.
var unsettled = regexp.MustCompile(`^\.(.+)(\` + bundleNew + `|\` + bundleNext + `)$`)

func (b Bundle) fresh() string        { return filepath.Join(b.dir, "."+b.name+bundleNew) }
func (b Bundle) next() string         { return filepath.Join(b.dir, "."+b.name+bundleNext) }
func (b Bundle) manifestName() string { return b.name + manifestExt }

// manifestExt ends the name of a bundle's manifest.
const manifestExt = ".manifest"

// content is a file as a manifest has it.
type content struct {
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// manifest is <name>.manifest: the files of one generation of a bundle, by name.
type manifest struct {
	Files map[string]content `json:"files"`
}

// BundleWriter writes a bundle. Its methods but Commit and Abort may be called
// from several goroutines.
type BundleWriter struct{ Bundle }

// Begin begins to write the bundle anew.
func (b Bundle) Begin() (*BundleWriter, error) {
	if err := b.settle(); err != nil {
		return nil, err
	}
	if err := disk.RemoveAll(b.fresh()); err != nil {
		return nil, err
	}
	return &BundleWriter{b}, disk.MkdirAll(b.fresh())
}

// Path returns where a file of the bundle lies until it is committed.
func (w *BundleWriter) Path(name string) string { return filepath.Join(w.fresh(), name) }

// WriteFile writes a file of the bundle.
func (w *BundleWriter) WriteFile(name string, fn func(io.Writer) error) error {
	return WriteFile(w.Path(name), fn)
}

// Abort removes what was written.
func (w *BundleWriter) Abort() { disk.RemoveAll(w.fresh()) }

// Commit puts the files in place of the bundle that was there, as one. Until it
// returns without an error, the old bundle or the new one is there.
func (w *BundleWriter) Commit() error {
	if err := w.seal(); err != nil {
		w.Abort()
		return err
	}
	return w.settle()
}

// seal makes the files that were written the bundle.
func (w *BundleWriter) seal() error {
	written, err := disk.ReadDir(w.fresh())
	if err != nil {
		return err
	}
	m := manifest{map[string]content{}}
	for _, f := range written {
		if m.Files[f.Name()], err = contentOf(w.Path(f.Name())); err != nil {
			return err
		}
	}
	if err := w.WriteFile(w.manifestName(), func(to io.Writer) error { return EncodeJSON(to, m) }); err != nil {
		return err
	}
	if err := disk.Rename(w.fresh(), w.next()); err != nil {
		return err
	}
	return disk.SyncDir(w.dir)
}

// contentOf reads a file.
func contentOf(path string) (content, error) {
	f, err := disk.Open(path)
	if err != nil {
		return content{}, err
	}
	defer f.Close()
	h := sha256.New()
	n, err := io.Copy(h, f)
	if err != nil {
		return content{}, fmt.Errorf("%s: %w", path, err)
	}
	return content{n, hex.EncodeToString(h.Sum(nil))}, nil
}

// settle moves the files of a bundle that is complete to their names, and
// removes those that it has no more.
func (b Bundle) settle() error {
	pending, err := disk.Exists(b.next())
	if err != nil || !pending {
		return err
	}
	is, sealed, err := readManifest(filepath.Join(b.next(), b.manifestName()))
	if err != nil {
		return err
	}
	if sealed {
		if err := b.move(is); err != nil {
			return err
		}
	}
	return disk.Remove(b.next())
}

// move moves the files of a generation, its manifest last.
func (b Bundle) move(is manifest) error {
	was, _, err := readManifest(filepath.Join(b.dir, b.manifestName()))
	if err != nil && disk.IsFault(err) {
		return err
	}
	for _, name := range was.names() {
		if _, stays := is.Files[name]; stays {
			continue
		}
		if err := disk.Remove(filepath.Join(b.dir, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	for _, name := range append(is.names(), b.manifestName()) {
		err := disk.Rename(filepath.Join(b.next(), name), filepath.Join(b.dir, name))
		if err != nil && !errors.Is(err, fs.ErrNotExist) { // moved before
			return err
		}
	}
	return disk.SyncDir(b.dir)
}

// names returns the names of the files that are files of the folder itself.
func (m manifest) names() (names []string) {
	for name := range m.Files {
		if filepath.IsLocal(name) && filepath.Base(name) == name {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// readManifest reads a manifest; ok is false where there is none.
func readManifest(path string) (m manifest, ok bool, err error) {
	text, err := disk.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return m, false, nil
	}
	if err != nil {
		return m, false, err
	}
	var again bytes.Buffer // nobody writes one by hand: a byte that differs is damage
	if err := json.Unmarshal(text, &m); err != nil || EncodeJSON(&again, m) != nil || !bytes.Equal(again.Bytes(), text) {
		return m, false, fmt.Errorf("%s: not a manifest; make again what it is of, or restore it", path)
	}
	return m, true, nil
}

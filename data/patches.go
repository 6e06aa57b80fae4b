package data

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"prep/data/disk"
)

// Render makes the audio of augmented copies.
type Render struct {
	Audio RenderFunc
	// Edition is raised when the same lineage comes to sound otherwise.
	Edition int
}

// RenderFunc hands the audio of an augmented copy to use: a reader with its
// context, good until use returns, and the copy's positions in that reader. The
// reader given is the recording's. Errors of use are returned as they are.
type RenderFunc func(r Reader, copy Hit, use func(Reader, Hit) error) error

// patchRow is a line of features/<kind>.jsonl: which hit a row of the array is.
type patchRow struct {
	Hit string `json:"hit"`
}

// patchBundle returns features/<kind>.npy, .jsonl and .json.
func (s *Set) patchBundle(kind string) Bundle { return BundleIn(s.Path("features"), kind) }

// PatchWriter writes the patches of one kind as a stream.
type PatchWriter struct {
	bundle *BundleWriter
	kind   string
	shape  [3]int
	file   *File
	rows   []patchRow
	raw    []byte
}

// CreatePatches begins to write features/<kind>.npy: N x bands x frames, or
// N x channels x bands x frames where there is more than one channel.
func (s *Set) CreatePatches(kind string, channels, bands, frames int) (*PatchWriter, error) {
	if err := checkPatch([]int{channels, bands, frames}); err != nil {
		return nil, err
	}
	b, err := s.patchBundle(kind).Begin()
	if err != nil {
		return nil, err
	}
	f, err := CreateFile(b.Path(kind + ".npy"))
	if err != nil {
		b.Abort()
		return nil, err
	}
	w := &PatchWriter{bundle: b, kind: kind, shape: [3]int{channels, bands, frames}, file: f}
	if _, err := f.Write(make([]byte, npyHeader)); err != nil {
		w.Abort()
		return nil, err
	}
	return w, nil
}

// Write appends a patch, which must have the writer's shape.
func (w *PatchWriter) Write(p Patch) error {
	if got := [3]int{p.Channels, p.Bands, p.Frames}; got != w.shape {
		return fmt.Errorf("patch of hit %s: shape %v, want %v", p.Hit, got, w.shape)
	}
	w.raw = AppendFloats(w.raw[:0], p.Values)
	w.rows = append(w.rows, patchRow{p.Hit})
	_, err := w.file.Write(w.raw)
	return err
}

// Commit writes features/<kind>.npy, .jsonl and the recipe, .json, as one: until
// then, and on an error, readers have the old ones.
func (w *PatchWriter) Commit(recipe any) error {
	if err := w.finish(recipe); err != nil {
		w.Abort()
		return err
	}
	return w.bundle.Commit()
}

// finish completes the files.
func (w *PatchWriter) finish(recipe any) error {
	if err := w.file.rewriteHead(NpyHead("<f4", npyShape(len(w.rows), w.shape)...)); err != nil {
		return err
	}
	if err := w.file.Commit(); err != nil {
		return err
	}
	if err := w.bundle.WriteFile(w.kind+".jsonl", func(f io.Writer) error { return EncodeLines(f, w.rows) }); err != nil {
		return err
	}
	return w.bundle.WriteFile(w.kind+".json", func(f io.Writer) error {
		e := json.NewEncoder(f)
		e.SetIndent("", "  ")
		return e.Encode(recipe)
	})
}

// Abort removes what was written.
func (w *PatchWriter) Abort() {
	w.file.Abort()
	w.bundle.Abort()
}

func npyShape(n int, shape [3]int) []int {
	if shape[0] == 1 {
		return []int{n, shape[1], shape[2]}
	}
	return []int{n, shape[0], shape[1], shape[2]}
}

// Patches reads the patches of one kind; Read is safe for concurrent use.
type Patches struct {
	Kind                       string
	N, Channels, Bands, Frames int
	Hits                       []string        // the hit of each row
	Recipe                     json.RawMessage // features/<kind>.json
	f                          *disk.File
	raw                        sync.Pool // of *[]byte, a patch's bytes
}

// PatchKinds returns the kinds of patches that were made, sorted.
func (s *Set) PatchKinds() ([]string, error) {
	files, err := disk.ReadDir(s.Path("features"))
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	var kinds []string
	for _, f := range files {
		kind, ok := strings.CutSuffix(f.Name(), ".json")
		if next := unsettled.FindStringSubmatch(f.Name()); next != nil && next[2] == bundleNext {
			kind, ok = next[1], true // not all of it is in place
		}
		if ok {
			kinds = append(kinds, kind)
		}
	}
	slices.Sort(kinds)
	return slices.Compact(kinds), err
}

// HasPatches reports whether patches of a kind were made.
func (s *Set) HasPatches(kind string) (bool, error) { return s.patchBundle(kind).Has(kind + ".json") }

// Patches opens the patches of a kind. Patches that were never made, or files
// that do not agree with each other, are an error.
func (s *Set) Patches(kind string) (p *Patches, err error) {
	err = s.patchBundle(kind).Read(func(g Generation) (err error) {
		if p != nil {
			p.Close() // of a generation that was replaced
		}
		p, err = s.patchesOf(g, kind)
		return err
	})
	if err != nil && p != nil {
		p.Close()
		p = nil
	}
	return p, err
}

// patchesOf opens the patches of one generation.
func (s *Set) patchesOf(g Generation, kind string) (*Patches, error) {
	recipe, err := g.ReadFile(kind + ".json")
	if errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("%s: no %s patches here; run `prep features --kind %s` first", s.dir, kind, kind)
	}
	if err == nil && !json.Valid(recipe) {
		err = fmt.Errorf("%s: the recipe is damaged", s.Path("features", kind+".json"))
	}
	if err != nil {
		return nil, again(err)
	}
	p := &Patches{Kind: kind, Recipe: recipe}
	if err := p.readRows(g, s.Path("features", kind+".jsonl")); err != nil {
		return nil, again(err)
	}
	if p.f, err = g.OpenFile(kind + ".npy"); err != nil {
		return nil, again(err)
	}
	if err := p.readShape(); err != nil {
		p.Close()
		return nil, again(fmt.Errorf("%s: %w", p.f.Name(), err))
	}
	return p, nil
}

// again says what to do about patches that are damaged.
func again(err error) error {
	if disk.IsFault(err) && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return fmt.Errorf("%w; run `prep features` again", err)
}

// readRows reads which hit each row of the array is.
func (p *Patches) readRows(g Generation, path string) error {
	text, err := g.ReadFile(filepath.Base(path))
	if errors.Is(err, os.ErrNotExist) {
		err = nil // no rows, as ReadLines has it
	}
	if err != nil {
		return err
	}
	p.Hits = []string{}
	err = decodeLines(bytes.NewReader(text), path, false, func(r patchRow, _ []byte) { p.Hits = append(p.Hits, r.Hit) })
	p.N = len(p.Hits)
	return err
}

func (p *Patches) readShape() error {
	head := make([]byte, npyHeader)
	if _, err := p.f.ReadAt(head, 0); err == io.EOF {
		return errors.New("the header is cut short")
	} else if err != nil {
		return err
	}
	shape, err := parseNpyHead(head)
	if err != nil {
		return err
	}
	n := shape[0]
	shape = shape[1:]
	if len(shape) == 2 {
		shape = append([]int{1}, shape...)
	}
	p.Channels, p.Bands, p.Frames = shape[0], shape[1], shape[2]
	info, err := p.f.Stat()
	if err != nil {
		return err
	}
	if n != p.N || info.Size() != npyHeader+int64(4*n*p.Size()) {
		return fmt.Errorf("%d rows are listed, but the array has %d and %d bytes", p.N, n, info.Size())
	}
	return nil
}

// Size returns the number of values of a patch: Channels * Bands * Frames.
func (p *Patches) Size() int { return p.Channels * p.Bands * p.Frames }

// Read fills dst, of p.Size() values, with patch i.
func (p *Patches) Read(i int, dst []float32) error {
	raw, ok := p.raw.Get().(*[]byte)
	if !ok {
		raw = new(make([]byte, 4*p.Size()))
	}
	defer p.raw.Put(raw)
	if _, err := p.f.ReadAt(*raw, npyHeader+int64(i)*int64(len(*raw))); err != nil {
		return fmt.Errorf("%s: patch %d: %w", p.f.Name(), i, err)
	}
	ReadFloats(dst, *raw)
	return nil
}

// Patch returns patch i in memory.
func (p *Patches) Patch(i int) (Patch, error) {
	v := make([]float32, p.Size())
	return Patch{p.Hits[i], p.Channels, p.Bands, p.Frames, v}, p.Read(i, v)
}

// Fault returns the first error of the system that was met in reading the array.
func (p *Patches) Fault() error { return p.f.Fault() }

// Close closes the array.
func (p *Patches) Close() error { return p.f.Close() }

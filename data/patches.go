package data

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
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

// PatchWriter writes the patches of one kind as a stream.
type PatchWriter struct {
	set   *Set
	kind  string
	shape [3]int
	file  *File
	rows  []patchRow
	raw   []byte
}

// CreatePatches begins to write features/<kind>.npy: N x bands x frames, or
// N x channels x bands x frames where there is more than one channel.
func (s *Set) CreatePatches(kind string, channels, bands, frames int) (*PatchWriter, error) {
	if err := checkPatch([]int{channels, bands, frames}); err != nil {
		return nil, err
	}
	f, err := CreateFile(s.Path("features", kind+".npy"))
	if err != nil {
		return nil, err
	}
	w := &PatchWriter{set: s, kind: kind, shape: [3]int{channels, bands, frames}, file: f}
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

// Commit writes features/<kind>.npy and .jsonl, and last the recipe, as
// features/<kind>.json.
func (w *PatchWriter) Commit(recipe any) error {
	if err := w.file.rewriteHead(NpyHead("<f4", npyShape(len(w.rows), w.shape)...)); err != nil {
		w.Abort()
		return err
	}
	if err := w.file.Commit(); err != nil {
		return err
	}
	if err := WriteLines(w.set.Path("features", w.kind+".jsonl"), w.rows); err != nil {
		return err
	}
	return w.set.WriteFile("features/"+w.kind+".json", func(f io.Writer) error {
		e := json.NewEncoder(f)
		e.SetIndent("", "  ")
		return e.Encode(recipe)
	})
}

// Abort removes what was written.
func (w *PatchWriter) Abort() { w.file.Abort() }

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
	f                          *os.File
}

// PatchKinds returns the kinds of patches that were made, sorted.
func (s *Set) PatchKinds() ([]string, error) {
	files, err := os.ReadDir(s.Path("features"))
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	var kinds []string
	for _, f := range files {
		if kind, ok := strings.CutSuffix(f.Name(), ".json"); ok {
			kinds = append(kinds, kind)
		}
	}
	return kinds, err
}

// Patches opens the patches of a kind. Patches that were never made, or files
// that do not agree with each other, are an error.
func (s *Set) Patches(kind string) (*Patches, error) {
	recipe, err := os.ReadFile(s.Path("features", kind+".json"))
	if errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("%s: no %s patches here; run `prep features --kind %s` first", s.dir, kind, kind)
	}
	if err != nil {
		return nil, err
	}
	if !json.Valid(recipe) {
		return nil, fmt.Errorf("%s: the recipe is damaged; run `prep features` again", s.Path("features", kind+".json"))
	}
	rows, err := ReadLines[patchRow](s.Path("features", kind+".jsonl"))
	if err != nil {
		return nil, err
	}
	p := &Patches{Kind: kind, N: len(rows), Recipe: recipe, Hits: make([]string, len(rows))}
	for i, r := range rows {
		p.Hits[i] = r.Hit
	}
	return p, p.open(s.Path("features", kind+".npy"))
}

// open opens the array and checks it against the rows.
func (p *Patches) open(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	p.f = f
	if err := p.readShape(); err != nil {
		f.Close()
		return fmt.Errorf("%s: %w; run `prep features` again", path, err)
	}
	return nil
}

func (p *Patches) readShape() error {
	head := make([]byte, npyHeader)
	if _, err := p.f.ReadAt(head, 0); err != nil {
		return errors.New("the header is cut short")
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
	raw := make([]byte, 4*p.Size())
	if _, err := p.f.ReadAt(raw, npyHeader+int64(i)*int64(len(raw))); err != nil {
		return fmt.Errorf("%s: patch %d: %w", p.f.Name(), i, err)
	}
	ReadFloats(dst, raw)
	return nil
}

// Patch returns patch i in memory.
func (p *Patches) Patch(i int) (Patch, error) {
	v := make([]float32, p.Size())
	return Patch{p.Hits[i], p.Channels, p.Bands, p.Frames, v}, p.Read(i, v)
}

// Close closes the array.
func (p *Patches) Close() error { return p.f.Close() }

package export

import (
	"archive/zip"
	"io"
	"slices"
	"unicode/utf8"

	"prep/data"
)

// NPZ writes the labelled patches of a kind to path as a NumPy archive, rows
// in one order: x float32 (N x bands x frames, or N x channels x bands x
// frames), y int64 (N, an index into classes), classes, group, split and hit
// as text arrays. Copies are kept in the train split only.
func NPZ(set *data.Set, kind, path string) (data.Summary, error) {
	sum := data.Summary{Stage: "export npz", Counts: map[string]int{}}
	examples, err := set.Examples()
	if err != nil {
		return sum, err
	}
	patches, err := set.Patches(kind)
	if err != nil {
		return sum, err
	}
	defer patches.Close()
	t := newTable(examples, patches)
	for _, s := range t.split {
		sum.Counts[s]++
	}
	return sum, data.WriteFile(path, func(w io.Writer) error { return t.write(w) })
}

// table is the archive's columns; rows index the patches.
type table struct {
	patches            *data.Patches
	rows               []int
	y                  []int64
	classes            []string
	group, split, hits []string
}

func newTable(examples []data.Example, patches *data.Patches) *table {
	t := &table{patches: patches}
	splits := data.Splits(data.CountGroups(examples))
	byHit := map[string]data.Example{}
	for _, e := range examples {
		if e.Class != "" && (e.Parent == "" || splits[e.Group] == data.Train) {
			byHit[e.ID] = e
			t.classes = append(t.classes, e.Class)
		}
	}
	slices.Sort(t.classes)
	t.classes = slices.Compact(t.classes)
	for row, hit := range patches.Hits {
		e, ok := byHit[hit]
		if !ok {
			continue
		}
		class, _ := slices.BinarySearch(t.classes, e.Class)
		t.rows = append(t.rows, row)
		t.y = append(t.y, int64(class))
		t.group = append(t.group, e.Group)
		t.split = append(t.split, splits[e.Group])
		t.hits = append(t.hits, hit)
	}
	return t
}

func (t *table) write(w io.Writer) error {
	z := zip.NewWriter(w)
	err := t.writePatches(z)
	if err == nil {
		err = writeArray(z, "y", "<i8", []int{len(t.y)}, t.y)
	}
	for _, c := range []struct {
		name   string
		values []string
	}{{"classes", t.classes}, {"group", t.group}, {"split", t.split}, {"hit", t.hits}} {
		if err == nil {
			err = writeText(z, c.name, c.values)
		}
	}
	if err != nil {
		return err
	}
	return z.Close()
}

// writePatches writes x row by row, so that memory does not grow with N.
func (t *table) writePatches(z *zip.Writer) error {
	p := t.patches
	shape := []int{len(t.rows), p.Channels, p.Bands, p.Frames}
	if p.Channels == 1 {
		shape = slices.Delete(shape, 1, 2)
	}
	w, err := z.Create("x.npy")
	if err == nil {
		_, err = w.Write(data.NpyHead("<f4", shape...))
	}
	values, raw := make([]float32, p.Size()), make([]byte, 0, 4*p.Size())
	for _, row := range t.rows {
		if err == nil {
			err = p.Read(row, values)
		}
		raw = data.AppendFloats(raw[:0], values)
		if err == nil {
			_, err = w.Write(raw)
		}
	}
	return err
}

// writeArray writes values, whose binary form is descr's, as <name>.npy.
func writeArray(z *zip.Writer, name, descr string, shape []int, values any) error {
	w, err := z.Create(name + ".npy")
	if err != nil {
		return err
	}
	return data.WriteNpy(w, descr, shape, values)
}

// writeText writes text as NumPy's fixed-width UTF-32.
func writeText(z *zip.Writer, name string, values []string) error {
	width := 1
	for _, v := range values {
		width = max(width, utf8.RuneCountInString(v))
	}
	cells := make([]int32, 0, width*len(values))
	for _, v := range values {
		row := make([]int32, width)
		for i, r := range []rune(v) {
			row[i] = r
		}
		cells = append(cells, row...)
	}
	return writeArray(z, name, data.NpyText(width), []int{len(values)}, cells)
}

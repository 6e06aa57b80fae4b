package export

import (
	"archive/zip"
	"context"
	"io"
	"slices"
	"unicode/utf8"

	"prep/data"
	"prep/data/pcm"
)

// source says what the rows of an archive are.
type source struct {
	shape []int // of a row
	// read fills dst with a row's values.
	read func(ctx context.Context, r row, dst []float32) error
	// more writes further arrays.
	more func(z *zip.Writer) error
}

// NPZ writes the hits of a set to path as a NumPy archive, the same as WAV does,
// rows in one order: x float32, y int64 (N, an index into classes, -1 for
// unlabelled), classes, group, split and hit as text arrays. x holds the patches of
// a kind (N x bands x frames, or N x channels x bands x frames), or, where c has a
// Length, samples (N x Length), and then rate and onset (the sample at which it lies
// in every row) are two more arrays. Hits without a patch are left out and told.
func (c Config) NPZ(ctx context.Context, set *data.Set, kind, path string, render data.RenderFunc) (data.Summary, error) {
	s, err := c.choose(set, render != nil)
	if err != nil {
		return data.Summary{}, err
	}
	var from source
	if c.Length > 0 {
		c.Bits = pcm.Float // as the archive's
		x, err := c.open(ctx, s, render)
		if err != nil {
			return data.Summary{}, err
		}
		from = x.source()
	} else {
		patches, err := set.Patches(kind)
		if err != nil {
			return data.Summary{}, err
		}
		defer patches.Close()
		from = s.patches(patches)
	}
	err = data.WriteFile(path, func(w io.Writer) error { return s.writeArchive(ctx, w, from) })
	return s.summary("export npz"), err
}

// patches returns the patches of the rows as a source; rows without one go.
func (s *selection) patches(p *data.Patches) source {
	at := map[string]int{}
	for i, hit := range p.Hits {
		at[hit] = i
	}
	var without []row
	s.rows = slices.DeleteFunc(s.rows, func(r row) bool {
		_, ok := at[r.ID]
		if !ok {
			without = append(without, r)
		}
		return !ok
	})
	if len(without) > 0 {
		s.note("%d hits have no patch and are left out: %s", len(without), s.name(without))
	}
	slices.SortFunc(s.rows, func(a, b row) int { return at[a.ID] - at[b.ID] })
	shape := []int{p.Channels, p.Bands, p.Frames}
	if p.Channels == 1 {
		shape = shape[1:]
	}
	return source{shape, func(_ context.Context, r row, dst []float32) error { return p.Read(at[r.ID], dst) }, nil}
}

// source returns the samples of the rows.
func (x *sounds) source() source {
	read := func(ctx context.Context, r row, dst []float32) error {
		clip, err := x.clip(ctx, r)
		copy(dst, clip.Samples)
		return err
	}
	more := func(z *zip.Writer) error {
		rec, _ := x.catalog.Recording(x.rows[0].Recording)
		if err := writeArray(z, "rate", "<i8", nil, int64(rec.Rate)); err != nil {
			return err
		}
		return writeArray(z, "onset", "<i8", nil, int64(x.lead))
	}
	return source{[]int{x.length}, read, more}
}

// writeArchive writes the arrays; memory does not grow with x.
func (s *selection) writeArchive(ctx context.Context, w io.Writer, from source) error {
	z := zip.NewWriter(w)
	err := s.writeValues(ctx, z, from)
	var y []int64
	columns := map[string][]string{"classes": s.classes}
	for _, r := range s.rows {
		y = append(y, s.class(r))
		columns["group"] = append(columns["group"], r.Group)
		columns["split"] = append(columns["split"], r.Split)
		columns["hit"] = append(columns["hit"], r.ID)
	}
	if err == nil {
		err = writeArray(z, "y", "<i8", []int{len(y)}, y)
	}
	for _, name := range []string{"classes", "group", "split", "hit"} {
		if err == nil {
			err = writeText(z, name, columns[name])
		}
	}
	if err == nil && from.more != nil {
		err = from.more(z)
	}
	if err != nil {
		return err
	}
	return z.Close()
}

// writeValues writes x row by row.
func (s *selection) writeValues(ctx context.Context, z *zip.Writer, from source) error {
	w, err := z.Create("x.npy")
	if err == nil {
		_, err = w.Write(data.NpyHead("<f4", append([]int{len(s.rows)}, from.shape...)...))
	}
	size := 1
	for _, n := range from.shape {
		size *= n
	}
	values, raw := make([]float32, size), make([]byte, 0, 4*size)
	for _, r := range s.rows {
		if err == nil {
			err = ctx.Err()
		}
		if err == nil {
			err = from.read(ctx, r, values)
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

package train

import (
	"archive/zip"
	"io"
	"slices"

	"prep/data"
)

// paritySamples is how many patches parity.npz holds: enough to see a
// difference, little enough to keep.
const paritySamples = 16

// writeParity writes parity.npz: patches as the recipe makes them ("patches",
// n x channels x bands x frames) and what the model says of them
// ("probabilities", n x classes), for others to check their reading of the
// weights.
func (t *trainer) writeParity(w io.Writer) error {
	n := min(paritySamples, len(t.s.rows))
	var patches []float32
	rows, err := t.final.eval.predict(n, func(i int) (data.Patch, error) {
		p, err := t.s.patches.Patch(t.s.rows[i*len(t.s.rows)/n])
		patches = append(patches, p.Values...)
		return p, err
	})
	if err != nil {
		return err
	}
	return zipParity(w, t.s.shape(), patches, rows)
}

// zipParity writes the arrays of parity.npz.
func zipParity(w io.Writer, in Shape, patches []float32, rows [][]float32) error {
	z := zip.NewWriter(w)
	if err := writeArray(z, "patches", patches, len(rows), in.Channels, in.Bands, in.Frames); err != nil {
		return err
	}
	if err := writeArray(z, "probabilities", slices.Concat(rows...), len(rows), len(rows[0])); err != nil {
		return err
	}
	return z.Close()
}

// writeArray writes a float32 array, stored, without a time.
func writeArray(z *zip.Writer, name string, values []float32, shape ...int) error {
	w, err := z.CreateHeader(&zip.FileHeader{Name: name + ".npy"})
	if err != nil {
		return err
	}
	return data.WriteNpy(w, "<f4", shape, values)
}

package gallery

import (
	"io"
	"math"

	"prep/data"
	"prep/data/num"
	"prep/plots"
)

// addSpectra lists the mean spectra of the classes, where rows of patches are frequencies and there are
// classes to compare.
func (g *gallery) addSpectra() {
	classes := g.classes()
	if g.patches == nil || len(g.recipe.Channels[0].RowHz) == 0 || len(classes) < 2 {
		return
	}
	g.add("spectra.png", "The classes", "Mean spectra", "What the classes sound like on the whole, one over the other.",
		func(w io.Writer) error {
			axes := axesOf(g.recipe)
			v := plots.SpectraView{Title: "Mean spectra by class", Kind: g.patches.Kind, Rows: axes.Y, Unit: g.recipe.Channels[0].Unit}
			for _, class := range classes {
				c, err := g.spectrum(class)
				if err != nil {
					return err
				}
				v.Spectra = append(v.Spectra, c)
			}
			return plots.Spectra(w, v)
		})
}

// spectrum returns the mean of a class's patches over their frames, of at most patchesOfClass of them.
func (g *gallery) spectrum(class string) (plots.ClassSpectrum, error) {
	hits := g.withPatches(g.ofClass(class))
	c := plots.ClassSpectrum{Class: class, Hits: len(hits), Mean: make([]float64, g.patches.Bands)}
	n := make([]float64, g.patches.Bands)
	for _, e := range num.Thin(hits, patchesOfClass) {
		p, err := g.patches.Patch(g.rows[e.ID])
		if err != nil {
			return c, err
		}
		addRows(c.Mean, n, p)
	}
	for row := range c.Mean {
		if n[row] == 0 {
			c.Mean[row] = math.NaN()
			continue
		}
		c.Mean[row] /= n[row]
	}
	return c, nil
}

// addRows adds the finite values of each row of a patch's first channel to sum, and their number to n.
func addRows(sum, n []float64, p data.Patch) {
	for i, v := range p.Values[:p.Bands*p.Frames] {
		if row := i / p.Frames; num.Finite(float64(v)) {
			sum[row] += float64(v)
			n[row]++
		}
	}
}

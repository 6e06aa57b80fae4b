package train

import (
	"math"
	"slices"
	"strings"

	"prep/data"
	"prep/data/num"
)

// Sight is what the folds' networks look at.
type Sight struct {
	// Classes are in the order of the report's.
	Classes []Occlusion `json:"classes,omitempty"`
	// First is of the first fold.
	First FirstLayer `json:"first,omitzero"`
}

// Occlusion tells where in a patch a class is heard: how many bits of evidence
// for it, log2 of its odds, are lost when one cell of the grid is silenced,
// summed over Hits held-out hits of the class (Zeiler and Fergus, "Visualizing
// and Understanding Convolutional Networks", ECCV 2014, section 4.2; Zintgraf et
// al., "Visualizing Deep Neural Network Decisions", ICLR 2017, eq. 3). A
// silenced cell has its bands' means.
type Occlusion struct {
	Hits int `json:"hits"`
	// Lost is occlusionCells x occlusionCells, bands by frames, row-major.
	Lost []float64 `json:"lost"`
}

// FirstLayer holds the first convolution's kernels: Bands x Frames x Inputs x
// Filters, row-major. It is zero for a network that begins with another layer.
type FirstLayer struct {
	Bands   int       `json:"bands"`
	Frames  int       `json:"frames"`
	Inputs  int       `json:"inputs"`
	Filters int       `json:"filters"`
	Values  []float32 `json:"values"`
}

// A patch is divided into OcclusionCells bands by as many frames, and a fold
// looks at no more than occlusionHits of each class.
const (
	OcclusionCells = 8
	occlusionHits  = 4
)

// Add sums the occlusions, which may be none, and keeps the first fold's kernels.
func (s *Sight) Add(o Sight) {
	if s.Classes == nil {
		s.Classes = make([]Occlusion, len(o.Classes))
		s.First = o.First
		for k := range s.Classes {
			s.Classes[k].Lost = make([]float64, OcclusionCells*OcclusionCells)
		}
	}
	for k, c := range o.Classes {
		s.Classes[k].Hits += c.Hits
		for i, v := range c.Lost {
			s.Classes[k].Lost[i] += v
		}
	}
}

// look measures what f's network looks at in the test part.
func (f *fit) look(test []int) (Sight, error) {
	s := Sight{Classes: make([]Occlusion, len(f.s.classes)), First: f.firstLayer()}
	for k := range s.Classes {
		var of []int
		for _, i := range test {
			if f.s.class[i] == k {
				of = append(of, i)
			}
		}
		var err error
		if s.Classes[k], err = f.occlude(num.Thin(of, occlusionHits), k); err != nil {
			return s, err
		}
	}
	return s, nil
}

// occlude measures one class on the given samples, each first whole and then
// once without each cell.
func (f *fit) occlude(part []int, class int) (Occlusion, error) {
	const cells = OcclusionCells * OcclusionCells
	o := Occlusion{Hits: len(part), Lost: make([]float64, cells)}
	rows, err := f.eval.predict(len(part)*(cells+1), func(i int) (data.Patch, error) {
		p, err := f.s.patches.Patch(f.s.rows[part[i/(cells+1)]])
		if cell := i % (cells + 1); cell < cells && err == nil {
			f.feeder.norm.silence(p, cell)
		}
		return p, err
	})
	if err != nil {
		return o, err
	}
	for j := range part {
		of := rows[j*(cells+1):][:cells+1]
		for cell := range cells {
			o.Lost[cell] += evidence(of[cells][class]) - evidence(of[cell][class])
		}
	}
	return o, nil
}

// evidence returns log2 of the odds of p, which is kept from 0 and 1 as far as
// float32 tells it from them.
func evidence(p float32) float64 {
	q := min(max(float64(p), 1e-7), 1-1e-7)
	return math.Log2(q / (1 - q))
}

// silence sets a cell of a patch that is not yet normalized to its bands' means.
func (n Normalization) silence(p data.Patch, cell int) {
	edge := func(i, size int) int { return i * size / OcclusionCells }
	row, column := cell/OcclusionCells, cell%OcclusionCells
	for c := range p.Channels {
		for b := edge(row, p.Bands); b < edge(row+1, p.Bands); b++ {
			at := c*p.Bands + b
			for t := edge(column, p.Frames); t < edge(column+1, p.Frames); t++ {
				p.Values[at*p.Frames+t] = n.Mean[at]
			}
		}
	}
}

// firstLayer returns the kernels that f begins with.
func (f *fit) firstLayer() FirstLayer {
	k := f.average.trained[0]
	if !strings.HasSuffix(k.Name, "."+layerConv+"."+partKernel) {
		return FirstLayer{}
	}
	return FirstLayer{k.Shape[0], k.Shape[1], k.Shape[2], k.Shape[3], slices.Clone(k.Data)}
}

// OcclusionPatches returns how many patches a fold evaluates at most to look.
func OcclusionPatches(classes int) float64 {
	return float64(classes * occlusionHits * (OcclusionCells*OcclusionCells + 1))
}

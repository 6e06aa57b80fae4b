package predict

import (
	"io"
	"math"
	"path/filepath"

	"prep/data"
	"prep/data/work"
)

// Drawing draws a recording with the hits that were found and named in it.
type Drawing func(w io.Writer, file string, audio data.Reader, hits []data.Example) error

// pictures are those that Files makes, where any are asked for.
type pictures struct {
	draw Drawing
	path map[string]string // of each file's picture
}

// Draw has Files draw each of the files into dir, named as what Save writes of it.
func (p *Predictor) Draw(dir string, files []string, draw Drawing) {
	p.pictures = pictures{draw, map[string]string{}}
	for i, base := range bases(files) {
		p.pictures.path[files[i]] = filepath.Join(dir, base+".predicted.png")
	}
}

// draw writes the picture of a file, where one is asked for.
func (p *Predictor) draw(file string, audio data.Reader, hits []Hit) error {
	if p.pictures.draw == nil {
		return nil
	}
	named := make([]data.Example, len(hits))
	for i, h := range hits {
		named[i] = data.Example{Hit: data.Hit{Onset: int(math.Round(h.Onset * float64(p.recipe.Rate)))}, Class: h.Class}
	}
	return work.NewFatal(data.WriteFile(p.pictures.path[file], func(w io.Writer) error {
		return p.pictures.draw(w, file, audio, named)
	}))
}

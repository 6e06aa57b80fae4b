package variants

import (
	"bytes"
	"fmt"
	"io"

	"prep/data/num"
	"prep/plots"
	"prep/train"
	"prep/train/sweep"
)

// The pictures of a report, files beside it.
const (
	pictureParameters  = "accuracy-parameters.png"
	pictureMACs        = "accuracy-macs.png"
	pictureDifferences = "differences.png"
	pictureCurves      = "curves.png"
	pictureKernels     = "kernels.png"
	pictureOcclusion   = "occlusion.png"
)

// pictures draws what the report shows, PNGs by name.
func pictures(r sweep.Report) (map[string][]byte, error) {
	draw := map[string]func(io.Writer) error{
		pictureParameters: func(w io.Writer) error {
			return plots.Tradeoff(w, "Accuracy against parameters", "parameters", choicesOf(r, func(row sweep.Row) int { return row.Parameters }))
		},
		pictureMACs: func(w io.Writer) error {
			return plots.Tradeoff(w, "Accuracy against multiplications", "MACs a patch", choicesOf(r, func(row sweep.Row) int { return row.MACs }))
		},
		pictureDifferences: func(w io.Writer) error {
			return plots.Differences(w, "Each arm less the base", "Points of accuracy with 95 % intervals over groups and trainings; "+
				"in colour what stands Holm's correction.", contrastsOf(r))
		},
		pictureKernels: func(w io.Writer) error {
			return plots.Mosaic(w, "First-layer kernels", "Blue above 0, red below, each row up to its own largest; frequency "+
				"upwards, time to the right. The first channel's first kernels, of one fold.", kernelsOf(r))
		},
		pictureOcclusion: func(w io.Writer) error {
			return plots.Mosaic(w, "Where a class is heard", "Bits of evidence for the true class that are lost when a cell of an "+
				"8 x 8 grid is silenced: blue where it speaks for the class, red where against, each row up to its own largest; "+
				"frequency upwards, time to the right.", occlusionsOf(r))
		},
	}
	if len(r.Curves) > 0 {
		draw[pictureCurves] = func(w io.Writer) error {
			return plots.LearningCurves(w, "Learning curves", "Accuracy of the base by what it learnt from, 95 % intervals.", learningOf(r))
		}
	}
	drawn := map[string][]byte{}
	for name, fn := range draw {
		var b bytes.Buffer
		if err := fn(&b); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		drawn[name] = b.Bytes()
	}
	return drawn, nil
}

func choicesOf(r sweep.Report, cost func(sweep.Row) int) []plots.Choice {
	var choices []plots.Choice
	for _, row := range r.Rows {
		a := row.Accuracy
		choices = append(choices, plots.Choice{Name: row.Arm, Cost: float64(cost(row)), Accuracy: a.Value, Low: a.CI[0], High: a.CI[1], Family: row.Kind})
	}
	return choices
}

func contrastsOf(r sweep.Report) []plots.Contrast {
	var contrasts []plots.Contrast
	for _, row := range r.Rows[1:] {
		d := row.Difference
		contrasts = append(contrasts, plots.Contrast{Name: row.Arm, Value: d.Value, Low: d.CI[0], High: d.CI[1], Found: d.Found()})
	}
	return contrasts
}

// learningOf returns the learning curves, carried on to four times the data.
func learningOf(r sweep.Report) []plots.Learning {
	var curves []plots.Learning
	for _, c := range r.Curves {
		l := plots.Learning{Of: "training " + c.Of, Law: c.At}
		for _, p := range c.Points {
			l.Points = append(l.Points, plots.LearningPoint{Amount: c.Amount(p), Accuracy: p.Accuracy.Value, Low: p.Accuracy.CI[0], High: p.Accuracy.CI[1]})
		}
		all := l.Points[len(l.Points)-1].Amount
		for i, e := range []num.Estimate{c.Double, c.Quadruple} {
			l.Expected = append(l.Expected, plots.LearningPoint{Amount: all * float64(2+2*i), Accuracy: e.Value, Low: e.CI[0], High: e.CI[1]})
		}
		l.Until = 4 * all
		curves = append(curves, l)
	}
	return curves
}

// kernelsShown fill a row of the picture.
const kernelsShown = 7

// kernelsOf returns the first kernels of every network that begins with a
// convolution.
func kernelsOf(r sweep.Report) []plots.Tiles {
	var rows []plots.Tiles
	for _, row := range r.Rows {
		f := row.Sight.First
		tiles := plots.Tiles{Name: row.Arm, Note: fmt.Sprintf("%dx%d, %s", f.Bands, f.Frames, row.Kind)}
		for k := range min(f.Filters, kernelsShown) {
			tiles.Fields = append(tiles.Fields, kernelTile(f, k))
		}
		if len(tiles.Fields) > 0 {
			rows = append(rows, tiles)
		}
	}
	return rows
}

// kernelTile returns kernel k of the first channel.
func kernelTile(f train.FirstLayer, k int) plots.Tile {
	t := plots.Tile{Bands: f.Bands, Frames: f.Frames}
	for i := range f.Bands * f.Frames {
		t.Values = append(t.Values, f.Values[i*f.Inputs*f.Filters+k])
	}
	return t
}

// occlusionsOf returns the mean occlusion of each class by each arm.
func occlusionsOf(r sweep.Report) []plots.Tiles {
	var rows []plots.Tiles
	for _, row := range r.Rows {
		tiles := plots.Tiles{Name: row.Arm, Note: row.Kind}
		for k, o := range row.Sight.Classes {
			t := plots.Tile{Title: r.Classes[k], Bands: train.OcclusionCells, Frames: train.OcclusionCells}
			for _, lost := range o.Lost {
				t.Values = append(t.Values, float32(lost/float64(max(o.Hits, 1))))
			}
			tiles.Fields = append(tiles.Fields, t)
		}
		rows = append(rows, tiles)
	}
	return rows
}

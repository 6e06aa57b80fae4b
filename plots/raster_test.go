package plots

import (
	"image/color"
	"io"
	"testing"

	"gonum.org/v1/plot/vg"
)

// place draws a raster of the field over a box of w x h pixels and returns it.
func place(f field, w, h int, smooth bool) func(x, y int) color.RGBA {
	s := newSheet(io.Discard, 100)
	b := box{10, 10, 10 + vg.Length(w)*pixel, 10 + vg.Length(h)*pixel}
	lo, hi := valueRange(f.values, 0)
	raster{sheet: s, field: f, shading: shading{lo, hi, ""}, smooth: smooth}.paintOver(b)
	left, bottom := pixels(b.x0), s.pixels().Rect.Dy()-1-pixels(b.y0)
	return func(x, y int) color.RGBA { return s.pixels().RGBAAt(left+x, bottom-y) }
}

func TestRasterPutsLowRowsAtTheBottom(t *testing.T) {
	at := place(field{2, 3, []float32{0, 1, 2, 3, 4, 5}}, 30, 20, false)
	for row := range 2 {
		for col := range 3 {
			want := magma.at(float64(row*3+col) / 5)
			for _, edge := range []int{0, 9} {
				if got := at(col*10+edge, row*10+edge); got != want {
					t.Errorf("row %d, column %d, pixel %d: got %v, want %v", row, col, edge, got, want)
				}
			}
		}
	}
}

func TestRasterKeepsTheLargestWhenItShrinks(t *testing.T) {
	values := make([]float32, 1000)
	values[617] = 1
	at := place(field{1, 1000, values}, 100, 4, true)
	bright := 0
	for x := range 100 {
		if at(x, 0) == magma.at(1) {
			bright++
			if x != 61 {
				t.Errorf("cell 617 of 1000 at pixel %d of 100", x)
			}
		}
	}
	if bright != 1 {
		t.Errorf("%d bright pixels, want 1", bright)
	}
}

func TestTapsStayInsideAndCoverAll(t *testing.T) {
	for _, smooth := range []bool{false, true} {
		for cells := 1; cells < 40; cells++ {
			for pixels := 1; pixels < 60; pixels++ {
				seen := make([]bool, cells)
				for i, tap := range whole.taps(pixels, cells, smooth) {
					to := max(tap.to, tap.from+1)
					if tap.share > 0 {
						to = tap.from + 2
					}
					if tap.from < 0 || to > cells {
						t.Fatalf("%d cells, %d pixels, smooth %v: pixel %d takes [%d, %d)", cells, pixels, smooth, i, tap.from, to)
					}
					for k := tap.from; k < to; k++ {
						seen[k] = true
					}
				}
				for k := range seen {
					if !seen[k] {
						t.Fatalf("%d cells, %d pixels, smooth %v: cell %d is not drawn", cells, pixels, smooth, k)
					}
				}
			}
		}
	}
}

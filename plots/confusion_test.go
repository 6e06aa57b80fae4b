package plots

import (
	"io"
	"math"
	"testing"
)

func TestConfusionIsBlueOnTheDiagonal(t *testing.T) {
	c := square(4)
	img := drawn(t, func(w io.Writer) error { return DrawConfusion(w, c) })
	n, x, y := pixelsNear(img, right.at(0.9), 6)
	if n < 4*8000 {
		t.Fatalf("%d blue pixels", n)
	}
	wrongs, xr, yr := pixelsNear(img, wrong.at(math.Sqrt(0.1)), 3)
	if wrongs < 4*8000 {
		t.Fatalf("%d red pixels", wrongs)
	}
	// Cells (i, i+1) and (3, 0) have the diagonal's centre, too.
	if math.Hypot(x-xr, y-yr) > 6 {
		t.Errorf("centres of right and wrong at %.0f, %.0f and %.0f, %.0f", x, y, xr, yr)
	}
	if got, want := c.sentence(), "360 of 400 right: accuracy 90.0 %, mean recall 90.0 %."; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// Package plots draws what prep knows about sounds, sets and models. Every
// function takes values and writes one PNG to an io.Writer. The same values give
// the same bytes, on any goroutine: nothing here reads a clock, a global that
// changes, or a file but through the Reader it is given.
//
// A picture is 600 points wide and drawn at 144 dots per inch, so that it stays
// legible when a README shows it 800 pixels wide. Values that cannot be
// drawn (NaN, infinities, empty slices) leave blanks and never panic; names
// that do not fit end in an ellipsis.
package plots

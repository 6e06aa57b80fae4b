package conv

import "math"

// Winograd's minimal filtering F(m x m, r x r): a tile of m x m outputs from (m+r-1)^2 products instead
// of m^2 r^2, as Y = A' [(G g G') * (B' d B)] A with * elementwise (Winograd 1980; Lavin & Gray 2016,
// "Fast Algorithms for Convolutional Neural Networks", equation 8). Over channels the elementwise
// product becomes one matrix product for each of the (m+r-1)^2 points.
//
// The gradient of the weights is G' [sum over tiles (B' d B)' (A dY A')] G, from the same transforms.

// maxPoints is the most points of any kind of tile.
const maxPoints = 8

// matrix is a small transform, rows x cols.
type matrix struct {
	rows, cols int
	at         [maxPoints][maxPoints]float32
}

// The kinds of tile: m x r.
const (
	tile4x3 = iota
	tile4x5
	tile2x7
	tileKinds
)

// tileKind is the matrices of F(m x m, r x r).
type tileKind struct {
	m, r, points int
	input        matrix    // B', points x points
	output       matrix    // A', m x points
	gradient     matrix    // A, points x m
	weights      []float32 // G (x) G, points^2 x r^2
}

var tileKindsTable = [tileKinds]*tileKind{
	tile4x3: newTileKind(4, 3, 0, 1, -1, 2, -2),
	tile4x5: newTileKind(4, 5, 0, 1, -1, 2, -2, 0.5, -0.5),
	tile2x7: newTileKind(2, 7, 0, 1, -1, 2, -2, 0.5, -0.5),
}

// newTileKind makes the matrices from the finite points p_i, infinity being the last (Toom-Cook).
//
// With M_i(x) the product of (x - p_j) over j != i, row i of B' holds the coefficients of M_i and row i
// of G the powers of p_i over M_i(p_i); the last row of B' is the product over all points. Row 0 has the
// sign that makes its first element positive.
func newTileKind(m, r int, finite ...float64) *tileKind {
	n := m + r - 1
	t := &tileKind{m: m, r: r, points: n, input: matrix{rows: n, cols: n},
		output: matrix{rows: m, cols: n}, gradient: matrix{rows: n, cols: m}}
	g := make([][]float64, n)
	for i := range n {
		polynomial, scale, powers := pointRow(i, finite)
		for j, c := range polynomial {
			t.input.at[i][j] = float32(c)
		}
		g[i] = make([]float64, r)
		for j := range r {
			g[i][j] = powers(j, r) / scale
		}
		for j := range m {
			t.output.at[j][i] = float32(powers(j, m))
			t.gradient.at[i][j] = t.output.at[j][i]
		}
	}
	t.weights = square(g)
	return t
}

// pointRow returns for point i the coefficients of M_i, its value at the point, and the powers of the
// point, of which infinity has only the highest.
func pointRow(i int, finite []float64) (polynomial []float64, scale float64, powers func(j, n int) float64) {
	polynomial, scale = []float64{1}, 1
	for j, p := range finite {
		if j != i {
			polynomial = timesRoot(polynomial, p)
			if i < len(finite) {
				scale *= finite[i] - p
			}
		}
	}
	if i == len(finite) {
		return polynomial, 1, func(j, n int) float64 {
			if j == n-1 {
				return 1
			}
			return 0
		}
	}
	if polynomial[0] < 0 && i == 0 {
		scale = -scale
		for j := range polynomial {
			polynomial[j] = -polynomial[j]
		}
	}
	return polynomial, scale, func(j, _ int) float64 { return math.Pow(finite[i], float64(j)) }
}

// timesRoot multiplies a polynomial, lowest power first, by (x - root).
func timesRoot(polynomial []float64, root float64) []float64 {
	product := make([]float64, len(polynomial)+1)
	for i, c := range polynomial {
		product[i+1] += c
		product[i] -= root * c
	}
	return product
}

// square is the Kronecker product of g with itself, row by row.
func square(g [][]float64) []float32 {
	var k []float32
	for _, a := range g {
		for _, b := range g {
			for _, x := range a {
				for _, y := range b {
					k = append(k, float32(x*y))
				}
			}
		}
	}
	return k
}

// fewestTileChannels is the channels, in and out, from which the transforms pay. Tests raise it to have
// everything computed directly.
var fewestTileChannels = 8

// tileFor returns the kind of tile that pays for a convolution, or -1: stride 1, a square kernel that
// has tiles, and enough channels to pay for the transforms.
func (g geometry) tileFor() int {
	if g.sh != 1 || g.sw != 1 || g.kh != g.kw || min(g.cin, g.cout) < fewestTileChannels {
		return -1
	}
	for kind, t := range tileKindsTable {
		if t.r == g.kh {
			return kind
		}
	}
	return -1
}

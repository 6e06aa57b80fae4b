package conv

import "math"

// Winograd's minimal filtering F(m, r) along one axis: m outputs of a kernel of r taps from m+r-1
// products instead of m r, as y = A' [(G g) * (B' d)] with * elementwise (Winograd 1980). Along both axes
// of a map a tile of outputs is Y = A' [(G g H') * (B' d C)] D, where G, B and A belong to one axis and H,
// C and D to the other (Lavin & Gray 2016, "Fast Algorithms for Convolutional Neural Networks", equation
// 8, which has the two alike). Over channels the elementwise product becomes one matrix product for each
// point of the tile.
//
// The gradient of the weights is G' [sum over tiles (B' d C)' (A dY D')] H, from the same transforms.

// maxPoints is the most points of any filter.
const maxPoints = 8

// matrix is a small transform, rows x cols.
type matrix struct {
	rows, cols int
	at         [maxPoints][maxPoints]float32
}

// The filters: m x r. The first multiplies every tap with every input.
const (
	filter1x1 = iota
	filter4x3
	filter4x5
	filterCount
)

// filter is the matrices of F(m, r).
type filter struct {
	m, r, points int
	input        matrix      // B', points x points
	output       matrix      // A', m x points
	gradient     matrix      // A, points x m
	weights      [][]float64 // G, points x r
}

var filters = [filterCount]*filter{
	filter1x1: newFilter(1, 1),
	filter4x3: newFilter(4, 3, 0, 1, -1, 2, -2),
	filter4x5: newFilter(4, 5, 0, 1, -1, 2, -2, 0.5, -0.5),
}

// newFilter makes the matrices from the finite points p_i, infinity being the last (Toom-Cook).
//
// With M_i(x) the product of (x - p_j) over j != i, row i of B' holds the coefficients of M_i and row i
// of G the powers of p_i over M_i(p_i); the last row of B' is the product over all points. Row 0 has the
// sign that makes its first element positive.
func newFilter(m, r int, finite ...float64) *filter {
	n := m + r - 1
	f := &filter{m: m, r: r, points: n, input: matrix{rows: n, cols: n},
		output: matrix{rows: m, cols: n}, gradient: matrix{rows: n, cols: m}, weights: make([][]float64, n)}
	for i := range n {
		polynomial, scale, powers := pointRow(i, finite)
		for j, c := range polynomial {
			f.input.at[i][j] = float32(c)
		}
		for j := range r {
			f.weights[i] = append(f.weights[i], powers(j, r)/scale)
		}
		for j := range m {
			f.output.at[j][i] = float32(powers(j, m))
			f.gradient.at[i][j] = f.output.at[j][i]
		}
	}
	return f
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

// kronecker is the Kronecker product of two matrices, row by row.
func kronecker(a, b [][]float64) []float32 {
	var k []float32
	for _, p := range a {
		for _, q := range b {
			for _, x := range p {
				for _, y := range q {
					k = append(k, float32(x*y))
				}
			}
		}
	}
	return k
}

package train

import (
	"errors"
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"

	"prep/data/num"
	"prep/train/conv"
)

// The settings of a head, chosen by folds over the people of VOPEC's tuning half and over
// mridangam's tonics (docs/voice-model.md): within a factor of two of each the figures are
// within a point.
const (
	headGamma  = 0.5  // of the kernel exp(-gamma d^2), for vectors of a mean square length of 1
	headRidge  = 0.5  // added to the kernel's diagonal for a hit of weight 1
	headShare  = 0.35 // of a class's weight that a person's own hits have, where others have hits of it too
	headSlope  = 5    // of the softmax over scores, which lie around -1 to 1
	headOthers = 200  // most hits of a class that are kept of others
)

// knownHit is a hit as a head knows it.
type knownHit struct {
	vector []float32 // embedding and statistics, not standardized
	class  int
	own    bool // of the person, not of others
}

// head names hits by what a network makes of their patches, beside hits that it remembers:
// a kernel ridge regression on the classes (Saunders, Gammerman and Vovk, "Ridge Regression
// Learning Algorithm in Dual Variables", ICML 1998, eq. 8, with a Gaussian kernel; with
// weights it is weighted least squares). Its scores are the kernel of a vector with each of
// those hits, times weights, plus a bias a class.
type head struct {
	mean, scale []float32   // taken from a vector, and what the rest is multiplied by
	vectors     [][]float32 // of the hits that it remembers, standardized
	weights     []float32   // hits x classes
	bias        []float32
}

// standardize measures vectors whose first embedded values are an embedding: each of the
// two parts is given a mean square length of a half.
func (h *head) standardize(of []knownHit, embedded int) {
	d := len(of[0].vector)
	sum, squares := make([]float64, d), make([]float64, d)
	for _, x := range of {
		for j, v := range x.vector {
			sum[j] += float64(v)
			squares[j] += float64(v) * float64(v)
		}
	}
	h.mean, h.scale = make([]float32, d), make([]float32, d)
	n := float64(len(of))
	for j := range sum {
		mean := sum[j] / n
		deviation := math.Sqrt(max(squares[j]/n-mean*mean, 0))
		part := embedded
		if j >= embedded {
			part = d - embedded
		}
		h.mean[j] = float32(mean)
		if deviation > 1e-6 { // a unit that is always silent says nothing
			h.scale[j] = float32(1 / (deviation * math.Sqrt(2*float64(part))))
		}
	}
}

// standardized returns a vector as the kernel compares it.
func (h *head) standardized(v []float32) []float32 {
	s := make([]float32, len(v))
	for j, x := range v {
		s[j] = (x - h.mean[j]) * h.scale[j]
	}
	return s
}

// errNothing says that a head has nothing to learn from.
var errNothing = errors.New("no hits to learn from")

// fitted is a head with what its leave-out scores need.
type fitted struct {
	head
	hits     []knownHit
	residual *mat.Dense    // hits x classes: the dual weights
	solver   *mat.Cholesky // of the kernel with the ridge
	target   func(i, class int) float64
}

// fit learns classes from hits, with the standardization that h has.
func (h head) fit(of []knownHit, classes int) (*fitted, error) {
	if len(of) == 0 {
		return nil, errNothing
	}
	vectors := make([][]float32, len(of))
	for i, x := range of {
		vectors[i] = h.standardized(x.vector)
	}
	h.vectors = vectors
	return h.fitKernel(of, kernelMatrix(vectors), classes)
}

// fitKernel is fit where the kernel of the hits is known; it is changed.
func (h head) fitKernel(of []knownHit, k *mat.SymDense, classes int) (*fitted, error) {
	f := &fitted{head: h, hits: of}
	weight := hitWeights(of, classes)
	f.bias = make([]float32, classes)
	var total float64
	for i, x := range of {
		f.bias[x.class] += float32(2 * weight[i])
		total += weight[i]
	}
	for k := range f.bias {
		f.bias[k] = f.bias[k]/float32(total) - 1
	}
	for i, w := range weight {
		k.SetSym(i, i, k.At(i, i)+headRidge/w)
	}
	f.solver = &mat.Cholesky{}
	if !f.solver.Factorize(k) {
		return nil, fmt.Errorf("the kernel of %d hits cannot be factorized", len(of))
	}
	f.target = func(i, class int) float64 {
		if of[i].class == class {
			return 1 - float64(f.bias[class])
		}
		return -1 - float64(f.bias[class])
	}
	return f, f.solve(classes)
}

// solve works out the dual weights.
func (f *fitted) solve(classes int) error {
	targets := mat.NewDense(len(f.hits), classes, nil)
	for i := range f.hits {
		for k := range classes {
			targets.Set(i, k, f.target(i, k))
		}
	}
	f.residual = &mat.Dense{}
	if err := f.solver.SolveTo(f.residual, targets); err != nil {
		return fmt.Errorf("the kernel of %d hits: %w", len(f.hits), err)
	}
	f.weights = make([]float32, len(f.hits)*classes)
	for i, v := range f.residual.RawMatrix().Data {
		f.weights[i] = float32(v)
	}
	return nil
}

// hitWeights returns the weight of each hit. Every class weighs the same, and in a class the
// person's own hits headShare, however many there are on either side. The mean is 1.
func hitWeights(of []knownHit, classes int) []float64 {
	own, others := make([]float64, classes), make([]float64, classes)
	for _, x := range of {
		if x.own {
			own[x.class]++
		} else {
			others[x.class]++
		}
	}
	present := 0
	for k := range classes {
		if own[k]+others[k] > 0 {
			present++
		}
	}
	each := float64(len(of)) / float64(present)
	weights := make([]float64, len(of))
	for i, x := range of {
		share, n := headShare, own[x.class]
		if !x.own {
			share, n = 1-headShare, others[x.class]
		}
		if own[x.class] == 0 || others[x.class] == 0 {
			share = 1
		}
		weights[i] = each * share / n
	}
	return weights
}

// kernelMatrix returns the kernel of each vector with each.
func kernelMatrix(vectors [][]float32) *mat.SymDense {
	n, d := len(vectors), len(vectors[0])
	x := mat.NewDense(n, d, nil)
	for i, v := range vectors {
		for j, value := range v {
			x.Set(i, j, float64(value))
		}
	}
	k := mat.NewSymDense(n, nil)
	k.SymOuterK(1, x)
	squares := make([]float64, n)
	for i := range n {
		squares[i] = k.At(i, i)
	}
	for i := range n {
		for j := i; j < n; j++ {
			k.SetSym(i, j, math.Exp(-headGamma*max(squares[i]+squares[j]-2*k.At(i, j), 0)))
		}
	}
	return k
}

// probabilities returns what the head says of a vector.
func (h head) probabilities(vector []float32) []float32 {
	v := h.standardized(vector)
	classes := len(h.bias)
	scores := append([]float32{}, h.bias...)
	for i, x := range h.vectors {
		var d float32
		for j, a := range x {
			d += (a - v[j]) * (a - v[j])
		}
		near := float32(math.Exp(-headGamma * float64(d)))
		for k := range scores {
			scores[k] += near * h.weights[i*classes+k]
		}
	}
	return soften(scores)
}

// soften turns scores into probabilities, in place.
func soften(scores []float32) []float32 {
	for k := range scores {
		scores[k] *= headSlope
	}
	conv.Softmax(scores, len(scores))
	return scores
}

// leaveOut returns what the head would say of some of its hits had it not learned from
// them: with A the kernel and its ridge, y the targets and a = A^-1 y, the residuals of a
// part S are ((A^-1)_SS)^-1 a_S (Rasmussen and Williams, "Gaussian Processes for Machine
// Learning", 2006, eq. 5.12, for more than one). The weights of the hits that stay are as
// they were.
func (f *fitted) leaveOut(part []int) ([][]float32, error) {
	n, classes := len(f.hits), len(f.bias)
	units := mat.NewDense(n, len(part), nil)
	for j, i := range part {
		units.Set(i, j, 1)
	}
	var columns mat.Dense
	if err := f.solver.SolveTo(&columns, units); err != nil {
		return nil, err
	}
	inverse, dual := mat.NewDense(len(part), len(part), nil), mat.NewDense(len(part), classes, nil)
	for a, i := range part {
		for b := range part {
			inverse.Set(a, b, columns.At(i, b))
		}
		dual.SetRow(a, f.residual.RawRowView(i))
	}
	var residual mat.Dense
	if err := residual.Solve(inverse, dual); err != nil {
		return nil, err
	}
	rows := make([][]float32, len(part))
	for a, i := range part {
		rows[a] = make([]float32, classes)
		for k := range classes {
			rows[a][k] = float32(f.target(i, k)-residual.At(a, k)) + f.bias[k]
		}
		soften(rows[a])
	}
	return rows, nil
}

// rightWhenLeftOut returns how many hits are named rightly when the parts are left out in turn.
func (f *fitted) rightWhenLeftOut(parts [][]int) (right int, err error) {
	for _, part := range parts {
		rows, err := f.leaveOut(part)
		if err != nil {
			return 0, err
		}
		for j, class := range answers(rows) {
			if class == f.hits[part[j]].class {
				right++
			}
		}
	}
	return right, nil
}

// answers returns the most probable class of each row.
func answers(rows [][]float32) []int {
	said := make([]int, len(rows))
	for i, r := range rows {
		said[i] = num.ArgMax(r)
	}
	return said
}

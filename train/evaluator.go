package train

import (
	"fmt"

	"prep/data"
	"prep/train/conv"
)

// evaluator says the probabilities of patches with a network's weights as they
// are at the time. It is used by one goroutine at a time.
type evaluator struct {
	g          *graph
	in         Shape
	norm       Normalization
	statistics statistics
}

func newEvaluator(n Net, in Shape, batch int, w weights, norm Normalization) (*evaluator, error) {
	g, err := n.newGraph(in, batch, w, conv.Inference, 0)
	return &evaluator{g, in, norm, newStatistics(in)}, err
}

// predict returns the class probabilities of n patches, n x classes. patch
// gives the i-th, which predict normalizes in place.
func (e *evaluator) predict(n int, patch func(i int) (data.Patch, error)) ([][]float32, error) {
	all := make([][]float32, 0, n)
	err := e.run(n, patch, nil, func(part int) { all = appendRows(all, e.g.predictions(), e.g.batch, part) })
	return all, err
}

// embed returns the probabilities as predict does, and of each patch what a head reads: the
// embedding, which is what the output layer reads, and behind it the statistics.
func (e *evaluator) embed(n int, patch func(i int) (data.Patch, error)) (probabilities, vectors [][]float32, err error) {
	rows := make([][]float32, 0, n)
	look := func(p data.Patch) {
		v := make([]float32, e.statistics.size())
		e.statistics.of(p, v)
		vectors = append(vectors, v)
	}
	err = e.run(n, patch, look, func(part int) {
		probabilities = appendRows(probabilities, e.g.predictions(), e.g.batch, part)
		rows = appendRows(rows, e.g.embeddings(), e.g.batch, part)
	})
	for i, r := range rows {
		vectors[i] = append(r, vectors[i]...)
	}
	return probabilities, vectors, err
}

// run hands batches of patches to the graph: look sees each patch as it is, done each batch
// and how many of its patches are real.
func (e *evaluator) run(n int, patch func(i int) (data.Patch, error), look func(data.Patch), done func(part int)) error {
	length := e.in.size()
	for lo := 0; lo < n; lo += e.g.batch {
		part := min(e.g.batch, n-lo)
		for i := range part {
			p, err := patch(lo + i)
			if err != nil {
				return err
			}
			if got := (Shape{p.Bands, p.Frames, p.Channels}); got != e.in || len(p.Values) != length {
				return fmt.Errorf("hit %s: a patch of %v values in shape %v, want %v", p.Hit, len(p.Values), got, e.in)
			}
			if look != nil {
				look(p)
			}
			e.norm.apply(p)
			place(e.g.x[i*length:][:length], p)
		}
		if err := e.g.run(); err != nil {
			return err
		}
		done(part)
	}
	return nil
}

// appendRows appends the first rows of a batch.
func appendRows(all [][]float32, values []float32, batch, rows int) [][]float32 {
	width := len(values) / batch
	for i := range rows {
		all = append(all, values[i*width:][:width:width])
	}
	return all
}

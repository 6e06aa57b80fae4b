package train

import (
	"fmt"

	"prep/data"
	"prep/train/conv"
)

// evaluator says the probabilities of patches with a network's weights as they
// are at the time. It is used by one goroutine at a time.
type evaluator struct {
	g    *graph
	in   Shape
	norm Normalization
}

func newEvaluator(n Net, in Shape, batch int, w weights, norm Normalization) (*evaluator, error) {
	g, err := n.newGraph(in, batch, w, conv.Inference, 0)
	return &evaluator{g, in, norm}, err
}

// predict returns the class probabilities of n patches, n x classes. patch
// gives the i-th, which predict normalizes in place.
func (e *evaluator) predict(n int, patch func(i int) (data.Patch, error)) ([][]float32, error) {
	all := make([][]float32, 0, n)
	length := e.in.size()
	for lo := 0; lo < n; lo += e.g.batch {
		real := min(e.g.batch, n-lo)
		for i := range real {
			p, err := patch(lo + i)
			if err != nil {
				return nil, err
			}
			if got := (Shape{p.Bands, p.Frames, p.Channels}); got != e.in || len(p.Values) != length {
				return nil, fmt.Errorf("hit %s: a patch of %v values in shape %v, want %v", p.Hit, len(p.Values), got, e.in)
			}
			e.norm.apply(p)
			place(e.g.x[i*length:][:length], p)
		}
		if err := e.g.run(); err != nil {
			return nil, err
		}
		rows := e.g.predictions()
		classes := len(rows) / e.g.batch
		for i := range real {
			all = append(all, rows[i*classes:][:classes:classes])
		}
	}
	return all, nil
}

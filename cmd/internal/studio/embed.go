package studio

import (
	"cmp"
	"context"
	"path/filepath"

	"prep/cmd/internal/predict"
	"prep/data"
	"prep/data/disk"
)

// embedder returns what says what the set's own model makes of hits, or nil where there is none: what
// came with prep knows three sounds, and would have others lie where they do not belong. A hit that
// cannot be looked at lies in the middle of all.
func (s *Studio) embedder() (func(context.Context, []data.Hit) ([][]float32, error), error) {
	dir := s.first()
	if dir == predict.General {
		return nil, nil
	}
	if there, err := disk.Exists(filepath.Join(dir, "model.json")); err != nil || !there {
		return nil, err
	}
	return func(ctx context.Context, hits []data.Hit) ([][]float32, error) {
		p, err := predict.New(dir, s.config.Segment, s.config.Predict)
		if err != nil {
			return nil, err
		}
		var all [][]float32
		for len(hits) > 0 {
			n := 1
			for n < len(hits) && hits[n].Recording == hits[0].Recording {
				n++
			}
			vectors, err := p.Embeddings(s.set, hits[:n])
			if err != nil || ctx.Err() != nil {
				return nil, cmp.Or(err, ctx.Err())
			}
			all, hits = append(all, vectors...), hits[n:]
		}
		return completed(all), nil
	}, nil
}

// completed puts the mean of all vectors where there is none; nil where there is none at all.
func completed(vectors [][]float32) [][]float32 {
	var mean []float32
	n := 0
	for _, v := range vectors {
		if v == nil {
			continue
		}
		if mean == nil {
			mean = make([]float32, len(v))
		}
		n++
		for i, x := range v {
			mean[i] += (x - mean[i]) / float32(n)
		}
	}
	if mean == nil {
		return nil
	}
	for i := range vectors {
		if vectors[i] == nil {
			vectors[i] = mean
		}
	}
	return vectors
}

package data

import (
	"bytes"
	"fmt"

	"prep/data/disk"
)

// HitRun is some hits that follow each other in hits.jsonl: of one recording,
// all originals or all copies. It says where they stand and holds none.
type HitRun struct {
	Recording string
	Copies    bool
	Len       int   // hits
	at, size  int64 // bytes of hits.jsonl
}

// HitRuns returns the set's hits, in their order, as runs of at most the given
// number, however many hits there are.
func (s *Set) HitRuns(most int) (runs []HitRun, err error) {
	var at int64
	err = eachLine(s.Path(HitsFile), false, func(h Hit, line []byte) {
		copied, last := h.Parent != "", len(runs)-1
		if last < 0 || runs[last].Len == most || runs[last].Recording != h.Recording || runs[last].Copies != copied {
			runs = append(runs, HitRun{Recording: h.Recording, Copies: copied, at: at})
			last++
		}
		runs[last].Len++
		runs[last].size += int64(len(line))
		at += int64(len(line))
	})
	return runs, err
}

// HitsOf returns the hits of a run.
func (s *Set) HitsOf(r HitRun) ([]Hit, error) {
	f, err := disk.Open(s.Path(HitsFile))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text := make([]byte, r.size)
	if _, err := f.ReadAt(text, r.at); err != nil {
		return nil, fmt.Errorf("%s: %w", f.Name(), err)
	}
	hits := make([]Hit, 0, r.Len)
	for line := range bytes.Lines(text) {
		h, err := decodeLine[Hit](line)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f.Name(), err)
		}
		hits = append(hits, h)
	}
	return hits, nil
}

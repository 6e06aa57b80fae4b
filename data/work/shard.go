package work

import (
	"context"
	"encoding/gob"
	"fmt"
	"io"
	"strconv"
	"strings"

	"prep/data"
	"prep/data/disk"
)

// Shard is one machine's part of the work of a stage: number I, from 0, of N.
// The zero value is none: all of it, on one machine.
type Shard struct {
	I int `json:"i"`
	N int `json:"n"`
}

// maxShards is what five digits of a part's name can count.
const maxShards = 100_000

// ParseShard reads "i/n".
func ParseShard(text string) (sh Shard, err error) {
	i, n, ok := strings.Cut(text, "/")
	if ok {
		sh.I, err = strconv.Atoi(i)
	}
	if ok && err == nil {
		sh.N, err = strconv.Atoi(n)
	}
	if !ok || err != nil || sh.I < 0 || sh.I >= sh.N || sh.N > maxShards {
		return Shard{}, fmt.Errorf("%q: want i/n, i from 0 to n-1, n at most %d", text, maxShards)
	}
	return sh, nil
}

// String returns "i/n", or "" for all of it.
func (sh Shard) String() string {
	if sh.N == 0 {
		return ""
	}
	return fmt.Sprintf("%d/%d", sh.I, sh.N)
}

// span returns which of a number of items are the shard's: [lo, hi). Merged in
// their order the spans are all the items, each of them once.
func (sh Shard) span(items int) (lo, hi int) {
	return items/sh.N*sh.I + min(sh.I, items%sh.N), items/sh.N*(sh.I+1) + min(sh.I+1, items%sh.N)
}

// shard does the shard's items and writes what became of them as one part,
// unless that part is there already.
func (w work[T, R]) shard(ctx context.Context, sh Shard, items []T) (data.Summary, error) {
	head, err := headOf(w.engine.Set, w.job, sh, len(items))
	if err != nil {
		return data.Summary{}, err
	}
	lo, hi := sh.span(len(items))
	sum := data.Summary{Stage: w.job.Stage, Shard: sh.String(), Counts: map[string]int{"items": hi - lo}}
	path := partPath(w.engine.Set, w.job.Stage, sh)
	old, err := readHead(path)
	if disk.IsOfMoment(err) {
		return sum, err
	}
	if err == nil && old.same(head) {
		sum.Unchanged = true
		return sum, nil
	}
	return sum, data.WriteFile(path, func(f io.Writer) error {
		if err := data.EncodeLines(f, []partHead{head}); err != nil {
			return err
		}
		e := gob.NewEncoder(f)
		return w.each(ctx, items[lo:hi], w.do, func(item T, r Result[R]) error {
			if r.Err != nil {
				note, _ := w.Describe(item)
				sum.Skips = append(sum.Skips, data.Skip{Item: note, Reason: r.Err.Error()})
				return e.Encode(partItem[R]{Refused: r.Err.Error()})
			}
			return e.Encode(partItem[R]{Value: r.Value})
		})
	})
}

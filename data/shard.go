package data

import (
	"context"
	"encoding/gob"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// Shard is one machine's part of the work of a stage: number I, from 0, of N.
// The zero value is all of it, on one machine.
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

// Create opens a set for the shard's work, making the directory if need be.
// All of it (see the function Create) locks out every other writer; a shard
// locks out all but other shards, of which each writes only its own files.
func (sh Shard) Create(dir string) (*Set, error) {
	_, err := os.Stat(dir)
	made := errors.Is(err, fs.ErrNotExist)
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, err
	}
	lock, err := os.OpenFile(filepath.Join(dir, lockName), os.O_RDWR|os.O_CREATE, 0o666)
	if err != nil {
		return nil, err
	}
	s := &Set{dir: dir, lock: lock, shard: sh, made: made}
	if err := s.takeLock(); err != nil {
		lock.Close()
		return nil, fmt.Errorf("%s: %w", dir, err)
	}
	if sh.N > 0 {
		return s, nil
	}
	if err := s.sweep(); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

// takeLock locks the set. A lock file that the writer before took away with an
// empty set, after it was opened here, is none.
func (s *Set) takeLock() error {
	if err := lockFile(s.lock, s.shard.N > 0); err != nil {
		return err
	}
	mine, err := s.lock.Stat()
	if err != nil {
		return err
	}
	if there, err := os.Stat(s.Path(lockName)); err != nil || !os.SameFile(mine, there) {
		return ErrLocked
	}
	return nil
}

// OpenWriter is Create for a set that must exist already: see Open.
func (sh Shard) OpenWriter(dir string) (*Set, error) {
	if _, err := Open(dir); err != nil {
		return nil, err
	}
	return sh.Create(dir)
}

// shard does the shard's items and writes what became of them as one part,
// unless that part is there already.
func (w work[T, R]) shard(ctx context.Context, s *Set, job Job, items []T) (Summary, error) {
	head, err := s.headOf(job, len(items))
	if err != nil {
		return Summary{}, err
	}
	lo, hi := s.shard.span(len(items))
	sum := Summary{Stage: job.Stage, Shard: s.shard.String(), Counts: map[string]int{"items": hi - lo}}
	path := s.partPath(job.Stage, s.shard)
	if old, err := readHead(path); err == nil && old.same(head) {
		sum.Unchanged = true
		return sum, nil
	}
	return sum, WriteFile(path, func(f io.Writer) error {
		if err := EncodeLines(f, []partHead{head}); err != nil {
			return err
		}
		e := gob.NewEncoder(f)
		return w.each(ctx, items[lo:hi], w.do, func(item T, r Result[R]) error {
			if r.Err != nil {
				note, _ := w.Describe(item)
				sum.Skips = append(sum.Skips, Skip{note, r.Err.Error()})
				return e.Encode(partItem[R]{Refused: r.Err.Error()})
			}
			return e.Encode(partItem[R]{Value: r.Value})
		})
	})
}

package work

import (
	"bufio"
	"bytes"
	"encoding/gob"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"maps"
	"runtime"
	"slices"
	"strings"

	"prep/data"
	"prep/data/disk"
)

// A part is the file shards/<stage>/<i>-of-<n>.part, what one shard made of its
// items: a line of JSON, its head, and behind that a gob of each item's result.
// It takes its name when it is whole, so one that is there is done.
const (
	partName = "%05d-of-%05d.part"
	partExt  = ".part"
)

// partHead says what a part was made of: the shards of one stage fit together
// if their heads are the same but for Shard.
type partHead struct {
	Stage    string            `json:"stage"`
	Editions Editions          `json:"editions"`
	Arch     string            `json:"arch"` // the last bits of sums differ between architectures
	Shard    Shard             `json:"shard"`
	Items    int               `json:"items"` // of all shards
	Config   json.RawMessage   `json:"config"`
	Inputs   map[string]string `json:"inputs"`
}

// partItem is what became of one item.
type partItem[R any] struct {
	Value   R
	Refused string // the error's text
}

func headOf(set *data.Set, job Job, sh Shard, items int) (partHead, error) {
	job.Outputs, job.More = nil, nil
	r, err := recordOf(set, job)
	return partHead{r.Stage, r.Editions, runtime.GOARCH, sh, items, r.Config, r.Inputs}, err
}

// same reports whether two heads are of the same work, whichever its shard.
func (h partHead) same(o partHead) bool {
	return maps.Equal(h.Editions, o.Editions) && h.Arch == o.Arch && h.Items == o.Items && h.Shard.N == o.Shard.N &&
		bytes.Equal(h.Config, o.Config) && maps.Equal(h.Inputs, o.Inputs)
}

func partPath(set *data.Set, stage string, sh Shard) string {
	return set.Path(data.ShardsDir, stage, fmt.Sprintf(partName, sh.I, sh.N))
}

// maxHead bounds the head of a part, in bytes.
const maxHead = 1 << 20

// openPart opens a part and reads its head; r goes on behind it.
func openPart(path string) (f *disk.File, r *bufio.Reader, h partHead, err error) {
	if f, err = disk.Open(path); err != nil {
		return nil, nil, h, err
	}
	r = bufio.NewReaderSize(f, maxHead)
	line, err := r.ReadSlice('\n')
	if err == nil {
		err = json.Unmarshal(line, &h)
	}
	if err != nil {
		f.Close()
		return nil, nil, h, fmt.Errorf("%s: %w: %w", path, errDamaged, err)
	}
	return f, r, h, nil
}

func readHead(path string) (partHead, error) {
	f, _, h, err := openPart(path)
	if err == nil {
		f.Close()
	}
	return h, err
}

var errDamaged = errors.New("the part is damaged; run its shard again")

// parts are all the parts of a stage, by shard.
type parts struct {
	stage string
	paths []string
	heads []partHead
}

// ErrNoShards says that a stage has nothing to merge.
var ErrNoShards = errors.New("no shards here to merge; run the stage with --shard i/n, for each i")

// Waiting returns the stages that have parts, sorted.
func Waiting(set *data.Set) ([]string, error) {
	dirs, err := disk.ReadDir(set.Path(data.ShardsDir))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var stages []string
	for _, d := range dirs {
		if d.IsDir() && !strings.HasSuffix(d.Name(), data.TmpSuffix) {
			stages = append(stages, d.Name())
		}
	}
	return stages, err
}

// Merge calls run with an engine and the configuration that the shards of a
// stage had, in JSON. What run then does with Work takes the shards' results,
// so that it writes the bytes of a run on one machine; the record of the run is
// the last of them, and the parts go once it is there. Merge fails, and run is
// not called, when there are no parts (ErrNoShards), when some are missing,
// which it names, and when they do not fit together.
func (e Engine) Merge(stage string, run func(e Engine, config json.RawMessage) (data.Summary, error)) (data.Summary, error) {
	p, err := openParts(e.Set, stage)
	if err != nil {
		return data.Summary{}, fmt.Errorf("%s: %s: %w", e.Set.Path(), stage, err)
	}
	e.Mode = p
	sum, err := run(e, p.heads[0].Config)
	if err != nil {
		return sum, err
	}
	if err := data.RemoveDir(e.Set.Path(data.ShardsDir, stage)); err != nil {
		return sum, err
	}
	disk.Remove(e.Set.Path(data.ShardsDir)) // fails when it holds other stages
	return sum, nil
}

// openParts finds the parts of a stage. Of an array of another size that was
// given up only some are there: they are passed over.
func openParts(set *data.Set, stage string) (*parts, error) {
	files, err := disk.ReadDir(set.Path(data.ShardsDir, stage))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	found := map[int]map[int]string{} // by N and I
	for _, f := range files {
		if !strings.HasSuffix(f.Name(), partExt) {
			continue // a part that is being written
		}
		path := set.Path(data.ShardsDir, stage, f.Name())
		var sh Shard
		if _, err := fmt.Sscanf(f.Name(), partName, &sh.I, &sh.N); err != nil {
			return nil, fmt.Errorf("%s: not a part's name", path)
		}
		if found[sh.N] == nil {
			found[sh.N] = map[int]string{}
		}
		found[sh.N][sh.I] = path
	}
	n, err := chosen(found)
	if err != nil {
		return nil, err
	}
	p := &parts{stage: stage}
	for i := range n {
		h, err := readHead(found[n][i])
		if err != nil {
			return nil, err
		}
		p.paths, p.heads = append(p.paths, found[n][i]), append(p.heads, h)
	}
	return p, p.agree()
}

// chosen returns the number of shards whose parts are all there.
func chosen(found map[int]map[int]string) (int, error) {
	var whole, torn []int
	for _, n := range slices.Sorted(maps.Keys(found)) {
		if len(found[n]) == n {
			whole = append(whole, n)
		} else {
			torn = append(torn, n)
		}
	}
	switch {
	case len(whole) == 1:
		return whole[0], nil
	case len(whole) > 1:
		return 0, fmt.Errorf("there are all of %d shards, and all of %d; remove the files of one", whole[0], whole[1])
	case len(torn) == 0:
		return 0, ErrNoShards
	}
	n := slices.MaxFunc(torn, func(a, b int) int { return len(found[a]) - len(found[b]) })
	return 0, fmt.Errorf("shards %s of %d are missing; run them, and merge again", missing(found[n], n), n)
}

// missing lists the shards of n that were not found, as array schedulers write
// ranges: "3,7-9".
func missing(found map[int]string, n int) string {
	var ranges []string
	for i := 0; i < n; i++ {
		lo := i
		for i < n && found[i] == "" {
			i++
		}
		switch {
		case i == lo+1:
			ranges = append(ranges, fmt.Sprint(lo))
		case i > lo:
			ranges = append(ranges, fmt.Sprintf("%d-%d", lo, i-1))
		}
	}
	return strings.Join(ranges, ",")
}

// agree fails unless the shards did parts of the same work.
func (p *parts) agree() error {
	for i, h := range p.heads {
		if !h.same(p.heads[0]) {
			return fmt.Errorf("shards 0 and %d of %d are not of the same configuration and inputs; run the older one again",
				i, len(p.heads))
		}
	}
	return nil
}

// check fails unless the shards did the work that is to be merged.
func (p *parts) check(set *data.Set, job Job, items int) error {
	want, err := headOf(set, job, Shard{}, items)
	if err != nil {
		return err
	}
	want.Shard.N = len(p.heads)
	if !p.heads[0].same(want) {
		return fmt.Errorf("%s: the shards were made of other inputs than are here now; run them again", p.stage)
	}
	return nil
}

// replay yields what the shards made of the items.
func replay[T, R any](p *parts, items []T) iter.Seq2[T, Result[R]] {
	return func(yield func(T, Result[R]) bool) {
		for i, path := range p.paths {
			lo, hi := Shard{i, len(p.paths)}.span(len(items))
			if !replayPart(path, items[lo:hi], yield) {
				return
			}
		}
	}
}

// replayPart yields what one shard made of its items; it returns false when
// that is to be the last. A part that cannot be read is a Fatal.
func replayPart[T, R any](path string, items []T, yield func(T, Result[R]) bool) bool {
	f, r, _, err := openPart(path)
	if err != nil {
		var none T
		return yield(none, Result[R]{Err: NewFatal(err)})
	}
	defer f.Close()
	d := gob.NewDecoder(r)
	for _, item := range items {
		result, err := decodeItem[R](d)
		if err != nil {
			result.Err = NewFatal(fmt.Errorf("%s: %w: %w", path, errDamaged, err))
		}
		if !yield(item, result) {
			return false
		}
	}
	return true
}

func decodeItem[R any](d *gob.Decoder) (Result[R], error) {
	var item partItem[R]
	if err := d.Decode(&item); err != nil {
		if err == io.EOF {
			err = io.ErrUnexpectedEOF
		}
		return Result[R]{}, err
	}
	if item.Refused != "" {
		return Result[R]{Err: errors.New(item.Refused)}, nil
	}
	return Result[R]{Value: item.Value}, nil
}

package work

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"prep/data"
)

func TestParseShard(t *testing.T) {
	for text, want := range map[string]Shard{
		"0/1": {0, 1}, "3/16": {3, 16}, "99999/100000": {99999, 100000},
		"": {}, "3": {}, "16/16": {}, "-1/4": {}, "0/0": {}, "a/2": {}, "1/b": {}, "0/100001": {}, "1/2/3": {},
	} {
		got, err := ParseShard(text)
		if got != want || (err == nil) != (want.N > 0) {
			t.Errorf("%q: got %v, %v; want %v", text, got, err, want)
		}
	}
}

func TestSpansOfShardsAreAllItemsOnce(t *testing.T) {
	for _, items := range []int{0, 1, 6, 7, 8, 1000} {
		for _, n := range []int{1, 2, 3, 7, 16} {
			next, least, most := 0, items, 0
			for i := range n {
				lo, hi := Shard{i, n}.span(items)
				if lo != next || hi < lo {
					t.Errorf("%d items, shard %d/%d: [%d, %d) after %d", items, i, n, lo, hi, next)
				}
				next, least, most = hi, min(least, hi-lo), max(most, hi-lo)
			}
			if next != items || most-least > 1 {
				t.Errorf("%d items in %d shards: %d done, %d to %d each", items, n, next, least, most)
			}
		}
	}
}

// squares is a stage that squares numbers, refuses those that end in 3, and
// writes a line each.
type squares struct {
	set   *data.Set
	items []int
	do    func(int) // called for each item worked on
	lines []string
	sum   data.Summary
}

func (q *squares) Items() ([]int, error)        { return q.items, nil }
func (q *squares) Describe(i int) (string, int) { return fmt.Sprint("item ", i), 1 }

func (q *squares) Do(_ context.Context, i int) (int, error) {
	if q.do != nil {
		q.do(i)
	}
	if i%10 == 3 {
		return 0, fmt.Errorf("%d is refused", i)
	}
	return i * i, nil
}

func (q *squares) Take(i int, r Result[int]) error {
	if r.Err != nil {
		q.sum.Skips = append(q.sum.Skips, data.Skip{Item: fmt.Sprint("item ", i), Reason: r.Err.Error()})
		return nil
	}
	q.lines = append(q.lines, fmt.Sprintln(i, r.Value))
	return nil
}

func (q *squares) Finish() (data.Summary, error) {
	q.sum.Stage, q.sum.Counts = "squares", map[string]int{"lines": len(q.lines)}
	return q.sum, q.set.WriteFile("squares.txt", func(w io.Writer) error {
		_, err := io.WriteString(w, strings.Join(q.lines, ""))
		return err
	})
}

// squareAll runs the stage on numbers 0 to n-1; the configuration is a word, the
// input is input.txt.
func squareAll(ctx context.Context, e Engine, word string, n int, do func(int)) (data.Summary, error) {
	job := Job{Stage: "squares", Editions: Editions{"squares": 1}, Config: word, Inputs: []string{"input.txt"}, Outputs: []string{"squares.txt"}}
	q := &squares{set: e.Set, do: do}
	for i := range n {
		q.items = append(q.items, i)
	}
	return e.Run(job, func() (data.Summary, error) { return Work(ctx, e, job, q) })
}

// shared returns the engine of a shard's work in dir.
func shared(t testing.TB, dir string, sh Shard) Engine {
	t.Helper()
	s, err := data.CreateShared(dir)
	if err != nil {
		t.Fatal(err)
	}
	return Engine{Set: s, Mode: sh}
}

// squareShard runs one shard in dir.
func squareShard(t *testing.T, dir string, sh Shard, word string, n int) data.Summary {
	t.Helper()
	e := shared(t, dir, sh)
	defer e.Set.Close()
	sum, err := squareAll(t.Context(), e, word, n, nil)
	if err != nil {
		t.Fatal(err)
	}
	return sum
}

// merge merges the squares in dir.
func merge(t *testing.T, dir string, n int) (data.Summary, error) {
	t.Helper()
	s, err := data.Create(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	return On(s, nil).Merge("squares", func(e Engine, config json.RawMessage) (data.Summary, error) {
		var word string
		if err := json.Unmarshal(config, &word); err != nil {
			return data.Summary{}, err
		}
		return squareAll(t.Context(), e, word, n, nil)
	})
}

// files returns the content of every file below dir.
func files(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		name, _ := filepath.Rel(dir, path)
		all[filepath.ToSlash(name)] = string(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func wantFiles(t *testing.T, dir string, want map[string]string) {
	t.Helper()
	got := files(t, dir)
	for name, content := range got {
		if want[name] != content {
			t.Errorf("%s: got %.60q, want %.60q", name, content, want[name])
		}
	}
	if len(got) != len(want) {
		t.Errorf("%d files, want %d", len(got), len(want))
	}
}

// oneMachine returns the files of a run that was not sharded.
func oneMachine(t *testing.T, word string, n int) map[string]string {
	t.Helper()
	dir := t.TempDir()
	s, err := data.Create(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if _, err := squareAll(t.Context(), On(s, nil), word, n, nil); err != nil {
		t.Fatal(err)
	}
	return files(t, dir)
}

func TestShardsMergeToTheBytesOfOneMachine(t *testing.T) {
	const items = 25
	want := oneMachine(t, "w", items)
	for _, n := range []int{1, 2, 3, 7, 40} {
		dir := t.TempDir()
		for i := range n {
			squareShard(t, dir, Shard{(i + 2) % n, n}, "w", items)
		}
		if again := squareShard(t, dir, Shard{0, n}, "w", items); !again.Unchanged {
			t.Errorf("%d shards: one that was there was done again", n)
		}
		sum, err := merge(t, dir, items)
		if err != nil || len(sum.Skips) != 3 || sum.Shard != "" {
			t.Errorf("%d shards: %+v, %v", n, sum, err)
		}
		wantFiles(t, dir, want)
	}
}

func TestShardTellsItsSkips(t *testing.T) {
	sum := squareShard(t, t.TempDir(), Shard{1, 2}, "w", 20)
	if sum.Shard != "1/2" || sum.Counts["items"] != 10 || len(sum.Skips) != 1 || sum.Skips[0] != (data.Skip{Item: "item 13", Reason: "13 is refused"}) {
		t.Errorf("got %+v", sum)
	}
}

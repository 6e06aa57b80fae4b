package data

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
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
	set   *Set
	items []int
	do    func(int) // called for each item worked on
	lines []string
	sum   Summary
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
		q.sum.Skips = append(q.sum.Skips, Skip{fmt.Sprint("item ", i), r.Err.Error()})
		return nil
	}
	q.lines = append(q.lines, fmt.Sprintln(i, r.Value))
	return nil
}

func (q *squares) Finish() (Summary, error) {
	q.sum.Stage, q.sum.Counts = "squares", map[string]int{"lines": len(q.lines)}
	return q.sum, q.set.WriteFile("squares.txt", func(w io.Writer) error {
		_, err := io.WriteString(w, strings.Join(q.lines, ""))
		return err
	})
}

// squareAll runs the stage on numbers 0 to n-1; the configuration is a word, the
// input is input.txt.
func squareAll(ctx context.Context, s *Set, word string, n int, do func(int)) (Summary, error) {
	job := Job{Stage: "squares", Config: word, Inputs: []string{"input.txt"}, Outputs: []string{"squares.txt"}}
	q := &squares{set: s, do: do}
	for i := range n {
		q.items = append(q.items, i)
	}
	return s.Run(job, func() (Summary, error) { return Work(ctx, s, job, q, nil) })
}

// squareShard runs one shard in dir.
func squareShard(t *testing.T, dir string, sh Shard, word string, n int) Summary {
	t.Helper()
	s, err := sh.Create(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	sum, err := squareAll(t.Context(), s, word, n, nil)
	if err != nil {
		t.Fatal(err)
	}
	return sum
}

// merge merges the squares in dir.
func merge(t *testing.T, dir string, n int) (Summary, error) {
	t.Helper()
	s, err := Create(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	return s.Merge("squares", func(config json.RawMessage) (Summary, error) {
		var word string
		if err := json.Unmarshal(config, &word); err != nil {
			return Summary{}, err
		}
		return squareAll(t.Context(), s, word, n, nil)
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
	s, err := Create(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if _, err := squareAll(t.Context(), s, word, n, nil); err != nil {
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
	if sum.Shard != "1/2" || sum.Counts["items"] != 10 || len(sum.Skips) != 1 || sum.Skips[0] != (Skip{"item 13", "13 is refused"}) {
		t.Errorf("got %+v", sum)
	}
}

func TestMergeRefuses(t *testing.T) {
	shards := func(dir string, word string, n int, which ...int) {
		for _, i := range which {
			squareShard(t, dir, Shard{i, n}, word, 20)
		}
	}
	part := func(dir string, i, n int) string {
		return filepath.Join(dir, "shards", "squares", fmt.Sprintf(partName, i, n))
	}
	for _, test := range []struct {
		name string
		make func(dir string)
		says string
	}{
		{"nothing", func(string) {}, "no shards here"},
		{"missing ones", func(dir string) { shards(dir, "w", 12, 0, 2, 6, 7, 8, 11) }, "shards 1,3-5,9-10 of 12 are missing"},
		{"other configuration", func(dir string) { shards(dir, "w", 3, 0, 2); shards(dir, "x", 3, 1) }, "shards 0 and 1 of 3"},
		{"other inputs for one", func(dir string) {
			shards(dir, "w", 3, 0, 1)
			os.WriteFile(filepath.Join(dir, "input.txt"), []byte("new"), 0o666)
			shards(dir, "w", 3, 2)
		}, "shards 0 and 2 of 3"},
		{"other inputs since", func(dir string) {
			shards(dir, "w", 2, 0, 1)
			os.WriteFile(filepath.Join(dir, "input.txt"), []byte("new"), 0o666)
		}, "made of other inputs than are here now"},
		{"two whole arrays", func(dir string) { shards(dir, "w", 2, 0, 1); shards(dir, "w", 3, 0, 1, 2) }, "all of 2 shards, and all of 3"},
		{"a head that is none", func(dir string) {
			shards(dir, "w", 2, 0, 1)
			os.WriteFile(part(dir, 1, 2), []byte("{}"), 0o666)
		}, "00001-of-00002.part: the part is damaged; run its shard again"},
		{"a part cut short", func(dir string) {
			shards(dir, "w", 2, 0, 1)
			info, _ := os.Stat(part(dir, 1, 2))
			os.Truncate(part(dir, 1, 2), info.Size()-1)
		}, "00001-of-00002.part: the part is damaged; run its shard again"},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			test.make(dir)
			before := files(t, dir)
			if _, err := merge(t, dir, 20); err == nil || !strings.Contains(err.Error(), test.says) {
				t.Errorf("got %v, want %q", err, test.says)
			}
			after := files(t, dir)
			delete(before, lockName)
			delete(after, lockName)
			if len(after) != len(before) {
				t.Errorf("the refused merge changed the set: %d files, want %d", len(after), len(before))
			}
		})
	}
}

// An array of another size that was given up is no hindrance, and goes.
func TestMergeSweepsLeftovers(t *testing.T) {
	dir := t.TempDir()
	squareShard(t, dir, Shard{3, 5}, "older", 20)
	for i := range 2 {
		squareShard(t, dir, Shard{i, 2}, "w", 20)
	}
	os.WriteFile(filepath.Join(dir, "shards", "squares", "00000-of-00002.part.0123.tmp"), []byte("half"), 0o666)
	os.MkdirAll(filepath.Join(dir, "shards", "older.tmp", "x"), 0o777)
	if _, err := merge(t, dir, 20); err != nil {
		t.Fatal(err)
	}
	wantFiles(t, dir, oneMachine(t, "w", 20))
	if _, err := os.Stat(filepath.Join(dir, "shards")); !os.IsNotExist(err) {
		t.Errorf("the folder of the shards is still there")
	}
}

// A merge that died after its record was written only sweeps.
func TestMergeAgainAfterTheRecord(t *testing.T) {
	dir := t.TempDir()
	for i := range 2 {
		squareShard(t, dir, Shard{i, 2}, "w", 20)
	}
	parts := files(t, dir)
	if _, err := merge(t, dir, 20); err != nil {
		t.Fatal(err)
	}
	for name, content := range parts {
		os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o777)
		os.WriteFile(filepath.Join(dir, name), []byte(content), 0o666)
	}
	if sum, err := merge(t, dir, 20); err != nil || !sum.Unchanged {
		t.Errorf("got %+v, %v; want an unchanged stage", sum, err)
	}
	wantFiles(t, dir, oneMachine(t, "w", 20))
}

func TestShardsOfAStageThatIsDoneDoNothing(t *testing.T) {
	dir := t.TempDir()
	for i := range 2 {
		squareShard(t, dir, Shard{i, 2}, "w", 20)
	}
	if _, err := merge(t, dir, 20); err != nil {
		t.Fatal(err)
	}
	if sum := squareShard(t, dir, Shard{1, 2}, "w", 20); !sum.Unchanged {
		t.Error("the shard was done again")
	}
	s, err := Create(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if sum, err := s.UpToDate("squares"); err != nil || !sum.Unchanged || sum.Counts["lines"] != 18 {
		t.Errorf("got %+v, %v", sum, err)
	}
	os.WriteFile(s.Path("squares.txt"), []byte("touched"), 0o666)
	if _, err := s.UpToDate("squares"); !errors.Is(err, ErrNoShards) {
		t.Errorf("outputs that changed: got %v, want %v", err, ErrNoShards)
	}
}

// A shard that is stopped leaves no part, and no trace but what is swept.
func TestStoppedShardLeavesNoPart(t *testing.T) {
	dir := t.TempDir()
	s, err := Shard{0, 2}.Create(dir)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	_, err = squareAll(ctx, s, "w", 20, func(i int) {
		if i == 5 {
			cancel()
		}
	})
	s.Close()
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want %v", err, context.Canceled)
	}
	wantFiles(t, dir, map[string]string{lockName: ""})
}

// The same shard twice at once, as when a scheduler takes a machine for dead,
// and a writer between them.
func TestShardsShareTheSetWithShardsAlone(t *testing.T) {
	dir := t.TempDir()
	first, err := Shard{0, 1}.Create(dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Create(dir); !errors.Is(err, ErrLocked) {
		t.Errorf("a writer beside a shard: got %v, want %v", err, ErrLocked)
	}
	_, err = squareAll(t.Context(), first, "w", 20, func(i int) {
		if i == 10 {
			squareShard(t, dir, Shard{0, 1}, "w", 20)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	first.Close()
	alone, err := Create(dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := (Shard{0, 1}).Create(dir); !errors.Is(err, ErrLocked) {
		t.Errorf("a shard beside a writer: got %v, want %v", err, ErrLocked)
	}
	alone.Close()
	if _, err := merge(t, dir, 20); err != nil {
		t.Fatal(err)
	}
	wantFiles(t, dir, oneMachine(t, "w", 20))
}

func TestFatalEndsTheStage(t *testing.T) {
	full := errors.New("the disk is full")
	for _, sh := range []Shard{{}, {0, 1}} {
		s, err := sh.Create(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		job := Job{Stage: "squares"}
		_, err = Work(t.Context(), s, job, &failing{squares{set: s, items: []int{1, 2, 3}}, full}, nil)
		if err != full {
			t.Errorf("shard %q: got %v, want %v", sh, err, full)
		}
		if got := files(t, s.Path()); len(got) != 1 {
			t.Errorf("shard %q left %d files", sh, len(got))
		}
		s.Close()
	}
}

// failing is a stage whose medium fails.
type failing struct {
	squares
	err error
}

func (f *failing) Do(context.Context, int) (int, error) { return 0, NewFatal(f.err) }

func TestPatchGoesThroughItsBinaryForm(t *testing.T) {
	want := Patch{"r-000000012", 1, 2, 3, []float32{1, -2, 3.5, 0, 1e-30, -1e30}}
	b, err := want.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	var got Patch
	if err := got.UnmarshalBinary(b); err != nil || fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got %v, %v; want %v", got, err, want)
	}
	for n := range b {
		if got.UnmarshalBinary(b[:n]) == nil {
			t.Errorf("the first %d of %d bytes pass for a patch", n, len(b))
		}
	}
}

func FuzzPart(f *testing.F) {
	dir := f.TempDir()
	s, err := Shard{0, 1}.Create(dir)
	if err != nil {
		f.Fatal(err)
	}
	defer s.Close()
	if _, err := squareAll(f.Context(), s, "w", 5, nil); err != nil {
		f.Fatal(err)
	}
	whole, err := os.ReadFile(s.partPath("squares", Shard{0, 1}))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(whole)
	f.Add(whole[:len(whole)/2])
	f.Add([]byte("{}\n"))
	path := filepath.Join(f.TempDir(), "x.part")
	f.Fuzz(func(t *testing.T, b []byte) {
		if err := os.WriteFile(path, b, 0o666); err != nil {
			t.Fatal(err)
		}
		if _, err := readHead(path); err != nil {
			return
		}
		p := &parts{paths: []string{path}}
		n := 0
		for range replay[int, []Hit](p, make([]int, 100)) {
			n++
		}
		if n != 100 {
			t.Errorf("%d results, want 100", n)
		}
	})
}

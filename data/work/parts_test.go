package work

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"prep/data"
)

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
			wantRefused(t, dir, test.says)
		})
	}
}

// wantRefused wants a merge to be refused in these words and to change nothing.
func wantRefused(t *testing.T, dir, says string) {
	t.Helper()
	before := files(t, dir)
	if _, err := merge(t, dir, 20); err == nil || !strings.Contains(err.Error(), says) {
		t.Errorf("got %v, want %q", err, says)
	}
	after := files(t, dir)
	delete(before, ".lock")
	delete(after, ".lock")
	if len(after) != len(before) {
		t.Errorf("the refused merge changed the set: %d files, want %d", len(after), len(before))
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
	s, err := data.Create(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if sum, err := UpToDate(s, "squares"); err != nil || !sum.Unchanged || sum.Counts["lines"] != 18 {
		t.Errorf("got %+v, %v", sum, err)
	}
	os.WriteFile(s.Path("squares.txt"), []byte("touched"), 0o666)
	if _, err := UpToDate(s, "squares"); !errors.Is(err, ErrNoShards) {
		t.Errorf("outputs that changed: got %v, want %v", err, ErrNoShards)
	}
}

// A shard that is stopped leaves no part, and no trace but what is swept.
func TestStoppedShardLeavesNoPart(t *testing.T) {
	dir := t.TempDir()
	e := shared(t, dir, Shard{0, 2})
	ctx, cancel := context.WithCancel(t.Context())
	_, err := squareAll(ctx, e, "w", 20, func(i int) {
		if i == 5 {
			cancel()
		}
	})
	e.Set.Close()
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want %v", err, context.Canceled)
	}
	wantFiles(t, dir, map[string]string{".lock": ""})
}

// The same shard twice at once, as when a scheduler takes a machine for dead,
// and a writer between them.
func TestShardsShareTheSetWithShardsAlone(t *testing.T) {
	dir := t.TempDir()
	first := shared(t, dir, Shard{0, 1})
	if _, err := data.Create(dir); !errors.Is(err, data.ErrLocked) {
		t.Errorf("a writer beside a shard: got %v, want %v", err, data.ErrLocked)
	}
	_, err := squareAll(t.Context(), first, "w", 20, func(i int) {
		if i == 10 {
			squareShard(t, dir, Shard{0, 1}, "w", 20)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	first.Set.Close()
	alone, err := data.Create(dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := data.CreateShared(dir); !errors.Is(err, data.ErrLocked) {
		t.Errorf("a shard beside a writer: got %v, want %v", err, data.ErrLocked)
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
		e := shared(t, t.TempDir(), sh)
		if sh.N == 0 {
			e.Mode = nil
		}
		job := Job{Stage: "squares"}
		_, err := Work(t.Context(), e, job, &failing{squares{set: e.Set, items: []int{1, 2, 3}}, full})
		if err != full {
			t.Errorf("shard %q: got %v, want %v", sh, err, full)
		}
		if got := files(t, e.Set.Path()); len(got) != 1 {
			t.Errorf("shard %q left %d files", sh, len(got))
		}
		e.Set.Close()
	}
}

// failing is a stage whose medium fails.
type failing struct {
	squares
	err error
}

func (f *failing) Do(context.Context, int) (int, error) { return 0, NewFatal(f.err) }

func FuzzPart(f *testing.F) {
	dir := f.TempDir()
	e := shared(f, dir, Shard{0, 1})
	defer e.Set.Close()
	if _, err := squareAll(f.Context(), e, "w", 5, nil); err != nil {
		f.Fatal(err)
	}
	whole, err := os.ReadFile(partPath(e.Set, "squares", Shard{0, 1}))
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
		for range replay[int, []data.Hit](p, make([]int, 100)) {
			n++
		}
		if n != 100 {
			t.Errorf("%d results, want 100", n)
		}
	})
}

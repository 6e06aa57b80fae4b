package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"prep/data/corpus"
	"prep/data/datatest"
	"prep/data/disk"
)

// ordeal is one stage of a small line, and a set as it is before the stage.
type ordeal struct {
	name     string
	commands [][]string // of prep, without --set; SET in them stands for it
	outside  string     // a folder that it writes besides the set
	before   string     // the set before it, or ""
	after    string     // and behind it
	count    map[disk.Op]int
	want     map[string]string
	said     string
	code     int
}

const tinyNet = "layers: [{type: conv, filters: 4, kernel: 3x3, stride: 2x2}, {type: batch_norm}, {type: global_average}]\n"

const tinyConfig = `ingest: {paths: [takes], group_from: '^([^/]+)/'}
augment: {copies: 1, plan: [{transform: gain, min: -6, max: 6, probability: 1}]}
features: {bands: 16, frames: 16, hop: 64}
train: {name: tiny, folds: 2, epochs: 1, net: tiny.yaml}
`

// ordeals makes the line, stage by stage, and keeps the set before each.
func ordeals(t *testing.T) []*ordeal {
	t.Helper()
	dir, c := t.TempDir(), corpus.Default()
	c.Voices, c.TakesPerVoice, c.HitsPerTake = 2, 1, 14
	t.Chdir(dir)
	err := errors.Join(corpus.Write("takes", c), os.WriteFile("prep.yaml", []byte(tinyConfig), 0o666), os.WriteFile("tiny.yaml", []byte(tinyNet), 0o666))
	if err != nil {
		t.Fatal(err)
	}
	sharded := func(stage string) [][]string {
		return [][]string{{stage, "--shard", "0/2"}, {stage, "--shard", "1/2"}, {"merge", stage}}
	}
	all := []*ordeal{
		{name: "ingest in shards", commands: sharded("ingest")}, {name: "ingest", commands: [][]string{{"ingest"}}},
		{name: "segment in shards", commands: sharded("segment")}, {name: "segment", commands: [][]string{{"segment"}}},
		{name: "augment in shards", commands: sharded("augment")}, {name: "augment", commands: [][]string{{"augment"}}},
		{name: "features in shards", commands: sharded("features")}, {name: "features", commands: [][]string{{"features"}}},
		{name: "train", commands: [][]string{{"train"}}}, {name: "plot", commands: [][]string{{"plot"}}},
		{name: "predict", commands: [][]string{{"predict", "--json", "--model", "SET/models/tiny", "takes/voice-01/take-1.wav", "takes/voice-02/take-1.wav"}}},
		{name: "export wav", commands: [][]string{{"export", "--wav", "out"}}, outside: "out"},
		{name: "export npz", commands: [][]string{{"export", "--npz", "out/x.npz"}}, outside: "out"},
	}
	for i, o := range all {
		if i > 0 {
			o.before = all[i-1].after
			if strings.HasPrefix(all[i-1].name, o.name+" in shards") {
				o.before = all[i-1].before
			}
		}
		o.undisturbed(t)
	}
	return all
}

// begin returns a copy of the set before the stage.
func (o *ordeal) begin(t *testing.T) string {
	t.Helper()
	set, err := os.MkdirTemp(".", "set-")
	if err == nil && o.before != "" {
		err = os.CopyFS(set, os.DirFS(o.before))
	}
	if err == nil && o.outside != "" {
		err = os.RemoveAll(o.outside)
	}
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// run runs the stage on a set up to the first command that fails.
func (o *ordeal) run(t *testing.T, set string) (said string, code int, err error) {
	var out bytes.Buffer
	for _, command := range o.commands {
		args := []string{"--config", "prep.yaml", "--set", set, "-q"}
		for _, a := range command {
			args = append(args, strings.ReplaceAll(a, "SET", set))
		}
		var one int
		if one, err = execute(context.Background(), args, &out, io.Discard); err != nil {
			return out.String(), one, err
		}
		code = max(code, one)
	}
	return strings.ReplaceAll(out.String(), filepath.Clean(set), "SET"), code, nil
}

// tree returns what the stage has made: the set, and what lies outside of it.
func (o *ordeal) tree(t *testing.T, set string) map[string]string {
	t.Helper()
	tree := datatest.Tree(t, set)
	delete(tree, ".lock") // it is made where there is none, and holds nothing
	if _, err := os.Stat(o.outside); o.outside != "" && err == nil {
		for name, sum := range datatest.Tree(t, o.outside) {
			tree[filepath.Join(o.outside, name)] = sum
		}
	}
	return tree
}

// undisturbed runs the stage, and counts how often it does each operation.
func (o *ordeal) undisturbed(t *testing.T) {
	t.Helper()
	o.after, o.count = o.begin(t), map[disk.Op]int{}
	var lock sync.Mutex
	end := disk.Inject(func(op disk.Op, _ string) error {
		lock.Lock()
		defer lock.Unlock()
		o.count[op]++
		return nil
	})
	defer end()
	var err error
	if o.said, o.code, err = o.run(t, o.after); err != nil {
		t.Fatalf("%s: %v", o.name, err)
	}
	o.want = o.tree(t, o.after)
}

// point is an operation of a stage at which the system fails.
type point struct {
	op  disk.Op
	nth int // of these
	err syscall.Errno
}

func (p point) String() string { return fmt.Sprintf("%s %d, %v", p.op, p.nth, p.err) }

// points returns where the system may fail the stage: at every operation, but of
// reads at most so many, with each error that an operation may come to.
func (o *ordeal) points(reads int, rng *rand.Rand) (all []point) {
	for _, op := range []disk.Op{disk.OpOpen, disk.OpCreate, disk.OpRead, disk.OpWrite, disk.OpSync, disk.OpStat, disk.OpList, disk.OpRename, disk.OpRemove, disk.OpMkdir} {
		faults := []syscall.Errno{syscall.EIO, syscall.ESTALE}
		if slices.Contains([]disk.Op{disk.OpCreate, disk.OpWrite, disk.OpSync, disk.OpRename, disk.OpMkdir}, op) {
			faults = append(faults, syscall.ENOSPC)
		}
		if op == disk.OpOpen {
			faults = append(faults, syscall.EMFILE)
		}
		var of []point
		for n := range o.count[op] {
			for _, err := range faults {
				of = append(of, point{op, n, err})
			}
		}
		if op == disk.OpRead {
			rng.Shuffle(len(of), func(i, j int) { of[i], of[j] = of[j], of[i] })
			of = of[:min(len(of), reads)]
		}
		all = append(all, of...)
	}
	return all
}

// suffer runs the stage with a fault at a point, and again without, and says what
// went wrong: it must have told of the fault, or have made what it makes without
// one, and must end with that in the end. told reports that it has told.
func (o *ordeal) suffer(t *testing.T, p point) (told bool, wrong string) {
	t.Helper()
	set := o.begin(t)
	defer os.RemoveAll(set)
	var n atomic.Int64
	end := disk.Inject(func(op disk.Op, _ string) error {
		if op == p.op && n.Add(1) == int64(p.nth)+1 {
			return p.err
		}
		return nil
	})
	said, code, err := o.run(t, set)
	end()
	switch {
	case err != nil && (exitOf(err) != exitFailed || !strings.Contains(err.Error(), p.err.Error())):
		return true, fmt.Sprintf("it fails with %q, and does not tell the cause", err)
	case err == nil && (said != o.said || code != o.code):
		return false, fmt.Sprintf("it exits %d and says %q, not %q", code, said, o.said)
	case err == nil:
		if diff := difference(o.tree(t, set), o.want); diff != "" {
			return false, "it says nothing, and " + diff
		}
	}
	if o.outside != "" {
		os.RemoveAll(o.outside)
	}
	if _, code, again := o.run(t, set); again != nil || code != o.code {
		return err != nil, fmt.Sprintf("on a healthy disk it exits %d: %v", code, again)
	}
	if diff := difference(o.tree(t, set), o.want); diff != "" {
		return err != nil, "on a healthy disk " + diff
	}
	return err != nil, ""
}

// difference says in which file two trees differ first.
func difference(got, want map[string]string) string {
	for _, name := range slices.Sorted(keys(got, want)) {
		if got[name] != want[name] {
			return fmt.Sprintf("%s is not what it should be (%d files of %d)", name, len(got), len(want))
		}
	}
	return ""
}

func keys(trees ...map[string]string) func(func(string) bool) {
	return func(yield func(string) bool) {
		for _, tree := range trees {
			for name := range tree {
				if !yield(name) {
					return
				}
			}
		}
	}
}

// A fault of the system is told, or does no harm; the next run on a healthy disk
// ends with the bytes of an undisturbed one. With the build tag `long` it comes at
// every operation of every stage.
func TestFaultsOfTheDiskAreToldAndMended(t *testing.T) {
	if testing.Short() {
		t.Skip("it runs stages some hundred times")
	}
	rng := rand.New(rand.NewPCG(24, 1))
	for _, o := range ordeals(t) {
		points := o.points(300, rng)
		p := points[rng.IntN(len(points))]
		if _, wrong := o.suffer(t, p); wrong != "" {
			t.Errorf("%s, %v: %s", o.name, p, wrong)
		}
	}
}

package line

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"prep/augment"
	"prep/cmd/internal/config"
	"prep/data"
	"prep/data/datatest"
	"prep/data/work"
)

// prepare runs the stages from recordings to patches on dir, each in n shards
// that are merged, or on one machine where n is 0.
func prepare(t *testing.T, dir string, c config.Config, n int) {
	t.Helper()
	for i, name := range Sharded {
		if n == 0 {
			set := create(t, dir)
			runPart(t, work.On(set, nil), c, i)
			set.Close()
			continue
		}
		for shard := range n {
			set, err := data.CreateShared(dir)
			if err != nil {
				t.Fatal(err)
			}
			runPart(t, work.Engine{Set: set, Mode: work.Shard{I: shard, N: n}}, c, i)
			set.Close()
		}
		set := create(t, dir)
		if _, err := Merge(t.Context(), work.On(set, nil), name); err != nil {
			t.Fatalf("merge %s: %v", name, err)
		}
		set.Close()
	}
}

// runPart runs one of the stages before training.
func runPart(t *testing.T, e work.Engine, c config.Config, stage int) {
	t.Helper()
	if _, err := preparation(t.Context(), e, c)[stage](); err != nil {
		t.Fatalf("%s, mode %v: %v", Sharded[stage], e.Mode, err)
	}
}

func create(t *testing.T, dir string) *data.Set {
	t.Helper()
	set, err := data.Create(dir)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// Whatever the number of shards, the set has the bytes of one machine: with the
// same bytes under several names, a file that is no audio, a label file with
// faults, copies that need other recordings, patches of two channels.
func TestShardsEndWithTheBytesOfOneMachine(t *testing.T) {
	c := smallLine(t)
	source := c.Ingest.Paths[0]
	take, err := os.ReadFile(filepath.Join(source, "voice-02", "take-1.wav"))
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string][]byte{
		"aaa/first.wav": take, "voice-03/again.wav": take, "zzz/last.wav": take,
		"voice-01/bad.wav": []byte("no audio"), "zzz/last.txt": []byte("0.1\t0.2\tkick\nno label\n"),
	} {
		path := filepath.Join(source, name)
		os.MkdirAll(filepath.Dir(path), 0o777)
		if err := os.WriteFile(path, content, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	c.Augment.Plan = append(c.Augment.Plan, augment.Step{Transform: "room_tone", Probability: 1, Min: 10, Max: 20},
		augment.Step{Transform: "background", Probability: 0.5, Min: 10, Max: 20})
	c.Features.Kind = "mel+pcen,linear"
	one := t.TempDir()
	prepare(t, one, c, 0)
	want := datatest.Tree(t, one)
	shards := []int{2, 13} // 13 are more than there are recordings
	if testing.Short() {
		shards = shards[:1]
	}
	for _, n := range shards {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			dir := t.TempDir()
			prepare(t, dir, c, n)
			datatest.SameTree(t, datatest.Tree(t, dir), want)
			prepare(t, dir, c, n)
			datatest.SameTree(t, datatest.Tree(t, dir), want)
		})
	}
}

package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"testing"

	"prep/augment"
	"prep/data"
	"prep/data/work"
)

// prepare runs the stages from recordings to patches on dir, each in n shards
// that are merged, or on one machine where n is 0.
func prepare(t *testing.T, dir string, c config, n int) {
	t.Helper()
	for _, name := range shardable {
		for i := range max(n, 1) {
			a := &app{config: c, stdout: io.Discard, stderr: io.Discard, quiet: true}
			if n > 0 {
				a.shard = work.Shard{I: i, N: n}
			}
			stage := map[string]func(context.Context, work.Engine) (result, error){
				"ingest": a.ingest, "segment": a.segment, "augment": a.augment, "features": a.features}[name]
			set, err := a.createShard(dir)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := stage(t.Context(), a.engine(set)); err != nil {
				t.Fatalf("%s, shard %v: %v", name, a.shard, err)
			}
			set.Close()
		}
		if n > 0 {
			mergeStage(t, dir, name)
		}
	}
}

// mergeStage merges a stage with no more configuration than the shards left.
func mergeStage(t *testing.T, dir, stage string) {
	t.Helper()
	set, err := data.Create(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer set.Close()
	a := &app{config: defaultConfig(), quiet: true}
	if _, err := a.merge(t.Context(), set, stage); err != nil {
		t.Fatalf("merge %s: %v", stage, err)
	}
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
	want := treeOf(t, one)
	shards := []int{2, 13} // 13 are more than there are recordings
	if testing.Short() {
		shards = shards[:1]
	}
	for _, n := range shards {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			dir := t.TempDir()
			prepare(t, dir, c, n)
			sameTree(t, treeOf(t, dir), want)
			prepare(t, dir, c, n)
			sameTree(t, treeOf(t, dir), want)
		})
	}
}

func TestShardFlag(t *testing.T) {
	for _, test := range []struct {
		text string
		env  map[string]string
		want work.Shard
	}{
		{"3/16", map[string]string{"SLURM_ARRAY_TASK_ID": "9"}, work.Shard{I: 3, N: 16}},
		{"16/16", nil, work.Shard{}},
		{"auto/16", nil, work.Shard{}},
		{"auto/16", map[string]string{"SLURM_ARRAY_TASK_ID": "7"}, work.Shard{I: 7, N: 16}},
		{"auto/16", map[string]string{"SLURM_ARRAY_TASK_ID": "7", "SLURM_ARRAY_TASK_MIN": "1", "SLURM_ARRAY_TASK_COUNT": "16"}, work.Shard{I: 6, N: 16}},
		{"auto/16", map[string]string{"SLURM_ARRAY_TASK_ID": "7", "SLURM_ARRAY_TASK_MIN": "7", "SLURM_ARRAY_TASK_COUNT": "2"}, work.Shard{}},
		{"auto/16", map[string]string{"SLURM_ARRAY_TASK_ID": "seven"}, work.Shard{}},
		{"auto/4", map[string]string{"JOB_COMPLETION_INDEX": "3"}, work.Shard{I: 3, N: 4}},
		{"auto/4", map[string]string{"JOB_COMPLETION_INDEX": "4"}, work.Shard{}},
		{"auto/4", map[string]string{"AWS_BATCH_JOB_ARRAY_INDEX": "0", "AWS_BATCH_JOB_ARRAY_SIZE": "4"}, work.Shard{N: 4}},
		{"auto/4", map[string]string{"AWS_BATCH_JOB_ARRAY_INDEX": "0", "AWS_BATCH_JOB_ARRAY_SIZE": "5"}, work.Shard{}},
		{"auto/4", map[string]string{"BATCH_TASK_INDEX": "2", "BATCH_TASK_COUNT": "4"}, work.Shard{I: 2, N: 4}},
	} {
		t.Run(test.text, func(t *testing.T) {
			for _, s := range schedulers {
				for _, name := range []string{s.index, s.first, s.count} {
					if name != "" {
						t.Setenv(name, "") // to be put back
						os.Unsetenv(name)
					}
				}
			}
			for name, value := range maps.All(test.env) {
				t.Setenv(name, value)
			}
			var got shardValue
			err := got.Set(test.text)
			if work.Shard(got) != test.want || (err == nil) != (test.want.N > 0) {
				t.Errorf("%v: got %v, %v; want %v", test.env, work.Shard(got), err, test.want)
			}
		})
	}
}

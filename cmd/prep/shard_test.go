package main

import (
	"maps"
	"os"
	"testing"

	"prep/data/work"
)

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

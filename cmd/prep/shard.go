package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"prep/cmd/internal/config"
	"prep/data"
	"prep/data/work"
)

// shardFlag adds --shard to the command of a stage.
func (a *app) shardFlag(cmd *cobra.Command) {
	cmd.Flags().Var((*shardValue)(&a.shard), "shard",
		"do part `i/n` of the work, i from 0; auto/n takes i from the array scheduler; `prep merge` completes the stage")
}

// openWhole opens a set for what cannot be done in shards.
func (a *app) openWhole(dir string) (*data.Set, error) {
	if a.shard.N > 0 {
		return nil, config.Usagef("--shard: only the stage itself is done in shards")
	}
	return data.OpenWriter(dir)
}

// shardValue is the value of --shard; it implements pflag.Value.
type shardValue work.Shard

// Set reads "i/n" or "auto/n".
func (v *shardValue) Set(text string) error {
	if n, ok := strings.CutPrefix(text, "auto/"); ok {
		i, err := arrayIndex(n)
		if err != nil {
			return err
		}
		text = i + "/" + n
	}
	sh, err := work.ParseShard(text)
	*v = shardValue(sh)
	return err
}

// String returns the shard as it is written on the command line.
func (v *shardValue) String() string { return work.Shard(*v).String() }

// Type names what the flag takes.
func (v *shardValue) Type() string { return "i/n" }

// schedulers are the variables in which array schedulers say which task of
// how many this is; first is that of the lowest index, where it is not 0.
//
//	https://slurm.schedmd.com/job_array.html
//	https://kubernetes.io/docs/tasks/job/indexed-parallel-processing-static/
//	https://docs.aws.amazon.com/batch/latest/userguide/job_env_vars.html
//	https://cloud.google.com/batch/docs/create-run-basic-job
var schedulers = []struct{ index, first, count string }{
	{"SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_MIN", "SLURM_ARRAY_TASK_COUNT"},
	{"JOB_COMPLETION_INDEX", "", ""},
	{"AWS_BATCH_JOB_ARRAY_INDEX", "", "AWS_BATCH_JOB_ARRAY_SIZE"},
	{"BATCH_TASK_INDEX", "", "BATCH_TASK_COUNT"},
}

// arrayIndex returns this task's index, from 0, in its scheduler's array of n
// tasks. An array of another size, as when some tasks of it are run again, is
// refused: the index would not be the shard's.
func arrayIndex(n string) (string, error) {
	for _, s := range schedulers {
		text, ok := os.LookupEnv(s.index)
		if !ok {
			continue
		}
		if count := os.Getenv(s.count); count != "" && count != n {
			return "", fmt.Errorf("%s is %s, not %s: run the whole array, or name the shard as i/%s", s.count, count, n, n)
		}
		i, err := strconv.Atoi(text)
		if err != nil {
			return "", fmt.Errorf("%s is %q, not a number", s.index, text)
		}
		first, _ := strconv.Atoi(os.Getenv(s.first))
		return strconv.Itoa(i - first), nil
	}
	return "", fmt.Errorf("auto works in an array of Slurm, Kubernetes, AWS Batch or Google Batch; name the shard as i/%s", n)
}

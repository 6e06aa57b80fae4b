package main

import (
	"context"

	"github.com/spf13/cobra"

	"prep/data"
	"prep/data/work"
	"prep/ingest"
)

func (a *app) ingestCommand() *cobra.Command {
	cmd := a.command("ingest PATH... --set DIR", "Bring recordings into a set: decoded, mono, at the set's rate",
		`prep ingest recordings/ --set beats --group-from '^([^/]+)/'
prep ingest strokes/ --set strokes --label-from dir`,
		cobra.ArbitraryArgs, func(ctx context.Context, args []string) (result, error) {
			if len(args) > 0 {
				a.config.Ingest.Paths = args
			}
			if len(a.config.Ingest.Paths) == 0 {
				return nil, usagef("ingest: which recordings? Name files or directories")
			}
			if err := a.config.Ingest.Validate(); err != nil {
				return nil, usagef("ingest: %w", err)
			}
			return a.onSet(a.createShard, func(set *data.Set) (result, error) { return a.ingest(ctx, a.engine(set)) })
		})
	a.shardFlag(cmd)
	f, c := cmd.Flags(), &a.config.Ingest
	f.IntVar((*int)(&c.Rate), "rate", int(c.Rate), "the set's sampling rate in samples per second")
	f.StringVar(&c.LabelFrom, "label-from", c.LabelFrom, "`dir`: a recording's class is the name of its folder")
	f.StringVar(&c.GroupFrom, "group-from", c.GroupFrom, "`regexp` on the path; its first group names who or which session")
	return cmd
}

// createShard is openShard for a set that need not be there.
func (a *app) createShard(dir string) (*data.Set, error) {
	if a.shard.N > 0 {
		return data.CreateShared(dir)
	}
	return data.Create(dir)
}

func (a *app) ingest(ctx context.Context, e work.Engine) (result, error) {
	sum, err := ingestRun(ctx, e, a.config.Ingest)
	return stageResult{sum}, err
}

// ingestRun brings recordings in, and says when every one is its own group.
func ingestRun(ctx context.Context, e work.Engine, c ingest.Config) (data.Summary, error) {
	sum, err := ingest.Run(ctx, e, c)
	if n := sum.Counts["groups"]; n > 1 && n == sum.Counts["recordings"] {
		sum.Notes = append(sum.Notes, "every recording is a group of its own: no accuracy will say anything of people or sessions; name them with --group-from")
	}
	return sum, err
}

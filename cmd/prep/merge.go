package main

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"prep/augment"
	"prep/data"
	"prep/data/work"
	"prep/features"
	"prep/ingest"
	"prep/segment"
)

// shardable are the stages that take --shard.
var shardable = []string{"ingest", "segment", "augment", "features"}

func (a *app) mergeCommand() *cobra.Command {
	return a.command("merge STAGE --set DIR", "Complete a stage that was done in shards: the bytes of a run on one machine",
		`prep segment --set beats --shard 0/2
prep segment --set beats --shard 1/2
prep merge segment --set beats`, cobra.ExactArgs(1),
		func(ctx context.Context, args []string) (result, error) {
			if !slices.Contains(shardable, args[0]) {
				return nil, usagef("merge: %q has no shards; want one of %s", args[0], strings.Join(shardable, ", "))
			}
			open := data.OpenWriter
			if args[0] == "ingest" {
				open = data.Create // its merge writes what makes a directory a set
			}
			return a.onSet(open, func(set *data.Set) (result, error) { return a.merge(ctx, set, args[0]) })
		})
}

// merge completes a stage: features one kind after the other. A stage without
// shards passes where it is up to date, for then its shards did nothing.
func (a *app) merge(ctx context.Context, set *data.Set, stage string) (result, error) {
	sharded, err := work.Waiting(set)
	if err != nil {
		return nil, err
	}
	runs, complete := runsOf(stage, sharded), func(run string) (data.Summary, error) {
		return a.engine(set).Merge(run, func(e work.Engine, config json.RawMessage) (data.Summary, error) {
			return mergeRun(ctx, e, stage, config)
		})
	}
	if len(runs) == 0 {
		recorded, err := work.Stages(set)
		if err != nil {
			return nil, err
		}
		runs, complete = runsOf(stage, recorded), func(run string) (data.Summary, error) { return work.UpToDate(set, run) }
	}
	if len(runs) == 0 {
		return nil, fmt.Errorf("%s: %w", stage, work.ErrNoShards)
	}
	var all stageResults
	for _, run := range runs {
		sum, err := complete(run)
		if err != nil {
			return nil, err
		}
		all.Stages = append(all.Stages, stageResult{sum})
	}
	return all, nil
}

// runsOf returns those of the names that are runs of a stage: of features
// there is one a kind, "features-mel".
func runsOf(stage string, names []string) (runs []string) {
	for _, name := range names {
		if name == stage || strings.HasPrefix(name, stage+"-") {
			runs = append(runs, name)
		}
	}
	return runs
}

// mergeRun runs a stage with the configuration that its shards had.
func mergeRun(ctx context.Context, e work.Engine, stage string, config json.RawMessage) (data.Summary, error) {
	switch stage {
	case "ingest":
		return configured(config, func(c ingest.Config) (data.Summary, error) { return ingestRun(ctx, e, c) })
	case "segment":
		return configured(config, func(c segment.Config) (data.Summary, error) { return segment.Run(ctx, e, c) })
	case "augment":
		return configured(config, func(c augment.Config) (data.Summary, error) { return augment.Run(ctx, e, c) })
	default:
		return configured(config, func(c features.Config) (data.Summary, error) {
			return features.Run(ctx, e, c, renderer(e.Set))
		})
	}
}

// configured calls run with a configuration that is there as JSON.
func configured[C any](text json.RawMessage, run func(C) (data.Summary, error)) (data.Summary, error) {
	var c C
	if err := json.Unmarshal(text, &c); err != nil {
		return data.Summary{}, err
	}
	return run(c)
}

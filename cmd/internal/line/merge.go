package line

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"prep/augment"
	"prep/data"
	"prep/data/work"
	"prep/features"
	"prep/ingest"
	"prep/segment"
)

// Sharded are the stages that can be done in shards.
var Sharded = []string{"ingest", "segment", "augment", "features"}

// Merge completes a stage that was done in shards: features one kind after the
// other. A stage without shards passes where it is up to date, for then its
// shards did nothing; else Merge fails with work.ErrNoShards.
func Merge(ctx context.Context, e work.Engine, stage string) (all []data.Summary, err error) {
	waiting, err := work.Waiting(e.Set)
	if err != nil {
		return nil, err
	}
	runs, complete := runsOf(stage, waiting), func(run string) (data.Summary, error) {
		return e.Merge(run, func(e work.Engine, config json.RawMessage) (data.Summary, error) {
			return runStage(ctx, e, stage, config)
		})
	}
	if len(runs) == 0 {
		recorded, err := work.Stages(e.Set)
		if err != nil {
			return nil, err
		}
		runs, complete = runsOf(stage, recorded), func(run string) (data.Summary, error) { return work.UpToDate(e.Set, run) }
	}
	if len(runs) == 0 {
		return nil, fmt.Errorf("%s: %w", stage, work.ErrNoShards)
	}
	for _, run := range runs {
		sum, err := complete(run)
		if err != nil {
			return nil, err
		}
		all = append(all, sum)
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

// runStage runs a stage with a configuration that is there as JSON.
func runStage(ctx context.Context, e work.Engine, stage string, config json.RawMessage) (data.Summary, error) {
	switch stage {
	case "ingest":
		return configured(config, func(c ingest.Config) (data.Summary, error) { return Ingest(ctx, e, c) })
	case "segment":
		return configured(config, func(c segment.Config) (data.Summary, error) { return segment.Run(ctx, e, c) })
	case "augment":
		return configured(config, func(c augment.Config) (data.Summary, error) { return augment.Run(ctx, e, c) })
	default:
		return configured(config, func(c features.Config) (data.Summary, error) {
			return features.Run(ctx, e, c, Render(e.Set))
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

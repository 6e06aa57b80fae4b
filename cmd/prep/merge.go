package main

import (
	"context"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"prep/cmd/internal/config"
	"prep/cmd/internal/line"
	"prep/data"
)

func mergeCommand(a *app) *cobra.Command {
	return a.command("merge STAGE --set DIR", "Complete a stage that was done in shards: the bytes of a run on one machine",
		`prep segment --set beats --shard 0/2
prep segment --set beats --shard 1/2
prep merge segment --set beats`, cobra.ExactArgs(1),
		func(ctx context.Context, args []string) (result, error) {
			if !slices.Contains(line.Sharded, args[0]) {
				return nil, config.Usagef("merge: %q has no shards; want one of %s", args[0], strings.Join(line.Sharded, ", "))
			}
			open := data.OpenWriter
			if args[0] == "ingest" {
				open = data.Create // its merge writes what makes a directory a set
			}
			return a.onSet(open, func(set *data.Set) (result, error) {
				sums, err := line.Merge(ctx, a.engine(set), args[0])
				return resultsOf(sums...), err
			})
		})
}

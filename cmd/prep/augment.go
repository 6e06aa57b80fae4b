package main

import (
	"context"

	"github.com/spf13/cobra"

	"prep/augment"
	"prep/data"
)

func (a *app) augmentCommand() *cobra.Command {
	cmd := a.command("augment --set DIR", "Make varied copies of the labelled hits, for training only",
		"prep augment --set beats --copies 2", cobra.NoArgs,
		func(ctx context.Context, _ []string) (result, error) {
			return a.onSet(data.OpenWriter, func(set *data.Set) (result, error) { return a.augment(ctx, set) })
		})
	f, c := cmd.Flags(), &a.config.Augment
	f.IntVar(&c.Copies, "copies", c.Copies, "copies a hit; 0 removes the copies")
	f.Uint64Var(&c.Seed, "seed", c.Seed, "seed of all draws")
	return cmd
}

func (a *app) augment(ctx context.Context, set *data.Set) (result, error) {
	sum, err := augment.Run(ctx, set, a.config.Augment, a.progress())
	return stageResult{sum}, err
}

// renderer makes the audio of a set's copies.
func renderer(set *data.Set) data.Render {
	m := augment.Renderer{Open: func(id string) (data.Reader, error) { return set.Audio(id) }}
	return func(r data.Reader, copy data.Hit) (data.Reader, data.Hit, error) {
		return m.Render(r, copy, copy) // a copy holds its parent's positions
	}
}

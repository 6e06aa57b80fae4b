package main

import (
	"context"

	"github.com/spf13/cobra"

	"prep/augment"
	"prep/data"
	"prep/data/work"
)

func (a *app) augmentCommand() *cobra.Command {
	var shown string
	cmd := a.command("augment --set DIR", "Make varied copies of the labelled hits, for training only",
		`prep augment --set beats --copies 2
prep augment --set beats --preview 3f2a91c05d77e801-000123456`, cobra.NoArgs,
		func(ctx context.Context, _ []string) (result, error) {
			if shown != "" {
				return a.onSet(a.openWhole, func(set *data.Set) (result, error) { return a.preview(set, shown) })
			}
			return a.onSet(a.openShard, func(set *data.Set) (result, error) { return a.augment(ctx, a.engine(set)) })
		})
	a.shardFlag(cmd)
	f, c := cmd.Flags(), &a.config.Augment
	f.StringVar(&shown, "preview", "", "write sounds and a picture of this `hit` by each transform, make no copies")
	f.IntVar(&c.Copies, "copies", c.Copies, "copies a hit; 0 removes the copies")
	f.Uint64Var(&c.Seed, "seed", c.Seed, "seed of all draws")
	return cmd
}

func (a *app) augment(ctx context.Context, e work.Engine) (result, error) {
	sum, err := augment.Run(ctx, e, a.config.Augment)
	return stageResult{sum}, err
}

// openRenderer renders copies with access to the set's other recordings.
func openRenderer(set *data.Set) augment.Renderer {
	return augment.Renderer{Open: func(id string) (data.Reader, error) { return set.Audio(id) }}
}

// renderer makes the audio of a set's copies. A copy holds its parent's
// positions.
func renderer(set *data.Set) data.Render {
	m := openRenderer(set)
	audio := func(r data.Reader, copy data.Hit, use func(data.Reader, data.Hit) error) error {
		return m.Render(r, copy, copy, use)
	}
	return data.Render{Audio: audio, Edition: augment.Edition}
}

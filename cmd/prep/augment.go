package main

import (
	"context"
	"fmt"
	"io"
	"path/filepath"

	"github.com/spf13/cobra"

	"prep/augment"
	"prep/cmd/internal/gallery"
	"prep/cmd/internal/line"
	"prep/data"
)

func augmentCommand(a *app) *cobra.Command {
	var shown string
	cmd := a.command("augment --set DIR", "Make varied copies of the labelled hits, for training only",
		`prep augment --set beats --copies 2
prep augment --set beats --preview 3f2a91c05d77e801-000123456`, cobra.NoArgs,
		func(ctx context.Context, _ []string) (result, error) {
			if shown != "" {
				return a.onSet(a.openWhole, func(set *data.Set) (result, error) { return drawPreview(set, a.config.Augment, shown) })
			}
			return a.onSet(a.openShard, func(set *data.Set) (result, error) {
				sum, err := augment.Run(ctx, a.engine(set), a.config.Augment)
				return stageResult{sum}, err
			})
		})
	a.shardFlag(cmd)
	f, c := cmd.Flags(), &a.config.Augment
	f.StringVar(&shown, "preview", "", "write sounds and a picture of this `hit` by each transform, make no copies")
	f.IntVar(&c.Copies, "copies", c.Copies, "copies a hit; 0 removes the copies")
	f.Uint64Var(&c.Seed, "seed", c.Seed, "seed of all draws")
	return cmd
}

// preview is what `prep augment --preview` made.
type preview struct{ gallery.Preview }

func drawPreview(set *data.Set, c augment.Config, id string) (result, error) {
	p, err := gallery.DrawPreview(set, c, line.Renderer(set), id)
	return preview{p}, err
}

// Text says where the picture and the sounds are.
func (p preview) Text(w io.Writer) {
	fmt.Fprintf(w, "preview: %s\n  %d sounds in %s\n", p.Picture, len(p.Sounds), filepath.Dir(p.Picture))
}

func (preview) skipped() int { return 0 }

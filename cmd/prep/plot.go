package main

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"prep/cmd/internal/gallery"
	"prep/cmd/internal/guide"
	"prep/cmd/internal/line"
	"prep/data"
)

func plotCommand(a *app) *cobra.Command {
	kind, svg := a.config.Train.Features, ""
	cmd := a.command("plot [HIT|RECORDING]... --set DIR", "Draw what is worth seeing first, or the hits and recordings named",
		`prep plot --set beats
prep plot --set beats --svg figures
prep plot --set beats APL/take.wav 3f2a91c05d77e801-000123456`,
		cobra.ArbitraryArgs, func(ctx context.Context, args []string) (result, error) {
			c := line.GalleryConfig(a.config)
			c.Kind = kind
			if svg != "" {
				return a.onSet(data.Open, func(set *data.Set) (result, error) {
					drawn, err := gallery.DrawSVG(ctx, a.engine(set), c, args, svg)
					return plotResult{drawn}, err
				})
			}
			return a.onSet(data.OpenWriter, func(set *data.Set) (result, error) {
				if len(args) > 0 {
					drawn, err := gallery.DrawNamed(ctx, a.engine(set), c, args)
					return plotResult{drawn}, err
				}
				drawn, err := gallery.Draw(ctx, a.engine(set), c)
				return plotResult{drawn}, err
			})
		})
	cmd.Flags().StringVar(&kind, "kind", kind, "the kind of patches to draw")
	cmd.Flags().StringVar(&svg, "svg", "", "draw as SVG into this `folder`, and leave the set as it is")
	guide.Renamed(cmd, a.stderr, "features", "kind")
	return cmd
}

// plotResult is what was drawn.
type plotResult struct{ gallery.Drawn }

// Text says where to look.
func (r plotResult) Text(w io.Writer) {
	stageResult{r.Summary}.Text(w)
	for _, p := range r.Pictures[:min(len(r.Pictures), 5)] {
		fmt.Fprintf(w, "  %s\n", p)
	}
}

func (r plotResult) skipped() int { return len(r.Skips) }

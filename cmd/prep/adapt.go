package main

import (
	"context"

	"github.com/spf13/cobra"

	"prep/cmd/internal/line"
	"prep/cmd/internal/voice"
	"prep/data"
	"prep/segment"
)

func adaptCommand(a *app) *cobra.Command {
	o := voice.Options{Name: "mine"}
	cmd := a.command("adapt [PATH...] --set DIR", "Make a model of one person's own sounds, from a few labelled hits of each",
		`prep adapt my-takes/ --set me                # takes with their label files
prep adapt --set beats --group ada --name ada
prep predict take.wav --model beats/models/ada`,
		cobra.ArbitraryArgs, func(ctx context.Context, paths []string) (result, error) {
			open := data.OpenWriter
			if len(paths) > 0 {
				open = data.Create
			}
			return a.onSet(open, func(set *data.Set) (result, error) {
				if a.config.Ingest.Paths = paths; len(paths) > 0 {
					if _, err := line.Ingest(ctx, a.engine(set), a.config.Ingest); err != nil {
						return nil, err
					}
					if _, err := segment.Run(ctx, a.engine(set), a.config.Segment); err != nil {
						return nil, err
					}
				}
				o.Alone = o.Alone || len(paths) > 0 && o.Group == ""
				r, err := voice.Adapt(set, o)
				return adapted{r}, err
			})
		})
	f := cmd.Flags()
	f.StringVar(&o.Name, "name", o.Name, "the model's name: models/<name>")
	f.StringVar(&o.Group, "group", "", "whose hits, where the set has those of several groups")
	f.BoolVar(&o.Alone, "all", false, "all hits of the set are one person's, whatever their groups; so it is of paths")
	f.StringVar(&o.Base, "model", "", "folder of the model to begin with (default the one that comes with prep)")
	return cmd
}

// adapted is what adapting ends with.
type adapted struct{ voice.Result }

func (adapted) skipped() int { return 0 }

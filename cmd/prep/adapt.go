package main

import (
	"context"

	"github.com/spf13/cobra"

	"prep/cmd/internal/guide"
	"prep/cmd/internal/line"
	"prep/cmd/internal/voice"
	"prep/data"
)

func adaptCommand(a *app) *cobra.Command {
	o := voice.Options{Name: "mine"}
	cmd := a.command("adapt [PATH...] --set DIR", "Make a model of one person's own sounds, from a few labelled hits of each",
		`prep adapt my-takes/ --set me                # takes with their label files
prep adapt --set beats --group ada --model ada
prep predict take.wav --set beats --model ada`,
		cobra.ArbitraryArgs, func(ctx context.Context, paths []string) (result, error) {
			if len(paths) == 0 {
				return a.onSet(data.OpenWriter, func(set *data.Set) (result, error) { return a.adapt(set, o, nil) })
			}
			a.config.Ingest.Paths, o.Alone = paths, o.Alone || o.Group == ""
			return a.onSet(data.Create, func(set *data.Set) (result, error) {
				taken, err := line.TakeIn(ctx, a.engine(set), a.config, func(s line.Step) { a.say(stepResult(set, a.config, s)) })
				if err != nil {
					return nil, err
				}
				return a.adapt(set, o, taken)
			})
		})
	f := cmd.Flags()
	f.StringVar(&o.Name, "model", o.Name, "the model's `name`: models/<name>")
	guide.Renamed(cmd, a.stderr, "name", "model")
	f.StringVar(&o.Group, "group", "", "whose hits, where the set has those of several groups")
	f.BoolVar(&o.Alone, "all", false, "all hits of the set are one person's, whatever their groups; so it is of paths")
	f.StringVar(&o.Base, "base", "", "the model to begin with: its `name` in the set, or its folder (default the one that comes with prep)")
	return cmd
}

func (a *app) adapt(set *data.Set, o voice.Options, taken []data.Summary) (result, error) {
	o.Base = guide.ModelFolder(a.config.Set, o.Base)
	r, err := voice.Adapt(set, o)
	return adapted{r, taken}, err
}

// adapted is what adapting ends with.
type adapted struct {
	voice.Result
	Stages []data.Summary `json:"stages,omitempty"` // that took recordings in
}

func (r adapted) skipped() int { return resultsOf(r.Stages...).skipped() }

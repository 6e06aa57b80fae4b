package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"prep/cmd/internal/config"
	"prep/cmd/internal/studio"
	"prep/data"
)

// startSet is where the sounds go unless DIR or --set says otherwise.
const startSet = "my-sounds"

func startCommand(a *app) *cobra.Command {
	o, hidden := studio.Options{Learn: true}, false
	cmd := a.command("start [DIR]", "Record, hear, name and play your sounds, in a local web page",
		"prep start\nprep start beats --who ada", cobra.MaximumNArgs(1),
		func(ctx context.Context, args []string) (result, error) {
			switch {
			case len(args) > 0 && a.config.Set != "":
				return nil, config.Usagef("start: the set is named twice, %s and --set %s: name it once", args[0], a.config.Set)
			case len(args) > 0:
				a.config.Set = args[0]
			case a.config.Set == "":
				a.config.Set = startSet
			}
			if err := checkPage(o); err != nil {
				return nil, err
			}
			if err := studio.CheckDir(a.config.Set); err != nil {
				return nil, err
			}
			return a.onSet(data.Create, func(set *data.Set) (result, error) {
				return a.page(ctx, set, o, func(url string) {
					if !hidden && studio.Browse(url) != nil {
						fmt.Fprintln(a.stderr, "no browser could be opened: open the address by hand")
					}
				})
			})
		})
	f, c := cmd.Flags(), &a.config.Label
	f.BoolVar(&hidden, "no-open", false, "open no browser")
	f.IntVar(&o.Port, "port", 0, "port on 127.0.0.1; 0 takes the one that the set had before, or a free one")
	f.StringVar(&o.Who, "who", labeller(), "the name that your labels and takes bear")
	f.StringSliceVar(&c.Classes, "class", c.Classes, "sounds to offer, in the order of the keys, besides those in the set")
	return cmd
}

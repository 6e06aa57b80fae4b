package main

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"prep/data"
)

// checkResult is what is wrong with a set.
type checkResult struct {
	OK       bool           `json:"ok"`
	Problems []data.Problem `json:"problems"`
}

func (a *app) checkCommand() *cobra.Command {
	return a.command("check --set DIR", "Say what is wrong with a set, line by line", "prep check --set beats",
		cobra.NoArgs, func(context.Context, []string) (result, error) {
			return a.onSet(data.Open, func(set *data.Set) (result, error) {
				problems, err := set.Check()
				if len(problems) > 0 {
					a.code = exitFailed
				}
				return checkResult{len(problems) == 0, problems}, err
			})
		})
}

// Text prints one problem a line.
func (r checkResult) Text(w io.Writer) {
	for _, p := range r.Problems {
		fmt.Fprintf(w, "%s: %s\n", p.Where, p.What)
	}
	if r.OK {
		fmt.Fprintln(w, "check: nothing is wrong")
	} else {
		fmt.Fprintf(w, "check: %d problems\n", len(r.Problems))
	}
}

func (checkResult) skipped() int { return 0 }

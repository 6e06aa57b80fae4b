package main

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"prep/data"
)

// checkResult is what is wrong with a set, and how it fares at the gates.
type checkResult struct {
	OK       bool           `json:"ok"`
	Problems []data.Problem `json:"problems"`
	Gates    []gate         `json:"gates"`
}

func (a *app) checkCommand() *cobra.Command {
	return a.command("check --set DIR", "Say what is wrong with a set, line by line, and hold it to the gates of prep.yaml",
		"prep check --set beats\nprep check --set beats --config prep.yaml", cobra.NoArgs,
		func(context.Context, []string) (result, error) { return a.onSet(data.Open, a.check) })
}

// check exits 1 for a set that is damaged, 4 for one that fails a gate.
func (a *app) check(set *data.Set) (result, error) {
	problems, err := set.Check()
	if err != nil {
		return nil, err
	}
	if len(problems) > 0 {
		a.code = exitFailed
		return checkResult{Problems: problems, Gates: []gate{}}, nil
	}
	r := checkResult{OK: true, Problems: []data.Problem{}}
	if r.Gates, err = a.gates(set); err != nil {
		return nil, err
	}
	for _, g := range r.Gates {
		if !g.OK {
			r.OK, a.code = false, exitGate
		}
	}
	return r, nil
}

// Text prints one problem a line, then one gate a line.
func (r checkResult) Text(w io.Writer) {
	for _, p := range r.Problems {
		fmt.Fprintf(w, "%s: %s\n", p.Where, p.What)
	}
	for _, g := range r.Gates {
		verdict := "passed"
		if !g.OK {
			verdict = "FAILED"
		}
		fmt.Fprintf(w, "gate %s %s: %s\n", g.Name, verdict, g.Word)
	}
	switch {
	case len(r.Problems) > 0:
		fmt.Fprintf(w, "check: %d problems\n", len(r.Problems))
	case r.OK:
		fmt.Fprintln(w, "check: nothing is wrong")
	}
}

func (checkResult) skipped() int { return 0 }

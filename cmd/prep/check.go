package main

import (
	"context"
	"fmt"
	"io"
	"path"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"prep/cmd/internal/check"
	"prep/cmd/internal/console"
	"prep/cmd/internal/gates"
	"prep/data"
	"prep/data/document"
)

// checkResult is what is wrong with a set, and how it fares at the gates.
type checkResult struct{ check.Result }

func checkCommand(a *app) *cobra.Command {
	var junit string
	cmd := a.command("check --set DIR", "Say what is wrong with a set, line by line, and hold it to the gates of prep.yaml",
		"prep check --set beats\nprep check --set beats --config prep.yaml --junit gates.xml", cobra.NoArgs,
		func(ctx context.Context, _ []string) (result, error) {
			return a.onSet(data.Open, func(set *data.Set) (result, error) {
				r, err := a.check(ctx, set)
				if err == nil && junit != "" {
					err = data.WriteFile(junit, r.JUnit)
				}
				return r, err
			})
		})
	cmd.Flags().StringVar(&junit, "junit", "", "write the set and its gates as JUnit XML to this `file`")
	return cmd
}

// check exits 1 for a set that is damaged, 4 for one that fails a gate.
func (a *app) check(ctx context.Context, set *data.Set) (checkResult, error) {
	v := gates.View{Set: set, Model: a.config.Train.Name, Detector: a.config.Segment, Progress: a.progress()}
	r, err := check.Run(ctx, v, a.config.Check)
	switch {
	case len(r.Problems) > 0:
		a.code = exitFailed
	case len(r.Failed()) > 0:
		a.code = exitGate
	}
	return checkResult{r}, err
}

// Text prints one cause of problems a line, then one gate a line, then the verdict, and
// below it what is worth knowing.
func (r checkResult) Text(w io.Writer) {
	r.Print(w)
	for _, g := range r.Gates {
		fmt.Fprintf(w, "gate %s %s: %s\n", g.Name, g.Verdict(), g.Word)
	}
	fmt.Fprintf(w, "check: %s\n", r.Verdict())
	for _, n := range r.Notes {
		fmt.Fprintf(w, "  %s\n", n)
	}
}

func (checkResult) skipped() int { return 0 }

// notices names the file and line of each problem, and each gate.
func (r checkResult) notices(set string) (all []console.Notice) {
	for _, p := range r.Problems {
		n := console.Notice{Level: console.Error, Title: "prep check", File: path.Join(filepath.ToSlash(set), p.Where), Text: p.What}
		if file, line, ok := strings.Cut(n.File, ":"); ok {
			n.File = file
			n.Line, _ = strconv.Atoi(line) // 0 says that there is none
		}
		all = append(all, n)
	}
	for _, g := range r.Gates {
		n := console.Notice{Level: console.Info, Title: "gate " + g.Name + " passed", Text: g.Word}
		if !g.OK {
			n.Level, n.Title = console.Error, "gate "+g.Name+" failed"
		}
		all = append(all, n)
	}
	return all
}

// summary writes the gates and the problems as tables.
func (r checkResult) summary(w io.Writer) error {
	p := document.Page{Title: "prep check", Lead: r.Verdict()}
	if len(r.Gates) > 0 {
		t := document.Table{Head: []string{"gate", "", "value", "bound", "what was found"}}
		for _, g := range r.Gates {
			t.Rows = append(t.Rows, []string{g.Name, g.Verdict(), document.Short(g.Value), document.Short(g.Bound), g.Word})
		}
		p.Sections = append(p.Sections, document.Section{Name: "Gates", Tables: []document.Table{t}})
	}
	if len(r.Problems) > 0 {
		t := document.Table{Head: []string{"where", "what is wrong"}}
		for _, x := range r.Problems {
			t.Rows = append(t.Rows, []string{x.Where, x.What})
		}
		p.Sections = append(p.Sections, document.Listing("Problems", t, "", "the command prints all of them"))
	}
	if len(r.Notes) > 0 {
		t := document.Table{Head: []string{"what is worth knowing"}}
		for _, n := range r.Notes {
			t.Rows = append(t.Rows, []string{n})
		}
		p.Sections = append(p.Sections, document.Listing("Notes", t, "", "the command prints all of them"))
	}
	return p.Markdown(w, false)
}

package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"prep/cmd/internal/config"
	"prep/cmd/internal/line"
	"prep/cmd/internal/status"
	"prep/data"
	"prep/data/work"
	"prep/ingest"
)

func statusCommand(a *app) *cobra.Command {
	return a.command("status --set DIR", "Say what is in a set, what is out of date and why, and what to run next",
		"prep status --set beats\nprep status --set beats --json", cobra.NoArgs,
		func(context.Context, []string) (result, error) {
			return a.onSet(data.Open, func(set *data.Set) (result, error) {
				s, err := status.Of(set, work.Whole, a.again)
				return statusResult{s}, err
			})
		})
}

// statusResult is what a set holds.
type statusResult struct{ status.Status }

// Text prints the status and what comes next.
func (r statusResult) Text(w io.Writer) {
	r.Status.Text(w)
	fmt.Fprintf(w, "next: %s\n", r.Next)
}

func (statusResult) skipped() int { return 0 }

func removeCommand(a *app) *cobra.Command {
	undo, who := false, ""
	cmd := a.command("remove RECORDING|GROUP... --set DIR", "Take recordings out of a set; their audio and labels are kept, and --undo brings them back",
		"prep remove ada/take-3.wav --set beats\nprep remove ada/take-3.wav --set beats --undo", cobra.MinimumNArgs(1),
		func(_ context.Context, names []string) (result, error) {
			return a.onSet(data.OpenWriter, func(set *data.Set) (result, error) {
				sum, err := ingest.Remove(set, names, undo, who, time.Now().UTC().Format(time.RFC3339))
				return stageResult{sum}, err
			})
		})
	cmd.Flags().BoolVar(&undo, "undo", false, "bring them back")
	cmd.Flags().StringVar(&who, "who", labeller(), "the name that removed.jsonl gets")
	return cmd
}

func reportCommand(a *app) *cobra.Command {
	return a.command("report --set DIR", "Write the report of a set that was made stage by stage: report.html and report.md",
		"prep report --set beats", cobra.NoArgs, func(ctx context.Context, _ []string) (result, error) {
			return a.onSet(data.OpenWriter, func(set *data.Set) (result, error) {
				r, err := line.Finish(ctx, a.engine(set), a.config)
				return words(fmt.Sprintf("report: open %s", r)), err
			})
		})
}

func configCommand(a *app) *cobra.Command {
	write := false
	cmd := a.command("config [--init] [FILE]", "Print a prep.yaml with every key, its default and what it means, or write it",
		"prep config\nprep config --init prep.yaml", cobra.MaximumNArgs(1), func(_ context.Context, args []string) (result, error) {
			path := "prep.yaml"
			if len(args) > 0 {
				path = args[0]
			}
			switch {
			case !write && len(args) > 0:
				return nil, config.Usagef("config: to write %s add --init", path)
			case !write:
				_, err := io.WriteString(a.stdout, config.Template)
				return nil, err
			}
			return words(fmt.Sprintf("config: wrote %s: change what you need, then `prep run --config %s --set DIR`", path, path)), config.Init(path)
		})
	cmd.Flags().BoolVar(&write, "init", false, "write it to FILE, prep.yaml unless named, which must not be there")
	return cmd
}

// again returns the command that runs a stage on a set as it was run before, with the flags that
// stand for its last configuration.
func (a *app) again(set *data.Set, stage string) string {
	then := &app{config: config.Default()}
	root := then.root()
	command := status.Recall(set, stage, &then.config)
	return status.CommandLine(root, command, set.Path(), a.configPath)
}

// tellNext says which command comes after one that changed the set and ended well.
func (a *app) tellNext(command string, r result) {
	if a.json || a.quiet || !a.changed || a.code == exitFailed || a.code == exitGate {
		return
	}
	model, _ := r.(adapted)
	if next := status.After(command, a.config.Set, model.Model, a.shard.N > 0, a.again); next != "" {
		fmt.Fprintf(a.stderr, "next: %s\n", next)
	}
}

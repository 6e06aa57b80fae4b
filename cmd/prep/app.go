package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"prep/cmd/internal/config"
	"prep/cmd/internal/console"
	"prep/cmd/internal/guide"
	"prep/data"
	"prep/data/work"
)

// app is one invocation: the configuration in force and where words go.
type app struct {
	config     config.Config
	configPath string
	json       bool
	quiet      bool
	logFormat  string
	allowSkips bool
	shard      work.Shard // the part of a stage's work to do; all of it where there is none
	stdout     io.Writer
	stderr     io.Writer
	code       int
	changed    bool          // whether a set was opened to be written
	observe    data.Progress // where steps go
	begun      time.Time     // when steps began to be shown
}

// result is what a command ends with. With --json it is marshalled as it is.
type result interface {
	// Text prints the result for a person.
	Text(w io.Writer)
	// skipped returns how many items were left out.
	skipped() int
}

// noted is a result with something to tell of: set is its set's directory.
type noted interface {
	notices(set string) []console.Notice
}

// summarized is a result that writes a page for the summary of a CI job, as
// Markdown.
type summarized interface{ summary(w io.Writer) error }

// execute runs a command line to its exit code or its error.
func (a *app) execute(ctx context.Context, args []string) (int, error) {
	var err error
	if len(args) > 0 && strings.HasPrefix(args[0], cobra.ShellCompRequestCmd) { // a command line that is still being written
		a.config, a.stdout = config.Default(), console.Raw(a.stdout)
	} else if a.config, err = config.Load(args); err != nil {
		return exitUsage, err
	}
	root := a.root()
	root.SetArgs(args)
	root.SetOut(a.stdout)
	root.SetErr(a.stderr)
	if err := root.ExecuteContext(ctx); err != nil {
		return exitFailed, err
	}
	return a.code, nil
}

// root builds the tree of commands, their flags bound to a.config.
func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "prep",
		Short: "From raw recordings of short percussive sounds to a labelled dataset and a classifier",
		Long: `prep finds the hits in recordings of beatboxing and other short percussive
sounds, cuts them to less than 50 ms, attaches labels, makes 64 x 64 patches and
trains a small network that is measured on people it has never heard.

Try it without any recordings:  prep demo`,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          guide.UnknownCommand,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetFlagErrorFunc(guide.FlagFault)
	root.SuggestionsMinimumDistance = 2
	root.Version = data.Version
	root.SetVersionTemplate("prep {{.Version}}\n")
	f := root.PersistentFlags()
	f.StringVar(&a.config.Set, "set", a.config.Set, "directory of the set")
	f.StringVar(&a.configPath, "config", "", "prep.yaml with a section a stage; flags win over it")
	f.BoolVar(&a.json, "json", false, "print the result as one JSON object")
	f.BoolVarP(&a.quiet, "quiet", "q", false, "no progress")
	f.StringVar(&a.logFormat, "log-format", console.Text, "progress and faults on standard error as `text` or as json, a line each")
	f.BoolVar(&a.allowSkips, "allow-skips", false, "exit 0 although items were skipped (else 3)")
	for _, command := range []func(*app) *cobra.Command{startCommand, ingestCommand, segmentCommand, labelCommand, augmentCommand,
		featuresCommand, plotCommand, trainCommand, teachCommand, adaptCommand, sweepCommand, predictCommand, evaluateCommand, exportCommand, checkCommand, mergeCommand,
		runCommand, demoCommand, statusCommand, reportCommand, removeCommand, configCommand, manCommand, versionCommand} {
		root.AddCommand(command(a))
	}
	guide.Complete(root)
	return root
}

// command returns a command whose result fn computes.
func (a *app) command(use, short, example string, args cobra.PositionalArgs,
	fn func(ctx context.Context, args []string) (result, error)) *cobra.Command {
	return &cobra.Command{
		Use:     use,
		Short:   short,
		Example: indent(example),
		Args:    guide.UsageArgs(args),
		RunE: func(cmd *cobra.Command, args []string) error {
			if a.logFormat != console.Text && a.logFormat != console.JSON {
				return config.Usagef("--log-format: %q: must be %s or %s", a.logFormat, console.Text, console.JSON)
			}
			if err := a.config.Validate(); err != nil {
				return config.Locate(a.configPath, err)
			}
			r, err := fn(cmd.Context(), args)
			if err != nil || r == nil { // nil: all has been said
				return config.Locate(a.configPath, err)
			}
			if err := a.finish(r); err != nil {
				return err
			}
			if !a.begun.IsZero() {
				console.TellEnd(a.stderr, a.logFormat, a.begun)
			}
			a.tellNext(cmd.Name(), r)
			return nil
		},
	}
}

func indent(s string) string { return "  " + strings.ReplaceAll(s, "\n", "\n  ") }

// finish prints a result and settles the exit code. The skips of a shard are
// told when it is merged.
func (a *app) finish(r result) error {
	if r.skipped() > 0 && !a.allowSkips && a.shard.N == 0 && a.code == exitOK {
		a.code = exitSkips
	}
	if n, ok := r.(noted); ok {
		console.Tell(a.stderr, a.logFormat, n.notices(a.config.Set))
	}
	if s, ok := r.(summarized); ok {
		if err := console.Summarize(s.summary); err != nil {
			return err
		}
	}
	if !a.json {
		w := bufio.NewWriter(a.stdout)
		r.Text(w)
		return w.Flush()
	}
	return data.EncodeJSON(a.stdout, r)
}

// progress returns where a stage reports its steps.
func (a *app) progress() data.Progress {
	if a.observe == nil && !a.quiet {
		a.observe, a.begun = console.NewProgress(a.stderr, a.logFormat), time.Now()
	}
	return a.observe
}

// setDir returns the set's directory, which must have been named.
func (a *app) setDir() (string, error) {
	if a.config.Set == "" {
		return "", config.Usagef("which set? Name its directory with --set DIR")
	}
	return a.config.Set, nil
}

// engine returns what does stages on a set: all of each, or a shard's part.
func (a *app) engine(set *data.Set) work.Engine {
	e := work.On(set, a.progress())
	if a.shard.N > 0 {
		e.Mode = a.shard
	}
	return e
}

// openShard opens a set for what --shard asks for.
func (a *app) openShard(dir string) (*data.Set, error) {
	if a.shard.N > 0 {
		return data.OpenShared(dir)
	}
	return data.OpenWriter(dir)
}

// createShard is openShard for a set that need not be there.
func (a *app) createShard(dir string) (*data.Set, error) {
	if a.shard.N > 0 {
		return data.CreateShared(dir)
	}
	return data.Create(dir)
}

// onSet runs fn on the set opened by open, and closes it.
func (a *app) onSet(open func(string) (*data.Set, error), fn func(*data.Set) (result, error)) (result, error) {
	dir, err := a.setDir()
	if err != nil {
		return nil, err
	}
	set, err := open(dir)
	if waiting, _ := work.Waiting(data.At(dir)); errors.Is(err, data.ErrNoSet) && len(waiting) > 0 {
		err = fmt.Errorf("%w; `prep merge %s --set DIR` one of the shards that are here", err, waiting[0])
	}
	if err != nil {
		return nil, err
	}
	defer set.Close()
	a.changed = set.Writes()
	return fn(set)
}

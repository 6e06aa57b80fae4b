package guide

import (
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"prep/cmd/internal/console"
	"prep/cmd/internal/line"
	"prep/cmd/internal/predict"
	"prep/data"
	"prep/data/labelfile"
	"prep/features"
	"prep/ingest"
	"prep/ingest/decode"
	"prep/segment"
	"prep/train"
)

// offer returns the values of a flag or an argument, for the set that the command line names.
type offer func(set *data.Set) []string

func fixed(values ...string) offer { return func(*data.Set) []string { return values } }

// flagOffers are what a shell offers for a flag, by "command --flag" or "--flag". Flags that are not here
// take numbers, words of one's own, or files and folders, which a shell offers by itself.
var flagOffers = map[string]offer{
	"--log-format":     fixed(console.Text, console.JSON),
	"--net":            func(*data.Set) []string { return train.Presets() },
	"--kind":           patchKinds,
	"features --kind":  func(*data.Set) []string { return features.AllKinds() },
	"--onsets":         func(*data.Set) []string { return segment.Modes() },
	"--channel":        func(*data.Set) []string { return ingest.Channels() },
	"--encoding":       func(*data.Set) []string { return decode.Encodings() },
	"--label-from":     fixed("dir"),
	"--bits":           fixed("16", "24", "float"),
	"predict --format": func(*data.Set) []string { return predict.Formats() },
	"export --format":  func(*data.Set) []string { return labelfile.Formats() },
	"--model":          models,
	"--against":        models,
	"--base":           models,
	"--group":          groups,
	"--class":          classes,
}

// argOffers are what a shell offers for the arguments of a command.
var argOffers = map[string]offer{
	"merge":  fixed(line.Sharded...),
	"remove": func(set *data.Set) []string { return append(groups(set), recordings(set)...) },
	"plot":   recordings,
}

// Complete has a shell complete the values of the flags and the arguments of root's commands.
func Complete(root *cobra.Command) {
	root.RegisterFlagCompletionFunc("set", directories)
	root.RegisterFlagCompletionFunc("config", cobra.FixedCompletions([]string{"yaml", "yml"}, cobra.ShellCompDirectiveFilterFileExt))
	root.RegisterFlagCompletionFunc("log-format", flagOffers["--log-format"].complete)
	for _, cmd := range root.Commands() {
		cmd.LocalNonPersistentFlags().VisitAll(func(f *pflag.Flag) {
			offered, ok := flagOffers[cmd.Name()+" --"+f.Name]
			if !ok {
				offered, ok = flagOffers["--"+f.Name]
			}
			if ok && !f.Hidden {
				cmd.RegisterFlagCompletionFunc(f.Name, offered.complete)
			}
		})
		if offered, ok := argOffers[cmd.Name()]; ok {
			cmd.ValidArgsFunction = offered.complete
		}
	}
}

func directories(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return nil, cobra.ShellCompDirectiveFilterDirs
}

// complete offers the values that begin as what is written does, and of a list those for its last part.
// Where there are none the shell offers files.
func (o offer) complete(cmd *cobra.Command, args []string, written string) (fit []string, directive cobra.ShellCompDirective) {
	done := written[:strings.LastIndexAny(written, ",+")+1]
	for _, v := range o(data.At(cmd.Flag("set").Value.String())) {
		if whole := done + v; strings.HasPrefix(whole, written) && !slices.Contains(args, v) {
			fit = append(fit, console.Safe(whole))
		}
	}
	if len(fit) > 0 {
		directive = cobra.ShellCompDirectiveNoFileComp
	}
	return fit, directive
}

// What a set has. A set that cannot be read offers nothing: the command says why.

func patchKinds(set *data.Set) []string {
	kinds, err := set.PatchKinds()
	if err != nil || len(kinds) == 0 {
		return features.AllKinds()
	}
	return kinds
}

func models(set *data.Set) []string {
	names, _ := train.Models(set)
	return names
}

func recordings(set *data.Set) (names []string) {
	all, _ := set.Recordings()
	for _, r := range all {
		names = append(names, r.Name)
	}
	return names
}

func groups(set *data.Set) []string {
	names := map[string]bool{}
	all, _ := set.Recordings()
	for _, r := range all {
		names[r.Group] = true
	}
	return slices.Sorted(maps.Keys(names))
}

func classes(set *data.Set) []string {
	names := map[string]bool{}
	journal, _ := set.Labels()
	for _, l := range data.Standing(journal) {
		names[l.Class] = true
	}
	delete(names, "")
	return slices.Sorted(maps.Keys(names))
}

package status

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"prep/cmd/internal/config"
	"prep/data"
	"prep/data/work"
)

// Recall sets in c what a stage was run with last, and returns the name of the command that runs it.
// A record that is not there leaves the defaults.
func Recall(set *data.Set, stage string, c *config.Config) (command string) {
	command, rest, _ := strings.Cut(stage, "-")
	var into any
	switch command {
	case "segment":
		into = &c.Segment
	case "augment":
		into = &c.Augment
	case "features":
		into, c.Features.Kind = &c.Features, rest
	case "train":
		s := struct {
			Config any `json:"config"`
			Net    any `json:"net"`
			Path   any `json:"kernel_path"`
			Study  any `json:"study"`
		}{Config: &c.Train}
		rate := c.Train.LearningRate
		work.LastConfig(set, stage, &s)
		c.Train.Name, c.Train.LearningRate = rest, rate // which follows from the network where nobody chose it
		return command
	default:
		return command
	}
	work.LastConfig(set, stage, into)
	return command
}

// CommandLine returns the command line of a command on a set, with the flags of root whose values are
// not their defaults, and with a configuration if that is named.
func CommandLine(root *cobra.Command, command, dir, configPath string) string {
	line := "prep " + command + " --set " + quoted(dir)
	if configPath != "" {
		line += " --config " + quoted(configPath)
	}
	cmd, _, err := root.Find([]string{command})
	if err != nil {
		return line
	}
	cmd.LocalNonPersistentFlags().VisitAll(func(f *pflag.Flag) {
		value := f.Value.String()
		if list, ok := f.Value.(pflag.SliceValue); ok {
			value = strings.Join(list.GetSlice(), ",")
			if "["+value+"]" == f.DefValue {
				return
			}
		}
		switch {
		case value == f.DefValue || f.Hidden:
		case value == "true":
			line += " --" + f.Name
		default:
			line += fmt.Sprintf(" --%s %s", f.Name, quoted(value))
		}
	})
	return line
}

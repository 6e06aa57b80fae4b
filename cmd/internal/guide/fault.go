package guide

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"prep/cmd/internal/config"
)

// values says what a flag takes, by the name of its type.
var values = map[string]string{
	"int": "a whole number", "uint64": "a whole number from 0 on", "float64": "a number", "bool": "true or false",
}

// FlagFault returns a usage error that says of a flag which one was likely meant, or where flags are
// listed, and of a value that is not of its flag's type what is wanted.
func FlagFault(cmd *cobra.Command, err error) error {
	see := fmt.Sprintf("see `%s --help`", cmd.CommandPath())
	var bad *pflag.InvalidValueError
	var unknown *pflag.NotExistError
	switch {
	case errors.As(err, &bad) && values[bad.GetFlag().Value.Type()] != "":
		f := bad.GetFlag()
		err = fmt.Errorf("--%s is %q, want %s", f.Name, bad.GetValue(), values[f.Value.Type()])
	case errors.As(err, &unknown):
		var names []string
		cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
		if near := config.Nearest(unknown.GetSpecifiedName(), names); near != "" {
			see = fmt.Sprintf("did you mean --%s?", near)
		}
	}
	return config.Usagef("%w; %s", err, see)
}

// UnknownCommand refuses words that are no command, with the nearest that are.
func UnknownCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
		return config.Usagef("unknown command %q; did you mean %s?", args[0], strings.Join(near, " or "))
	}
	return config.Usagef("unknown command %q; see `prep --help`", args[0])
}

// UsageArgs makes a fault of the arguments a usage error.
func UsageArgs(args cobra.PositionalArgs) cobra.PositionalArgs {
	return func(cmd *cobra.Command, a []string) error {
		if err := args(cmd, a); err != nil {
			return config.Usagef("%w; see `%s --help`", err, cmd.CommandPath())
		}
		return nil
	}
}

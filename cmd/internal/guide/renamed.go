package guide

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// Renamed lets the flag now of cmd be set by its old name too, which w is then told of. Help and completion
// do not show the old name.
func Renamed(cmd *cobra.Command, w io.Writer, old, now string) {
	f := cmd.Flags().Lookup(now)
	cmd.Flags().AddFlag(&pflag.Flag{Name: old, Usage: "--" + now, Hidden: true, DefValue: f.DefValue, NoOptDefVal: f.NoOptDefVal,
		Value: oldName{f.Value, func() { fmt.Fprintf(w, "--%s is --%s now\n", old, now) }}})
}

// oldName is the value of a flag that says what its name is now.
type oldName struct {
	pflag.Value
	say func()
}

// Set sets the value under its new name.
func (v oldName) Set(text string) error {
	v.say()
	return v.Value.Set(text)
}

package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"runtime"

	"github.com/spf13/cobra"

	"prep/cmd/internal/guide"
	"prep/cmd/internal/licence"
	"prep/data"
	"prep/segment"
	"prep/train"
)

// versions is what `prep version` tells.
type versions struct {
	Prep     string `json:"prep"`
	Revision string `json:"revision,omitempty"`
	Go       string `json:"go"`
	Platform string `json:"platform"`
	Kernels  string `json:"kernels"`
}

func versionCommand(a *app) *cobra.Command {
	var licences bool
	cmd := a.command("version", "Print the version, and the convolution kernels in force", "prep version --json",
		cobra.NoArgs, func(context.Context, []string) (result, error) {
			if licences {
				_, err := fmt.Fprintf(a.stdout, "The onset detectors:\n\n%s\nThe model that names hits:\n\n%s\n", segment.Notice, train.Notice)
				return nil, errors.Join(err, licence.Notices(a.stdout))
			}
			v := versions{Prep: data.Version, Go: runtime.Version(), Kernels: train.Kernels(),
				Platform: runtime.GOOS + "/" + runtime.GOARCH}
			v.Revision, _ = guide.Build()
			return v, nil
		})
	cmd.Flags().BoolVar(&licences, "licences", false, "print the licences of what prep is made of: modules, and what its detectors and its model learned from")
	return cmd
}

func manCommand(a *app) *cobra.Command {
	return a.command("man DIR", "Write the manual pages, prep.1 and one for each command, into a folder", "prep man ~/.local/share/man/man1",
		cobra.ExactArgs(1), func(_ context.Context, args []string) (result, error) {
			n, err := guide.WriteManual(a.root(), args[0])
			return words(fmt.Sprintf("man: %d pages in %s; `man -l %s` shows the first", n, args[0], filepath.Join(args[0], "prep.1"))), err
		})
}

// Text prints the versions on one line.
func (v versions) Text(w io.Writer) {
	fmt.Fprintf(w, "prep %s (revision %s; %s, %s, %s kernels)\n", v.Prep, cmp.Or(v.Revision, "unknown"), v.Go, v.Platform, v.Kernels)
}

func (versions) skipped() int { return 0 }

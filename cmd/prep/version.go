package main

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"prep/data"
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

func (a *app) versionCommand() *cobra.Command {
	return a.command("version", "Print the version, and the convolution kernels in force", "prep version --json",
		cobra.NoArgs, func(context.Context, []string) (result, error) {
			v := versions{Prep: data.Version, Go: runtime.Version(), Kernels: train.Kernels(),
				Platform: runtime.GOOS + "/" + runtime.GOARCH}
			if info, ok := debug.ReadBuildInfo(); ok {
				for _, s := range info.Settings {
					if s.Key == "vcs.revision" {
						v.Revision = s.Value
					}
				}
			}
			return v, nil
		})
}

// Text prints the versions on one line.
func (v versions) Text(w io.Writer) {
	fmt.Fprintf(w, "prep %s (%s, %s, %s kernels)\n", v.Prep, v.Go, v.Platform, v.Kernels)
}

func (versions) skipped() int { return 0 }

package guide

import (
	"path/filepath"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"

	"prep/data"
	"prep/data/disk"
)

// WriteManual writes the manual pages of root's commands into a folder, prep.1, prep-ingest.1, ..., dated as the
// program is, and returns how many they are.
func WriteManual(root *cobra.Command, dir string) (int, error) {
	if err := disk.MkdirAll(dir); err != nil {
		return 0, err
	}
	root.DisableAutoGenTag = true
	header := doc.GenManHeader{Title: "PREP", Section: "1", Source: "prep " + data.Version, Manual: "prep"}
	if _, committed := Build(); !committed.IsZero() {
		header.Date = &committed
	}
	if err := doc.GenManTree(root, &header, dir); err != nil {
		return 0, err
	}
	pages, err := filepath.Glob(filepath.Join(dir, "prep*.1"))
	return len(pages), err
}

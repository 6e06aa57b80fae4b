package config

import (
	_ "embed"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"prep/data"
	"prep/data/disk"
)

// Template is a prep.yaml of every key with its default and what it means.
//
//go:embed prep.yaml
var Template string

// Init writes Template to a file that is not there yet.
func Init(path string) error {
	_, err := disk.Stat(path)
	switch {
	case err == nil:
		return Usagef("config: %s is there already, and prep does not overwrite it: name another file", path)
	case !errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("config: %w", err)
	}
	return data.WriteFile(path, func(w io.Writer) error {
		_, err := io.WriteString(w, Template)
		return err
	})
}

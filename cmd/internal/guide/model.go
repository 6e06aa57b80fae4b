package guide

import (
	"path/filepath"
	"slices"

	"prep/data"
	"prep/data/disk"
	"prep/train"
)

// ModelFolder returns the folder of the model that a person names: by its folder, or by its name in the set in
// dir. A folder that is there goes first.
func ModelFolder(dir, named string) string {
	if there, err := disk.Exists(named); dir == "" || named == "" || named != filepath.Base(named) || there || err != nil {
		return named
	}
	set := data.At(dir)
	if names, err := train.Models(set); err != nil || !slices.Contains(names, named) {
		return named
	}
	return train.ModelDir(set, named)
}

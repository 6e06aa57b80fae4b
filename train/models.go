package train

import (
	"errors"
	"io/fs"
	"syscall"

	"prep/data"
	"prep/data/disk"
)

// modelsDir holds the models of a set, a folder each.
const modelsDir = "models"

// Models returns the names of the models that are trained in a set, sorted. A
// folder without a report is a training on its way.
func Models(set *data.Set) ([]string, error) {
	dirs, err := disk.ReadDir(set.Path(modelsDir))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var names []string
	for _, d := range dirs {
		there, err := bundleIn(ModelDir(set, d.Name())).Has(reportFile)
		if err != nil && !errors.Is(err, syscall.ENOTDIR) {
			return nil, err
		}
		if there {
			names = append(names, d.Name())
		}
	}
	return names, err
}

// bundleIn returns the files of the model in a folder, which are one thing.
func bundleIn(dir string) data.Bundle { return data.BundleIn(dir, "model") }

// ModelDir returns the folder of a set's model.
func ModelDir(set *data.Set, name string) string { return set.Path(modelsDir, name) }

// DrawnFiles returns the set's names of what pictures of a model show, with
// forward slashes.
func DrawnFiles(name string) (names []string) {
	for _, file := range []string{reportFile, historyFile, predictedFile} {
		names = append(names, modelsDir+"/"+name+"/"+file)
	}
	return names
}

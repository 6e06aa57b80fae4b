package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// ground are the packages that any stage may import.
var ground = []string{"data", "data/work", "features/stft", "features/pitch", "ingest/resample"}

// arrows is the whole table of which package of ours may import which. Only
// cmd and what is below it import stages; stages never import each other.
var arrows = map[string][]string{
	"data":                 {},
	"data/corpus":          {"data"},
	"data/datatest":        {"data"}, // of tests
	"data/document":        {},
	"data/num":             {},
	"data/work":            {"data"},
	"features/stft":        {"data"},
	"features/pitch":       {"data", "features/stft"},
	"ingest/resample":      {},
	"ingest":               append([]string{"ingest/decode"}, ground...),
	"ingest/decode":        {"data", "ingest/decode/layer3", "ingest/resample"},
	"ingest/decode/layer3": {},
	"segment":              ground,
	"augment":              ground,
	"features":             ground,
	"plots":                ground,
	"train":                append([]string{"train/conv"}, ground...),
	"train/conv":           {},
	"train/sweep":          {"train", "data", "data/work"},

	"cmd/internal/advice":    {"cmd/internal/desk", "cmd/internal/sonagram", "data"},
	"cmd/internal/check":     {"cmd/internal/gates", "data", "data/work", "features", "train"},
	"cmd/internal/config":    {"cmd/internal/gates", "cmd/internal/page", "cmd/internal/predict", "data", "ingest", "segment", "augment", "features", "train", "train/sweep"},
	"cmd/internal/console":   {"data"},
	"cmd/internal/desk":      {"data"},
	"cmd/internal/duplicate": {"data", "data/work", "features/stft"},
	"cmd/internal/export":    {"data", "data/work"},
	"cmd/internal/gallery":   {"cmd/internal/export", "data", "data/document", "data/work", "features", "features/pitch", "augment", "plots", "segment", "train"},
	"cmd/internal/gates":     {"cmd/internal/duplicate", "data", "data/work", "segment", "train"},
	"cmd/internal/line":      {"cmd/internal/config", "cmd/internal/gallery", "cmd/internal/report", "data", "data/document", "data/work", "ingest", "segment", "augment", "features", "train"},
	"cmd/internal/page":      {"cmd/internal/advice", "cmd/internal/desk", "cmd/internal/sonagram", "data", "features/pitch"},
	"cmd/internal/predict":   {"data", "data/num", "features", "ingest", "segment", "train"},
	"cmd/internal/report":    {"data", "data/document", "segment", "train"},
	"cmd/internal/sonagram":  {"data", "data/work", "features/stft"},
	"cmd/internal/variants":  {"data", "data/document", "data/work", "augment", "features", "plots", "train", "train/sweep"},

	"cmd/prep": {"cmd/internal/advice", "cmd/internal/check", "cmd/internal/config", "cmd/internal/console", "cmd/internal/desk",
		"cmd/internal/export", "cmd/internal/gallery", "cmd/internal/gates", "cmd/internal/line", "cmd/internal/page", "cmd/internal/predict",
		"cmd/internal/variants", "data", "data/corpus", "data/document", "data/work", "augment",
		"features", "ingest", "ingest/decode", "segment", "train", "train/sweep"},
}

func TestImportsFollowTheTable(t *testing.T) {
	root := filepath.Join("..", "..")
	found := importsBelow(t, root)
	for pkg, imports := range found {
		allowed, known := arrows[pkg]
		if !known {
			t.Errorf("package %s is not in the table", pkg)
		}
		for _, i := range imports {
			if !slices.Contains(allowed, i) {
				t.Errorf("%s imports %s, which the table does not allow", pkg, i)
			}
		}
	}
	for pkg := range arrows {
		if _, ok := found[pkg]; !ok {
			t.Errorf("the table names %s, which is not there", pkg)
		}
	}
}

// importsBelow returns, for each package below root, which packages of this
// module its non-test files import.
func importsBelow(t *testing.T, root string) map[string][]string {
	found := map[string][]string{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			return skipDir(root, path, d.Name())
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		rel, _ := filepath.Rel(root, filepath.Dir(path))
		pkg := filepath.ToSlash(rel)
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		found[pkg] = append(found[pkg], ourImports(f)...)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// skipDir leaves out what is no package of this module: hidden and testdata
// folders, and folders with a go.mod of their own.
func skipDir(root, path, name string) error {
	own, _ := filepath.Glob(filepath.Join(path, "go.mod"))
	if path != root && (strings.HasPrefix(name, ".") || name == "testdata" || len(own) > 0) {
		return fs.SkipDir
	}
	return nil
}

func ourImports(f *ast.File) []string {
	var ours []string
	for _, i := range f.Imports {
		if name, ok := strings.CutPrefix(strings.Trim(i.Path.Value, `"`), "prep/"); ok {
			ours = append(ours, name)
		}
	}
	return ours
}

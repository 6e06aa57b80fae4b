package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// architecture has the table of arrows and the tree of rooms.
const architecture = "../../docs/architecture.md"

// block returns what stands in a document between two marks, and what before
// and behind it.
func block(t *testing.T, text, name string) (before, block, after string) {
	t.Helper()
	open, end := "<!-- "+name+" -->\n", "<!-- /"+name+" -->"
	before, rest, ok := strings.Cut(text, open)
	block, after, ok2 := strings.Cut(rest, end)
	if !ok || !ok2 {
		t.Fatalf("%s has no block %q", architecture, name)
	}
	return before + open, block, end + after
}

func readArchitecture(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(architecture)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

var stages = []string{"ingest", "segment", "augment", "features", "plots", "train"}

// arrows reads the table: what each package may import, the ground among it.
func arrows(t *testing.T) map[string][]string {
	t.Helper()
	text := readArchitecture(t)
	named := regexp.MustCompile("`([a-z0-9/]+)`")
	list := func(cell string) (names []string) {
		for _, m := range named.FindAllStringSubmatch(cell, -1) {
			names = append(names, m[1])
		}
		return names
	}
	_, ground, _ := strings.Cut(text, "stand on: ")
	ground, _, _ = strings.Cut(ground, ".\n")
	_, table, _ := block(t, text, "arrows")
	may := map[string][]string{}
	for row := range strings.Lines(table) {
		cells := strings.Split(row, "|")
		if len(cells) != 4 || !strings.Contains(cells[1], "`") {
			continue
		}
		allowed := list(cells[2])
		if strings.Contains(cells[2], "ground") {
			allowed = append(allowed, list(ground)...)
		}
		if strings.Contains(cells[2], "all stages") {
			allowed = append(allowed, stages...)
		}
		for _, pkg := range list(cells[1]) {
			may[pkg] = allowed
		}
	}
	return may
}

func TestImportsFollowTheTable(t *testing.T) {
	found, may := importsBelow(t, filepath.Join("..", "..")), arrows(t)
	for pkg, imports := range found {
		allowed, known := may[pkg]
		if !known {
			t.Errorf("package %s is not in the table of docs/architecture.md", pkg)
		}
		if pkg == "cmd/prep" {
			continue // everything
		}
		for _, i := range imports {
			if !slices.Contains(allowed, i) {
				t.Errorf("%s imports %s, which the table of docs/architecture.md does not allow", pkg, i)
			}
		}
	}
	for pkg := range may {
		if _, ok := found[pkg]; !ok {
			t.Errorf("the table of docs/architecture.md names %s, which is not there", pkg)
		}
	}
}

// Whatever the table says: stages know no stage, data and its rooms know only
// each other, and the command's rooms are the command's alone.
func TestArrowsMakeAStar(t *testing.T) {
	ground := []string{"features/stft", "features/pitch", "ingest/resample"}
	room := func(pkg string) string { first, _, _ := strings.Cut(pkg, "/"); return first }
	for pkg, imports := range importsBelow(t, filepath.Join("..", "..")) {
		for _, i := range imports {
			from, to := room(pkg), room(i)
			switch {
			case from == "cmd" || to == "data" || from == to:
			case from == "data", to == "cmd":
				t.Errorf("%s imports %s: an arrow up", pkg, i)
			case slices.Contains(stages, to) && !slices.Contains(ground, i):
				t.Errorf("%s imports %s: a stage knows another", pkg, i)
			}
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

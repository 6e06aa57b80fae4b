package main

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path"
	"strings"
	"testing"
)

var drawTree = flag.Bool("draw", false, "draw the tree of docs/architecture.md anew")

// The tree in docs/architecture.md is what `go list` says: every package with
// the first sentence of its comment.
func TestArchitecture(t *testing.T) {
	before, got, after := block(t, readArchitecture(t), "tree")
	want := tree(t)
	if *drawTree {
		if err := os.WriteFile(architecture, []byte(before+want+after), 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	if got != want {
		t.Errorf("docs/architecture.md is out of date: run `go test ./cmd/prep -run Architecture -draw`; the tree is\n%s", want)
	}
}

// tree draws the packages of the module as a nested list.
func tree(t *testing.T) string {
	t.Helper()
	list := exec.Command("go", "list", "-f", "{{.ImportPath}}\t{{.Doc}}", "./...")
	list.Dir = "../.."
	out, err := list.Output()
	if err != nil {
		t.Fatal(err)
	}
	var command, rooms strings.Builder
	for line := range strings.Lines(string(out)) {
		name, doc, _ := strings.Cut(strings.TrimSpace(line), "\t")
		name = strings.TrimPrefix(name, "prep/")
		to, depth := &rooms, strings.Count(name, "/")
		if strings.HasPrefix(name, "cmd/") {
			to, depth = &command, 1
		}
		if !strings.Contains(name, "testdata") && name != "cmd/prep" {
			fmt.Fprintf(to, "%s- `%s` %s\n", strings.Repeat("  ", depth), name, synopsis(path.Base(name), doc))
		}
	}
	return "- `cmd/prep` is the command: flags, words, exit codes\n" + command.String() + rooms.String()
}

// synopsis returns the first sentence of a package's comment without its first
// words, up to a colon.
func synopsis(name, doc string) string {
	doc, _, _ = strings.Cut(strings.TrimPrefix(doc, "Package "+name+" "), ": ")
	return strings.TrimSuffix(doc, ".")
}

package licence

import (
	"bytes"
	"compress/gzip"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var write = flag.Bool("write", false, "write notices.gz")

// module is one that the program is made of, and where its source lies.
type module struct{ path, version, dir string }

// modules returns those that the program is made of on every system that it is
// built for, by their paths.
func modules(t *testing.T) (all []module) {
	t.Helper()
	for _, system := range []string{"linux/amd64", "linux/arm64", "darwin/arm64", "windows/amd64"} {
		goos, arch, _ := strings.Cut(system, "/")
		cmd := exec.Command("go", "list", "-deps", "-f", "{{with .Module}}{{if not .Main}}{{.Path}}\t{{.Version}}\t{{.Dir}}{{end}}{{end}}", "prep/cmd/prep")
		cmd.Env = append(os.Environ(), "GOOS="+goos, "GOARCH="+arch, "CGO_ENABLED=0")
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("%v: %v", cmd, err)
		}
		for _, line := range strings.Split(string(out), "\n") {
			if f := strings.Split(line, "\t"); len(f) == 3 {
				all = append(all, module{f[0], f[1], f[2]})
			}
		}
	}
	slices.SortFunc(all, func(a, b module) int { return strings.Compare(a.path, b.path) })
	return slices.Compact(all)
}

// terms finds the files in which a module says on what terms it may be used.
var terms = regexp.MustCompile(`(?i)^(un)?(licen[sc]e|copying|notice|patents)([-._].*)?$`)

func termsOf(t *testing.T, dir string) string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, e := range entries {
		if e.Type().IsRegular() && terms.MatchString(e.Name()) && filepath.Ext(e.Name()) != ".go" {
			text, err := os.ReadFile(filepath.Join(dir, e.Name()))
			if err != nil {
				t.Fatal(err)
			}
			b.WriteString(strings.TrimSpace(strings.ReplaceAll(string(text), "\r\n", "\n")) + "\n\n")
		}
	}
	return b.String()
}

// notice returns the notices: each text once, under those that it is of.
func notice(t *testing.T) string {
	t.Helper()
	of, order := map[string][]string{}, []string{}
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range append([]module{{"The Go standard library and runtime", "", strings.TrimSpace(string(root))}}, modules(t)...) {
		text := termsOf(t, m.dir)
		if text == "" {
			t.Errorf("%s says nowhere on what terms it may be used", m.path)
		}
		if of[text] == nil {
			order = append(order, text)
		}
		of[text] = append(of[text], strings.TrimSpace(m.path+" "+m.version))
	}
	var b strings.Builder
	for _, text := range order {
		fmt.Fprintf(&b, "%s\n%s\n%s", strings.Join(of[text], "\n"), strings.Repeat("-", 72), "\n"+text)
	}
	return b.String()
}

// The notices are of the modules that the program is made of now.
func TestNoticesAreOfThisProgram(t *testing.T) {
	want := notice(t)
	if *write {
		var b bytes.Buffer
		w, _ := gzip.NewWriterLevel(&b, gzip.BestCompression)
		io.WriteString(w, want)
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile("notices.gz", b.Bytes(), 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	var got strings.Builder
	if err := Notices(&got); err != nil {
		t.Fatal(err)
	}
	if got.String() != want {
		t.Errorf("notices.gz is out of date: go test ./cmd/internal/licence -write")
	}
}

package datatest

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"testing"
)

// Golden holds a package's values to its edition: the values of the edition in
// force lie in testdata/golden.json, and a test that gives others fails until
// the edition is raised. Then
//
//	go test ./PACKAGE -run TestEdition -golden
//
// writes the new ones. They are those of amd64: sums differ in their last bits
// between architectures.
type Golden struct {
	t      *testing.T
	pkg    string
	file   string
	now    goldenFile
	within map[string]float64
}

// goldenFile is testdata/golden.json.
type goldenFile struct {
	Edition int `json:"edition"`
	// Exact has the SHA-256 of values that must be the same to the bit.
	Exact map[string]string `json:"exact"`
	// Near has projections of values that may differ in their last digits
	// between machines: see project.
	Near map[string][]float64 `json:"near"`
}

var writeGolden = flag.Bool("golden", false, "write testdata/golden.json of an edition that was raised")

// NewGolden begins to gather the values of a package. They are compared when
// the test ends. variant is "", or names the code among several that made them.
func NewGolden(t *testing.T, pkg, variant string, edition int) *Golden {
	if runtime.GOARCH != "amd64" {
		t.Skip("the golden values are those of amd64")
	}
	file := "golden.json"
	if variant != "" {
		file = "golden-" + variant + ".json"
	}
	g := &Golden{t: t, pkg: pkg, file: file, within: map[string]float64{},
		now: goldenFile{Edition: edition, Exact: map[string]string{}, Near: map[string][]float64{}}}
	t.Cleanup(g.check)
	return g
}

// Exact adds values that are the same on every machine.
func (g *Golden) Exact(name string, values any) {
	g.t.Helper()
	text, err := json.Marshal(values)
	if err != nil {
		g.t.Fatalf("%s: %v", name, err)
	}
	sum := sha256.Sum256(text)
	g.now.Exact[name] = hex.EncodeToString(sum[:16])
}

// Near adds values that are the same within a share of their norm.
func Near[T float32 | float64 | uint8](g *Golden, name string, within float64, values []T) {
	g.t.Helper()
	g.now.Near[name], g.within[name] = project(values), within
}

// projections is how many random projections stand for some values: a change of
// size d that all of them miss would have to be at a right angle to each.
const projections = 4

// project returns the number of values, their norm, and the sums of the values
// under random signs, which are near 0 beside the norm and move by the size of
// any change.
func project[T float32 | float64 | uint8](values []T) []float64 {
	p := make([]float64, 2+projections)
	p[0] = float64(len(values))
	random := rand.New(rand.NewPCG(1, 2))
	for _, v := range values {
		x, signs := float64(v), random.Uint64()
		p[1] += x * x
		for k := range projections {
			if signs>>k&1 == 1 {
				p[2+k] += x
			} else {
				p[2+k] -= x
			}
		}
	}
	p[1] = math.Sqrt(p[1])
	return p
}

// check compares the values with the golden ones, or writes them.
func (g *Golden) check() {
	if g.t.Failed() || g.t.Skipped() {
		return
	}
	path := filepath.Join("testdata", g.file)
	var want goldenFile
	text, err := os.ReadFile(path)
	if err == nil {
		err = json.Unmarshal(text, &want)
	}
	if *writeGolden && (err != nil || g.now.Edition > want.Edition) {
		if err := g.write(path); err != nil {
			g.t.Error(err)
		}
		return
	}
	for _, fault := range g.faults(path, want, err) {
		g.t.Error(fault)
	}
}

// faults says what is wrong with the values beside those of path, which could
// not be read where err is not nil.
func (g *Golden) faults(path string, want goldenFile, err error) (all []string) {
	command := fmt.Sprintf("go test ./%s -run %s -golden", g.pkg, g.t.Name())
	switch {
	case err != nil:
		return []string{fmt.Sprintf("%s: %v; `%s` writes it", path, err, command)}
	case g.now.Edition < want.Edition:
		return []string{fmt.Sprintf("the edition is %d and was %d already: editions only rise", g.now.Edition, want.Edition)}
	case g.now.Edition > want.Edition:
		return []string{fmt.Sprintf("the edition is %d, %s holds the values of %d: run `%s`", g.now.Edition, path, want.Edition, command)}
	}
	for _, what := range g.differences(want) {
		all = append(all, fmt.Sprintf("%s, and the edition is still %d. Sets keep results of this edition as up to date. If the change is meant, "+
			"raise Edition in %s/edition.go and run `%s`", what, want.Edition, g.pkg, command))
	}
	return all
}

// differences says which values are not the golden ones.
func (g *Golden) differences(want goldenFile) (all []string) {
	for _, name := range union(g.now.Exact, want.Exact) {
		if g.now.Exact[name] != want.Exact[name] {
			all = append(all, fmt.Sprintf("%q has changed", name))
		}
	}
	for _, name := range union(g.now.Near, want.Near) {
		if d := distance(g.now.Near[name], want.Near[name]); !(d <= g.within[name]) {
			all = append(all, fmt.Sprintf("%q has changed by %.2g of its norm", name, d))
		}
	}
	return all
}

// distance returns the largest difference of two projections, as a share of the
// norm.
func distance(a, b []float64) (most float64) {
	if len(a) != len(b) || len(a) == 0 || a[0] != b[0] {
		return math.Inf(1)
	}
	for i := range a[1:] {
		most = max(most, math.Abs(a[1+i]-b[1+i]))
	}
	if most > 0 {
		most /= max(a[1], b[1])
	}
	return most
}

func union[V any](a, b map[string]V) []string {
	all := maps.Clone(a)
	maps.Copy(all, b)
	return slices.Sorted(maps.Keys(all))
}

// write writes the values as golden ones.
func (g *Golden) write(path string) error {
	text, err := json.MarshalIndent(g.now, "", "  ")
	if err == nil {
		err = os.MkdirAll(filepath.Dir(path), 0o777)
	}
	if err == nil {
		err = os.WriteFile(path, append(text, '\n'), 0o666)
	}
	return err
}

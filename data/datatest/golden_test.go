package datatest

import (
	"fmt"
	"math"
	"os"
	"strings"
	"testing"
)

// Any one value that changes by more than the tolerance of the norm is seen,
// as are values that come or go, and names.
func TestGoldenSeesChanges(t *testing.T) {
	base := make([]float64, 1000)
	for i := range base {
		base[i] = math.Sin(float64(i))
	}
	gather := func(change func(g *Golden, v []float64) []float64) *Golden {
		g := &Golden{t: t, within: map[string]float64{}, now: goldenFile{Edition: 1, Exact: map[string]string{}, Near: map[string][]float64{}}}
		v := change(g, append([]float64{}, base...))
		g.Exact("exact", "same")
		Near(g, "near", 1e-6, v)
		return g
	}
	want := gather(func(_ *Golden, v []float64) []float64 { return v }).now
	for _, test := range []struct {
		name   string
		change func(g *Golden, v []float64) []float64
		says   string
	}{
		{"nothing", func(_ *Golden, v []float64) []float64 { return v }, ""},
		{"rounding", func(_ *Golden, v []float64) []float64 { v[3] += 1e-9; return v }, ""},
		{"one value", func(_ *Golden, v []float64) []float64 { v[999] += 1e-3; return v }, `"near" has changed by`},
		{"a value less", func(_ *Golden, v []float64) []float64 { return v[:999] }, `"near" has changed by`},
		{"not a number", func(_ *Golden, v []float64) []float64 { v[0] = math.NaN(); return v }, `"near" has changed by`},
		{"a new name", func(g *Golden, v []float64) []float64 { g.Exact("more", 1); return v }, `"more" has changed`},
	} {
		got := strings.Join(gather(test.change).differences(want), "; ")
		if test.says == "" && got != "" || !strings.Contains(got, test.says) {
			t.Errorf("%s: got %q, want %q", test.name, got, test.says)
		}
	}
}

// A change is told with the edition to raise and the command to run; once both
// are done the values are golden.
func TestAChangeIsToldUntilTheEditionIsRaised(t *testing.T) {
	t.Chdir(t.TempDir())
	gather := func(edition int, values ...float64) *Golden {
		g := &Golden{t: t, pkg: "segment", file: "golden.json", within: map[string]float64{},
			now: goldenFile{Edition: edition, Exact: map[string]string{}, Near: map[string][]float64{}}}
		Near(g, "onsets", 1e-6, values)
		return g
	}
	golden := gather(2, 1, 2, 3)
	if err := golden.write("testdata/golden.json"); err != nil {
		t.Fatal(err)
	}
	command := "`go test ./segment -run " + t.Name() + " -golden`"
	for _, c := range []struct {
		name  string
		now   *Golden
		err   error
		wants []string // in its only fault; none where it is nil
	}{
		{"the same", gather(2, 1, 2, 3), nil, nil},
		{"a change", gather(2, 1, 2, 4), nil, []string{`"onsets" has changed by`, "raise Edition in segment/edition.go and run " + command}},
		{"raised", gather(3, 1, 2, 4), nil, []string{"the edition is 3, testdata/golden.json holds the values of 2: run " + command}},
		{"lowered", gather(1, 1, 2, 3), nil, []string{"editions only rise"}},
		{"no file", gather(2, 1, 2, 3), os.ErrNotExist, []string{command + " writes it"}},
	} {
		faults := c.now.faults("testdata/golden.json", golden.now, c.err)
		if (len(faults) == 1) != (c.wants != nil) {
			t.Errorf("%s: got %q", c.name, faults)
			continue
		}
		for _, want := range c.wants {
			if !strings.Contains(faults[0], want) {
				t.Errorf("%s: got %q, want %q in it", c.name, faults[0], want)
			}
		}
	}
	gather(2, 1, 2, 3).check() // against the file
	if err := golden.write("testdata/golden.json/x"); err == nil {
		t.Error("golden values were written below a file")
	}
}

// With -golden the values of an edition that was raised replace the old ones,
// and nothing else does.
func TestOnlyARaisedEditionIsWritten(t *testing.T) {
	t.Chdir(t.TempDir())
	defer func(was bool) { *writeGolden = was }(*writeGolden)
	*writeGolden = true
	for _, c := range []struct{ edition, want int }{{1, 1}, {1, 1}, {3, 3}} {
		g := &Golden{t: t, file: "golden.json", now: goldenFile{Edition: c.edition}}
		g.check()
		text, err := os.ReadFile("testdata/golden.json")
		if err != nil || !strings.Contains(string(text), fmt.Sprintf(`"edition": %d`, c.want)) {
			t.Errorf("edition %d: got %s, %v", c.edition, text, err)
		}
	}
}

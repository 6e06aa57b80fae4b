package datatest

import (
	"math"
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

//go:build measure

package duplicate

import (
	"os"
	"slices"
	"testing"

	"prep/data"
)

// How many people under two names are found in a set, each planted alone: every
// second take of a group is given another name. The figures of docs/results.md.
//
//	PREP_SET=DIR go test -tags measure ./cmd/internal/duplicate -run MeasurePeople -v
func TestMeasurePeople(t *testing.T) {
	set, err := data.Look(os.Getenv("PREP_SET"))
	if err != nil {
		t.Fatal(err)
	}
	examples, err := originals(set)
	if err != nil {
		t.Fatal(err)
	}
	examples = slices.DeleteFunc(examples, func(e data.Example) bool { return e.Class == "" })
	rows, err := spectra(t.Context(), set, examples)
	if err != nil {
		t.Fatal(err)
	}
	as := people(examples, rows)
	t.Logf("as shipped: %+v", as)
	planted, found, others := 0, 0, 0
	for _, g := range groupsOf(examples) {
		split, ok := underTwoNames(examples, g)
		if !ok {
			continue
		}
		planted++
		hit := false
		for _, p := range people(split, rows) {
			if p.Groups == [2]string{g, g + "'"} {
				hit = true
				t.Logf("found %+v", p)
			} else if !slices.ContainsFunc(as, func(q Person) bool { return q.Groups == p.Groups }) {
				others++
				t.Logf("beside %s: %+v", g, p)
			}
		}
		if hit {
			found++
		}
	}
	t.Logf("%d of %d found, %d pairs that are none", found, planted, others)
}

func groupsOf(examples []data.Example) (groups []string) {
	for _, e := range examples {
		groups = append(groups, e.Group)
	}
	slices.Sort(groups)
	return slices.Compact(groups)
}

// underTwoNames gives every second take of a group another name.
func underTwoNames(examples []data.Example, group string) ([]data.Example, bool) {
	split := slices.Clone(examples)
	var takes []string
	for i, e := range split {
		if e.Group != group {
			continue
		}
		k := slices.Index(takes, e.Recording)
		if k < 0 {
			k = len(takes)
			takes = append(takes, e.Recording)
		}
		if k%2 == 1 {
			split[i].Group += "'"
		}
	}
	return split, len(takes) > 1
}

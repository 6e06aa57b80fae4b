package predict

import (
	"testing"

	"prep/data/datatest"
	"prep/segment"
)

// The model that comes with prep speaks by the names of the set, and not at all where it
// knows fewer than two of them.
func TestTheGeneralModelUsesTheNamesOfTheSet(t *testing.T) {
	set := datatest.CopySet(t, small)
	p, err := New(General, segment.Default(), Default())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		offered []string
		want    []string
	}{
		{nil, []string{"kick", "snare"}}, // the set's own
		{[]string{"HH", "BD"}, []string{"HH", "kick", "snare"}},
	} {
		if _, err := p.Suggest(set, c.offered); err != nil {
			t.Fatal(err)
		}
		s := p.suggestion([]float32{0.1, 0.2, 0.3, 0.4})
		for _, name := range c.want {
			if _, ok := s[name]; !ok {
				t.Errorf("offered %q: no opinion of %q in %v", c.offered, name, s)
			}
		}
		if len(s) != len(c.want) {
			t.Errorf("offered %q: opinions %v", c.offered, s)
		}
	}
	empty := datatest.NewSet(t, datatest.Contents{Recordings: nil})
	if _, err := p.Suggest(empty, []string{"kick", "zap"}); err != nil {
		t.Fatal(err)
	}
	if p.suggestion(make([]float32, 4)) != nil {
		t.Error("of one known name there is an opinion")
	}
}

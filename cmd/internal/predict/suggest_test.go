package predict

import (
	"testing"

	"prep/data"
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
	suggest, err := p.Suggest(empty, []string{"kick", "zap"})
	if err != nil {
		t.Fatal(err)
	}
	// Of one known name there is no opinion, and no audio is opened for it.
	if s, err := suggest(t.Context(), []data.Hit{{Recording: "none"}}); err != nil || len(s) != 1 || s[0] != nil {
		t.Errorf("got %v, %v", s, err)
	}
}

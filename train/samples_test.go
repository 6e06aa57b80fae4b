package train

import (
	"slices"
	"strings"
	"testing"

	"prep/data"
)

func TestPlacePutsTheChannelInnermost(t *testing.T) {
	p := data.Patch{Channels: 3, Bands: 1, Frames: 2, Values: []float32{1, 2, 10, 20, 100, 200}}
	got := make([]float32, 6)
	place(got, p)
	if want := []float32{1, 10, 100, 2, 20, 200}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestSamplesSayWhatIsLeftOut(t *testing.T) {
	labelled := func(id, group, class string) data.Example {
		return data.Example{Hit: data.Hit{ID: id}, Group: group, Class: class}
	}
	for _, c := range []struct {
		name     string
		hits     []string // with a patch
		examples []data.Example
		fails    string
		notes    []string
	}{
		{"no patches", nil, nil, "there are no mel patches", nil},
		{"no labels", []string{"a"}, []data.Example{labelled("a", "ann", "")}, "none of the 1 mel patches", []string{"1 hits without a label"}},
		{"a class of one group", []string{"a", "b", "c"},
			[]data.Example{labelled("a", "ann", "kick"), labelled("b", "bob", "kick"), labelled("c", "bob", "hat"), labelled("d", "bob", "hat")},
			"", []string{"1 labelled hits have no mel patch", `class "hat" is in group "bob" only`}},
	} {
		s := &samples{patches: &data.Patches{Kind: "mel", N: len(c.hits), Hits: c.hits}}
		s.join(c.examples)
		err := s.check(false)
		if (err == nil) != (c.fails == "") || err != nil && !strings.Contains(err.Error(), c.fails) {
			t.Errorf("%s: got %v, want %q", c.name, err, c.fails)
		}
		if len(s.notes) != len(c.notes) {
			t.Errorf("%s: notes %q, want %q", c.name, s.notes, c.notes)
			continue
		}
		for i, want := range c.notes {
			if !strings.Contains(s.notes[i], want) {
				t.Errorf("%s: note %q, want %q in it", c.name, s.notes[i], want)
			}
		}
	}
}

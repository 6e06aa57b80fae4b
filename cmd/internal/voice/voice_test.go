package voice

import (
	"strings"
	"testing"

	"prep/data"
	"prep/data/datatest"
)

// small is a set of 14 hits of 7 classes of 2 groups.
const small = "../../prep/testdata/set-0.1.0"

func TestWhoseModelIsSaid(t *testing.T) {
	of := func(groups ...string) (examples []data.Example) {
		for _, g := range groups {
			examples = append(examples, data.Example{Class: "kick", Group: g})
		}
		return append(examples, data.Example{Class: data.None, Group: "noise"})
	}
	for _, c := range []struct {
		group    string
		examples []data.Example
		want     string
	}{
		{"", of("ada"), "ada"},
		{"ben", of("ada", "ben"), "ben"},
		{"", of("ada", "ben", "ada"), "the set has hits of 2 groups: say whose model it is with --group, or --all where all are one person's: ada, ben"},
		{"noise", of("ada"), `group "noise" has no labelled hits; these have: ada`},
		{"", of(), "the set has no labelled hits: name some with `prep label`, or ingest takes with their label files"},
	} {
		got, err := choose(c.group, c.examples)
		if err != nil {
			got = err.Error()
		}
		if got != c.want {
			t.Errorf("%q of %d hits: got %q, want %q", c.group, len(c.examples), got, c.want)
		}
	}
}

// What does not fit is refused: a set of another rate, a base model that is not there.
func TestAdaptRefuses(t *testing.T) {
	set := datatest.CopySet(t, small)
	for _, c := range []struct {
		o    Options
		want string
	}{
		{Options{Name: "x", Alone: true}, "the set is at 8000 samples a second, the model reads 44100: `prep ingest --rate 44100` into a new set"},
		{Options{Name: "x", Base: "nowhere", Alone: true}, "nowhere: no model here; `prep train` makes one"},
		{Options{Name: "x", Group: "nobody"}, `group "nobody" has no labelled hits; these have: `},
	} {
		if _, err := Adapt(set, c.o); err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%+v: got %v, want %s", c.o, err, c.want)
		}
	}
}

// The model that a set's own network is the base of serves as well, and says what it is.
func TestAdaptFromAModelOfTheSet(t *testing.T) {
	set := datatest.CopySet(t, small)
	recordings, err := set.Recordings()
	if err != nil {
		t.Fatal(err)
	}
	r, err := Adapt(set, Options{Name: "all", Alone: true, Base: set.Path("models", "tiny")})
	if err != nil {
		t.Fatal(err)
	}
	one, err := Adapt(set, Options{Name: "one", Group: recordings[0].Group, Base: set.Path("models", "tiny")})
	if err != nil {
		t.Fatal(err)
	}
	if r.Hits != 14 || r.Group != "" || one.Hits >= r.Hits || one.Group != recordings[0].Group || one.Personal.Others != 0 {
		t.Errorf("%d hits of %q, %d of %q, %d of others", r.Hits, r.Group, one.Hits, one.Group, one.Personal.Others)
	}
	var text strings.Builder
	one.Text(&text)
	for _, want := range []string{"hits of " + one.Group + ", from ", "  of 100 hits it should name ", "each hit left out in turn", "  model: "} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("no %q in\n%s", want, text.String())
		}
	}
}

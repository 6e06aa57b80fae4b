package data

import (
	"errors"
	"testing"
	"time"
)

type yamlInner struct {
	Hop    int            `yaml:"hop"`
	Rate   Rate           `yaml:"rate"`
	Seed   uint64         `yaml:"seed"`
	Share  float64        `yaml:"share"`
	Wide   bool           `yaml:"wide"`
	Sizes  []int          `yaml:"sizes"`
	Notes  map[string]int `yaml:"notes"`
	Name   string         `yaml:"name"`
	Wait   time.Duration  `yaml:"wait"`
	Rename *string        `yaml:"rename"`
}

type yamlOuter struct {
	Features yamlInner   `yaml:"features"`
	Steps    []yamlInner `yaml:"steps"`
}

func TestYAMLFaultsNameLineAndKey(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"features:\n  hop: 32.7", "line 2: hop: must be a whole number, not 32.7"},
		{"features:\n  hop: many", "line 2: hop: must be a whole number, not many"},
		{"features:\n  rate: 3.5", "line 2: rate: must be a whole number, not 3.5"},
		{"features:\n  seed: -1", "line 2: seed: must be a whole number, 0 or more, not -1"},
		{"features:\n  share: x", "line 2: share: must be a number, not x"},
		{"features:\n  wide: 3", "line 2: wide: must be true or false, not 3"},
		{"features:\n  sizes: [1, 2.5]", "line 2: sizes: must be a whole number, not 2.5"},
		{"features:\n  sizes: 3", "line 2: sizes: must be a list, not 3"},
		{"features:\n  notes: {kick: 36.5}", "line 2: kick: must be a whole number, not 36.5"},
		{"features:\n  name: [a]", "line 2: name: must be text"},
		{"features:\n  hop:\n    deep: 1", "line 3: hop: must be a whole number"},
		{"features: 3", "line 1: features: must be keys and values, not 3"},
		{"steps:\n - {hop: 1}\n - {hop: 2.5}", "line 3: hop: must be a whole number, not 2.5"},
		{"- 1", "line 1: must be keys and values"},
		{"features:\n  hopp: 1", `line 2: unknown field "hopp"`},
	} {
		err := DecodeYAML([]byte(c.text), new(yamlOuter))
		var fault *YAMLError
		if !errors.As(err, &fault) || err.Error() != c.want {
			t.Errorf("%q: got %v, want %s", c.text, err, c.want)
		}
	}
}

func TestKeysHaveTheirLines(t *testing.T) {
	text := "set: s\naugment:\n  copies: 3\n  plan:\n  - min: 1\n  - {min: 2,\n     max: 3}\n"
	for key, want := range map[string]int{"copies": 3, "seed": 0, "plan[0].min": 5, "plan[1].min": 6, "plan[1].max": 7, "plan[2].min": 0, "": 0} {
		if got := (&KeyError{Section: "augment", Key: key}).Line([]byte(text)); got != want {
			t.Errorf("augment.%s is on line %d, want %d", key, got, want)
		}
	}
}

func TestYAMLValuesThatFit(t *testing.T) {
	text := "features: {hop: 32, rate: '44100', seed: 7, share: 1, wide: true, sizes: [1e3, 2.0],\n" +
		"  notes: {kick: 36}, name: 12, wait: 3ms, rename: null}\nsteps: []\n"
	var got yamlOuter
	if err := DecodeYAML([]byte(text), &got); err != nil {
		t.Fatal(err)
	}
	f := got.Features
	if f.Hop != 32 || f.Rate != 44100 || f.Seed != 7 || f.Share != 1 || !f.Wide || f.Sizes[0] != 1000 || f.Sizes[1] != 2 ||
		f.Notes["kick"] != 36 || f.Name != "12" || f.Wait != 3*time.Millisecond || f.Rename != nil {
		t.Errorf("got %+v", f)
	}
}

func FuzzYAML(f *testing.F) {
	f.Add([]byte("features: {hop: 32}\nsteps:\n - {hop: 1}\n"))
	f.Add([]byte("a: &a {hop: 1}\nfeatures: {<<: [*a, *a]}\n---\n- - ? x\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		var fault *YAMLError
		if err := DecodeYAML(text, new(yamlOuter)); err != nil && !errors.As(err, &fault) {
			t.Errorf("%T: %v", err, err)
		}
	})
}

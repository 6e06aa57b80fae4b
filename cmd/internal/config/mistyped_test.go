package config

import (
	"slices"
	"strings"
	"testing"
)

func TestMistypedClassesAreTold(t *testing.T) {
	for name, c := range map[string]struct {
		hits map[string]int
		want string // "is of", or none
	}{
		"two letters the other way round": {map[string]int{"kick": 40, "kcik": 1, "hat": 30}, `"kcik" (1) is likely "kick" (40)`},
		"a letter too few":                {map[string]int{"snare": 40, "snar": 2}, `"snar" (2) is likely "snare" (40)`},
		"capitals, which ingest tells of": {map[string]int{"kick": 200, "Kick": 1, "ki ck": 1}, ""},
		"the nearest of two":              {map[string]int{"kick": 40, "kicks": 4, "hat": 50}, `"kicks" (4) is likely "kick" (40)`},
		"two strokes alike, both common":  {map[string]int{"tham": 100, "thom": 120}, ""},
		"rare, and another sound":         {map[string]int{"kick": 100, "zap": 1}, ""},
		"numbers":                         {map[string]int{"snare1": 100, "snare2": 1}, ""},
		"letters that are too few":        {map[string]int{"k": 100, "h": 1, "hh": 1}, ""},
		"without a letter":                {map[string]int{"-": 100, "+": 1}, ""},
	} {
		got := strings.Join(Mistyped(c.hits), "\n")
		if c.want == "" && got != "" || !strings.Contains(got, c.want) {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

func TestARenamingThatNothingMeetsIsTold(t *testing.T) {
	kick, dropped := "kick", ""
	got := Unmet(map[string]*string{"Kik": &kick, "breath": nil, "noise": &dropped}, map[string]int{"Kick": 3, "hat": 2})
	if want := []string{`labels: nothing was called "Kik", so that nothing became "kick"; did you mean Kick?`}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := Unmet(map[string]*string{"K": &kick}, map[string]int{"kick": 3}); len(got) > 0 {
		t.Errorf("of one that was met: %q", got)
	}
}

package plots

import (
	"slices"
	"testing"
	"unicode/utf8"
)

func TestNamesKeepWhatTellsThemApart(t *testing.T) {
	for _, c := range []struct {
		names, want []string
	}{
		{[]string{"ada", "ben"}, []string{"ada", "ben"}},
		{[]string{"New Recording 3", "New Recording 12"}, []string{"…3", "…12"}},
		{[]string{"takes/New Recording 3.wav", "takes/New Recording 12.wav"}, []string{"…3.wav", "…12.wav"}},
		{[]string{"ada 1 at home, late", "ada 2 at home, late"}, []string{"ada 1…", "ada 2…"}},
		{[]string{"a-name-without-end", "another-name-of-that-kind"}, []string{"a-na…-end", "anot…kind"}},
		{[]string{"a-long-name-of-all", "a-long-name-of-all"}, []string{"a-lon…f-all", "a-lon…f-all"}},
		{[]string{"sitzung-österreich-1", "sitzung-öffentlich-2"}, []string{"…öst…h-1", "…öff…ch-2"}},
		{nil, []string{}},
	} {
		got := tinyText.telling(c.names, 38)
		if !slices.Equal(got, c.want) {
			t.Errorf("%q: got %q, want %q", c.names, got, c.want)
		}
		for _, name := range got {
			if tinyText.width(name) > 38 || !utf8.ValidString(name) {
				t.Errorf("%q is %.0f points wide", name, tinyText.width(name))
			}
		}
	}
}

package data

import "testing"

func TestSoundsOfOtherNames(t *testing.T) {
	for name, want := range map[string]string{"HH": "hat", "Hi-Hat": "hat", " BD ": "kick", "Kick": "kick", "SD": "snare", "Zap": "zap", None: None, "": ""} {
		if got := Sound(name); got != want {
			t.Errorf("%q: got %q, want %q", name, got, want)
		}
	}
}

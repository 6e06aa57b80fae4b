package page

import "testing"

func TestSettings(t *testing.T) {
	for _, tc := range []struct {
		s  Settings
		ok bool
	}{
		{Settings{}, true},
		{Settings{Classes: []string{"kick"}, Keys: map[string]string{"k": "kick"}}, true},
		{Settings{Keys: map[string]string{"u": "kick", "9": "hat"}}, true},
		{Settings{Keys: map[string]string{"K": "kick"}}, false},
		{Settings{Keys: map[string]string{"kk": "kick"}}, false},
		{Settings{Keys: map[string]string{"k": " "}}, false},
		{Settings{Classes: []string{""}}, false},
	} {
		if err := tc.s.Validate(); (err == nil) != tc.ok {
			t.Errorf("%v: %v", tc.s, err)
		}
	}
}

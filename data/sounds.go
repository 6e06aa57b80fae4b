package data

import "strings"

// aliases are other names, in lower case, that people give to the commonest sounds.
var aliases = map[string]string{
	"bd": "kick", "kd": "kick", "bass drum": "kick", "bassdrum": "kick", "kick drum": "kick", "kickdrum": "kick",
	"hh": "hat", "hihat": "hat", "hi-hat": "hat", "hi hat": "hat", "hats": "hat",
	"sd": "snare", "sn": "snare", "snare drum": "snare", "snaredrum": "snare",
}

// Sound returns the name by which sounds of different people are the same: "kick" of "BD", in
// lower case the name itself where it has no other.
func Sound(class string) string {
	name := strings.ToLower(strings.TrimSpace(class))
	if other, ok := aliases[name]; ok {
		return other
	}
	return name
}

package status

import (
	"strings"

	"prep/data"
	"prep/data/disk"
)

// Commands returns the command line that runs a stage, by the name of its record, on a set as it
// was run before: "prep features --set beats --kind mel" of "features-mel".
type Commands func(set *data.Set, stage string) string

// after is where commands lead whose next step the set does not show.
var after = map[string]string{
	"demo":  "prep start",
	"adapt": "prep predict TAKE.wav --model %s",
}

// advancing are the commands after which the set says what comes next.
var advancing = map[string]bool{"ingest": true, "segment": true, "label": true, "augment": true, "features": true, "train": true,
	"plot": true, "merge": true, "run": true, "remove": true, "report": true, "start": true, "check": true}

// Leads reports whether something comes after a command.
func Leads(command string) bool { return advancing[command] || after[command] != "" }

// After returns the one command that comes after another that has ended well on the set in dir, or "":
// model is the folder of the model that it made, if it makes one.
func After(command, dir, model string, commands Commands) string {
	if line := after[command]; line != "" {
		return strings.Replace(line, "%s", quoted(model), 1)
	}
	set, err := data.Open(dir)
	if err != nil || !advancing[command] {
		return ""
	}
	s, err := Of(set, commands)
	if err != nil {
		return "" // the command that fails on it says why
	}
	return s.Next
}

// next returns what the set lacks first, or what of it is out of date.
func (s Status) next(set *data.Set, commands Commands) string {
	ran := map[string]bool{}
	for _, p := range s.Stages {
		stage, _, _ := strings.Cut(p.Stage, "-")
		ran[stage] = true
	}
	on := " --set " + quoted(s.Set)
	switch {
	case s.Recordings == 0:
		return "prep ingest RECORDINGS" + on
	case !ran["segment"]:
		return "prep segment" + on
	}
	for _, p := range s.Stages {
		if p.Runs && p.Stage != "ingest" && p.Stage != "evaluate" {
			return commands(set, p.Stage)
		}
	}
	labelled := 0
	for _, n := range s.Classes {
		labelled += n
	}
	switch {
	case labelled == 0 || len(s.Classes) < 2:
		return "prep label" + on
	case len(s.Patches) == 0:
		return "prep features" + on
	case len(s.Models) == 0:
		return "prep train" + on
	}
	if there, err := disk.Exists(set.Path("report.html")); err == nil && !there && ran["train"] {
		return "prep report" + on
	}
	return "prep predict NEW-TAKE.wav" + on
}

// quoted returns a path as a shell takes it for one word.
func quoted(path string) string {
	if strings.ContainsAny(path, " \t'\"$&;|<>()*?[]#~`\\!{}") {
		return "'" + strings.ReplaceAll(path, "'", `'\''`) + "'"
	}
	return path
}

package status

import (
	"strings"

	"prep/data"
	"prep/data/disk"
	"prep/data/work"
)

// Commands returns the command line that runs a stage, by the name of its record, on a set as it
// was run before: "prep features --set beats --kind mel" of "features-mel".
type Commands func(set *data.Set, stage string) string

// ofSet, in follow, says that what comes next is seen in the set.
const ofSet = ""

// follow are the commands that something comes after, with that command where the set does not show it.
// What comes after a sweep, an export or a measurement is the person's to say.
var follow = map[string]string{
	"ingest": ofSet, "segment": ofSet, "label": ofSet, "augment": ofSet, "features": ofSet, "train": ofSet, "plot": ofSet,
	"merge": ofSet, "run": ofSet, "remove": ofSet, "report": ofSet, "start": ofSet,
	"demo":  "prep start",
	"adapt": "prep predict TAKE.wav --model %s",
}

// After returns the one command that comes after another that has ended well and has changed the set
// in dir, or "": model is the folder of the model that it made, if it makes one, and shard whether it did
// a part of the work. It looks at the set at a glance: see work.Glance.
func After(command, dir, model string, shard bool, commands Commands) string {
	line, leads := follow[command]
	switch {
	case !leads:
		return ""
	case shard:
		return "prep merge " + command + " --set " + quoted(dir)
	case line != ofSet:
		return strings.Replace(line, "%s", quoted(model), 1)
	}
	set, err := data.Open(dir)
	if err != nil {
		return ""
	}
	s, err := Of(set, work.Glance, commands)
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

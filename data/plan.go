package data

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Plan is what the stages of a set would do if they were run now, in the order
// in which they were asked.
type Plan struct {
	Stages []Planned
	made   map[string]bool // files that a stage before would make again
}

// Planned is what a stage would do.
type Planned struct {
	Stage string `json:"stage"`
	Runs  bool   `json:"runs"`
	Why   string `json:"why,omitempty"` // it runs
}

// Planning returns the set in dir, which need not be there, in a state in which
// Run does nothing: it notes in the plan whether it would, and why.
func Planning(dir string) (*Set, *Plan) {
	p := &Plan{made: map[string]bool{}}
	return &Set{dir: dir, plan: p}, p
}

// Note adds a stage that would make outputs again, or, where why is "", would
// do nothing.
func (p *Plan) Note(stage, why string, outputs ...string) {
	p.Stages = append(p.Stages, Planned{stage, why != "", why})
	if why == "" {
		return
	}
	for _, name := range outputs {
		p.made[name] = true
		p.made[strings.TrimSuffix(name, originals)] = true
	}
}

// run notes what Run would do.
func (p *Plan) run(s *Set, job Job, want record) (Summary, error) {
	last, ok := s.lastRun(job.Stage)
	why := "it has not run here yet"
	if ok {
		why = p.why(last, want, job.Inputs)
	}
	p.Note(job.Stage, why, job.Outputs...)
	return Summary{Stage: job.Stage}, nil
}

// why says, in the first reason found, what makes a stage run again, or "".
func (p *Plan) why(last, want record, inputs []string) string {
	for _, name := range inputs {
		if p.made[name] {
			return name + " will be made again"
		}
	}
	switch {
	case last.Version != want.Version:
		return fmt.Sprintf("prep was %s and is %s", last.Version, want.Version)
	case !bytes.Equal(last.Config, want.Config):
		return differing(last.Config, want.Config)
	}
	if names := differences(last.Inputs, want.Inputs); len(names) > 0 {
		return names[0] + " has changed"
	}
	if names := differences(last.Outputs, want.Outputs); len(names) > 0 {
		return names[0] + " is not what it wrote"
	}
	return ""
}

// differences returns the names, sorted, that two maps do not agree on.
func differences(a, b map[string]string) (names []string) {
	all := maps.Clone(a)
	maps.Copy(all, b)
	for name := range all {
		if a[name] != b[name] {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// differing says which settings of two configurations differ: "hop was 32 and
// is 64".
func differing(a, b json.RawMessage) string {
	was, is := map[string]string{}, map[string]string{}
	flatten(was, "", a)
	flatten(is, "", b)
	var changes []string
	for _, name := range differences(was, is) {
		changes = append(changes, fmt.Sprintf("%s was %s and is %s", name, cmp.Or(was[name], "nothing"), cmp.Or(is[name], "nothing")))
	}
	return strings.Join(changes, ", ")
}

// flatten writes the plain values of a JSON text to values, each under the path
// of its keys: "pcen.gain". Lists count as plain.
func flatten(values map[string]string, path string, text json.RawMessage) {
	var object map[string]json.RawMessage
	if json.Unmarshal(text, &object) != nil {
		values[path] = string(text)
		return
	}
	for key, v := range object {
		flatten(values, strings.TrimPrefix(path+"."+key, "."), v)
	}
}

package work

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"prep/data"
)

// Plan is the Mode in which Run does nothing: it notes whether it would, and
// why, in the order in which stages were asked. The set need not be there.
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

// Note adds a stage that would make outputs again, or, where why is "", would
// do nothing.
func (p *Plan) Note(stage, why string, outputs ...string) {
	p.Stages = append(p.Stages, Planned{stage, why != "", why})
	if why == "" {
		return
	}
	if p.made == nil {
		p.made = map[string]bool{}
	}
	for _, name := range outputs {
		p.made[name] = true
		p.made[strings.TrimSuffix(name, originals)] = true
	}
}

// run notes what Run would do.
func (p *Plan) run(set *data.Set, job Job, want record) (data.Summary, error) {
	last, ok, err := readRecord(set, job.Stage)
	if err != nil {
		return data.Summary{}, err
	}
	why := "it has not run here yet"
	if ok {
		why = cmp.Or(p.madeAgain(job.Inputs), whyAgain(last, want))
	}
	p.Note(job.Stage, why, job.Outputs...)
	return data.Summary{Stage: job.Stage}, nil
}

// madeAgain names the first of the inputs that a stage before would make
// again, or returns "".
func (p *Plan) madeAgain(inputs []string) string {
	for _, name := range inputs {
		if p.made[name] {
			return name + " will be made again"
		}
	}
	return ""
}

// whyAgain says, in the first reason found, what makes a stage run again, or
// "".
func whyAgain(last, want record) string {
	if why := newEdition(last.Editions, want.Editions); why != "" {
		return why
	}
	if !bytes.Equal(last.Config, want.Config) {
		return changedSettings(last.Config, want.Config)
	}
	if names := changed(last.Inputs, want.Inputs); len(names) > 0 {
		return names[0] + " has changed"
	}
	if names := changed(last.Outputs, want.Outputs); len(names) > 0 {
		return names[0] + " is not what it wrote"
	}
	return ""
}

// newEdition says which package's edition differs, or "".
func newEdition(was, is Editions) string {
	names := differences(was, is)
	switch {
	case len(names) == 0:
		return ""
	case len(was) == 0:
		return "a version of prep without editions made it"
	}
	if is := is[names[0]]; is > 0 && was[names[0]] > is {
		return fmt.Sprintf("a newer prep made it (edition %d of its %s, this one has %d): use that one, or make it again with this", was[names[0]], names[0], is)
	}
	return fmt.Sprintf("prep's %s gives other values now (edition %d, it was %d)", names[0], is[names[0]], was[names[0]])
}

// differences returns the names, sorted, that two maps do not agree on.
func differences[V comparable](a, b map[string]V) (names []string) {
	all := map[string]V{}
	maps.Copy(all, a)
	maps.Copy(all, b)
	for name := range all {
		if a[name] != b[name] {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// changedSettings says which settings of two configurations differ: "hop was
// 32 and is 64".
func changedSettings(a, b json.RawMessage) string {
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
		var plain bytes.Buffer
		if json.Compact(&plain, text) == nil { // of a record that was indented
			text = plain.Bytes()
		}
		values[path] = string(text)
		return
	}
	for key, v := range object {
		flatten(values, strings.TrimPrefix(path+"."+key, "."), v)
	}
}

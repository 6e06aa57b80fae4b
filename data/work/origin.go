package work

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"prep/data"
)

// Origin says how a stage was run and on what: of its record, what is published with a result.
type Origin struct {
	Stage    string          `json:"stage"`
	Editions Editions        `json:"editions"`
	Config   json.RawMessage `json:"config"`
	// Inputs and Outputs are the first 32 hexadecimal digits of files' SHA-256, by their names.
	Inputs  map[string]string `json:"inputs"`
	Outputs map[string]string `json:"outputs"`
}

// Origins returns how a job is run on a set, last, and before it the runs of the stages that its
// inputs come from, each behind those whose outputs it reads. A run whose outputs have been changed
// since is not among them.
func Origins(set *data.Set, job Job) ([]Origin, error) {
	records, err := recordsInOrder(set)
	if err != nil {
		return nil, err
	}
	last, err := recordOf(set, job)
	if err != nil {
		return nil, err
	}
	readers, origins := []record{last}, []Origin{last.origin()}
	for _, r := range slices.Backward(records) {
		if r.Stage == job.Stage || !slices.ContainsFunc(readers, func(o record) bool { return o.reads(r) }) {
			continue
		}
		now, err := digests(set, slices.Collect(maps.Keys(r.Outputs)))
		if err != nil {
			return nil, err
		}
		if len(changed(r.Outputs, now)) == 0 {
			readers, origins = append(readers, r), append(origins, r.origin())
		}
	}
	slices.Reverse(origins)
	return origins, nil
}

func (r record) origin() Origin {
	return Origin{r.Stage, r.Editions, r.Config, r.Inputs, r.Outputs}
}

// Unlike says in what another run of the stage is unlike o: a line each of the editions, the
// settings and the files.
func (o Origin) Unlike(other Origin) (lines []string) {
	if why := newEdition(o.Editions, other.Editions); why != "" {
		lines = append(lines, why)
	}
	if why := changedSettings(o.Config, other.Config); why != "" {
		lines = append(lines, why)
	}
	for _, files := range [][2]map[string]string{{o.Inputs, other.Inputs}, {o.Outputs, other.Outputs}} {
		for _, name := range changed(files[0], files[1]) {
			lines = append(lines, fmt.Sprintf("%s was %.8s and is %.8s", name, files[0][name], files[1][name]))
		}
	}
	return lines
}

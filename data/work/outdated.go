package work

import (
	"bytes"
	"cmp"
	"encoding/json"
	"maps"
	"slices"

	"prep/data"
)

// Outdated says of each stage that has run on a set whether it would run again with the
// configuration of its last run, and why: in an order in which a stage stands behind those
// whose outputs it reads. Editions are those of the packages now; one that is not among them is
// taken to be as it was. What a stage reads that others would make again makes it run too.
// Look says how files are compared.
func Outdated(set *data.Set, editions Editions, look Look) ([]Planned, error) {
	records, err := recordsInOrder(set)
	if err != nil {
		return nil, err
	}
	var trusted known
	if look == Glance {
		if trusted, err = knownBy(set, records); err != nil {
			return nil, err
		}
	}
	plan := &Plan{}
	for _, last := range records {
		want := record{Stage: last.Stage, Editions: maps.Clone(last.Editions), Config: last.Config}
		if want.Inputs, err = trusted.digests(set, last.Inputs); err != nil {
			return nil, err
		}
		if want.Outputs, err = trusted.digests(set, last.Outputs); err != nil {
			return nil, err
		}
		if len(last.Editions) == 0 { // prep 0.1.0's, which were none of today's
			want.Editions = editions
		}
		for name := range want.Editions {
			want.Editions[name] = cmp.Or(editions[name], want.Editions[name])
		}
		why := cmp.Or(plan.madeAgain(slices.Sorted(maps.Keys(last.Inputs))), whyAgain(last, want))
		plan.Note(last.Stage, why, slices.Collect(maps.Keys(last.Outputs))...)
	}
	return plan.Stages, nil
}

// recordsInOrder returns the records of a set, each behind those whose outputs it reads. The
// copies of augment and the originals of segment are in one file, which features reads.
func recordsInOrder(set *data.Set) ([]record, error) {
	stages, err := Stages(set)
	if err != nil {
		return nil, err
	}
	var left, ordered []record
	for _, stage := range stages {
		r, ok, err := readRecord(set, stage)
		if err != nil {
			return nil, err
		}
		if ok && r.Stage == stage {
			left = append(left, r)
		}
	}
	for len(left) > 0 {
		ready := func(r record) bool {
			return !slices.ContainsFunc(left, func(o record) bool { return o.Stage != r.Stage && r.reads(o) })
		}
		i := max(slices.IndexFunc(left, ready), 0) // records of a circle, which stages never leave, go as they come
		ordered = append(ordered, left[i])
		left = slices.Delete(left, i, i+1)
	}
	return ordered, nil
}

// reads reports whether a stage reads what another writes.
func (r record) reads(o record) bool {
	for name := range r.Inputs {
		if _, is := o.Outputs[name]; is {
			return true
		}
		if _, is := o.Outputs[name+originals]; is {
			return true
		}
	}
	return false
}

// LastConfig decodes the configuration of a stage's last run into v, and reports whether there
// was one that fits.
func LastConfig(set *data.Set, stage string, v any) (bool, error) {
	r, ok, err := readRecord(set, stage)
	if err != nil || !ok {
		return false, err
	}
	d := json.NewDecoder(bytes.NewReader(r.Config))
	d.DisallowUnknownFields()
	return d.Decode(v) == nil, nil
}

// Rewrite calls fn, which changes outputs of a stage that has run in a way that the stage would
// keep, and has the stage's record say so: its digests, and the counts that fn returns. Outputs
// that were not what the stage wrote are left to be told by Check.
func Rewrite(set *data.Set, stage string, fn func() (counts map[string]int, err error)) error {
	r, ok, err := readRecord(set, stage)
	if err != nil {
		return err
	}
	outputs := slices.Collect(maps.Keys(r.Outputs))
	before, err := digests(set, outputs)
	if err != nil {
		return err
	}
	counts, err := fn()
	if err != nil || !ok || len(changed(before, r.Outputs)) > 0 {
		return err
	}
	maps.Copy(r.Summary.Counts, counts)
	if r.Outputs, err = digests(set, outputs); err != nil {
		return err
	}
	return r.write(set)
}

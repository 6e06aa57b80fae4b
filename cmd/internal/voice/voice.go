// Package voice makes models of one person's own sounds.
package voice

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"prep/cmd/internal/predict"
	"prep/data"
	"prep/data/disk"
	"prep/segment"
	"prep/train"
)

// Options say whose model is made, and of what.
type Options struct {
	Name  string // of the model: models/<name>
	Group string // whose hits; "" where the set has one group
	Base  string // folder of the model that it is made from; predict.General
	Alone bool   // all hits of the set are one person's, whatever their groups
}

// Result is what came of it.
type Result struct {
	train.Report
	Model string `json:"model"` // its folder
	Group string `json:"group"`
}

// Adapt makes a model from a base model and the labelled hits of one group of a set. It
// fails where the group has no labelled hits or is not named, and as train.Adapt does.
func Adapt(set *data.Set, o Options) (Result, error) {
	p, err := predict.New(o.Base, segment.Default(), predict.Config{})
	if err != nil {
		return Result{}, err
	}
	examples, err := set.Lessons()
	if err != nil {
		return Result{}, err
	}
	examples = slices.DeleteFunc(examples, func(e data.Example) bool { return e.Class == "" || e.Parent != "" })
	if !o.Alone || len(examples) == 0 {
		if o.Group, err = choose(o.Group, examples); err != nil {
			return Result{}, err
		}
		examples = slices.DeleteFunc(examples, func(e data.Example) bool { return e.Group != o.Group })
	}
	lessons, notes, err := learn(set, p, examples)
	if err != nil {
		return Result{}, err
	}
	r, err := train.Adapt(set, p.Model(), p.Name(), o.Name, lessons)
	r.Notes = append(notes, r.Notes...)
	return Result{r, train.ModelDir(set, o.Name), o.Group}, err
}

// choose returns whose hits are meant.
func choose(group string, examples []data.Example) (string, error) {
	var groups []string
	for _, e := range examples {
		if e.Class != data.None {
			groups = append(groups, e.Group)
		}
	}
	slices.Sort(groups)
	groups = slices.Compact(groups)
	shown := strings.Join(groups[:min(len(groups), 10)], ", ")
	switch {
	case len(groups) == 0:
		return "", errors.New("the set has no labelled hits: name some with `prep label`, or ingest takes with their label files")
	case group == "" && len(groups) > 1:
		return "", fmt.Errorf("the set has hits of %d groups: say whose model it is with --group, or --all where all are one person's: %s", len(groups), shown)
	case group == "":
		return groups[0], nil
	case !slices.Contains(groups, group):
		return "", fmt.Errorf("group %q has no labelled hits; these have: %s", group, shown)
	}
	return group, nil
}

// learn makes the patches of hits, in time order. A hit that can have none is left out, and
// noted.
func learn(set *data.Set, p *predict.Predictor, examples []data.Example) (lessons []train.Lesson, notes []string, err error) {
	recordings, err := set.Recordings()
	if err != nil {
		return nil, nil, err
	}
	for _, r := range recordings {
		var of []data.Example
		var hits []data.Hit
		for _, e := range examples {
			if e.Recording == r.ID {
				of, hits = append(of, e), append(hits, e.Hit)
			}
		}
		if len(hits) == 0 {
			continue
		}
		patches, err := p.Patches(set, hits)
		if err != nil {
			return nil, nil, err
		}
		for i, patch := range patches {
			if disk.IsFault(patch.Err) {
				return nil, nil, patch.Err
			}
			if patch.Err != nil {
				notes = append(notes, fmt.Sprintf("hit %s was left out: %v", of[i].ID, patch.Err))
				continue
			}
			lessons = append(lessons, train.Lesson{Example: of[i], Patch: patch.Value})
		}
	}
	return lessons, notes, nil
}

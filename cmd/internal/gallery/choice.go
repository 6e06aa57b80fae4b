package gallery

import (
	"context"
	"io"
	"slices"
	"strings"

	"prep/data"
	"prep/plots"
	"prep/train"
)

// hitsPerClass and recordingsShown bound the first look: a person reads a page,
// not a thousand.
const (
	hitsPerClass    = 1
	recordingsShown = 4
)

// firstLook lists what is worth seeing first.
func (g *gallery) firstLook(ctx context.Context) error {
	g.addOverview()
	models, err := train.Models(g.set)
	if err != nil {
		return err
	}
	for _, name := range models {
		if err := g.addModel(name); err != nil {
			return err
		}
	}
	g.addSpectra()
	for _, class := range g.classes() {
		if err := g.addClass(class); err != nil {
			return err
		}
	}
	for _, r := range g.richest() {
		g.addRecording(r)
	}
	return g.addHarmonics(ctx)
}

// classes returns the names of the classes, sorted.
func (g *gallery) classes() []string {
	var names []string
	for _, e := range g.examples {
		if e.Class != "" {
			names = append(names, e.Class)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// ofClass returns the examples of a class, the surest first.
func (g *gallery) ofClass(class string) []data.Example {
	var of []data.Example
	for _, e := range g.examples {
		if e.Class == class {
			of = append(of, e)
		}
	}
	slices.SortStableFunc(of, func(a, b data.Example) int {
		switch {
		case a.SNRDB > b.SNRDB:
			return -1
		case a.SNRDB < b.SNRDB:
			return 1
		}
		return strings.Compare(a.ID, b.ID)
	})
	return of
}

// richest returns the recordings with the most hits.
func (g *gallery) richest() []data.Recording {
	hits := map[string]int{}
	for _, e := range g.examples {
		hits[e.Recording]++
	}
	var r []data.Recording
	for id := range hits {
		r = append(r, g.recordings[id])
	}
	slices.SortFunc(r, func(a, b data.Recording) int {
		if d := hits[b.ID] - hits[a.ID]; d != 0 {
			return d
		}
		return strings.Compare(a.Name, b.Name)
	})
	return r[:min(len(r), recordingsShown)]
}

func (g *gallery) addOverview() {
	v := plots.OverviewView{Title: "The set", Hits: g.examples, Split: data.Splits(data.CountGroups(g.examples))}
	v.Rate = g.recordings[g.examples[0].Recording].Rate
	g.add("overview.png", "The set", "What the set holds",
		"Hits by class, by group and by split; their lengths and levels.",
		func(w io.Writer) error { return plots.Overview(w, v) })
}

package main

import (
	"encoding/json"
	"fmt"
	"io"

	"prep/data"
	"prep/data/document"
	"prep/features"
	"prep/train"
)

// netTable is what `prep train --dry-run` shows: a network worked out for a
// set's patches and classes.
type netTable struct {
	Net     string `json:"net"`
	Hits    int    `json:"hits"`
	Classes int    `json:"classes"`
	train.Description
	// FieldMs and FieldHz are the receptive field of the last convolution, 0
	// along an axis that has no such unit.
	FieldMs float64 `json:"field_ms"`
	FieldHz float64 `json:"field_hz"`

	hopMs, hzPerBand float64
}

// describe works the network out for the set.
func describe(set *data.Set, c train.Config) (result, error) {
	net, err := c.Network()
	if err != nil {
		return nil, err
	}
	patches, err := set.Patches(c.Features)
	if err != nil {
		return nil, err
	}
	defer patches.Close()
	examples, err := set.Examples()
	if err != nil {
		return nil, err
	}
	t := netTable{Net: c.Net}
	classes := map[string]bool{}
	for _, e := range examples {
		if e.Class != "" && e.Parent == "" {
			t.Hits++
			classes[e.Class] = true
		}
	}
	t.Classes = len(classes)
	var recipe features.Recipe
	if err := json.Unmarshal(patches.Recipe, &recipe); err != nil || len(recipe.Channels) == 0 {
		return nil, fmt.Errorf("features/%s.json: not a recipe of patches: %w", patches.Kind, err)
	}
	t.hopMs, t.hzPerBand = recipe.Spacing()
	in := train.Shape{Bands: patches.Bands, Frames: patches.Frames, Channels: patches.Channels}
	if t.Description, err = net.Describe(in, t.Classes); err != nil {
		return nil, err
	}
	t.FieldMs, t.FieldHz = t.Field.Extent(t.hopMs, t.hzPerBand)
	return t, nil
}

// Text prints a line a layer and the totals.
func (t netTable) Text(w io.Writer) {
	fmt.Fprintf(w, "%-28s %-12s %10s %14s  %s\n", "layer", "out", "parameters", "MACs", "receptive field, bands x frames = ms x Hz")
	for _, r := range t.Rows {
		ms, hz := r.Field.Extent(t.hopMs, t.hzPerBand)
		fmt.Fprintf(w, "%-28s %-12s %10d %14d  %s = %s x %s\n", r.Layer, r.Out, r.Parameters, r.MACs, r.Field,
			document.OrDash("%.1f ms", ms), document.OrDash("%.0f Hz", hz))
	}
	fmt.Fprintf(w, "%s: %d parameters, %.1f MMACs a patch", t.Net, t.Parameters, float64(t.MACs)/1e6)
	if t.Hits > 0 {
		fmt.Fprintf(w, "; %d labelled hits, %.1f parameters a hit", t.Hits, float64(t.Parameters)/float64(t.Hits))
	}
	fmt.Fprintln(w)
}

func (netTable) skipped() int { return 0 }

package gallery

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"prep/data"
	"prep/data/document"
	"prep/data/num"
	"prep/features"
	"prep/plots"
)

func (g *gallery) addClass(class string) (err error) {
	examples := g.ofClass(class)
	if g.patches != nil {
		p := g.add("class-"+data.FileName(class)+".png", "The classes", class,
			"The mean patch, how far patches differ, and examples by group.",
			func(w io.Writer) error { return g.classSheet(w, class, examples) })
		if p.Sounds, err = g.soundsOfClass(examples); err != nil {
			return err
		}
	}
	for _, e := range examples[:min(len(examples), hitsPerClass)] {
		if err := g.addHit(e, "hit-"+data.FileName(class)+".png", "One hit a class, close up"); err != nil {
			return err
		}
	}
	return nil
}

// patchesOfClass bounds the patches of a class that are in memory: 64 MB of
// 64 x 64. Their mean and spread are those of more within a hundredth.
const patchesOfClass = 4096

// withPatches returns those of the examples that have a patch.
func (g *gallery) withPatches(examples []data.Example) []data.Example {
	return slices.DeleteFunc(slices.Clone(examples), func(e data.Example) bool { _, ok := g.rows[e.ID]; return !ok })
}

func (g *gallery) classSheet(w io.Writer, class string, examples []data.Example) error {
	v := plots.ClassView{Class: class, Kind: g.patches.Kind, Axes: axesOf(g.recipe)}
	examples = g.withPatches(examples)
	if len(examples) > patchesOfClass {
		v.Hits = map[string]int{}
		for _, e := range examples {
			v.Hits[e.Group]++
		}
		slices.SortStableFunc(examples, func(a, b data.Example) int { return strings.Compare(a.Group, b.Group) })
		examples = num.Thin(examples, patchesOfClass)
	}
	for _, e := range examples {
		p, err := g.patches.Patch(g.rows[e.ID])
		if err != nil {
			return err
		}
		v.Patches, v.Groups = append(v.Patches, p), append(v.Groups, e.Group)
	}
	return plots.ClassSheet(w, v)
}

// axesOf says what the cells of a patch's first channel are.
func axesOf(r features.Recipe) plots.Axes {
	c := r.Channels[0]
	x := plots.TimeAxis(c.ColumnFirst, c.ColumnStep, r.Config.Frames)
	x.Label = c.Columns
	unit, _, _ := strings.Cut(c.Unit, " re ") // there is room for "dB" alone
	axes := plots.Axes{X: x, Y: plots.Axis{Label: c.Rows}, Unit: unit}
	if len(c.RowHz) > 0 {
		axes.Y = plots.FrequencyAxis(plots.EdgesOf(c.RowHz))
	}
	return axes
}

func (g *gallery) addHit(e data.Example, file, group string) error {
	title := e.Class
	if title == "" {
		title = e.ID
	}
	name := g.recordings[e.Recording].Name
	sound, err := g.sound(title, e)
	if err != nil {
		return err
	}
	p := g.add(file, group, title, fmt.Sprintf("%s, hit %s", name, e.ID), func(w io.Writer) error {
		audio, err := g.audio.of(e.Recording)
		if err != nil {
			return err
		}
		v := plots.HitView{Name: name, Class: e.Class, Audio: audio, Hit: e.Hit}
		if v.Patch, err = g.patchOf(e.ID); err != nil {
			return err
		}
		return plots.Hit(w, v)
	})
	p.Sounds = []document.Sound{sound}
	return nil
}

// patchOf returns a hit's patch, or nil when there is none.
func (g *gallery) patchOf(hit string) (*plots.NamedPatch, error) {
	row, ok := g.rows[hit]
	if !ok {
		return nil, nil
	}
	p, err := g.patches.Patch(row)
	n := namedPatch(g.recipe, p)
	return &n, err
}

// namedPatch says what a patch is and how finely it resolves.
func namedPatch(r features.Recipe, p data.Patch) plots.NamedPatch {
	c := r.Channels[0]
	return plots.NamedPatch{Title: r.Config.Kind, Note: resolution(c), Patch: p, Axes: axesOf(r)}
}

// resolution says what a cell tells apart, in the units that the patch's axes have.
func resolution(c features.Channel) string {
	switch {
	case len(c.RowHz) == 0:
		return fmt.Sprintf("A column tells apart %.1f\u00a0ms; a row is a %s.", c.Lowest.Ms, strings.TrimSuffix(c.Rows, "s"))
	case c.Columns != features.ColumnsMs:
		return fmt.Sprintf("Rows tell apart %.0f\u00a0to\u00a0%.0f\u00a0Hz; a column is %.1f\u00a0Hz of modulation.",
			c.Lowest.Hz, c.Highest.Hz, c.ColumnStep)
	}
	return fmt.Sprintf("A cell tells apart %.1f\u00a0ms\u00a0×\u00a0%.0f\u00a0Hz (lowest row) to %.1f\u00a0ms\u00a0×\u00a0%.0f\u00a0Hz (highest).",
		c.Lowest.Ms, c.Lowest.Hz, c.Highest.Ms, c.Highest.Hz)
}

func (g *gallery) addRecording(r data.Recording) {
	var hits []data.Example
	for _, e := range g.examples {
		if e.Recording == r.ID {
			hits = append(hits, e)
		}
	}
	g.add("recording-"+data.FileName(r.Name)+".png", "Recordings", r.Name, fmt.Sprintf("%d hits, group %s", len(hits), r.Group),
		func(w io.Writer) error {
			audio, err := g.audio.of(r.ID)
			if err != nil {
				return err
			}
			return plots.Recording(w, plots.RecordingView{Name: r.Name, Audio: audio, Hits: hits})
		})
}

// addNamed lists the hit or the recording that the user named.
func (g *gallery) addNamed(name string) error {
	if i := slices.IndexFunc(g.examples, func(e data.Example) bool { return e.ID == name }); i >= 0 {
		return g.addHit(g.examples[i], "hit-"+name+".png", "Hits")
	}
	r, ok := recordingNamed(g.recordings, name)
	if !ok {
		return fmt.Errorf("%s: no hit and no recording of this name in %s; %s and %s list them",
			name, g.set.Path(), data.HitsFile, data.RecordingsFile)
	}
	g.addRecording(r)
	return nil
}

// recordingNamed returns the recording of an ID, a name or an alias.
func recordingNamed(recordings map[string]data.Recording, name string) (data.Recording, bool) {
	if r, ok := recordings[name]; ok {
		return r, true
	}
	for _, r := range recordings {
		if r.Name == name || slices.Contains(r.Aliases, name) {
			return r, true
		}
	}
	return data.Recording{}, false
}

package main

import (
	"cmp"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"prep/data"
	"prep/features"
	"prep/plots"
	"prep/train"
)

// firstLook lists what is worth seeing first.
func (g *gallery) firstLook() error {
	g.addOverview()
	for _, dir := range modelsOf(g.set) {
		if err := g.addModel(dir); err != nil {
			return err
		}
	}
	for _, class := range g.classes() {
		g.addClass(class)
	}
	for _, r := range g.richest() {
		g.addRecording(r)
	}
	return g.addHarmonics()
}

// addHarmonics shows the hit whose pitch is clearest: its harmonics, and how
// each kind of feature shows them. Where no hit has a pitch there is nothing
// to show.
func (g *gallery) addHarmonics() error {
	e, ok, err := g.clearestPitch()
	if err != nil || !ok {
		return err
	}
	const section = "Are the parallel lines octaves?"
	g.addHit(e, "harmonics.png", section)
	g.add("features.png", section, "One hit, every feature",
		"The same "+e.Class+" as each kind of patch shows it.",
		func(w io.Writer) error { return g.everyFeature(w, e) })
	return nil
}

// clearestPitch returns the labelled hit whose harmonics show best: the one
// with the most lines that stand out.
func (g *gallery) clearestPitch() (best data.Example, ok bool, err error) {
	most := 0
	for _, e := range g.examples {
		if e.Class == "" {
			continue
		}
		lines, err := g.harmonics(e)
		if err != nil {
			return best, false, err
		}
		if lines > most {
			best, most = e, lines
		}
	}
	return best, most > 0, nil
}

func (g *gallery) harmonics(e data.Example) (lines int, err error) {
	audio, err := g.set.Audio(e.Recording)
	if err != nil {
		return 0, err
	}
	defer audio.Close()
	_, lines, err = plots.Harmonics(audio, e.Hit)
	return lines, err
}

// everyFeature draws one hit as each kind of patch.
func (g *gallery) everyFeature(w io.Writer, e data.Example) error {
	audio, err := g.set.Audio(e.Recording)
	if err != nil {
		return err
	}
	defer audio.Close()
	var all []plots.NamedPatch
	for _, kind := range features.AllKinds() {
		c := g.config.kinds()[0]
		c.Kind = kind
		x, err := features.New(c, audio.SampleRate())
		if err != nil {
			return err
		}
		p, err := x.Patch(audio, e.Hit)
		if err != nil {
			return err
		}
		all = append(all, namedPatch(x.Recipe(), p))
	}
	return plots.Features(w, e.Class+" "+e.ID, all)
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
	return r[:min(len(r), plotsOfRecordings)]
}

func (g *gallery) addOverview() {
	v := plots.OverviewView{Title: "The set", Hits: g.examples, Split: data.Splits(data.CountGroups(g.examples))}
	v.Rate = g.recordings[g.examples[0].Recording].Rate
	g.add("overview.png", "The set", "What the set holds",
		"Hits by class, by group and by split; their lengths and levels.",
		func(w io.Writer) error { return plots.Overview(w, v) })
}

func (g *gallery) addModel(dir string) error {
	report, err := train.ReadReport(dir)
	if err != nil {
		return err
	}
	history, err := train.ReadHistory(dir)
	if err != nil {
		return err
	}
	name := filepath.Base(dir)
	note := fmt.Sprintf("%s: accuracy %.3f, 95 %% interval %.3f to %.3f; majority class %.3f, duration only %.3f.",
		report.Protocol, report.Accuracy, report.CI[0], report.CI[1], report.Baselines.Majority, report.Baselines.DurationOnly)
	confusion := plots.Confusion{Title: "Model " + name, Note: note, Classes: report.Classes, Counts: report.Confusion}
	g.add("confusion-"+name+".png", "The model", "Who is taken for whom", note,
		func(w io.Writer) error { return plots.DrawConfusion(w, confusion) })
	if err := g.addPredictions(dir, name); err != nil {
		return err
	}
	g.add("curves-"+name+".png", "The model", "How it learnt", "Loss and accuracy by epoch, each fold and their mean.",
		func(w io.Writer) error { return plots.Curves(w, "Model "+name, curvesOf(history)) })
	return nil
}

// addPredictions shows how far a model's confidence can be trusted, and the
// mistakes it was surest of.
func (g *gallery) addPredictions(dir, name string) error {
	predictions, err := train.ReadPredictions(dir)
	if err != nil {
		return err
	}
	var confidence []float64
	var right []bool
	var wrong []train.Prediction
	for _, p := range predictions {
		confidence = append(confidence, float64(p.Confidence()))
		right = append(right, p.Called == p.Class)
		if p.Called != p.Class {
			wrong = append(wrong, p)
		}
	}
	slices.SortStableFunc(wrong, func(a, b train.Prediction) int { return cmp.Compare(b.Confidence(), a.Confidence()) })
	if len(wrong) > 0 && g.patches != nil {
		g.add("mistakes-"+name+".png", "The model", "The mistakes it was surest of",
			"Some are mistakes of the labels: listen to these first.",
			func(w io.Writer) error { return g.mistakes(w, name, wrong) })
	}
	g.add("calibration-"+name+".png", "The model", "How far to trust it",
		"How often it is right when it says how sure it is.",
		func(w io.Writer) error { return plots.Calibration(w, "Model "+name, confidence, right) })
	return nil
}

// mistakesShown fill four rows of the picture; of the others it tells the number.
const mistakesShown = 24

func (g *gallery) mistakes(w io.Writer, name string, wrong []train.Prediction) error {
	var shown []plots.Mistake
	for i, p := range wrong {
		m := plots.Mistake{Name: p.Hit, Group: p.Group, True: p.Class, Called: p.Called, Confidence: float64(p.Confidence())}
		if row, ok := g.rows[p.Hit]; ok && i < mistakesShown {
			var err error
			if m.Patch, err = g.patches.Patch(row); err != nil {
				return err
			}
		}
		shown = append(shown, m)
	}
	return plots.Mistakes(w, "Model "+name, g.axes(), shown)
}

// curvesOf turns a training's history into curves, one a fold.
func curvesOf(history []train.Epoch) []plots.Curve {
	var curves []plots.Curve
	for _, e := range history {
		if !e.Chose() {
			continue
		}
		if n := len(curves); n == 0 || curves[n-1].Name != e.Fit {
			curves = append(curves, plots.Curve{Name: e.Fit})
		}
		c := &curves[len(curves)-1]
		c.TrainLoss = append(c.TrainLoss, e.TrainLoss)
		c.HeldLoss = append(c.HeldLoss, e.ValidationLoss)
		c.HeldAccuracy = append(c.HeldAccuracy, e.ValidationAccuracy)
		if e.ValidationLoss < c.HeldLoss[c.Best] {
			c.Best = len(c.HeldLoss) - 1
		}
	}
	return curves
}

func (g *gallery) addClass(class string) {
	examples := g.ofClass(class)
	if g.patches != nil {
		g.add("class-"+fileName(class)+".png", "The classes", class,
			"The mean patch, how far patches differ, and examples by group.",
			func(w io.Writer) error { return g.classSheet(w, class, examples) })
	}
	for _, e := range examples[:min(len(examples), plotsPerClass)] {
		g.addHit(e, "hit-"+fileName(class)+".png", "One hit a class, close up")
	}
}

func (g *gallery) classSheet(w io.Writer, class string, examples []data.Example) error {
	v := plots.ClassView{Class: class, Kind: g.patches.Kind, Axes: g.axes()}
	for _, e := range examples {
		row, ok := g.rows[e.ID]
		if !ok {
			continue
		}
		p, err := g.patches.Patch(row)
		if err != nil {
			return err
		}
		v.Patches, v.Groups = append(v.Patches, p), append(v.Groups, e.Group)
	}
	return plots.ClassSheet(w, v)
}

// axes says what the cells of a patch of the set are.
func (g *gallery) axes() plots.Axes { return axesOf(g.recipe) }

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

func (g *gallery) addHit(e data.Example, file, group string) {
	title := e.Class
	if title == "" {
		title = e.ID
	}
	name := g.recordings[e.Recording].Name
	g.add(file, group, title, fmt.Sprintf("%s, hit %s", name, e.ID), func(w io.Writer) error {
		audio, err := g.set.Audio(e.Recording)
		if err != nil {
			return err
		}
		defer audio.Close()
		v := plots.HitView{Name: name, Class: e.Class, Audio: audio, Hit: e.Hit}
		if v.Patch, err = g.patchOf(e.ID); err != nil {
			return err
		}
		return plots.Hit(w, v)
	})
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
	note := fmt.Sprintf("A cell tells apart %.1f\u00a0ms\u00a0×\u00a0%.0f\u00a0Hz (lowest row) to %.1f\u00a0ms\u00a0×\u00a0%.0f\u00a0Hz (highest).",
		c.Lowest.Ms, c.Lowest.Hz, c.Highest.Ms, c.Highest.Hz)
	return plots.NamedPatch{Title: r.Config.Kind, Note: note, Patch: p, Axes: axesOf(r)}
}

func (g *gallery) addRecording(r data.Recording) {
	var hits []data.Example
	for _, e := range g.examples {
		if e.Recording == r.ID {
			hits = append(hits, e)
		}
	}
	g.add("recording-"+fileName(r.Name)+".png", "Recordings", r.Name, fmt.Sprintf("%d hits, group %s", len(hits), r.Group),
		func(w io.Writer) error {
			audio, err := g.set.Audio(r.ID)
			if err != nil {
				return err
			}
			defer audio.Close()
			return plots.Recording(w, plots.RecordingView{Name: r.Name, Audio: audio, Hits: hits})
		})
}

// named lists the hits and recordings that the user named.
func (g *gallery) named(names []string) error {
	for _, name := range names {
		if i := slices.IndexFunc(g.examples, func(e data.Example) bool { return e.ID == name }); i >= 0 {
			g.addHit(g.examples[i], "hit-"+name+".png", "Hits")
			continue
		}
		r, ok := g.recordingNamed(name)
		if !ok {
			return fmt.Errorf("%s: no hit and no recording of this name in %s; %s and %s list them",
				name, g.set.Path(), data.HitsFile, data.RecordingsFile)
		}
		g.addRecording(r)
	}
	return nil
}

func (g *gallery) recordingNamed(name string) (data.Recording, bool) {
	if r, ok := g.recordings[name]; ok {
		return r, true
	}
	for _, r := range g.recordings {
		if r.Name == name || slices.Contains(r.Aliases, name) {
			return r, true
		}
	}
	return data.Recording{}, false
}

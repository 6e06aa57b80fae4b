package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"

	"prep/data"
	"prep/data/document"
	"prep/data/work"
	"prep/plots"
	"prep/segment"
	"prep/train"
)

// The run report: what went in, what was left out and why, what came of it.
const (
	reportHTML     = "report.html"
	reportMarkdown = "report.md"
)

// reportJob names what the report tells of.
func reportJob(set *data.Set, c config) work.Job {
	plot := plotJob(set, c)
	job := work.Job{
		Stage:    "report",
		Editions: work.Editions{"plots": plots.Edition, "segment": segment.Edition, "document": document.Edition},
		Config:   map[string]any{"segment": c.Segment, "model": c.Train.Name},
		Inputs:   append(plot.Inputs, plot.Outputs...),
		Outputs:  []string{reportHTML, reportMarkdown},
	}
	for _, stage := range c.stages() {
		job.Inputs = append(job.Inputs, "runs/"+stage+".json")
	}
	return job
}

// stages returns the names of the line's stages in their records.
func (c config) stages() []string {
	names := []string{"ingest", "segment", "augment"}
	for _, r := range c.kinds() {
		names = append(names, "features-"+r.Kind)
	}
	return append(names, "train-"+c.Train.Name, "plot")
}

// report writes the report of a line that is done.
func (a *app) report(ctx context.Context, set *data.Set) (data.Summary, error) {
	return a.engine(set).Run(reportJob(set, a.config), func() (data.Summary, error) {
		p, err := a.reportPage(ctx, set)
		if err != nil {
			return data.Summary{}, err
		}
		markdown := func(w io.Writer) error { return p.Markdown(w, true) }
		err = errors.Join(set.WriteFile(reportMarkdown, markdown), set.WriteFile(reportHTML, p.HTML))
		return data.Summary{Stage: "report"}, err
	})
}

// reportPage gathers the report from the manifests, the stages' records and the
// model's report. Where onsets are annotated it runs the detector on them.
func (a *app) reportPage(ctx context.Context, set *data.Set) (document.Page, error) {
	recordings, err := set.Recordings()
	if err != nil {
		return document.Page{}, err
	}
	examples, err := set.Examples()
	if err != nil {
		return document.Page{}, err
	}
	model, err := train.ReadReport(set.Path("models", a.config.Train.Name))
	if err != nil {
		return document.Page{}, err
	}
	onsets, err := segment.Evaluate(ctx, set, a.config.Segment, a.progress())
	if err != nil && !errors.Is(err, segment.ErrNoAnnotation) {
		return document.Page{}, err
	}
	pictures, err := a.pictures(set)
	if err != nil {
		return document.Page{}, err
	}
	skipped, notes := a.told(set)
	p := document.Page{
		Title: "What came of the recordings",
		Lead:  "The report of a run of prep: what went in, what was left out and why, and how well the network names what it has never heard.",
		Facts: facts(recordings, model, len(skipped.Rows)),
		Sections: []document.Section{
			{Name: "What went in", Tables: []document.Table{sources(recordings), hitsTable(recordings, examples)}},
			document.Listing("What was left out", skipped, "Nothing: every file, recording and hit was taken.", "runs/ has the others"),
			document.Listing("What the stages noted", notes, "Nothing.", "runs/ has the others"),
			onsetsSection(onsets),
			modelSection(model),
		},
	}
	p.Sections = append(p.Sections, document.Sections(pictures)...)
	return p, nil
}

func facts(recordings []data.Recording, m train.Report, skips int) []document.Fact {
	var minutes float64
	for _, r := range recordings {
		minutes += float64(r.Samples) / float64(r.Rate) / 60
	}
	return []document.Fact{
		{Value: document.Percent(m.Accuracy), Meaning: fmt.Sprintf("of the hits of groups it had not heard named rightly (95 %% interval %s to %s)", document.Percent(m.CI[0]), document.Percent(m.CI[1]))},
		{Value: strconv.Itoa(m.Hits), Meaning: fmt.Sprintf("labelled hits of %d classes", len(m.Classes))},
		{Value: strconv.Itoa(len(m.Groups)), Meaning: "groups: people, sessions or machines"},
		{Value: strconv.Itoa(len(recordings)), Meaning: fmt.Sprintf("recordings, %.1f minutes", minutes)},
		{Value: strconv.Itoa(skips), Meaning: "items left out"},
	}
}

// sources counts the recordings by the kind of file they came as.
func sources(recordings []data.Recording) document.Table {
	type kind struct {
		codec          string
		rate, channels int
	}
	counts := map[kind]int{}
	for _, r := range recordings {
		counts[kind{r.Codec, int(r.SourceRate), r.Channels}]++
	}
	t := document.Table{Head: []string{"format", "Hz", "channels", "recordings"}}
	for k, n := range counts {
		t.Rows = append(t.Rows, []string{k.codec, strconv.Itoa(k.rate), strconv.Itoa(k.channels), strconv.Itoa(n)})
	}
	slices.SortFunc(t.Rows, slices.Compare)
	return t
}

// hitsTable counts the labelled hits of each group by class.
func hitsTable(recordings []data.Recording, examples []data.Example) document.Table {
	groups := data.CountGroups(examples)
	total, takes := map[string]int{}, map[string]int{}
	for _, r := range recordings {
		takes[r.Group]++
	}
	for _, g := range groups {
		for class, n := range g.Classes {
			total[class] += n
		}
	}
	classes := slices.Sorted(maps.Keys(total))
	t := document.Table{Head: append([]string{"group", "recordings"}, append(classes, "all hits")...)}
	row := func(name string, takes int, hits map[string]int) {
		cells, sum := []string{name, strconv.Itoa(takes)}, 0
		for _, class := range classes {
			cells = append(cells, strconv.Itoa(hits[class]))
			sum += hits[class]
		}
		t.Rows = append(t.Rows, append(cells, strconv.Itoa(sum)))
	}
	for _, g := range groups {
		row(g.Group, takes[g.Group], g.Classes)
	}
	row("all", len(recordings), total)
	return t
}

// told gathers what the stages left out and what they noted.
func (a *app) told(set *data.Set) (skipped, notes document.Table) {
	skipped.Head, notes.Head = []string{"stage", "item", "why"}, []string{"stage", "note"}
	for _, stage := range a.config.stages() {
		sum, _ := work.LastRun(set, stage)
		for _, s := range sum.Skips {
			skipped.Rows = append(skipped.Rows, []string{stage, s.Item, s.Reason})
		}
		for _, n := range sum.Notes {
			notes.Rows = append(notes.Rows, []string{stage, n})
		}
	}
	return skipped, notes
}

func onsetsSection(e segment.Evaluation) document.Section {
	s := document.Section{Name: "Onsets"}
	if e.Onsets.Reference == 0 {
		s.Words = []string{"No onset is annotated: how well they were found is not known."}
		return s
	}
	s.Words = []string{fmt.Sprintf("The detector against %d annotated onsets of %d recordings; it found %d. Detected less annotated: median %+.2f ms, 95 %% within %.2f ms.",
		e.Onsets.Reference, len(e.Recordings), e.Onsets.Estimated, e.Onsets.ErrorMs.Median, e.Onsets.ErrorMs.P95Abs)}
	t := document.Table{Head: []string{"within ms", "F", "precision", "recall"}}
	for _, x := range e.Onsets.Tolerances {
		t.Rows = append(t.Rows, []string{fmt.Sprint(x.Ms), document.Thousandths(x.F), document.Thousandths(x.Precision), document.Thousandths(x.Recall)})
	}
	s.Tables = []document.Table{t}
	return s
}

func modelSection(m train.Report) document.Section {
	accuracy := document.Table{Head: []string{"", "accuracy"}, Rows: [][]string{
		{"the network", fmt.Sprintf("%.3f (%.3f to %.3f)", m.Accuracy, m.CI[0], m.CI[1])},
		{"the commonest class", document.Thousandths(m.Baselines.Majority)},
		{"a hit's length alone", document.Thousandths(m.Baselines.DurationOnly)},
		{"a hit's level alone", document.Thousandths(m.Baselines.LevelOnly)},
	}}
	classes := document.Table{Head: []string{"class", "hits", "precision", "recall", "F1"}}
	for _, c := range m.PerClass {
		classes.Rows = append(classes.Rows, []string{c.Class, strconv.Itoa(c.Hits), document.Thousandths(c.Precision), document.Thousandths(c.Recall), document.Thousandths(c.F1)})
	}
	groups := document.Table{Head: []string{"group held out", "fold", "hits", "accuracy"}}
	for _, g := range m.Groups {
		groups.Rows = append(groups.Rows, []string{g.Group, strconv.Itoa(g.Fold), strconv.Itoa(g.Hits), document.Thousandths(g.Accuracy)})
	}
	words := []string{fmt.Sprintf("Network %s, %d parameters, on %s patches. Protocol: %s. The interval is of 95 %%, over groups.",
		m.Net, m.Parameters, m.Features, m.Protocol)}
	return document.Section{Name: "How well it names them", Words: append(words, m.Notes...), Tables: []document.Table{accuracy, classes, groups}}
}

// pictures lists the pictures of the first look that were drawn.
func (a *app) pictures(set *data.Set) ([]document.Picture, error) {
	g, err := newGallery(set, a.config)
	if err != nil {
		return nil, err
	}
	defer g.close()
	if err := g.firstLook(); err != nil {
		return nil, err
	}
	drawn := g.drawn()
	for i := range drawn {
		drawn[i].Path = "plots/" + drawn[i].Path
	}
	return drawn, nil
}

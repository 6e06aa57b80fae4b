// Package report puts into one page what came of a run: what went in, what was
// left out and why, and how well the network names what it has never heard. It
// takes records that were read; it opens no file and computes nothing but sums.
package report

import (
	"fmt"
	"maps"
	"slices"
	"strconv"

	"prep/data"
	"prep/data/document"
	"prep/segment"
	"prep/train"
)

// View is what a report tells of.
type View struct {
	Recordings []data.Recording
	Examples   []data.Example
	// Stages are what the stages last did, in the order of the line and by the
	// names of their records.
	Stages []data.Summary
	Onsets segment.Evaluation // zero where no onset is annotated
	Model  train.Report
	// Pictures have their paths relative to the page.
	Pictures []document.Picture
}

// Page returns the report.
func Page(v View) document.Page {
	skips, notes := skipTable(v.Stages), noteTable(v.Stages)
	p := document.Page{
		Title: "What came of the recordings",
		Lead:  "The report of a run of prep: what went in, what was left out and why, and how well the network names what it has never heard.",
		Facts: facts(v.Recordings, v.Model, len(skips.Rows)),
		Sections: []document.Section{
			{Name: "What went in", Tables: []document.Table{sourceTable(v.Recordings), hitTable(v.Recordings, v.Examples)}},
			document.Listing("What was left out", skips, nothingLeft(v.Stages), "runs/ has the others"),
			document.Listing("What the stages noted", notes, "Nothing.", "runs/ has the others"),
			onsetSection(v.Onsets),
			modelSection(v.Model),
		},
	}
	if len(v.Model.Shots) > 0 {
		p.Sections = append(p.Sections, shotSection(v.Model))
	}
	p.Sections = append(p.Sections, document.Sections(v.Pictures)...)
	if v.Model.Provenance != nil {
		p.Sections = append(p.Sections, provenanceSection(*v.Model.Provenance))
	}
	return p
}

// nothingLeft says that the stages left out nothing, and how many labels are on
// no hit all the same.
func nothingLeft(stages []data.Summary) string {
	labels := 0
	for _, s := range stages {
		labels += s.Counts["labels_unmatched"] + s.Counts["labels_outside"]
	}
	if labels > 0 {
		return fmt.Sprintf("Every file, recording and hit was taken; %d labels are on no hit, and listed in %s.", labels, segment.UnattachedFile)
	}
	return "Nothing: every file, recording and hit was taken."
}

// facts are the figures to see first.
func facts(recordings []data.Recording, m train.Report, skips int) []document.Fact {
	var minutes float64
	for _, r := range recordings {
		minutes += float64(r.Samples) / float64(r.Rate) / 60
	}
	return []document.Fact{
		{Value: document.Percent(m.Accuracy), Meaning: fmt.Sprintf("of %s named rightly (95 %% interval %s to %s)", tested(m), document.Percent(m.CI[0]), document.Percent(m.CI[1]))},
		{Value: strconv.Itoa(m.Hits), Meaning: fmt.Sprintf("labelled hits of %d classes", len(m.Classes))},
		{Value: strconv.Itoa(len(m.Groups)), Meaning: "groups: people, sessions or machines"},
		{Value: strconv.Itoa(len(recordings)), Meaning: fmt.Sprintf("recordings, %.1f minutes", minutes)},
		{Value: strconv.Itoa(skips), Meaning: "items left out"},
	}
}

// tested says in words of which hits the accuracy is.
func tested(m train.Report) string {
	if m.Personal != nil {
		return "one person's hits that it had not learned from"
	}
	if m.Takes {
		return "one group's hits in takes it had not heard"
	}
	return "the hits of groups it had not heard"
}

// sourceTable counts the recordings by the kind of file they came as.
func sourceTable(recordings []data.Recording) document.Table {
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

// hitTable counts the labelled hits of each group by class.
func hitTable(recordings []data.Recording, examples []data.Example) document.Table {
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

// skipTable lists what the stages left out.
func skipTable(stages []data.Summary) document.Table {
	t := document.Table{Head: []string{"stage", "item", "why"}}
	for _, sum := range stages {
		for _, s := range sum.Skips {
			t.Rows = append(t.Rows, []string{sum.Stage, s.Item, s.Reason})
		}
	}
	return t
}

// noteTable lists what the stages noted.
func noteTable(stages []data.Summary) document.Table {
	t := document.Table{Head: []string{"stage", "note"}}
	for _, sum := range stages {
		for _, n := range sum.Notes {
			t.Rows = append(t.Rows, []string{sum.Stage, n})
		}
	}
	return t
}

// onsetSection says how well the detector found what was annotated.
func onsetSection(e segment.Evaluation) document.Section {
	s := document.Section{Name: "Onsets"}
	switch {
	case e.Onsets.Reference == 0 && e.Learned > 0:
		s.Words = []string{fmt.Sprintf("The detector learned from all %d recordings with annotated onsets: how well it finds those of others is not known here.", e.Learned)}
		return s
	case e.Onsets.Reference == 0:
		s.Words = []string{"No onset is annotated: how well they were found is not known."}
		return s
	case e.Learned > 0:
		s.Words = []string{fmt.Sprintf("The detector learned from %d of the annotated recordings, which are left out here.", e.Learned)}
	}
	s.Words = append(s.Words, fmt.Sprintf("The detector against %d annotated onsets of %d recordings; it found %d. Detected less annotated: median %+.2f ms, 95 %% within %.2f ms.",
		e.Onsets.Reference, len(e.Recordings), e.Onsets.Estimated, e.Onsets.ErrorMs.Median, e.Onsets.ErrorMs.P95Abs))
	t := document.Table{Head: []string{"within ms", "F, 95 % over groups", "precision", "recall"}}
	for _, x := range e.Onsets.Tolerances {
		t.Rows = append(t.Rows, []string{fmt.Sprint(x.Ms), x.FText(), document.Thousandths(x.Precision), document.Thousandths(x.Recall)})
	}
	s.Tables = []document.Table{t}
	return s
}

// modelSection says how well the network names hits, beside rules that hear
// nothing.
func modelSection(m train.Report) document.Section {
	accuracy := document.Table{Head: []string{"", "accuracy"}, Rows: [][]string{
		{"the network", m.Estimate().String()},
		{"the commonest class", document.Thousandths(m.Baselines.Majority)},
		{"a hit's length alone", document.Thousandths(m.Baselines.DurationOnly)},
		{"a hit's level alone", document.Thousandths(m.Baselines.LevelOnly)},
		{"the 20 ms before a hit alone", document.Thousandths(m.Baselines.BeforeOnly)},
	}}
	classes := document.Table{Head: []string{"class", "hits", "precision", "recall", "F1"}}
	for _, c := range m.PerClass {
		classes.Rows = append(classes.Rows, []string{c.Class, strconv.Itoa(c.Hits), document.Thousandths(c.Precision), document.Thousandths(c.Recall), document.Thousandths(c.F1)})
	}
	if f := m.Measures; f != nil {
		accuracy.Head[1] = "accuracy (95 %)"
		accuracy.Rows = append(accuracy.Rows, []string{"the network, balanced accuracy", f.Balanced.String()},
			[]string{"the network, macro F1", f.MacroF1.String()}, []string{"the network, Matthews' correlation", f.MCC.String()})
	}
	groups := document.Table{Head: []string{"group held out", "fold", "hits", "accuracy"}}
	for _, g := range m.Groups {
		groups.Rows = append(groups.Rows, []string{g.Group, strconv.Itoa(g.Fold), strconv.Itoa(g.Hits), document.Thousandths(g.Accuracy)})
	}
	words := []string{fmt.Sprintf("Network %s, %d parameters, on %s patches. Protocol: %s. The interval is of 95 %%, over %s.",
		m.Net, m.Parameters, m.Features, m.Protocol, m.Over())}
	doubts := document.Table{Head: []string{"label likely wrong", "group", "label", "likely"}}
	for _, d := range m.Doubts {
		doubts.Rows = append(doubts.Rows, []string{d.Hit, d.Group, d.Class, d.Likely})
	}
	tables := []document.Table{accuracy, classes, groups}
	if len(m.Doubts) > 0 {
		words = append(words, fmt.Sprintf("%d labels are likely wrong, by what networks that had not learned from them say (confident learning); the last table has the first.", m.Doubtful))
		tables = append(tables, doubts)
	}
	return document.Section{Name: "How well it names them", Words: append(words, append(m.Notes, "To be pasted: "+m.Method())...), Tables: tables}
}

// shotSection says what a person's own hits are worth.
func shotSection(m train.Report) document.Section {
	s := document.Section{Name: "What a person's own hits are worth"}
	s.Words = []string{"Each person held out gives so many hits of each class, the first in the order of recordings and of time; the rest of that person is named. " +
		"Some of these are in takes that hits were given from. The second table is of takes from which none were. Intervals are of 95 %, over people.",
		"Each person is promised an accuracy and an interval, by leaving out in turn what they gave. The third table compares that with what came, mean over people."}
	rest := document.Table{Head: []string{"given", "people", "hits", "with own hits", "the network alone", "own hits alone", "gain"}}
	other := document.Table{Head: []string{"given", "people", "hits in other takes", "with own hits", "the network alone", "gain"}}
	promise := document.Table{Head: []string{"given", "people", "promised less found", "found within the interval"}}
	for _, p := range m.Shots {
		if p.Shots == 0 {
			continue // nothing is given: the accuracy above
		}
		n, r, o := strconv.Itoa(p.Shots), p.Rest, p.OtherTakes
		rest.Rows = append(rest.Rows, []string{n, strconv.Itoa(r.People), strconv.Itoa(r.Hits), r.Personal.String(), r.General.String(), r.Alone.String(), r.Gain.Signed()})
		other.Rows = append(other.Rows, []string{n, strconv.Itoa(o.People), strconv.Itoa(o.Hits), o.Personal.String(), o.General.String(), o.Gain.Signed()})
		promise.Rows = append(promise.Rows, []string{n, strconv.Itoa(p.Promise.People), p.Promise.Less.Signed(), strconv.Itoa(p.Promise.Covered)})
	}
	s.Tables = []document.Table{rest, other, promise}
	return s
}

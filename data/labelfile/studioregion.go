package labelfile

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// studioRegion is what one person or model says of a region, or of the whole
// recording.
type studioRegion struct {
	timed      bool
	start, end any
	labels     []studioName // of a control of labels
	choices    []studioName
}

// studioName is a class, by the control that it was given with.
type studioName struct{ control, class string }

// addWork takes in what one person or model made of a task: m has what all of
// its marks share. Results of one ID are about one region.
func (s *studioReading) addWork(w studioWork, m Mark) {
	var regions []studioRegion
	byID := map[string]int{}
	for _, r := range w.Result {
		id := fmt.Sprint(r.ID)
		i, seen := byID[id]
		if !seen || r.ID == nil {
			i = len(regions)
			byID[id] = i
			regions = append(regions, studioRegion{})
		}
		s.addResult(&regions[i], r.Type, r.FromName, r.Value)
	}
	for _, r := range regions {
		s.addRegion(r, m)
	}
}

// addResult joins a result to the region that it is about.
func (s *studioReading) addResult(g *studioRegion, kind, control string, value map[string]any) {
	start, timed := value["start"]
	chosen := kind == "choices" || kind == "taxonomy"
	if _, text := value["text"].(string); text || !chosen && kind != "labels" && (!timed || !strings.HasSuffix(kind, "labels")) {
		s.tally.add(fmt.Sprintf("left out: %%s of the kind %q", kind), "result", 1)
		return
	}
	if timed {
		g.timed, g.start, g.end = true, start, value["end"]
	}
	if kind == "timeserieslabels" {
		s.tally.add("the times of %s of a time series are taken as seconds", "label", 1)
	}
	for _, class := range classWords(value[kind]) {
		n := studioName{control, class}
		if chosen {
			g.choices = append(g.choices, n)
		} else {
			g.labels = append(g.labels, n)
		}
	}
}

// classWords returns the words of a list, of which each may be the path to one
// through a taxonomy, or the one word that stands for a list.
func classWords(v any) (all []string) {
	switch v := v.(type) {
	case string:
		return []string{v}
	case []any:
		for _, w := range v {
			if path, ok := w.([]any); ok && len(path) > 0 {
				w = path[len(path)-1]
			}
			if text, ok := w.(string); ok {
				all = append(all, text)
			}
		}
	}
	return all
}

// addRegion makes a mark of a region: its first label is the class, or else its
// first choice; choices without a region are of the recording.
func (s *studioReading) addRegion(g studioRegion, m Mark) {
	if !g.timed {
		if len(g.labels) > 0 {
			s.tally.add("left out: %s without a time", "label", len(g.labels))
		}
		s.addChoices(g.choices, m)
		return
	}
	var err error
	if m.Onset, err = studioTime(g.start); err == nil && g.end != nil {
		m.End, err = studioTime(g.end)
	}
	if err != nil {
		s.addFault(m.Line, err)
		return
	}
	if m.End == m.Onset {
		m.End = 0
	}
	names := slices.Concat(g.labels, g.choices)
	if s.tier != "" {
		if names = s.ofTier(names); len(names) == 0 {
			return
		}
	}
	if len(names) > 0 {
		m.Class = names[0].class
		s.tellFurther(names[1:])
	} else {
		s.tally.add("%s without a label: taken as moments without a class", "region", 1)
	}
	s.addMark(m)
}

// ofTier returns the names by the control that was asked for.
func (s *studioReading) ofTier(names []studioName) []studioName {
	return slices.DeleteFunc(names, func(n studioName) bool {
		if n.control == s.tier {
			return false
		}
		s.tally.add(fmt.Sprintf("left out: %%s by %q", n.control), "label", 1)
		return true
	})
}

// tellFurther counts the labels of a region behind the first.
func (s *studioReading) tellFurther(names []studioName) {
	for _, n := range names {
		s.tally.add(fmt.Sprintf("left out: %%s %.40q by %q, behind the first of a region", n.class, n.control), "label", 1)
	}
}

// addChoices takes in the first choice of each control as the recording's class.
func (s *studioReading) addChoices(choices []studioName, m Mark) {
	var controls []string
	for _, c := range choices {
		if slices.Contains(controls, c.control) {
			s.tally.add(fmt.Sprintf("left out: %%s %.40q by %q, behind the first of a recording", c.class, c.control), "choice", 1)
			continue
		}
		controls = append(controls, c.control)
		s.addWhole(c.control, c.class, true, m)
	}
}

// studioTime reads a time in seconds, a number or one in quotes.
func studioTime(v any) (float64, error) {
	switch v := v.(type) {
	case float64:
		return v, nil
	case string:
		if t, err := strconv.ParseFloat(strings.TrimSpace(v), 64); err == nil {
			return t, nil
		}
	}
	return 0, fmt.Errorf("%.40q is not a time in seconds", fmt.Sprint(v))
}

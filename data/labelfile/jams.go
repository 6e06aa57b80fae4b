package labelfile

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"prep/data"
)

// JAMS (.jams): JSON of annotations of one recording, each of a namespace, which
// says what its values are, and by someone: https://jams.readthedocs.io

// maxJAMS is the size of a file that is read.
const maxJAMS = 128 << 20

type jamsFile struct {
	Annotations []jamsAnnotation `json:"annotations"`
	Metadata    jamsMetadata     `json:"file_metadata"`
	Sandbox     struct{}         `json:"sandbox"`
}

type jamsMetadata struct {
	Title       string         `json:"title"`
	Artist      string         `json:"artist"`
	Release     string         `json:"release"`
	Duration    float64        `json:"duration"`
	Identifiers map[string]any `json:"identifiers"`
	Version     string         `json:"jams_version"`
}

type jamsAnnotation struct {
	Namespace string          `json:"namespace"`
	Data      json.RawMessage `json:"data"`
	Source    jamsSource      `json:"annotation_metadata"`
	Sandbox   struct{}        `json:"sandbox"`
	Time      float64         `json:"time"`
	Duration  *float64        `json:"duration"`
}

type jamsSource struct {
	Curator    map[string]any `json:"curator"`
	Annotator  map[string]any `json:"annotator"`
	Version    any            `json:"version"`
	Corpus     string         `json:"corpus"`
	Tools      string         `json:"annotation_tools"`
	Rules      string         `json:"annotation_rules"`
	Validation string         `json:"validation"`
	Data       string         `json:"data_source"`
}

// jamsObservation is a value at a time.
type jamsObservation struct {
	Time       *float64 `json:"time"`
	Duration   *float64 `json:"duration"`
	Value      any      `json:"value"`
	Confidence *float64 `json:"confidence"`
}

func isJAMS(in *input) bool {
	return in.hasExtension(".jams") || strings.HasPrefix(strings.TrimLeft(in.head, "\ufeff \t\r\n"), "{") &&
		(strings.Contains(in.head, `"annotation_metadata"`) || strings.Contains(in.head, `"jams_version"`))
}

// noClasses are namespaces, or how they begin, whose values are no classes of
// sounds.
var noClasses = []string{"chord", "key_", "lyrics", "note_", "pitch_", "tempo", "mood_", "vector", "blob", "pattern_", "multi_segment"}

func readJAMS(in *input, out *reading) error {
	if len(in.raw) > maxJAMS {
		return fmt.Errorf("a JAMS file of more than %d MB", maxJAMS>>20)
	}
	var f jamsFile
	if err := json.NewDecoder(jsonBytes(in)).Decode(&f); err != nil {
		return fmt.Errorf("no JAMS file: %w", plainJSON(err))
	}
	file := f.file()
	var named, moments, tags []tier
	for i, a := range f.Annotations {
		all, err := a.observations()
		if err != nil {
			out.addFault(i+1, fmt.Errorf("the annotation %q: %w", a.Namespace, err))
			continue
		}
		if in.opts.Tier != a.Namespace && slices.ContainsFunc(noClasses, func(p string) bool { return strings.HasPrefix(a.Namespace, p) }) {
			out.note("left out: the annotation %q (%s), whose values are no classes", a.Namespace, data.Counted(len(all), "value"))
			continue
		}
		t := a.tier(all, file, out)
		switch {
		case strings.HasPrefix(a.Namespace, "tag_"):
			tags = joinAnnotation(tags, f.wholes(t, out), out)
		case slices.ContainsFunc(t.marks, func(m Mark) bool { return m.Class != "" }):
			named = joinAnnotation(named, t, out)
		default:
			moments = joinAnnotation(moments, t, out)
		}
	}
	return addBest(in, out, named, moments, tags)
}

// addBest takes in, of names at times, mere times and names without, the first
// that there are.
func addBest(in *input, out *reading, kinds ...[]tier) error {
	if in.opts.Tier != "" {
		return out.addTier(slices.Concat(kinds...), in.opts.Tier)
	}
	taken := false
	for _, tiers := range kinds {
		switch {
		case len(tiers) == 0:
		case taken:
			out.note("left out: %s", tierNames(tiers))
		default:
			taken = true
			if err := out.addTier(tiers, ""); err != nil {
				return err
			}
		}
	}
	return nil
}

// joinAnnotation adds an annotation to those of its namespace: several people's stand side
// by side; a second that does not differ in who made it is left out.
func joinAnnotation(tiers []tier, t tier, out *reading) []tier {
	i := slices.IndexFunc(tiers, func(other tier) bool { return other.name == t.name })
	if i < 0 || len(t.marks) == 0 {
		return append(tiers, t)
	}
	if who := t.marks[0].Who; slices.ContainsFunc(tiers[i].marks, func(m Mark) bool { return m.Who == who }) {
		out.note("left out: a further annotation %q by %q (%s)", t.name, who, data.Counted(len(t.marks), "label"))
		return tiers
	}
	out.note("the annotation %q is there by several people: what each says is here", t.name)
	tiers[i].marks = append(tiers[i].marks, t.marks...)
	return tiers
}

// observations returns the values of an annotation, which are a list or, of
// dense ones, lists of times and values.
func (a jamsAnnotation) observations() (all []jamsObservation, err error) {
	if err = json.Unmarshal(a.Data, &all); err == nil {
		return all, nil
	}
	var dense struct {
		Time, Duration []*float64
		Value          []any
	}
	if json.Unmarshal(a.Data, &dense) != nil {
		return nil, errors.New("its data are no list")
	}
	for i, t := range dense.Time {
		o := jamsObservation{Time: t}
		if i < len(dense.Duration) {
			o.Duration = dense.Duration[i]
		}
		if i < len(dense.Value) {
			o.Value = dense.Value[i]
		}
		all = append(all, o)
	}
	return all, nil
}

// tier makes marks of the observations of an annotation.
func (a jamsAnnotation) tier(all []jamsObservation, file string, out *reading) tier {
	t := tier{name: a.Namespace}
	who := studioWho(a.Source.Annotator)
	for _, key := range []string{"email", "name"} {
		for _, by := range []map[string]any{a.Source.Annotator, a.Source.Curator} {
			if text, ok := by[key].(string); ok && who == "" {
				who = text
			}
		}
	}
	source := strings.ToLower(a.Source.Data)
	model := strings.Contains(source, "program") || strings.Contains(source, "model") || strings.Contains(source, "automat")
	for i, o := range all {
		m := Mark{Line: i + 1, Class: jamsClass(o.Value), File: file, Who: who, Model: model}
		if o.Time == nil {
			out.addFault(i+1, fmt.Errorf("an observation of %q without a time", a.Namespace))
			continue
		}
		m.Onset = *o.Time
		if o.Duration != nil && *o.Duration != 0 {
			m.End = m.Onset + *o.Duration
		}
		t.marks = append(t.marks, m)
	}
	return t
}

// jamsClass returns the class that a value is or has; numbers are none.
func jamsClass(v any) string {
	if fields, ok := v.(map[string]any); ok {
		v = fields["label"]
	}
	text, _ := v.(string)
	return text
}

// wholes makes marks of the whole recording of tags that span it; of several by
// one person the first is the class.
func (f jamsFile) wholes(t tier, out *reading) tier {
	var kept []Mark
	further := 0
	for _, m := range t.marks {
		if m.Onset == 0 && (m.End == 0 || m.End >= .999*f.Metadata.Duration) {
			m.Whole, m.End = true, 0
			if slices.ContainsFunc(kept, func(k Mark) bool { return k.Whole }) {
				further++
				continue
			}
		}
		kept = append(kept, m)
	}
	if further > 0 {
		out.note("left out: %s of %q behind the first", data.Counted(further, "tag"), t.name)
	}
	t.marks = kept
	return t
}

// file returns the file that the metadata name.
func (f jamsFile) file() string {
	for _, key := range []string{"filename", "file", "path"} {
		if text, ok := f.Metadata.Identifiers[key].(string); ok && text != "" {
			return text
		}
	}
	return fileOf(f.Metadata.Title)
}

// writeJAMS writes segments, and tags where marks are of the whole recording.
func writeJAMS(w io.Writer, r Recording) error {
	length := r.seconds()
	f := jamsFile{Annotations: []jamsAnnotation{}, Metadata: jamsMetadata{Title: r.Name, Duration: length,
		Identifiers: map[string]any{}, Version: "0.3.4"}}
	for _, namespace := range []string{"segment_open", "tag_open"} {
		list := []jamsObservation{}
		for _, m := range r.Marks {
			if m.Whole != (namespace == "tag_open") {
				continue
			}
			onset, duration := m.Onset, max(0, m.End-m.Onset)
			if m.Whole {
				duration = length
			}
			list = append(list, jamsObservation{Time: &onset, Duration: &duration, Value: m.Class})
		}
		if len(list) == 0 {
			continue
		}
		b, err := json.Marshal(list)
		if err != nil {
			return err
		}
		a := jamsAnnotation{Namespace: namespace, Data: b, Duration: &length}
		a.Source.Curator = map[string]any{"name": "", "email": ""}
		a.Source.Annotator, a.Source.Version = map[string]any{}, ""
		if a.Source.Data = "manual annotation"; !r.ByPeople {
			a.Source.Data = "program"
		}
		f.Annotations = append(f.Annotations, a)
	}
	e := json.NewEncoder(w)
	e.SetIndent("", " ")
	return e.Encode(f)
}

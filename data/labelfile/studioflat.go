package labelfile

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
)

// JSON-MIN: a flat object an annotation. The data of the task come first, then
// its id, then what was annotated, a field a control, then who did it and when;
// where someone has sorted the fields, their names must do.

// flatField is a field of a flat object, in its order.
type flatField struct {
	name  string
	value any
}

// flatMeta are the fields that Label Studio adds.
var flatMeta = []string{"id", "annotator", "annotation_id", "created_at", "updated_at", "lead_time", "agreement", "file_upload"}

// addFlat takes in a task of JSON-MIN.
func (s *studioReading) addFlat(raw json.RawMessage) error {
	fields, err := flatFields(raw)
	if err != nil {
		return err
	}
	all := map[string]any{}
	for _, f := range fields {
		all[f.name] = f.value
	}
	if all["annotation_id"] == nil && all["annotator"] == nil && all["id"] == nil {
		return fmt.Errorf("%w: it has no data, and no annotation", errNoTask)
	}
	file := studioFile(all, "")
	if file == "" {
		s.tally.add("left out: %s that names no file of audio", "task", 1)
		return nil
	}
	m := Mark{Line: s.task, File: file, Who: studioWho(all["annotator"])}
	outputs, sure := flatOutputs(fields)
	for _, f := range outputs {
		s.addOutput(f, sure, m)
	}
	return nil
}

// flatFields returns the fields of an object in their order.
func flatFields(raw json.RawMessage) (fields []flatField, err error) {
	d := json.NewDecoder(bytes.NewReader(raw))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return nil, errNoTask
	}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return nil, err
		}
		f := flatField{name: fmt.Sprint(name)}
		if err := d.Decode(&f.value); err != nil {
			return nil, err
		}
		fields = append(fields, f)
	}
	return fields, nil
}

// flatOutputs returns the fields that may be annotation; sure is true when their
// place says that they are.
func flatOutputs(fields []flatField) (outputs []flatField, sure bool) {
	place := func(names ...string) int {
		return slices.IndexFunc(fields, func(f flatField) bool { return slices.Contains(names, f.name) })
	}
	from, to := place("id"), place("annotator", "annotation_id")
	if sure = from >= 0 && to > from+1; sure {
		fields = fields[from+1 : to]
	}
	return slices.DeleteFunc(slices.Clone(fields), func(f flatField) bool {
		return slices.Contains(flatMeta, f.name)
	}), sure
}

// addOutput takes in what was annotated by one control: regions, or choices.
func (s *studioReading) addOutput(f flatField, sure bool, m Mark) {
	switch v := f.value.(type) {
	case string:
		if fileOf(v) == "" && v != "" {
			s.addWhole(f.name, v, sure, m)
		}
	case map[string]any:
		var names []studioName
		for _, class := range classWords(v["choices"]) {
			names = append(names, studioName{f.name, class})
		}
		s.addChoices(names, m)
	case []any:
		for _, r := range v {
			s.addFlatRegion(f.name, r, m)
		}
	}
}

// addFlatRegion takes in a region; its labels stand in a field named like their
// kind.
func (s *studioReading) addFlatRegion(control string, region any, m Mark) {
	value, ok := region.(map[string]any)
	if !ok {
		return
	}
	var g studioRegion
	for _, kind := range []string{"labels", "timeserieslabels", "choices"} {
		if value[kind] != nil {
			s.addResult(&g, kind, control, value)
		}
	}
	if _, timed := value["start"]; timed && !g.timed {
		s.addResult(&g, "labels", control, value)
	}
	if g.timed {
		s.addRegion(g, m)
	}
}

// upload is what Label Studio puts before the name of a file that was uploaded.
var upload = regexp.MustCompile(`^[0-9a-f]{8}-`)

// audioName is a name that ends like one of a recording.
var audioName = regexp.MustCompile(`(?i)\.(wav|wave|rf64|bwf|flac|mp3|m4a|mp4|aac|ogg|oga|opus|aiff?|aifc|caf|wma|webm)$`)

// studioFile returns the name of the recording that a task is about: in the field
// "audio", or else in the first, by name, that names one. An upload is named as
// it was before.
func studioFile(fields map[string]any, uploaded string) string {
	keys := []string{"audio"}
	for k := range fields {
		keys = append(keys, k)
	}
	slices.Sort(keys[1:])
	for _, k := range keys {
		text, _ := fields[k].(string)
		if file := fileOf(text); file != "" || k == "audio" && text != "" && path.Ext(text) != "" {
			if file == "" {
				file = text
			}
			if base := path.Base(file); base == uploaded || strings.Contains(text, "upload/") {
				file = upload.ReplaceAllString(base, "")
			}
			return file
		}
	}
	return upload.ReplaceAllString(uploaded, "")
}

// fileOf returns the file that a text names, "" where it names none: as a path,
// a URL, or what Label Studio serves from a folder (?d=).
func fileOf(text string) string {
	file := strings.ReplaceAll(text, `\`, "/")
	if u, err := url.Parse(text); err == nil && (strings.Contains(text, "://") || strings.HasPrefix(text, "/")) {
		file = strings.TrimPrefix(u.Path, "/")
		if d := u.Query().Get("d"); d != "" {
			file = d
		}
	}
	if !audioName.MatchString(file) {
		return ""
	}
	return file
}

package desk

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/url"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"prep/data"
)

// Label Studio's JSON of tasks, what of it labels of audio use:
// https://labelstud.io/guide/task_format and /guide/predictions
type studioTask struct {
	Data        map[string]any `json:"data"`
	Annotations []studioWork   `json:"annotations,omitempty"`
	Predictions []studioWork   `json:"predictions,omitempty"`
}

// studioWork is what one person or model made of a task.
type studioWork struct {
	ModelVersion string         `json:"model_version,omitempty"`
	Cancelled    bool           `json:"was_cancelled,omitempty"`
	Result       []studioRegion `json:"result"`
}

type studioRegion struct {
	ID             string      `json:"id"`
	FromName       string      `json:"from_name"`
	ToName         string      `json:"to_name"`
	Type           string      `json:"type"`
	OriginalLength float64     `json:"original_length,omitempty"` // seconds
	Value          studioValue `json:"value"`
}

type studioValue struct {
	Start   float64  `json:"start"` // seconds
	End     float64  `json:"end"`
	Channel int      `json:"channel"`
	Labels  []string `json:"labels"`
}

// The names of the labels and of the audio in the labelling interface.
const (
	studioLabels = "label"
	studioAudio  = "audio"
)

// studioVersion is the model_version of labels that people have not gone
// through.
const studioVersion = "prep"

// saveLabelStudio writes label-studio.json, the tasks to import, and
// label-studio.xml, the labelling interface that they need. The audio is the
// set's own, served by Label Studio from the folder that the set lies in. What
// people have named throughout is an annotation, all else a prediction.
func saveLabelStudio(dir string, all []written) error {
	var classes []string
	tasks := make([]studioTask, len(all))
	for i, r := range all {
		tasks[i] = r.studioTask()
		for _, it := range r.items {
			classes = append(classes, it.Class)
		}
	}
	slices.Sort(classes)
	err := data.WriteFile(filepath.Join(dir, "label-studio.xml"), func(w io.Writer) error {
		return writeInterface(w, slices.Compact(classes))
	})
	if err != nil {
		return err
	}
	return data.WriteFile(filepath.Join(dir, "label-studio.json"), func(w io.Writer) error {
		e := json.NewEncoder(w)
		e.SetIndent("", " ")
		return e.Encode(tasks)
	})
}

func (w written) studioTask() studioTask {
	file := path.Join(w.set, "audio", w.ID+".wav")
	t := studioTask{Data: map[string]any{studioAudio: "/data/local-files/?d=" + url.QueryEscape(file), "name": w.Name, "group": w.Group}}
	work, byPeople := studioWork{}, true
	for _, it := range w.items {
		byPeople = byPeople && it.By == data.ByHuman
		work.Result = append(work.Result, studioRegion{ID: it.ID, FromName: studioLabels, ToName: studioAudio, Type: "labels",
			OriginalLength: w.seconds(w.Samples),
			Value:          studioValue{Start: w.seconds(it.Onset), End: w.seconds(it.End), Labels: []string{it.Class}}})
	}
	if byPeople {
		t.Annotations = []studioWork{work}
	} else {
		work.ModelVersion = studioVersion
		t.Predictions = []studioWork{work}
	}
	return t
}

// writeInterface writes the labelling interface:
// https://labelstud.io/tags/audio
func writeInterface(w io.Writer, classes []string) error {
	var b strings.Builder
	fmt.Fprintf(&b, "<View>\n  <Labels name=%q toName=%q>\n", studioLabels, studioAudio)
	for _, c := range classes {
		b.WriteString(`    <Label value="`)
		xml.EscapeText(&b, []byte(c))
		b.WriteString("\"/>\n")
	}
	fmt.Fprintf(&b, "  </Labels>\n  <Audio name=%q value=\"$%s\"/>\n</View>\n", studioAudio, studioAudio)
	_, err := io.WriteString(w, b.String())
	return err
}

// readStudio reads tasks that Label Studio exported as JSON: of each the last
// annotation that was not cancelled, or else the last prediction, which a model
// said. Tasks about other recordings, and regions that are no labels, are
// skipped.
func (c catalog) readStudio(r io.Reader) (all []account, skips []data.Skip, err error) {
	var tasks []studioTask
	if err := json.NewDecoder(r).Decode(&tasks); err != nil {
		return nil, nil, fmt.Errorf("no tasks of Label Studio, exported as JSON (not JSON-MIN): %w", err)
	}
	for i, t := range tasks {
		a, err := c.studioAccount(t)
		if err != nil {
			skips = append(skips, data.Skip{Item: fmt.Sprintf("task %d", i+1), Reason: err.Error()})
			continue
		}
		all = append(all, a)
	}
	return all, skips, nil
}

func (c catalog) studioAccount(t studioTask) (account, error) {
	r, err := c.studioRecording(t.Data)
	if err != nil {
		return account{}, err
	}
	a := account{recording: r.ID, whole: true}
	done := slices.DeleteFunc(t.Annotations, func(w studioWork) bool { return w.Cancelled })
	by, who := data.ByHuman, ""
	if len(done) == 0 {
		done, by = t.Predictions, data.ByModel
	}
	if len(done) == 0 {
		return a, errors.New("nobody has annotated it")
	}
	work := done[len(done)-1]
	if by == data.ByModel {
		who = work.ModelVersion
	}
	for _, region := range work.Result {
		if l, ok := region.label(r); ok {
			l.By, l.Who = by, who
			a.labels = append(a.labels, l)
		} else {
			a.whole = false
		}
	}
	slices.SortStableFunc(a.labels, func(x, y data.Label) int { return x.Onset - y.Onset })
	a.labels = slices.CompactFunc(a.labels, func(x, y data.Label) bool { return x.Onset == y.Onset })
	return a, nil
}

// label returns what a region says of a recording; ok is false where it is none
// that could.
func (g studioRegion) label(r data.Recording) (l data.Label, ok bool) {
	if g.Type != "labels" || len(g.Value.Labels) == 0 {
		return l, false
	}
	class, err := ClassName(g.Value.Labels[0])
	onset, end := g.Value.Start*float64(r.Rate), g.Value.End*float64(r.Rate)
	if err != nil || onset < 0 || onset > float64(r.Samples)-0.5 {
		return l, false
	}
	l = data.Label{Recording: r.ID, Onset: int(onset + 0.5), Class: class}
	if end > onset {
		l.End = int(min(end, float64(r.Samples)) + 0.5)
	}
	return l, true
}

// upload is what Label Studio puts before the name of a file that was uploaded.
var upload = regexp.MustCompile(`^[0-9a-f]{8}-`)

// studioRecording finds the recording that a task is about by whatever in it
// names one: the file served, or the name of an upload.
func (c catalog) studioRecording(fields map[string]any) (data.Recording, error) {
	for _, key := range append([]string{studioAudio}, sortedKeys(fields)...) {
		text, _ := fields[key].(string)
		u, err := url.Parse(text)
		if err != nil || text == "" {
			continue
		}
		file := u.Path
		if d := u.Query().Get("d"); d != "" {
			file = d
		}
		base := path.Base(file)
		if path.Ext(base) == "" {
			continue
		}
		for _, name := range []string{file, strings.TrimSuffix(base, path.Ext(base)), upload.ReplaceAllString(base, "")} {
			if r, err := c.find(name); err == nil {
				return r, nil
			}
		}
	}
	return data.Recording{}, fmt.Errorf("no recording here is named in %v", fields)
}

func sortedKeys(m map[string]any) (keys []string) {
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

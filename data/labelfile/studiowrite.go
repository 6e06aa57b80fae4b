package labelfile

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"
)

// The names of the labels, of the class of a recording and of the audio in the
// labelling interface.
const (
	studioLabels = "label"
	studioWhole  = "sound"
	studioAudio  = "audio"
)

// studioVersion is the model_version of labels that people have not gone
// through.
const studioVersion = "prep"

// writeStudio writes the tasks to import. The audio is the set's own, served by
// Label Studio from the folder that the set lies in. What people have named
// throughout is an annotation, all else a prediction.
func writeStudio(w io.Writer, all []Recording) error {
	tasks := make([]studioTask, len(all))
	for i, r := range all {
		tasks[i] = r.studioTask()
	}
	e := json.NewEncoder(w)
	e.SetIndent("", " ")
	return e.Encode(tasks)
}

func (r Recording) studioTask() studioTask {
	t := studioTask{Data: map[string]any{studioAudio: "/data/local-files/?d=" + url.QueryEscape(r.audio()), "name": r.Name, "group": r.Group}}
	work := studioWork{Result: []studioResult{}}
	for i, m := range r.Marks {
		g := studioResult{ID: fmt.Sprintf("%s-%d", r.ID, i+1), FromName: studioLabels, ToName: studioAudio, Type: "labels",
			OriginalLength: r.seconds(),
			Value:          map[string]any{"start": m.Onset, "end": max(m.Onset, m.End), "channel": 0, "labels": classList(m.Class)}}
		if m.Whole {
			g.FromName, g.Type, g.Value = studioWhole, "choices", map[string]any{"choices": classList(m.Class)}
		}
		work.Result = append(work.Result, g)
	}
	if r.ByPeople {
		t.Annotations = []studioWork{work}
	} else {
		work.ModelVersion = studioVersion
		t.Predictions = []studioWork{work}
	}
	return t
}

// classList is the list of a class; of none it is empty.
func classList(class string) []string {
	if class == "" {
		return []string{}
	}
	return []string{class}
}

// seconds returns the length of a recording.
func (r Recording) seconds() float64 {
	if r.Rate <= 0 {
		return 0
	}
	return float64(r.Samples) / float64(r.Rate)
}

// audio returns where a recording's audio lies, as seen from the folder that the
// set lies in.
func (r Recording) audio() string {
	if r.Audio != "" {
		return r.Audio
	}
	return "audio/" + r.ID + ".wav"
}

// writeStudioInterface writes the labelling interface that the tasks need:
// https://labelstud.io/tags/audio
func writeStudioInterface(w io.Writer, all []Recording) error {
	var labels, choices []string
	for _, r := range all {
		for _, m := range r.Marks {
			if m.Whole {
				choices = append(choices, classList(m.Class)...)
			} else {
				labels = append(labels, classList(m.Class)...)
			}
		}
	}
	var b strings.Builder
	b.WriteString("<View>\n")
	writeControl(&b, "Labels", studioLabels, labels)
	if len(choices) > 0 {
		writeControl(&b, "Choices", studioWhole, choices)
	}
	fmt.Fprintf(&b, "  <Audio name=%q value=\"$%s\"/>\n</View>\n", studioAudio, studioAudio)
	_, err := io.WriteString(w, b.String())
	return err
}

// writeControl writes a control with a choice a class.
func writeControl(b *strings.Builder, tag, name string, classes []string) {
	fmt.Fprintf(b, "  <%s name=%q toName=%q>\n", tag, name, studioAudio)
	slices.Sort(classes)
	for _, c := range slices.Compact(classes) {
		fmt.Fprintf(b, "    <%s value=\"", strings.TrimSuffix(tag, "s"))
		xml.EscapeText(b, []byte(c))
		b.WriteString("\"/>\n")
	}
	fmt.Fprintf(b, "  </%s>\n", tag)
}

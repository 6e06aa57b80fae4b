package labelfile

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"

	"prep/data"
)

// Label Studio's JSON: a list of tasks, or a task a line. Each has data, which
// name the audio, and what people (annotations) and models (predictions) made
// of it: https://labelstud.io/guide/task_format. JSON-MIN has one flat object an
// annotation.
type studioTask struct {
	Data        map[string]any `json:"data"`
	Annotations []studioWork   `json:"annotations,omitempty"`
	Completions []studioWork   `json:"completions,omitempty"` // before version 1.0
	Predictions []studioWork   `json:"predictions,omitempty"`
	Drafts      []struct{}     `json:"drafts,omitempty"`
	FileUpload  string         `json:"file_upload,omitempty"`
}

// studioWork is what one person or model made of a task.
type studioWork struct {
	CompletedBy  any            `json:"completed_by,omitempty"` // a number, or an object
	ModelVersion any            `json:"model_version,omitempty"`
	Cancelled    bool           `json:"was_cancelled,omitempty"`
	Result       []studioResult `json:"result"`
}

// studioResult is one statement: a region's labels, or a choice.
type studioResult struct {
	ID             any            `json:"id,omitempty"`
	FromName       string         `json:"from_name"`
	ToName         string         `json:"to_name"`
	Type           string         `json:"type"`
	OriginalLength float64        `json:"original_length,omitempty"` // seconds
	Value          map[string]any `json:"value"`
}

// maxTask is the size of a task that is read whole.
const maxTask = 64 << 20

var errTask = fmt.Errorf("a task of more than %d MB", maxTask>>20)

// taskReader ends with errTask when a task is too long.
type taskReader struct {
	r    io.Reader
	left int64
}

func (t *taskReader) Read(b []byte) (int, error) {
	if t.left <= 0 {
		return 0, errTask
	}
	n, err := t.r.Read(b[:min(int64(len(b)), t.left)])
	t.left -= int64(n)
	return n, err
}

// jsonBytes returns a file of JSON, which is UTF-8 by its standard.
func jsonBytes(in *input) io.Reader {
	b := bytes.TrimPrefix(in.raw, []byte("\xef\xbb\xbf"))
	if bytes.HasPrefix(b, []byte("\xff\xfe")) || bytes.HasPrefix(b, []byte("\xfe\xff")) {
		return bytes.NewReader([]byte(in.text()))
	}
	return bytes.NewReader(b)
}

// isStudio is true of any JSON that is of no other format.
func isStudio(in *input) bool {
	head := bytes.TrimLeft([]byte(in.head[:min(len(in.head), 100)]), "\ufeff \t\r\n")
	return len(head) > 0 && (head[0] == '[' && in.hasExtension(".json") || head[0] == '{' && in.hasExtension(".json", ".jsonl", ".ndjson")) ||
		bytes.HasPrefix(head, []byte("[{")) || bytes.HasPrefix(head, []byte(`{"`))
}

// studioReading is a file of tasks while it is read.
type studioReading struct {
	*reading
	tier     string
	task     int      // the number of the task at hand, from 1
	known    int      // how many were tasks
	broken   error    // where the file could be read no further
	controls []string // of a mark of a whole recording, by its place among the marks
	tally    tally
	whole    map[string]wholeControl
	order    []string // of the names in whole
}

// readStudio reads tasks one at a time.
func readStudio(in *input, out *reading) error {
	s := &studioReading{reading: out, tier: in.opts.Tier, whole: map[string]wholeControl{}}
	r := &taskReader{jsonBytes(in), maxTask}
	d := json.NewDecoder(r)
	first, err := d.Token()
	if err != nil {
		return fmt.Errorf("no JSON: %w", plainJSON(err))
	}
	list := first == json.Delim('[')
	if !list {
		r = &taskReader{jsonBytes(in), maxTask}
		d = json.NewDecoder(r)
	}
	s.addTasks(d, r)
	if _, err := d.Token(); list && err != nil && len(s.Marks) < maxMarks && s.broken == nil {
		s.broken = plainJSON(err)
	}
	if s.known == 0 {
		return fmt.Errorf("%w: no tasks of Label Studio: %w", ErrNoLabels, s.why())
	}
	if s.broken != nil {
		s.addFault(s.task+1, fmt.Errorf("the file cannot be read from here: %w", s.broken))
	}
	s.finish()
	return nil
}

// why says what is wrong with a file without a task.
func (s *studioReading) why() error {
	switch {
	case s.broken != nil:
		return s.broken
	case len(s.Faults) > 0:
		return errors.New(s.Faults[0].Reason)
	}
	return errors.New("the list is empty")
}

// addTasks takes in tasks up to the end of their list, or of what can be read.
func (s *studioReading) addTasks(d *json.Decoder, r *taskReader) {
	for d.More() && len(s.Marks) < maxMarks {
		var raw json.RawMessage
		if err := d.Decode(&raw); err != nil {
			s.broken = plainJSON(err)
			return
		}
		s.task++
		r.left = maxTask
		if err := s.addTask(raw); err != nil {
			s.addFault(s.task, err)
		} else {
			s.known++
		}
	}
}

// plainJSON returns an end of file in the middle as what it is.
func plainJSON(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

var errNoTask = errors.New("this is no task of Label Studio")

// addTask takes in a task of either kind.
func (s *studioReading) addTask(raw json.RawMessage) error {
	var t studioTask
	if err := json.Unmarshal(raw, &t); err != nil {
		return fmt.Errorf("%w: %w", errNoTask, err)
	}
	if t.Data == nil && t.Annotations == nil && t.Predictions == nil {
		return s.addFlat(raw)
	}
	if t.Annotations == nil {
		t.Annotations = t.Completions
	}
	s.tally.add("left out: %s that was not submitted", "draft", len(t.Drafts))
	file := studioFile(t.Data, t.FileUpload)
	if file == "" {
		s.tally.add("left out: %s that names no file of audio", "task", 1)
		return nil
	}
	done := s.counted(t.Annotations)
	for _, w := range done {
		s.addWork(w, Mark{Line: s.task, File: file, Who: studioWho(w.CompletedBy)})
	}
	switch {
	case len(done) > 0:
		s.tally.add("left out: %s of a model, where people have annotated", "prediction", len(t.Predictions))
	case len(t.Predictions) == 0:
		s.tally.add("%s that nobody has annotated", "task", 1)
	default:
		for _, w := range t.Predictions {
			s.addWork(w, Mark{Line: s.task, File: file, Who: studioWho(w.ModelVersion), Model: true})
		}
	}
	return nil
}

// counted returns the annotations of a task that count: of each person the last
// that was not cancelled.
func (s *studioReading) counted(all []studioWork) (done []studioWork) {
	last := map[string]int{}
	for i, w := range all {
		if !w.Cancelled {
			last[studioWho(w.CompletedBy)] = i
		}
	}
	for i, w := range all {
		switch {
		case w.Cancelled:
			s.tally.add("left out: %s that was cancelled", "annotation", 1)
		case last[studioWho(w.CompletedBy)] != i:
			s.tally.add("left out: %s that the same person made again", "annotation", 1)
		default:
			done = append(done, w)
		}
	}
	if len(done) > 1 {
		s.tally.add("%s that several people have annotated: what each says is here", "task", 1)
	}
	return done
}

// studioWho returns a person's address, name or number.
func studioWho(by any) string {
	switch v := by.(type) {
	case map[string]any:
		for _, key := range []string{"email", "username", "first_name", "id"} {
			if who := studioWho(v[key]); who != "" {
				return who
			}
		}
		return ""
	case string:
		return v
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return ""
}

// finish decides between the choices that name recordings, and tells what was
// left out.
func (s *studioReading) finish() {
	s.chooseWhole()
	s.Notes = append(s.Notes, s.tally.notes()...)
}

// wholeControl is a control by which recordings were named, or a field of a flat
// task that may be one.
type wholeControl struct {
	n    int
	sure bool
}

// addWhole takes in a recording's class by a control.
func (s *studioReading) addWhole(control, class string, sure bool, m Mark) {
	if s.tier != "" && control != s.tier {
		s.tally.add(fmt.Sprintf("left out: %%s of the recording by %q", control), "class", 1)
		return
	}
	c, seen := s.whole[control]
	if !seen {
		s.order = append(s.order, control)
	}
	s.whole[control] = wholeControl{c.n + 1, c.sure || sure}
	m.Class, m.Whole = class, true
	s.addMark(m)
	for len(s.controls) < len(s.Marks) {
		s.controls = append(s.controls, control)
	}
}

// wholeNames are names of fields that hold the class of a recording.
var wholeNames = []string{"label", "class", "choice", "sound", "category", "species", "tag", "type"}

// chooseWhole keeps the classes of recordings by one control: the one that most
// are named by. Fields of flat tasks that may be anything must be alone or have a
// telling name.
func (s *studioReading) chooseWhole() {
	if len(s.whole) == 0 {
		return
	}
	best, candidates := "", slices.Clone(s.order)
	sure := func(name string) bool { return s.whole[name].sure }
	if slices.ContainsFunc(candidates, sure) {
		candidates = slices.DeleteFunc(candidates, func(c string) bool { return !sure(c) })
	} else if len(candidates) > 1 {
		candidates = slices.DeleteFunc(candidates, func(c string) bool { return !slices.Contains(wholeNames, c) })
	}
	for _, c := range candidates {
		if best == "" || s.whole[c].n > s.whole[best].n {
			best = c
		}
	}
	if len(s.order) == 1 && best != "" {
		return
	}
	kept := s.Marks[:0]
	for i, m := range s.Marks {
		if !m.Whole || s.controls[i] == best {
			kept = append(kept, m)
		}
	}
	s.Marks = kept
	s.tellWhole(best)
}

// tellWhole says which control was chosen.
func (s *studioReading) tellWhole(best string) {
	if best == "" {
		s.note("none of the fields %q is known to name the class; labels.tier in prep.yaml says which does", s.order)
		return
	}
	s.note("the class of a recording is its %q", best)
	for _, c := range s.order {
		if c != best {
			s.note("left out: %q (%s)", c, data.Counted(s.whole[c].n, "recording"))
		}
	}
}

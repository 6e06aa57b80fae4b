package labelfile

import (
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
)

// task returns a task about take.wav.
func task(fields string) string {
	return `{"id":7,"data":{"x":1,"audio":"/data/upload/1/0a1b2c3d-take.wav"},` + fields + `}`
}

// annotation returns one person's results.
func annotation(who, results string) string {
	return `{"id":3,` + who + `"result":[` + results + `]}`
}

// region returns a result of the kind "labels".
func region(start, end float64, labels string) string {
	return fmt.Sprintf(`{"id":"r%g","type":"labels","from_name":"l","to_name":"audio","value":{"start":%g,"end":%g,"channel":0,"labels":[%s]}}`, start, start, end, labels)
}

func choice(control, words string) string {
	return `{"id":"` + control + `","type":"choices","from_name":"` + control + `","to_name":"audio","value":{"choices":[` + words + `]}}`
}

func annotated(results string) string {
	return "[" + task(`"annotations":[`+annotation("", results)+`]`) + "]"
}

const onTake = " of take.wav"

var studioSayings = []saying{
	{"a region", annotated(region(.1, .15, `"kick"`)), Options{}, "100-150 kick" + onTake},
	{"a point", annotated(region(.1, .1, `"kick"`)), Options{}, "100 kick" + onTake},
	{"a choice is the recording's", annotated(choice("sound", `"kick"`)), Options{}, "whole kick" + onTake},
	{"a choice that is no list", annotated(`{"type":"choices","from_name":"c","value":{"choices":"kick"}}`), Options{}, "whole kick" + onTake},
	{"a place in a taxonomy", annotated(`{"type":"taxonomy","from_name":"c","value":{"taxonomy":[["drum","kick"]]}}`), Options{}, "whole kick" + onTake},
	{"a label of words in a list of other things", annotated(`{"id":"a","type":"labels","value":{"start":1,"labels":[3,[],"kick"]}}`), Options{}, "1000 kick" + onTake},
	{"people by name", "[" + task(`"annotations":[`+annotation(`"completed_by":{"first_name":"Ada"},`, region(.1, .15, `"a"`))+","+annotation(`"completed_by":{},`, region(.1, .15, `"b"`))+","+annotation(`"completed_by":1000000,`, region(.1, .15, `"c"`))+"]") + "]", Options{},
		`100-150 a of take.wav by Ada, 100-150 b of take.wav, 100-150 c of take.wav by 1000000, [1 task that several people have annotated: what each says is here]`},
	{"several choices", annotated(choice("sound", `"kick","loud"`)), Options{},
		`whole kick` + onTake + `, [left out: 1 choice "loud" by "sound", behind the first of a recording]`},
	{"several controls", annotated(choice("sound", `"kick"`) + "," + choice("quality", `"good"`)), Options{},
		`whole kick` + onTake + `, [the class of a recording is its "sound"], [left out: "quality" (1 recording)]`},
	{"a control by name", annotated(choice("sound", `"kick"`) + "," + choice("quality", `"good"`)), Options{Tier: "quality"},
		`whole good` + onTake + `, [left out: 1 class of the recording by "sound"]`},
	{"a choice of a region", annotated(region(.1, .15, `"kick"`) + `,{"id":"r0.1","type":"choices","from_name":"c","value":{"start":0.1,"end":0.15,"choices":["soft"]}}`), Options{},
		`100-150 kick` + onTake + `, [left out: 1 label "soft" by "c", behind the first of a region]`},
	{"a region by a choice alone", annotated(region(.1, .15, ``) + `,{"id":"r0.1","type":"choices","from_name":"c","value":{"start":0.1,"end":0.15,"choices":["kick"]}}`), Options{},
		`100-150 kick` + onTake},
	{"several labels", annotated(region(.1, .15, `"kick","loud"`)), Options{},
		`100-150 kick` + onTake + `, [left out: 1 label "loud" by "l", behind the first of a region]`},
	{"labels by a control of that name", annotated(region(.1, .15, `"kick"`) + `,{"id":"b","type":"labels","from_name":"phrase","value":{"start":0,"end":1,"labels":["verse"]}}`), Options{Tier: "l"},
		`100-150 kick` + onTake + `, [left out: 1 label by "phrase"]`},
	{"a region without a label", annotated(region(.1, .15, ``)), Options{}, `100-150` + onTake + `, [1 region without a label: taken as moments without a class]`},
	{"a time series", annotated(`{"id":"a","type":"timeserieslabels","from_name":"l","value":{"start":0.5,"end":0.5,"instant":true,"timeserieslabels":["kick"]}}`), Options{},
		`500 kick` + onTake + `, [the times of 1 label of a time series are taken as seconds]`},
	{"other kinds", annotated(region(.1, .15, `"kick"`) + `,{"type":"textarea","from_name":"t","value":{"text":["la"]}},{"type":"rating","value":{"rating":3}},{"type":"relation"},{"type":"labels","value":{"start":3,"end":5,"text":"abc","labels":["PER"]}},{"type":"labels","value":{"labels":["x"]}}`), Options{},
		`100-150 kick` + onTake + `, [left out: 1 result of the kind "textarea"], [left out: 1 result of the kind "rating"], [left out: 1 result of the kind "relation"], [left out: 1 result of the kind "labels"], [left out: 1 label without a time]`},
	{"times that are none", annotated(region(.1, .15, `"kick"`) + `,{"id":"b","type":"labels","value":{"start":"soon","labels":["x"]}},{"id":"c","type":"labels","value":{"start":null,"labels":["x"]}},{"id":"d","type":"labels","value":{"start":"0.5","end":0.4,"labels":["x"]}},{"id":"e","type":"labels","value":{"start":-1,"end":0.4,"labels":["x"]}}`), Options{},
		`100-150 kick` + onTake + `, fault 1: "soon" is not a time in seconds, fault 1: "<nil>" is not a time in seconds, fault 1: it ends at 0.4 s, before it begins at 0.5 s, fault 1: -1 s to 0.4 s lies outside any recording`},
	{"several people", "[" + task(`"annotations":[`+annotation(`"completed_by":1,`, region(.1, .15, `"kick"`))+","+annotation(`"completed_by":{"id":2,"email":"b@example.org"},`, region(.1, .15, `"bass"`))+"]") + "]", Options{},
		`100-150 kick of take.wav by 1, 100-150 bass of take.wav by b@example.org, [1 task that several people have annotated: what each says is here]`},
	{"one person twice", "[" + task(`"annotations":[`+annotation(``, region(.1, .15, `"a"`))+","+annotation(``, region(.1, .15, `"b"`))+","+annotation(`"was_cancelled":true,`, region(.1, .15, `"c"`))+"]") + "]", Options{},
		`100-150 b` + onTake + `, [left out: 1 annotation that the same person made again], [left out: 1 annotation that was cancelled]`},
	{"a prediction", "[" + task(`"annotations":[],"predictions":[{"model_version":"m1","result":[`+region(.1, .15, `"kick"`)+`]},{"model_version":null,"result":[`+region(.2, .25, `"hat"`)+`]}]`) + "]", Options{},
		`100-150 kick of take.wav by model m1, 200-250 hat of take.wav by model`},
	{"people before models", "[" + task(`"annotations":[`+annotation(``, region(.1, .15, `"kick"`))+`],"predictions":[{"result":[`+region(.2, .25, `"hat"`)+`]}],"drafts":[{"id":1,"result":[]}]`) + "]", Options{},
		`100-150 kick` + onTake + `, [left out: 1 draft that was not submitted], [left out: 1 prediction of a model, where people have annotated]`},
	{"old completions", "[" + task(`"completions":[`+annotation(``, region(.1, .15, `"kick"`))+`]`) + "]", Options{}, `100-150 kick` + onTake},
	{"a task nobody saw", "[" + task(`"annotations":[]`) + "," + task(`"annotations":[`+annotation("", region(.1, .15, `"kick"`))+"]") + "]", Options{},
		`100-150 kick` + onTake + `, [1 task that nobody has annotated]`},
	{"a task of no file", `[{"data":{"text":"hm"},"annotations":[]},` + strings.TrimPrefix(annotated(region(.1, .15, `"kick"`)), "["), Options{},
		`100-150 kick` + onTake + `, [left out: 1 task that names no file of audio]`},
	{"a task a line", task(`"annotations":[`+annotation("", region(.1, .15, `"kick"`))+"]") + "\n" + task(`"annotations":[`+annotation("", region(.2, .25, `"hat"`))+"]") + "\n", Options{},
		`100-150 kick` + onTake + ", 200-250 hat" + onTake},
	{"a mark at the head", "\ufeff" + annotated(region(.1, .15, `"kick"`)), Options{}, "100-150 kick" + onTake},
	{"cut short", strings.TrimSuffix(annotated(region(.1, .15, `"kick"`)), "]"), Options{}, "100-150 kick" + onTake + ", fault 2: the file cannot be read from here: unexpected EOF"},
	{"cut in a task", strings.TrimSuffix(annotated(region(.1, .15, `"kick"`)), "]") + "," + strings.TrimSuffix(task(`"annotations":[`), "}"), Options{},
		"100-150 kick" + onTake + ", fault 2: the file cannot be read from here: unexpected EOF"},
	{"a task of another kind between", "[" + task(`"annotations":[`+annotation("", region(.1, .15, `"kick"`))+"]") + `,7,{"data":3},{"a":1}]`, Options{},
		"100-150 kick" + onTake + ", fault 2: this is no task of Label Studio: json: cannot unmarshal number into Go value of type labelfile.studioTask, fault 3: this is no task of Label Studio: json: cannot unmarshal number into Go struct field studioTask.data of type map[string]interface {}, fault 4: this is no task of Label Studio: it has no data, and no annotation"},
	{"no tasks", `{"a":1}`, Options{}, "error: no labels in it: no tasks of Label Studio: this is no task of Label Studio: it has no data, and no annotation"},
	{"an empty list", `[]`, Options{}, "error: no labels in it: no tasks of Label Studio: the list is empty"},
	{"no JSON", `{"a" 1}`, Options{}, "error: no labels in it: no tasks of Label Studio: invalid character '1' after object key"},
	{"half a word", `[`, Options{}, "error: no labels in it: no tasks of Label Studio: unexpected EOF"},
	{"a control with a percent sign", annotated(region(.1, .15, `"kick","100%s"`)), Options{}, `100-150 kick` + onTake + `, [left out: 1 label "100%s" by "l", behind the first of a region]`},
}

func TestLabelStudio(t *testing.T) { checkSayings(t, ".json", studioSayings) }

// flat returns an object of JSON-MIN.
func flat(outputs string) string {
	return `{"audio":"/data/upload/1/0a1b2c3d-take.wav","name":"p1","id":7,` + outputs + `"annotator":1,"annotation_id":9,"created_at":"2024-01-01T00:00:00Z","lead_time":3.2}`
}

var flatSayings = []saying{
	{"regions", "[" + flat(`"label":[{"start":0.1,"end":0.15,"channel":0,"labels":["kick"]},{"start":0.2,"end":0.25,"labels":["hat","soft"]},{"start":0.3,"end":0.35}],`) + "]", Options{},
		`100-150 kick of take.wav by 1, 200-250 hat of take.wav by 1, 300-350 of take.wav by 1, [left out: 1 label "soft" by "label", behind the first of a region], [1 region without a label: taken as moments without a class]`},
	{"a choice", "[" + flat(`"beat":"kick",`) + "]", Options{}, "whole kick of take.wav by 1"},
	{"several choices", "[" + flat(`"beat":{"choices":["kick","soft"]},`) + "]", Options{}, `whole kick of take.wav by 1, [left out: 1 choice "soft" by "beat", behind the first of a recording]`},
	{"fields in the order of their names", `[{"annotation_id":9,"annotator":"a@example.org","audio":"take.wav","created_at":"2024","id":7,"label":"kick","name":"p1"}]`, Options{},
		`whole kick of take.wav by a@example.org, [the class of a recording is its "label"], [left out: "name" (1 recording)]`},
	{"fields of which none is known", `[{"annotation_id":9,"audio":"take.wav","mood":"kick","name":"p1"}]`, Options{},
		`error: no labels in it: none of the fields ["mood" "name"] is known to name the class; labels.tier in prep.yaml says which does`},
	{"a field that is named", `[{"annotation_id":9,"audio":"take.wav","mood":"kick","name":"p1"}]`, Options{Tier: "mood"},
		`whole kick of take.wav, [left out: 1 class of the recording by "name"]`},
	{"no file", `[{"annotation_id":9,"mood":"kick"},` + flat(`"beat":"kick",`) + "]", Options{}, "whole kick of take.wav by 1, [left out: 1 task that names no file of audio]"},
	{"regions that are none", "[" + flat(`"label":[3,{"x":1,"y":2,"rectanglelabels":["a"]}],"beat":"kick",`) + "]", Options{}, "whole kick of take.wav by 1"},
	{"a time series", "[" + flat(`"ts":[{"start":1,"end":2,"instant":false,"timeserieslabels":["kick"]}],`) + "]", Options{},
		"1000-2000 kick of take.wav by 1, [the times of 1 label of a time series are taken as seconds]"},
}

func TestLabelStudioMin(t *testing.T) { checkSayings(t, ".json", flatSayings) }

func TestStudioFile(t *testing.T) {
	for _, tc := range []struct{ audio, uploaded, want string }{
		{"/data/local-files/?d=s%2Faudio%2F01.wav", "", "s/audio/01.wav"},
		{"/data/local-files?d=my%20set/a+b.wav", "", "my set/a b.wav"},
		{"/data/upload/1/0a1b2c3d-take-000.wav", "", "take-000.wav"},
		{"0a1b2c3d-take-000.wav", "0a1b2c3d-take-000.wav", "take-000.wav"},
		{"deadbeef-take.wav", "", "deadbeef-take.wav"},
		{"https://example.org/a/take.wav?x=1", "", "a/take.wav"},
		{"s3://bucket/a/take 1.flac", "", "a/take 1.flac"},
		{"take #3.wav", "", "take #3.wav"},
		{"100%.wav", "", "100%.wav"},
		{`C:\sounds\take.WAV`, "", "C:/sounds/take.WAV"},
		{"take.xyz", "", "take.xyz"},
		{"nothing", "0a1b2c3d-take.wav", "take.wav"},
		{"nothing", "", ""},
	} {
		if got := studioFile(map[string]any{"audio": tc.audio, "group": "a b.c"}, tc.uploaded); got != tc.want {
			t.Errorf("%q is %q, want %q", tc.audio, got, tc.want)
		}
	}
	if got := studioFile(map[string]any{"text": "p. 3", "url": "/x/b.mp3", "wav": "a.wav"}, ""); got != "x/b.mp3" {
		t.Errorf("of several fields: %q", got)
	}
}

// Case 24: a choice for each of three one-shots.
func TestLabelStudioCase24(t *testing.T) {
	b, err := os.ReadFile("testdata/label-studio-choices.json")
	if err != nil {
		t.Fatal(err)
	}
	want := "whole kick of one_kick.flac, whole hat of one_hat.flac, whole snare of one_snare.flac"
	if got := says("export.json", string(b), Options{}); got != want {
		t.Errorf("it says %s", got)
	}
}

func TestTasksAreBounded(t *testing.T) {
	r := &taskReader{strings.NewReader(`["` + strings.Repeat("a", 1000)), 100}
	if _, err := io.ReadAll(r); err != errTask {
		t.Errorf("a long task: %v", err)
	}
	if got := says("x.json", `[`+strings.Repeat("[", 20000), Options{}); !strings.Contains(got, "max depth") {
		t.Errorf("lists in each other: %s", got)
	}
}

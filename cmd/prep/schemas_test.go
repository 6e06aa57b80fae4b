package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/google/jsonschema-go/jsonschema"

	"prep/data"
	"prep/data/corpus"
	"prep/train"
)

// schemas are the JSON Schemas of docs/schemas, and the types that write what they describe.
var schemas = map[string]any{"recordings": data.Recording{}, "hits": data.Hit{}, "labels": data.Label{}, "report": publishedReport{}}

// publishedReport is what report.json holds.
type publishedReport struct {
	train.Report
	Method string `json:"method"`
}

// openSchema returns a schema and what checks values against it.
func openSchema(t *testing.T, name string) (*jsonschema.Schema, *jsonschema.Resolved) {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("..", "..", "docs", "schemas", name+".schema.json"))
	var s jsonschema.Schema
	if err == nil {
		err = json.Unmarshal(raw, &s)
	}
	var r *jsonschema.Resolved
	if err == nil {
		r, err = s.Resolve(nil)
	}
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return &s, r
}

// Every field that prep writes is in its schema with its type, and no other is.
func TestSchemasHaveTheFieldsThatAreWritten(t *testing.T) {
	for name, v := range schemas {
		s, _ := openSchema(t, name)
		if want := fmt.Sprintf("urn:prep:%s:%v", name, s.Extra["x-format"]); s.ID != want {
			t.Errorf("%s is called %s, want %s", name, s.ID, want)
		}
		got, want := map[string]string{}, map[string]string{}
		describedFields(s, s, "", got)
		writtenFields(reflect.TypeOf(v), "", want)
		if diff := difference(got, want); diff != "" {
			t.Errorf("%s: %s\nthe schema: %v\nwritten: %v", name, diff, got, want)
		}
	}
}

// describedFields collects the fields of a schema and their types.
func describedFields(root, s *jsonschema.Schema, at string, all map[string]string) {
	if name, ok := strings.CutPrefix(s.Ref, "#/$defs/"); ok {
		s = root.Defs[name]
	}
	kind := s.Type
	for _, k := range s.Types {
		if k != "null" {
			kind = k
		}
	}
	all[at] = kind
	for name, p := range s.Properties {
		describedFields(root, p, at+"."+name, all)
	}
	if s.Items != nil {
		describedFields(root, s.Items, at+"[]", all)
	}
	if s.AdditionalProperties != nil && (s.AdditionalProperties.Type != "") {
		describedFields(root, s.AdditionalProperties, at+"{}", all)
	}
}

// writtenFields collects the fields of a type as encoding/json writes them.
func writtenFields(t reflect.Type, at string, all map[string]string) {
	kinds := map[reflect.Kind]string{reflect.Struct: "object", reflect.Map: "object", reflect.Slice: "array", reflect.Array: "array",
		reflect.String: "string", reflect.Bool: "boolean", reflect.Float64: "number", reflect.Int: "integer", reflect.Uint64: "integer"}
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t == reflect.TypeFor[json.RawMessage]() {
		all[at] = "" // any
		return
	}
	all[at] = kinds[t.Kind()]
	switch t.Kind() {
	case reflect.Struct:
		for _, f := range reflect.VisibleFields(t) {
			if name, _, _ := strings.Cut(f.Tag.Get("json"), ","); name != "" && name != "-" {
				writtenFields(f.Type, at+"."+name, all)
			}
		}
	case reflect.Slice, reflect.Array:
		writtenFields(t.Elem(), at+"[]", all)
	case reflect.Map:
		writtenFields(t.Elem(), at+"{}", all)
	}
}

// What prep writes, and what prep 0.1.0 wrote, is as the schemas say.
func TestSchemasHoldOfWhatIsWritten(t *testing.T) {
	old, err := filepath.Abs(filepath.Join("testdata", "set-0.1.0"))
	must(t, err)
	checks := map[string]*jsonschema.Resolved{}
	for name := range schemas {
		_, checks[name] = openSchema(t, name)
	}
	made := writeSet(t)
	for _, set := range []string{old, made} {
		for _, name := range []string{"recordings", "hits", "labels"} {
			lines := bytes.Split(bytes.TrimSpace(fileBytes(t, set, name+".jsonl")), []byte("\n"))
			for i, line := range lines {
				if err := validate(checks[name], line); err != nil {
					t.Fatalf("%s.jsonl:%d of %s: %v\n%s", name, i+1, filepath.Base(set), err, line)
				}
			}
		}
		if err := validate(checks["report"], fileBytes(t, set, "models", "tiny", "report.json")); err != nil {
			t.Errorf("report.json of %s: %v", filepath.Base(set), err)
		}
	}
	journal := string(fileBytes(t, made, data.LabelsFile))
	hits := string(fileBytes(t, made, data.HitsFile))
	if !strings.Contains(journal, `"by":"human"`) || !strings.Contains(journal, `"by":"import"`) || !strings.Contains(hits, `"gain_db"`) {
		t.Error("nothing was written by a person, by an import, or of a copy: too little was checked")
	}
}

func validate(r *jsonschema.Resolved, raw []byte) error {
	var v any
	if err := json.Unmarshal(raw, &v); err != nil {
		return err
	}
	return r.Validate(v)
}

// fileBytes returns the content of a file.
func fileBytes(t *testing.T, path ...string) []byte {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(path...))
	must(t, err)
	return raw
}

// writeSet returns the folder of a set that prep wrote from recordings to a model, with a
// label of a person.
func writeSet(t *testing.T) string {
	t.Helper()
	dir, c := t.TempDir(), corpus.Default()
	c.Voices, c.TakesPerVoice, c.HitsPerTake = 2, 1, 14
	t.Chdir(dir)
	must(t, corpus.Write("takes", c), os.WriteFile("prep.yaml", []byte(tinyConfig), 0o666), os.WriteFile("tiny.yaml", []byte(tinyNet), 0o666),
		os.MkdirAll("said/voice-01", 0o777), os.WriteFile("said/voice-01/take-1.csv", []byte("onset,end,label\n0.5,0.53,boots\n"), 0o666))
	for _, command := range [][]string{{"ingest"}, {"segment"}, {"augment"}, {"features"}, {"train"}, {"label", "--who", "ada", "--import", "said"}} {
		args := append([]string{"--config", "prep.yaml", "--set", "set", "-q"}, command...)
		var said bytes.Buffer
		if code, err := execute(t.Context(), args, &said, &said); code != 0 || err != nil {
			t.Fatalf("%v: exit %d, %v\n%s", command, code, err, said.String())
		}
	}
	return filepath.Join(dir, "set")
}

// What no line can be the schemas refuse: each is a good one with one field that is wrong.
func TestSchemasRefuse(t *testing.T) {
	good := map[string]string{
		"recordings": `{"id":"00ff","name":"a.wav","group":"a","rate":44100,"samples":7}`,
		"hits":       `{"id":"00ff-000000100","recording":"00ff","start":90,"onset":100,"end":400,"found":"detected","mark":-1,"confidence":1,"peak_db":-3,"rms_db":-9,"snr_db":30}`,
		"labels":     `{"recording":"00ff","onset":100,"class":"kick","by":"human"}`,
		"report":     string(fileBytes(t, "testdata", "set-0.1.0", "models", "tiny", "report.json")),
	}
	for _, tc := range []struct{ schema, field, value string }{
		{"recordings", "id", `"../x"`}, {"recordings", "id", `".."`}, {"recordings", "id", `""`}, {"recordings", "rate", `0`}, {"recordings", "rate", `44100.5`},
		{"recordings", "samples", `-1`}, {"recordings", "group", `""`}, {"recordings", "name", ``}, {"recordings", "meta", `{"year":1999}`},
		{"recordings", "audio_crc32c", `"xyz"`}, {"recordings", "colour", `"red"`},
		{"hits", "found", `"guessed"`}, {"hits", "confidence", `1.01`}, {"hits", "mark", `-2`}, {"hits", "onset", `"100"`}, {"hits", "end", `0`}, {"hits", "start", `1e300`},
		{"hits", "snr_db", `null`}, {"hits", "parent", `"a/b"`}, {"hits", "lineage", `[{"amounts":{}}]`}, {"hits", "lineage", `[{"name":"gain","amounts":{"gain_db":"loud"}}]`},
		{"labels", "by", `"somebody"`}, {"labels", "by", ``}, {"labels", "onset", `-1`}, {"labels", "moment", `"later"`}, {"labels", "time", `"yesterday"`}, {"labels", "reject", `1`},
		{"report", "format", `2`}, {"report", "accuracy", `1.5`}, {"report", "ci", `[0.1]`}, {"report", "classes", `"kick"`}, {"report", "folds", `[{"fold":0}]`}, {"report", "protocol", ``},
	} {
		_, r := openSchema(t, tc.schema)
		var v map[string]any
		if err := json.Unmarshal([]byte(good[tc.schema]), &v); err != nil || r.Validate(v) != nil {
			t.Fatalf("%s: the good one is refused: %v, %v", tc.schema, err, r.Validate(v))
		}
		delete(v, tc.field)
		if tc.value != "" {
			var bad any
			if err := json.Unmarshal([]byte(tc.value), &bad); err != nil {
				t.Fatal(err)
			}
			v[tc.field] = bad
		}
		if err := r.Validate(v); err == nil {
			t.Errorf("%s: %s of %s is taken", tc.schema, tc.field, tc.value)
		}
	}
}

package check

import (
	"context"
	"encoding/xml"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"prep/cmd/internal/gates"
	"prep/data"
	"prep/data/datatest"
	"prep/segment"
)

// small is a set of 14 hits of 7 classes in 2 groups, with patches and the
// model "tiny".
const small = "../../prep/testdata/set-0.1.0"

func view(t *testing.T) gates.View {
	t.Helper()
	return gates.View{Set: datatest.CopySet(t, small), Model: "tiny", Detector: segment.Default()}
}

func run(t *testing.T, v gates.View, c gates.Config) Result {
	t.Helper()
	r, err := Run(t.Context(), v, c)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestASoundSetIsJudgedByItsGates(t *testing.T) {
	v := view(t)
	for _, c := range []struct {
		config  gates.Config
		ok      bool
		verdict string
		failed  string
	}{
		{gates.Config{}, true, "nothing is wrong", ""},
		{gates.Config{LeastHits: 2, LeastGroups: 2}, true, "nothing is wrong", ""},
		{gates.Config{LeastHits: 2, LeastGroups: 9}, false, "1 of 2 gates failed", "least_groups"},
	} {
		r := run(t, v, c.config)
		failed := ""
		for _, g := range r.Failed() {
			failed += g.Name
		}
		if r.OK != c.ok || r.Verdict() != c.verdict || failed != c.failed || len(r.Problems) > 0 || r.Listing() != "" {
			t.Errorf("%+v: got %+v, %q; want %v, %q", c.config, r, r.Verdict(), c.ok, c.verdict)
		}
	}
}

// Each file of a set that is not what it should be is told by its name, and a
// set with a problem is not judged.
func TestWhatIsWrongIsToldByItsFile(t *testing.T) {
	asks := gates.Config{LeastHits: 1}
	for _, c := range []struct {
		file, from, to string // the first from becomes to; all of the file where from is ""
		where, what    string
	}{
		{data.LabelsFile, `"recording":"8b8e5cf765bd75d9"`, `"recording":"nobody"`, "labels.jsonl:1", `label of recording "nobody", which is not listed`},
		{"runs/segment.json", "", "{", "runs/segment.json", "not a record of segment"},
		{"features/mel.json", "", "[1]", "features/mel.json", "not a recipe of patches"},
		{"features/mel.json", `"kind": "mel"`, `"kind": "pcen"`, "features/mel.json", `the recipe is of kind "pcen"`},
		{"features/mel.json", `"frames": 16`, `"frames": 32`, "features/mel.json", "the recipe makes patches of 16x32x1, the array has 16x16x1"},
		{"features/mel.npy", "", "none", "features/mel", "features/mel.npy: "},
		{"models/tiny/weights.safetensors", "", "none", "models/tiny", "weights.safetensors: "},
		{"models/tiny/report.json", "", "{", "models/tiny", "report.json: "},
		{"models/tiny/history.csv", "", "fit,epoch\nfold 1,1\n", "models/tiny", "history.csv:2: "},
		{"models/tiny/predictions.jsonl", "", "", "models/tiny", "no predictions of held-out hits"},
	} {
		v := view(t)
		spoil(t, v.Set.Path(filepath.FromSlash(c.file)), c.from, c.to)
		r := run(t, v, asks)
		if !tells(r, c.where, c.what) {
			t.Errorf("%s: got %v, want %q at %s", c.file, r.Problems, c.what, c.where)
		}
		if r.OK || len(r.Gates) > 0 {
			t.Errorf("%s: a set with problems was judged: %+v", c.file, r)
		}
		if strings.Contains(r.Listing(), v.Set.Path()) {
			t.Errorf("%s: the listing names this machine's folders: %s", c.file, r.Listing())
		}
	}
}

func spoil(t *testing.T, path, from, to string) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	spoilt := to
	if from != "" {
		spoilt = strings.Replace(string(text), from, to, 1)
	}
	if spoilt == string(text) {
		t.Fatalf("%s holds no %q", path, from)
	}
	if err := os.WriteFile(path, []byte(spoilt), 0o666); err != nil {
		t.Fatal(err)
	}
}

func tells(r Result, where, what string) bool {
	for _, p := range r.Problems {
		if p.Where == where && strings.Contains(p.What, what) {
			return true
		}
	}
	return false
}

// A folder without a report is a training on its way, no problem.
func TestATrainingOnItsWayIsNoProblem(t *testing.T) {
	v := view(t)
	if err := os.MkdirAll(v.Set.Path("models", "begun"), 0o777); err != nil {
		t.Fatal(err)
	}
	if r := run(t, v, gates.Config{}); !r.OK {
		t.Errorf("got %+v", r)
	}
}

func TestACheckEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Run(ctx, view(t), gates.Config{}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want %v", err, context.Canceled)
	}
}

func TestVerdictCountsProblemsBeforeGates(t *testing.T) {
	p, failed := data.Problem{Where: "hits.jsonl:1", What: "gone"}, gates.Gate{}
	for _, c := range []struct {
		r    Result
		want string
	}{
		{Result{Problems: []data.Problem{p}, Gates: []gates.Gate{failed}}, "1 problem"},
		{Result{Problems: []data.Problem{p, p}}, "2 problems"},
		{Result{Gates: []gates.Gate{failed, {OK: true}, failed}}, "2 of 3 gates failed"},
		{Result{}, "nothing is wrong"},
	} {
		if got := c.r.Verdict(); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}

// The JUnit report counts its cases and failures and keeps every problem, with
// what XML has no place for escaped.
func TestJUnitCountsAndKeepsEveryProblem(t *testing.T) {
	r := Result{
		Problems: []data.Problem{{Where: "hits.jsonl:1", What: `hit "a<b>&c"`}, {Where: "runs", What: "second"}},
		Gates:    []gates.Gate{{Name: "least_hits", OK: true, Word: "class \"<k>\" has 4"}, {Name: "least_groups", Word: "2 groups"}},
	}
	var text strings.Builder
	if err := r.JUnit(&text); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(text.String(), xml.Header) || !strings.HasSuffix(text.String(), "</testsuites>\n") {
		t.Errorf("no XML document: %s", text.String())
	}
	var got junitSuites
	if err := xml.Unmarshal([]byte(text.String()), &got); err != nil {
		t.Fatal(err)
	}
	cases := got.Suite.Cases
	if got.Tests != 3 || got.Failures != 2 || got.Suite.Tests != 3 || got.Suite.Failures != 2 || len(cases) != 3 {
		t.Fatalf("got %+v, want 3 cases and 2 failures", got)
	}
	set, hits, groups := cases[0], cases[1], cases[2]
	if set.Failure == nil || set.Failure.Message != `hits.jsonl:1: hit "a<b>&c"` || set.Failure.Text != r.Listing() {
		t.Errorf("the set's case: %+v", set.Failure)
	}
	if hits.Failure != nil || hits.Out != r.Gates[0].Word || groups.Failure == nil || groups.Failure.Message != "2 groups" || groups.Out != "" {
		t.Errorf("the gates' cases: %+v, %+v", hits, groups)
	}
}

// full is a disk that fills after some bytes.
type full struct{ room int }

var errFull = errors.New("no space left")

func (f *full) Write(p []byte) (int, error) {
	if f.room -= len(p); f.room < 0 {
		return 0, errFull
	}
	return len(p), nil
}

func TestJUnitTellsOfAFullDisk(t *testing.T) {
	var whole strings.Builder
	if err := (Result{}).JUnit(&whole); err != nil {
		t.Fatal(err)
	}
	for _, room := range []int{0, len(xml.Header), whole.Len() - 1} {
		if err := (Result{}).JUnit(&full{room}); !errors.Is(err, errFull) {
			t.Errorf("with room for %d of %d bytes: got %v, want %v", room, whole.Len(), err, errFull)
		}
	}
}

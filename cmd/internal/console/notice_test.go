package console

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"prep/data"
)

// What a property or a text may not hold is escaped as GitHub reads it.
func TestNoticesAreGitHubsCommands(t *testing.T) {
	t.Setenv("GITHUB_ACTIONS", "true")
	for _, c := range []struct {
		n    Notice
		want string
	}{
		{Notice{Level: Info, Text: "done"}, "::notice::done\n"},
		{Notice{Level: Warning, Title: "ingest skipped a:b,c.wav", Text: "no: audio, 5 %\nat all"},
			"::warning title=ingest skipped a%3Ab%2Cc.wav::no: audio, 5 %25%0Aat all\n"},
		{Notice{Level: Error, File: "s/labels.jsonl", Line: 3, Title: "100 %\r\n", Text: "bad\r"},
			"::error file=s/labels.jsonl,line=3,title=100 %25%0D%0A::bad%0D\n"},
	} {
		var w strings.Builder
		Tell(&w, Text, []Notice{c.n})
		if w.String() != c.want {
			t.Errorf("got %q, want %q", w.String(), c.want)
		}
	}
}

// GitHub shows ten of a level: the others are not written, so that none of
// another level is lost behind them.
func TestGitHubGetsTenOfALevel(t *testing.T) {
	t.Setenv("GITHUB_ACTIONS", "true")
	var all []Notice
	for i := range 15 {
		all = append(all, Notice{Level: Warning, Text: fmt.Sprint("skip ", i)})
	}
	all = append(all, Notice{Level: Error, Text: "last"})
	var w strings.Builder
	Tell(&w, Text, all)
	lines := strings.Split(strings.TrimSpace(w.String()), "\n")
	if len(lines) != 11 || lines[9] != "::warning::skip 9" || lines[10] != "::error::last" {
		t.Errorf("got %d lines, the last %q", len(lines), lines[len(lines)-1])
	}
}

// A log of JSON has every notice with its time, on GitHub or not; a person is
// told nothing twice.
func TestNoticesInJSONAreALineEach(t *testing.T) {
	for _, github := range []string{"true", ""} {
		t.Setenv("GITHUB_ACTIONS", github)
		notices := slices.Repeat([]Notice{{Level: Error, Title: "a<b", File: "f", Line: 2, Text: `"&"`}}, 12)
		var w bytes.Buffer
		Tell(&w, JSON, notices)
		if !bytes.Contains(w.Bytes(), []byte(`"a<b"`)) || bytes.Count(w.Bytes(), []byte("\n")) != 12 {
			t.Errorf("GITHUB_ACTIONS=%q: got %s", github, w.String())
		}
		var got Notice
		if err := json.NewDecoder(&w).Decode(&got); err != nil {
			t.Fatal(err)
		}
		if _, err := time.Parse(time.RFC3339, got.Time); err != nil {
			t.Error(err)
		}
		if got.Time = ""; got != notices[0] {
			t.Errorf("got %+v, want %+v", got, notices[0])
		}
	}
	var w strings.Builder
	if Tell(&w, Text, []Notice{{Level: Error, Text: "x"}}); w.Len() > 0 {
		t.Errorf("a person is told %q", w.String())
	}
}

func TestSkipsAreWarnings(t *testing.T) {
	got := Skips("ingest", []data.Skip{{Item: "a.wav", Reason: "no audio"}, {Item: "b.wav", Reason: "empty"}})
	want := []Notice{{Level: Warning, Title: "ingest skipped a.wav", Text: "no audio"}, {Level: Warning, Title: "ingest skipped b.wav", Text: "empty"}}
	if !slices.Equal(got, want) || len(Skips("ingest", nil)) > 0 {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

// A summary goes behind what the job's earlier steps wrote, and nowhere where
// there is no job.
func TestSummariesAreAppended(t *testing.T) {
	file := filepath.Join(t.TempDir(), "summary.md")
	t.Setenv(SummaryFile, file)
	for _, text := range []string{"one\n", "two\n"} {
		if err := Summarize(func(w io.Writer) error { _, err := io.WriteString(w, text); return err }); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := os.ReadFile(file); err != nil || string(got) != "one\ntwo\n" {
		t.Errorf("got %q, %v", got, err)
	}
	if err := Summarize(func(io.Writer) error { return io.ErrShortWrite }); !errors.Is(err, io.ErrShortWrite) {
		t.Errorf("of a page that cannot be written: %v", err)
	}
	t.Setenv(SummaryFile, filepath.Dir(file))
	if err := Summarize(func(io.Writer) error { return nil }); err == nil {
		t.Error("a summary that is a folder: no error")
	}
	t.Setenv(SummaryFile, "")
	if err := Summarize(func(io.Writer) error { t.Error("a page is written for no job"); return nil }); err != nil {
		t.Error(err)
	}
}

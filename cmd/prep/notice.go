package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"prep/data"
	"prep/data/document"
)

// The values of --log-format.
const (
	logText = "text"
	logJSON = "json"
)

// The levels of a notice, by GitHub's names.
const (
	levelError   = "error"
	levelWarning = "warning"
	levelNotice  = "notice"
)

// notice is a sentence for whoever watches a run from afar.
type notice struct {
	Time  string `json:"time"`
	Level string `json:"level"`
	Title string `json:"title,omitempty"`
	File  string `json:"file,omitempty"`
	Line  int    `json:"line,omitempty"`
	Text  string `json:"text"`
}

// noted is a result with something to tell of: set is its set's directory.
type noted interface{ notices(set string) []notice }

// summarized is a result that a CI job can show as a page.
type summarized interface{ page() *document.Page }

// noticesALevel is how many of a level GitHub shows of a step.
const noticesALevel = 10

// tell says on standard error what a result has to tell: as JSON lines if asked
// to, else, where GitHub Actions listens, as its workflow commands. A person
// reads the result itself.
func (a *app) tell(notices []notice) {
	told := map[string]int{}
	for _, n := range notices {
		told[n.Level]++
		switch {
		case a.logFormat == logJSON:
			writeJSONLine(a.stderr, n.now())
		case onGitHub() && told[n.Level] <= noticesALevel:
			fmt.Fprintln(a.stderr, n.command())
		}
	}
}

// onGitHub reports whether a step of GitHub Actions runs this.
func onGitHub() bool { return os.Getenv("GITHUB_ACTIONS") == "true" }

// now dates a notice: logs may hold a clock, sets may not.
func (n notice) now() notice {
	n.Time = time.Now().UTC().Format(time.RFC3339)
	return n
}

func writeJSONLine(w io.Writer, v any) {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.Encode(v) // a log that cannot be written is no reason to stop
}

// command returns the notice as a workflow command.
// https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
func (n notice) command() string {
	var properties []string
	add := func(name, value string) {
		if value != "" {
			value = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C").Replace(value)
			properties = append(properties, name+"="+value)
		}
	}
	add("file", n.File)
	if n.Line > 0 {
		add("line", strconv.Itoa(n.Line))
	}
	add("title", n.Title)
	text := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(n.Text)
	return strings.TrimSuffix("::"+n.Level+" "+strings.Join(properties, ","), " ") + "::" + text
}

// skipNotices warns of what a stage left out.
func skipNotices(stage string, skips []data.Skip) (notices []notice) {
	for _, s := range skips {
		notices = append(notices, notice{Level: levelWarning, Title: stage + " skipped " + s.Item, Text: s.Reason})
	}
	return notices
}

// notices warns of the skips.
func (r stageResult) notices(string) []notice { return skipNotices(r.Stage, r.Skips) }

// notices warns of the skips of all stages.
func (r stageResults) notices(set string) (all []notice) {
	for _, s := range r.Stages {
		all = append(all, s.notices(set)...)
	}
	return all
}

// notices warns of the skips of all stages and tells the accuracy.
func (l lineResult) notices(string) (all []notice) {
	for _, s := range l.Stages {
		all = append(all, skipNotices(s.Stage, s.Skips)...)
	}
	t := l.Train
	return append(all, notice{Level: levelNotice, Title: "accuracy",
		Text: fmt.Sprintf("%.3f, 95 %% interval %.3f to %.3f (%s)", t.Accuracy, t.CI[0], t.CI[1], t.Protocol)})
}

// page returns the report, where it was gathered.
func (l lineResult) page() *document.Page { return l.report }

// notices names the file and line of each problem, and each gate.
func (r checkResult) notices(set string) (all []notice) {
	for _, p := range r.Problems {
		n := notice{Level: levelError, Title: "prep check", File: path.Join(filepath.ToSlash(set), p.Where), Text: p.What}
		if file, line, ok := strings.Cut(n.File, ":"); ok {
			n.File = file
			n.Line, _ = strconv.Atoi(line) // 0 says that there is none
		}
		all = append(all, n)
	}
	for _, g := range r.Gates {
		n := notice{Level: levelNotice, Title: "gate " + g.Name + " passed", Text: g.Word}
		if !g.OK {
			n.Level, n.Title = levelError, "gate "+g.Name+" failed"
		}
		all = append(all, n)
	}
	return all
}

// summaryFile names, in the environment, the file of the job's summary.
const summaryFile = "GITHUB_STEP_SUMMARY"

// summarize appends a page to the job's summary, where GitHub Actions has one.
func summarize(p *document.Page) error {
	name := os.Getenv(summaryFile)
	if name == "" || p == nil {
		return nil
	}
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o666)
	if err != nil {
		return err
	}
	err = p.Markdown(f, false)
	if closed := f.Close(); err == nil {
		err = closed
	}
	return err
}

package console

import (
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"prep/data"
)

// The levels of a notice, by GitHub's names.
const (
	Error   = "error"
	Warning = "warning"
	Info    = "notice"
)

// Notice is a sentence for whoever watches a run from afar.
type Notice struct {
	Time  string `json:"time"`
	Level string `json:"level"`
	Title string `json:"title,omitempty"`
	File  string `json:"file,omitempty"`
	Line  int    `json:"line,omitempty"`
	Text  string `json:"text"`
}

// noticesALevel is how many of a level GitHub shows of a step.
const noticesALevel = 10

// Tell writes notices: as JSON lines where that is the format of the log, else,
// where GitHub Actions listens, as its workflow commands. A person reads the
// result itself.
func Tell(w io.Writer, format string, notices []Notice) {
	told := map[string]int{}
	for _, n := range notices {
		told[n.Level]++
		switch {
		case format == JSON:
			n.Time = time.Now().UTC().Format(time.RFC3339) // logs may hold a clock, sets may not
			writeLine(w, n)
		case onGitHub() && told[n.Level] <= noticesALevel:
			fmt.Fprintln(Raw(w), n.command())
		}
	}
}

// onGitHub reports whether a step of GitHub Actions runs this.
func onGitHub() bool { return os.Getenv("GITHUB_ACTIONS") == "true" }

// plain returns a value of a command without control characters but line breaks,
// which the command has its own way to write.
func plain(value string) string {
	lines := strings.Split(value, "\n")
	for i, line := range lines {
		line, cr := strings.CutSuffix(line, "\r")
		if lines[i] = Safe(line); cr {
			lines[i] += "\r"
		}
	}
	return strings.Join(lines, "\n")
}

// command returns the notice as a workflow command.
// https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
func (n Notice) command() string {
	var properties []string
	add := func(name, value string) {
		if value = plain(value); value != "" {
			value = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C").Replace(value)
			properties = append(properties, name+"="+value)
		}
	}
	add("file", n.File)
	if n.Line > 0 {
		add("line", strconv.Itoa(n.Line))
	}
	add("title", n.Title)
	text := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(plain(n.Text))
	return strings.TrimSuffix("::"+n.Level+" "+strings.Join(properties, ","), " ") + "::" + text
}

// Skips returns a warning for each item that a stage left out.
func Skips(stage string, skips []data.Skip) (notices []Notice) {
	for _, s := range skips {
		notices = append(notices, Notice{Level: Warning, Title: stage + " skipped " + s.Item, Text: s.Reason})
	}
	return notices
}

// SummaryFile names, in the environment, the file of a GitHub job's summary.
const SummaryFile = "GITHUB_STEP_SUMMARY"

// Summarize appends what write writes to the job's summary, where GitHub
// Actions has one.
func Summarize(write func(io.Writer) error) error {
	name := os.Getenv(SummaryFile)
	if name == "" {
		return nil
	}
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o666)
	if err != nil {
		return err
	}
	err = write(f)
	if closed := f.Close(); err == nil {
		err = closed
	}
	return err
}

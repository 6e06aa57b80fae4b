package console

import (
	"fmt"
	"io"
	"os"
	"runtime/metrics"
	"strings"
	"time"

	"github.com/rivo/uniseg"
	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"prep/data"
)

// lineEvery is how often progress prints a line where there is no terminal.
const lineEvery = 5 * time.Second

// NewProgress shows steps on w: a bar on a terminal, a plain line every few
// seconds elsewhere, or, as format asks, a line of JSON.
func NewProgress(w io.Writer, format string) data.Progress {
	f, ok := Raw(w).(*os.File)
	switch {
	case format == JSON:
		return (&lines{last: time.Now(), print: func(p pace) { writeLine(w, p) }}).step
	case ok && term.IsTerminal(int(f.Fd())):
		return (&bar{w: f}).step
	}
	return (&lines{last: time.Now(), print: func(p pace) { fmt.Fprintln(w, p) }}).step
}

// bar shows the running stage as a progress bar.
type bar struct {
	w   *os.File
	bar *progressbar.ProgressBar
	clock
}

func (b *bar) step(s data.Step) {
	if b.begins(s) {
		b.bar = progressbar.NewOptions(barSteps,
			progressbar.OptionSetWriter(b.w),
			progressbar.OptionSetWidth(barWidth),
			progressbar.OptionThrottle(80*time.Millisecond),
			progressbar.OptionSetPredictTime(false), // which is of the program's own steps, not of those done before
			progressbar.OptionSetElapsedTime(false),
			progressbar.OptionClearOnFinish())
	}
	progressbar.OptionSetDescription(b.fit(Safe(b.pace(s).words())))(b.bar) // Describe would draw, and Set then rest
	total := max(s.Total, 1)
	b.bar.Set(int(barSteps * float64(min(s.Done, total)) / float64(total)))
}

const (
	barWidth = 20   // of the bar, in columns
	barSteps = 1000 // of the bar: the total may change while it is drawn
)

// fit makes text as wide as the terminal leaves room for beside the bar and its percentage: a line that
// wraps cannot be redrawn in place. Words stay whole.
func (b *bar) fit(text string) string {
	width, _, err := term.GetSize(int(b.w.Fd()))
	if err != nil {
		width = 80
	}
	return fitted(text, max(width-1-barWidth-len(" 100% || "), 10))
}

// widest is how much room a line's words take at most, in columns.
const widest = 60

// fitted returns text in so many columns: shorter by its last words, or longer by spaces, so that the bar
// behind it stays where it is.
func fitted(text string, columns int) string {
	columns = min(columns, widest)
	for uniseg.StringWidth(text) > columns {
		cut := strings.LastIndexByte(strings.TrimRight(text, " "), ' ')
		if cut < 0 {
			return strings.Repeat(" ", columns) // a word that is too long says nothing in part
		}
		text = strings.TrimRight(text[:cut], " ,:;")
	}
	return text + strings.Repeat(" ", columns-uniseg.StringWidth(text))
}

// lines prints a step now and then.
type lines struct {
	print func(pace)
	last  time.Time
	clock
}

func (l *lines) step(s data.Step) {
	l.begins(s)
	if now := time.Now(); now.Sub(l.last) >= lineEvery {
		l.last = now
		l.print(l.pace(s))
	}
}

// clock knows since when the running stage runs.
type clock struct {
	begun time.Time
	first data.Step // of the running stage
}

// begins takes note of a step, and reports whether a stage begins with it.
func (c *clock) begins(s data.Step) bool {
	if s.Stage == c.first.Stage {
		return false
	}
	c.begun, c.first = time.Now(), s
	return true
}

// pace returns how fast the running stage has come to a step.
func (c *clock) pace(s data.Step) pace {
	return paceOf(s, s.Done-c.first.Done, time.Since(c.begun))
}

// pace is a step with how fast its stage goes. It is a line of the JSON log.
type pace struct {
	Time        string  `json:"time"`
	Level       string  `json:"level"`
	Stage       string  `json:"stage"`
	Done        int     `json:"done"`
	Total       int     `json:"total"`
	Note        string  `json:"note,omitempty"`
	PerSecond   float64 `json:"per_second"`
	SecondsLeft float64 `json:"seconds_left"`
	MemoryMB    int     `json:"memory_mb"`
}

// paceOf returns the pace of a stage that did some items in some time.
func paceOf(s data.Step, did int, in time.Duration) pace {
	p := pace{Time: time.Now().UTC().Format(time.RFC3339), Level: "info",
		Stage: s.Stage, Done: s.Done, Total: s.Total, Note: s.Note, MemoryMB: memoryMB()}
	if did > 0 && in > 0 {
		p.PerSecond = float64(did) / in.Seconds()
		p.SecondsLeft = float64(max(s.Total-s.Done, 0)) / p.PerSecond
	}
	return p
}

// String returns the pace as a line: "mel: 120 of 2762, hat; 310/s, 9 s left,
// 210 MB".
func (p pace) String() string {
	line := fmt.Sprintf("%s: %d of %d", p.Stage, p.Done, p.Total)
	if p.Note != "" {
		line += ", " + p.Note
	}
	if p.PerSecond > 0 {
		line += fmt.Sprintf("; %.3g/s, %s left", p.PerSecond, inWords(p.SecondsLeft))
	}
	return line + fmt.Sprintf(", %d MB", p.MemoryMB)
}

// words returns what stands before a bar, the most telling first: "mel, 9 s left, 210 MB, 120 of 2762: hat".
func (p pace) words() string {
	line := p.Stage
	if p.SecondsLeft > 0 {
		line += ", " + inWords(p.SecondsLeft) + " left"
	}
	line += fmt.Sprintf(", %d MB", p.MemoryMB)
	if p.Total > 0 {
		line += fmt.Sprintf(", %d of %d", p.Done, p.Total)
	}
	if p.Note != "" {
		line += ": " + p.Note
	}
	return line
}

// inWords returns a time as a person says it, in two units at most: "9 s", "3 min 20 s", "2 h 5 min".
func inWords(seconds float64) string {
	d := time.Duration(seconds * float64(time.Second)).Round(time.Second)
	s, min, h := int(d.Seconds())%60, int(d.Minutes())%60, int(d.Hours())
	switch {
	case h > 0:
		return fmt.Sprintf("%d h %d min", h, min)
	case min > 0:
		return fmt.Sprintf("%d min %d s", min, s)
	}
	return fmt.Sprintf("%d s", s)
}

// TellEnd says of a run that began a while ago how long it took and how much memory at most, in the format
// of the log. Of one of seconds it says nothing.
func TellEnd(w io.Writer, format string, begun time.Time) {
	took := time.Since(begun)
	if took < lineEvery {
		return
	}
	text := fmt.Sprintf("took %s and at most %d MB of memory", inWords(took.Seconds()), peakMB())
	if format == JSON {
		Tell(w, format, []Notice{{Level: Info, Title: "prep", Text: text}})
		return
	}
	fmt.Fprintln(w, text)
}

// memoryMB returns how much memory the program holds of the system, in MB.
func memoryMB() int {
	samples := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
	metrics.Read(samples)
	return int((samples[0].Value.Uint64() - samples[1].Value.Uint64()) / 1e6)
}

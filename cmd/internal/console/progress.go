package console

import (
	"fmt"
	"io"
	"os"
	"runtime/metrics"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"prep/data"
)

// lineEvery is how often progress prints a line where there is no terminal.
const lineEvery = 5 * time.Second

// NewProgress shows steps on w: a bar on a terminal, a plain line every few
// seconds elsewhere, or, as format asks, a line of JSON.
func NewProgress(w io.Writer, format string) data.Progress {
	f, ok := raw(w).(*os.File)
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
	w     *os.File
	stage string
	bar   *progressbar.ProgressBar
}

func (b *bar) step(s data.Step) {
	if s.Stage != b.stage {
		b.stage = s.Stage
		b.bar = progressbar.NewOptions(max(s.Total, 1),
			progressbar.OptionSetWriter(b.w),
			progressbar.OptionSetWidth(barWidth),
			progressbar.OptionShowCount(),
			progressbar.OptionShowIts(),
			progressbar.OptionSetItsString("items"),
			progressbar.OptionThrottle(80*time.Millisecond),
			progressbar.OptionSetPredictTime(true),
			progressbar.OptionClearOnFinish())
	}
	b.bar.ChangeMax(max(s.Total, 1))
	text := fmt.Sprintf("%s, %d MB", s.Stage, memoryMB())
	if s.Note != "" {
		text += ": " + s.Note
	}
	b.bar.Describe(b.fit(Safe(text)))
	b.bar.Set(min(s.Done, max(s.Total, 1)))
}

// barWidth is the bar's in characters, figuresWidth that of percentage, count,
// throughput and times beside it.
const (
	barWidth     = 20
	figuresWidth = 55
)

// fit makes text as long as the terminal leaves room for: a line that wraps
// cannot be redrawn in place.
func (b *bar) fit(text string) string {
	width, _, err := term.GetSize(int(b.w.Fd()))
	if err != nil {
		width = 80
	}
	room := max(width-barWidth-figuresWidth, 10)
	return fmt.Sprintf("%-*.*s", min(room, 34), room, text)
}

// lines prints a step now and then.
type lines struct {
	print func(pace)
	last  time.Time
	begun time.Time // the running stage
	first data.Step // of the running stage
}

func (l *lines) step(s data.Step) {
	now := time.Now()
	if s.Stage != l.first.Stage {
		l.begun, l.first = now, s
	}
	if now.Sub(l.last) < lineEvery {
		return
	}
	l.last = now
	l.print(paceOf(s, s.Done-l.first.Done, now.Sub(l.begun)))
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
		line += fmt.Sprintf("; %.3g/s, %.0f s left", p.PerSecond, p.SecondsLeft)
	}
	return line + fmt.Sprintf(", %d MB", p.MemoryMB)
}

// memoryMB returns how much memory the program holds of the system, in MB.
func memoryMB() int {
	samples := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
	metrics.Read(samples)
	return int((samples[0].Value.Uint64() - samples[1].Value.Uint64()) / 1e6)
}

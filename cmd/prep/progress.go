package main

import (
	"fmt"
	"io"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"prep/data"
)

// lineEvery is how often progress prints a line where there is no terminal.
const lineEvery = 5 * time.Second

// newProgress shows steps on w: a bar on a terminal, a plain line every few
// seconds elsewhere.
func newProgress(w io.Writer) data.Progress {
	if f, ok := w.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		return (&bar{w: f}).step
	}
	return (&lines{w: w, last: time.Now()}).step
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
			progressbar.OptionThrottle(80*time.Millisecond),
			progressbar.OptionSetPredictTime(true),
			progressbar.OptionClearOnFinish())
	}
	b.bar.ChangeMax(max(s.Total, 1))
	text := s.Stage
	if s.Note != "" {
		text += ": " + s.Note
	}
	b.bar.Describe(b.fit(text))
	b.bar.Set(min(s.Done, max(s.Total, 1)))
}

// barWidth is the bar's in characters, figuresWidth that of percentage, count
// and times beside it.
const (
	barWidth     = 20
	figuresWidth = 40
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
	w    io.Writer
	last time.Time
}

func (l *lines) step(s data.Step) {
	if time.Since(l.last) < lineEvery {
		return
	}
	l.last = time.Now()
	line := fmt.Sprintf("%s: %d of %d", s.Stage, s.Done, s.Total)
	if s.Note != "" {
		line += ", " + s.Note
	}
	fmt.Fprintln(l.w, line)
}

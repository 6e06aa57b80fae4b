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
		return (&bar{w: w}).step
	}
	return (&lines{w: w, last: time.Now()}).step
}

// bar shows the running stage as a progress bar.
type bar struct {
	w     io.Writer
	stage string
	bar   *progressbar.ProgressBar
}

func (b *bar) step(s data.Step) {
	if s.Stage != b.stage {
		b.stage = s.Stage
		b.bar = progressbar.NewOptions(max(s.Total, 1),
			progressbar.OptionSetWriter(b.w),
			progressbar.OptionSetWidth(24),
			progressbar.OptionShowCount(),
			progressbar.OptionShowIts(),
			progressbar.OptionThrottle(80*time.Millisecond),
			progressbar.OptionSetPredictTime(true),
			progressbar.OptionClearOnFinish())
	}
	b.bar.ChangeMax(max(s.Total, 1))
	text := s.Stage
	if s.Note != "" {
		text += ": " + s.Note
	}
	b.bar.Describe(fmt.Sprintf("%-34.60s", text))
	b.bar.Set(min(s.Done, max(s.Total, 1)))
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

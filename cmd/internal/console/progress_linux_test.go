package console

import (
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/rivo/uniseg"
	"golang.org/x/sys/unix"

	"prep/data"
)

// onTerminal calls fn with a terminal of so many columns and returns what
// appears on it. See man 7 pty.
func onTerminal(t *testing.T, columns int, fn func(tty *os.File)) string {
	t.Helper()
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Skipf("no terminal can be made here: %v", err)
	}
	defer master.Close()
	fd := int(master.Fd())
	number, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err == nil {
		err = unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0)
	}
	if err != nil {
		t.Fatal(err)
	}
	tty, err := os.OpenFile(fmt.Sprint("/dev/pts/", number), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Skipf("no terminal can be opened here: %v", err)
	}
	if err := unix.IoctlSetWinsize(fd, unix.TIOCSWINSZ, &unix.Winsize{Row: 24, Col: uint16(columns)}); err != nil {
		t.Fatal(err)
	}
	appeared := make(chan string)
	go func() {
		text, _ := io.ReadAll(master) // ends with an error when the terminal is closed
		appeared <- string(text)
	}()
	fn(tty)
	tty.Close()
	return <-appeared
}

// drawnEvery is longer than a bar rests between two states that it draws.
const drawnEvery = 100 * time.Millisecond

// On a terminal progress is a bar that is drawn in place: no state of it is
// wider than the terminal, for a line that wraps stays, and its words are whole.
func TestProgressOnATerminalIsABarThatFits(t *testing.T) {
	for _, columns := range []int{80, 200} {
		got := onTerminal(t, columns, func(tty *os.File) {
			p := NewProgress(tty, Text)
			for i := range 3 {
				p(data.Step{Stage: "ingest", Done: i, Total: 3, Note: strings.Repeat("longname ハット ", 30)})
				time.Sleep(drawnEvery)
			}
			for range 2 {
				p(data.Step{Stage: "features: mel", Done: 120, Total: 200, Note: "hat"})
				time.Sleep(drawnEvery)
			}
			p(data.Step{Stage: "of nothing", Total: 0})
		})
		for _, want := range []string{"ingest, ", "features: mel, ", " MB, 120 of 200: hat ", "60%", "longname"} {
			if !strings.Contains(got, want) {
				t.Errorf("%d columns: no %q in %q", columns, want, got)
			}
		}
		if strings.Contains(got, "\n") {
			t.Errorf("%d columns: a line is left behind: %q", columns, got)
		}
		for _, state := range states(got) {
			if n := uniseg.StringWidth(state); n > columns {
				t.Errorf("a line of %d on a terminal of %d columns: %q", n, columns, state)
			}
			for _, word := range strings.Fields(strings.Split(state, "%")[0]) {
				if strings.HasPrefix("longname", word) && word != "longname" {
					t.Errorf("a word is cut: %q", state)
				}
			}
		}
	}
}

// states returns what a line looked like, one drawing after the other.
func states(terminal string) (all []string) {
	for _, s := range strings.Split(terminal, "\r") {
		all = append(all, strings.ReplaceAll(s, "\x1b[K", ""))
	}
	return all
}

// A bar of the widest counts says the stage, what is left and the memory on 80 columns.
func TestTheBarOfATrainingFits80Columns(t *testing.T) {
	got := onTerminal(t, 80, func(tty *os.File) {
		b := &bar{w: tty}
		step := data.Step{Stage: "train", Done: 1, Total: 1_557_280, Note: "fold 12, epoch 3 of 30, loss 0.412"}
		b.step(step)
		b.begun, step.Done = b.begun.Add(-time.Minute), 778_640
		time.Sleep(drawnEvery)
		b.step(step)
	})
	all := states(got)
	last := all[len(all)-1]
	if !strings.HasPrefix(last, "train, 1 min 0 s left, ") || !strings.Contains(last, " MB") || !strings.Contains(last, "50%") || uniseg.StringWidth(last) > 80 {
		t.Errorf("got %q of %d columns", last, uniseg.StringWidth(last))
	}
}

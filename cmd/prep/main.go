// Command prep turns raw recordings of very short percussive sounds into a
// clean labelled dataset of hits under 50 ms, and into a classifier measured
// on people it has never heard.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"syscall"

	"prep/cmd/internal/config"
	"prep/cmd/internal/console"
	"prep/data/disk"
	"prep/data/work"
)

// Exit codes, which scripts and schedulers may rely on.
const (
	exitOK          = 0
	exitFailed      = 1
	exitUsage       = 2
	exitSkips       = 3
	exitGate        = 4
	exitInterrupted = 130
	exitTerminated  = 143
)

func main() {
	log.SetOutput(io.Discard) // decoders speak through it; prep says what matters itself
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

// run executes one command line and returns the exit code.
func run(args []string, stdout, stderr io.Writer) int {
	ctx, stop := withSignals(context.Background())
	defer stop()
	a := &app{stdout: console.NewScreen(stdout), stderr: console.NewScreen(stderr)}
	code, err := guarded(func() (int, error) { return a.execute(ctx, args) })
	if err == nil {
		return code
	}
	var sig signalError
	if errors.As(context.Cause(ctx), &sig) {
		a.fail(fmt.Sprintf("stopped by %s; run the same command again to continue", sig.name))
		return sig.code
	}
	a.fail(oneLine(err))
	return exitOf(err)
}

// exitOf returns the exit code of a command that failed. That a file which was
// named cannot be read at the moment is no wrong usage.
func exitOf(err error) int {
	var usage config.UsageError
	if errors.As(err, &usage) && !disk.IsOfMoment(err) {
		return exitUsage
	}
	return exitFailed
}

// guarded turns a panic of fn, which Go would end with the exit code of wrong
// usage, into an error.
func guarded(fn func() (int, error)) (code int, err error) {
	defer func() {
		if v := recover(); v != nil {
			err = &work.PanicError{Value: v, Stack: debug.Stack()}
		}
	}()
	return fn()
}

// fail says why prep ends.
func (a *app) fail(why string) {
	if a.logFormat != console.JSON {
		fmt.Fprintf(a.stderr, "prep: %s\n", why)
	}
	console.Tell(a.stderr, a.logFormat, []console.Notice{{Level: console.Error, Title: "prep", Text: why}})
}

// oneLine puts an error on one line, and says what to do where the system's
// own word does not.
func oneLine(err error) string {
	s := strings.Join(strings.Fields(err.Error()), " ")
	var panicked *work.PanicError
	var file *fs.PathError
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		s += "; nothing finished is lost: make room and run the same command again"
	case errors.Is(err, syscall.EROFS):
		s += "; choose a directory that can be written with --set"
	case errors.As(err, &file) && disk.IsOfMoment(err):
		s += "; run the same command again once the system is well"
	case errors.As(err, &panicked):
		s += "; this is a fault of prep: please report it with the command that led here"
	}
	return s
}

// signalError is why a context ended: a signal, with its exit code.
type signalError struct {
	name string
	code int
}

func (e signalError) Error() string { return "stopped by " + e.name }

// withSignals returns a context that ends on Ctrl-C or SIGTERM, which
// schedulers send. A second signal ends the process at once.
func withSignals(parent context.Context) (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(parent)
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		s, ok := <-signals
		if !ok {
			return
		}
		signal.Stop(signals)
		e := signalError{"Ctrl-C", exitInterrupted}
		if s == syscall.SIGTERM {
			e = signalError{"SIGTERM", exitTerminated}
		}
		cancel(e)
	}()
	return ctx, func() { signal.Stop(signals); close(signals); cancel(nil) }
}

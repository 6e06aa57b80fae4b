package ingest

import (
	"os"
	"path/filepath"
	"time"

	"prep/data"
	"prep/data/disk"
)

// The partial record: what a run that is killed has decoded already.

const partialName = "runs/ingest.partial.jsonl"

// partial remembers decoded recordings until the manifest is written, so that
// a killed run need not decode them again.
type partial struct {
	set   *data.Set
	lines []data.Recording
	last  time.Time
}

// add remembers one; it reaches the disk within a second of the next.
func (l *partial) add(r data.Recording) error {
	l.lines = append(l.lines, r)
	if time.Since(l.last) < time.Second {
		return nil
	}
	l.last = time.Now()
	return l.flush()
}

func (l *partial) flush() error {
	if len(l.lines) == 0 {
		return nil
	}
	name := l.set.Path(filepath.FromSlash(partialName))
	if err := disk.MkdirAll(filepath.Dir(name)); err != nil {
		return err
	}
	err := data.AppendLines(name, l.lines)
	l.lines = nil
	return err
}

// remove ends the partial record, once the manifest is written.
func (l *partial) remove() error {
	err := disk.Remove(l.set.Path(filepath.FromSlash(partialName)))
	if os.IsNotExist(err) {
		return nil
	}
	return err
}

package ingest

import (
	"fmt"
	"path/filepath"
	"slices"
	"sync"

	"prep/data"
)

// What is known: the recordings whose audio earlier runs have made.

// facts are what decoders said of recordings, by ID. They are safe for concurrent
// use.
type facts struct {
	lock sync.Mutex
	byID map[string]data.Recording
}

func (f *facts) get(id string) (r data.Recording, ok bool) {
	f.lock.Lock()
	defer f.lock.Unlock()
	r, ok = f.byID[id]
	return r, ok
}

func (f *facts) put(r data.Recording) {
	f.lock.Lock()
	defer f.lock.Unlock()
	f.byID[r.ID] = r
}

// recall loads what earlier runs know of their audio.
func (in *intake) recall() error {
	var err error
	if in.old, err = in.set.Recordings(); err != nil {
		return err
	}
	for _, r := range in.old {
		if r.Rate != in.c.Rate {
			return fmt.Errorf("rate: %d Hz, but the set's recordings are at %d Hz, and every label counts in samples; "+
				"make a new set with --set", in.c.Rate, r.Rate)
		}
	}
	partial, err := data.ReadJournal[data.Recording](in.set.Path(filepath.FromSlash(partialName)))
	if err != nil {
		return err
	}
	if in.removed, err = in.set.Removed(); err != nil {
		return err
	}
	for _, r := range slices.Concat(in.removed, in.old, partial) { // the later word is of the audio that is there
		there, err := in.set.HasAudio(r)
		if err != nil {
			return err
		}
		if r.Rate == in.c.Rate && there {
			in.facts.put(r)
			in.known[r.ID] = in.c.current(r)
		}
	}
	for _, r := range in.old {
		known, there := in.known[r.ID]
		switch {
		case !there || known:
		case r.Edition != Edition:
			in.stale++
		default:
			in.remixed++
		}
	}
	return nil
}

// current reports whether a recording's audio is what would come of its file
// today.
func (c Config) current(r data.Recording) bool {
	asked := c.Channel
	if asked == channelMean {
		asked = ""
	}
	return r.Edition == Edition && r.Channel == asked
}

// staleReason says that recordings are decoded again because decoders make
// something else of them now, or their channels are wanted otherwise, or "".
func (in *intake) staleReason() string {
	switch {
	case in.stale > 0:
		return fmt.Sprintf("prep's ingest gives other values now (edition %d); recordings of an earlier one: %d", Edition, in.stale)
	case in.remixed > 0:
		return fmt.Sprintf("channel is %s now; recordings mixed otherwise: %d", in.c.Channel, in.remixed)
	}
	return ""
}

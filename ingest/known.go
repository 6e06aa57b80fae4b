package ingest

import (
	"fmt"
	"path/filepath"
	"slices"

	"prep/data"
)

// What is known: the recordings whose audio earlier runs have made.

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
	for _, r := range slices.Concat(partial, in.old) {
		if r.Rate == in.c.Rate && in.hasAudio(r) {
			in.facts[r.ID], in.known[r.ID] = r, true
		}
	}
	return nil
}

// hasAudio reports whether a recording's canonical audio is there and whole.
func (in *intake) hasAudio(r data.Recording) bool {
	a, err := in.set.Audio(r.ID)
	if err != nil {
		return false
	}
	defer a.Close()
	return a.Len() == r.Samples && a.SampleRate() == r.Rate
}

// fact returns what a decoder said of the bytes that hash to id.
func (in *intake) fact(id string) (r data.Recording, ok bool) {
	in.lock.Lock()
	defer in.lock.Unlock()
	r, ok = in.facts[id]
	return r, ok
}

func (in *intake) learn(r data.Recording) {
	in.lock.Lock()
	defer in.lock.Unlock()
	in.facts[r.ID] = r
}

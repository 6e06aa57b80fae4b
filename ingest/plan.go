package ingest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"prep/data"
	"prep/data/disk"
	"prep/data/work"
	"prep/ingest/decode"
)

// Plan notes in plan whether Run would change anything, and why. It reads the
// files at c.Paths, decodes none and writes nothing; a file that the last run
// refused is taken to be refused again.
func Plan(ctx context.Context, set *data.Set, c Config, plan *work.Plan) error {
	if err := c.Validate(); err != nil {
		return err
	}
	found, err := find(c.Paths, set.Path())
	if err != nil {
		return err
	}
	in, err := newIntake(set, c, found)
	if err != nil {
		return err
	}
	if err := in.recall(); err != nil {
		return err
	}
	fresh, err := in.takeKnown(ctx)
	if err != nil {
		return err
	}
	why := ""
	if n := len(fresh); n > 0 && in.staleReason() != "" {
		why = in.staleReason()
	} else if n > 0 {
		why = fmt.Sprintf("%d of %d files are new: %s", n, len(found.files), strings.Join(fresh[:min(n, maxFaults)], ", "))
		if n > maxFaults {
			why += " ..."
		}
	} else if why, err = in.knownReason(); err != nil {
		return err
	}
	plan.Note(stage, why, data.RecordingsFile, data.LabelsFile)
	return nil
}

// takeKnown takes the files whose audio the set has, and returns the names of
// the others.
func (in *intake) takeKnown(ctx context.Context) (fresh []string, err error) {
	last, _, err := work.LastRun(in.set, stage)
	if err != nil {
		return nil, err
	}
	for _, f := range in.found.files {
		t, known, err := in.recognize(ctx, f)
		if err != nil {
			return nil, err
		}
		switch {
		case known:
			in.takes = append(in.takes, t)
		case !in.stillRefused(f, last.Skips):
			fresh = append(fresh, f.name)
		}
	}
	return fresh, nil
}

// stillRefused reports whether a file that is not known will be refused: by its
// kind, or because it was when the settings were these.
func (in *intake) stillRefused(f file, skips []data.Skip) bool {
	if !in.c.FFmpeg && ofUnknownKind(f.path) {
		return true
	}
	return slices.ContainsFunc(skips, func(s data.Skip) bool {
		return s.Item == oneLine(f.name) && !strings.HasSuffix(s.Reason, notDecoded)
	})
}

// ofUnknownKind reports whether a file is of a kind that is not decoded.
func ofUnknownKind(path string) bool {
	r, err := disk.Open(path)
	if err != nil {
		return false
	}
	defer r.Close()
	info, err := r.Stat()
	if err != nil {
		return false
	}
	var u *decode.UnsupportedError
	_, err = decode.Open(r, info.Size())
	return errors.As(err, &u)
}

// recognize returns what is known of a file's bytes.
func (in *intake) recognize(ctx context.Context, f file) (t take, known bool, err error) {
	r, err := disk.Open(f.path)
	if err != nil {
		return t, false, nil // Run will refuse it
	}
	defer r.Close()
	t, refused := in.describe(f)
	if t.id, err = hashOf(ctx, r); err != nil {
		return t, false, err
	}
	info, err := r.Stat()
	if err != nil {
		return t, false, err
	}
	audio, known := in.facts.get(t.id)
	t.inside = in.c.markersIn(r, info.Size(), audio)
	if fault := r.Fault(); fault != nil {
		return t, false, fault
	}
	return t, refused == nil && known && in.known[t.id], nil
}

// knownReason says what files that bring no new audio would change.
func (in *intake) knownReason() (string, error) {
	slices.SortStableFunc(in.takes, func(a, b take) int { return strings.Compare(a.name, b.name) })
	stay := in.staying(in.takes)
	recordings := in.recordings(stay)
	news, err := in.labels(stay, recordings)
	if err != nil {
		return "", err
	}
	return in.changeReason(in.recordJob(in.takes), recordings, news)
}

package sweep

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"time"

	"prep/data"
	"prep/data/disk"
)

// variantFile, in a variant of the set, says that it is complete, and of what.
const variantFile = "variant.json"

// variants are the sets that share the recordings of one and have an arm's
// copies and patches.
type variants struct {
	set     *data.Set
	digest  string // of its recordings, hits and labels
	prepare Prepare
	made    map[string]*data.Set
}

// open returns the variant of an arm, made when it is first needed and kept.
func (s *variants) open(ctx context.Context, a Arm) (*data.Set, error) {
	key := hash(struct {
		Data   string
		Recipe any
	}{s.digest, a.Recipe})
	if v, ok := s.made[key]; ok {
		return v, nil
	}
	dir := s.set.Path("sweeps", patchesDir, key)
	if err := s.makeVariant(ctx, dir, a); err != nil {
		return nil, err
	}
	v, err := data.Open(dir)
	s.made[key] = v
	return v, err
}

// lockedWait is how long to wait for another shard that makes the same variant.
const lockedWait = time.Second

// makeVariant makes a variant in dir unless that was done. Two shards that need the
// same one make it once.
func (s *variants) makeVariant(ctx context.Context, dir string, a Arm) error {
	for {
		if v, err := data.Open(dir); err == nil && isMade(v) {
			return nil
		}
		err := s.fill(ctx, dir, a)
		if !errors.Is(err, data.ErrLocked) {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(lockedWait):
		}
	}
}

// isMade reports whether a variant is complete.
func isMade(v *data.Set) bool {
	made, err := disk.Exists(v.Path(variantFile))
	return made && err == nil
}

// fill makes a variant: recordings, original hits and labels of the set, and
// what prepare adds.
func (s *variants) fill(ctx context.Context, dir string, a Arm) error {
	v, err := s.set.Variant(dir)
	if err != nil {
		return err
	}
	defer v.Close()
	if made, err := disk.Exists(v.Path(variantFile)); made || err != nil {
		return err
	}
	if err := s.copyTo(v); err != nil {
		return err
	}
	if err := s.prepare(ctx, v, a); err != nil {
		return err
	}
	return v.WriteFile(variantFile, func(w io.Writer) error { return json.NewEncoder(w).Encode(a.Recipe) })
}

func (s *variants) copyTo(v *data.Set) error {
	recordings, errR := s.set.Recordings()
	hits, errH := s.set.Originals()
	labels, errL := s.set.Labels()
	if err := errors.Join(errR, errH, errL); err != nil {
		return err
	}
	return errors.Join(v.WriteRecordings(recordings), v.WriteHits(hits),
		data.WriteLines(v.Path(data.LabelsFile), labels))
}

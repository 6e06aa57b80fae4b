package work

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"math"
	"path/filepath"

	"prep/data"
	"prep/data/disk"
)

// absent stands for the digest of a file that is not there.
const absent = "absent"

func digests(set *data.Set, names []string) (map[string]string, error) {
	sums := make(map[string]string, len(names))
	for _, name := range names {
		sum, err := digest(set, name)
		if err != nil {
			return nil, err
		}
		sums[name] = sum
	}
	return sums, nil
}

// digest returns the first 32 hexadecimal digits of a file's SHA-256, or
// absent.
func digest(set *data.Set, name string) (string, error) {
	if name == OriginalHits {
		return originalsDigest(set)
	}
	sum, _, err := digestOfFirst(set, name, math.MaxInt64)
	return sum, err
}

// digestOfFirst is digest of at most so many bytes of a file, and says how many
// there were.
func digestOfFirst(set *data.Set, name string, most int64) (sum string, bytes int64, err error) {
	f, err := disk.Open(set.Path(filepath.FromSlash(name)))
	if errors.Is(err, fs.ErrNotExist) {
		return absent, 0, nil
	}
	if err != nil {
		return "", 0, err
	}
	defer f.Close()
	h := sha256.New()
	if bytes, err = io.Copy(h, io.LimitReader(f, most)); err != nil {
		return "", 0, fmt.Errorf("%s: %w", f.Name(), err)
	}
	return digits(h), bytes, nil
}

func originalsDigest(set *data.Set) (string, error) {
	hits, err := set.Originals()
	if err != nil {
		return "", err
	}
	lines := make([]hitLine, len(hits))
	for i, h := range hits {
		lines[i] = hitLine(h)
	}
	h := sha256.New()
	if err := data.EncodeLines(h, lines); err != nil {
		return "", err
	}
	return digits(h), nil
}

// hitLine is a hit as prep 0.1.0 wrote it, without the fields that are empty: records of its
// time hold, whichever way a line is written now.
type hitLine struct {
	ID         string           `json:"id"`
	Recording  string           `json:"recording"`
	Start      int              `json:"start"`
	Onset      int              `json:"onset"`
	End        int              `json:"end"`
	Offset     int              `json:"offset"`
	Found      string           `json:"found"`
	Mark       int              `json:"mark"`
	Confidence float64          `json:"confidence"`
	PeakDB     float64          `json:"peak_db"`
	RMSDB      float64          `json:"rms_db"`
	SNRDB      float64          `json:"snr_db"`
	Clipped    int              `json:"clipped,omitempty"`
	Parent     string           `json:"parent,omitempty"`
	Lineage    []data.Transform `json:"lineage,omitempty"`
	Seed       uint64           `json:"seed,omitempty"`
}

// digits returns the first 32 hexadecimal digits of what h has summed up.
func digits(h hash.Hash) string { return hex.EncodeToString(h.Sum(nil)[:16]) }

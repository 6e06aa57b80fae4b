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
	"os"
	"path/filepath"

	"prep/data"
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
	path := set.Path(filepath.FromSlash(name))
	if info, err := os.Stat(path); err == nil {
		if err := data.CheckRegular(info, math.MaxInt64); err != nil {
			return "", fmt.Errorf("%s: %w", path, err)
		}
	}
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return absent, nil
	}
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", fmt.Errorf("%s: %w", f.Name(), err)
	}
	return digits(h), nil
}

func originalsDigest(set *data.Set) (string, error) {
	hits, err := set.Originals()
	if err != nil {
		return "", err
	}
	h := sha256.New()
	if err := data.EncodeLines(h, hits); err != nil {
		return "", err
	}
	return digits(h), nil
}

// digits returns the first 32 hexadecimal digits of what h has summed up.
func digits(h hash.Hash) string { return hex.EncodeToString(h.Sum(nil)[:16]) }

package work

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"prep/data"
	"prep/data/disk"
)

const (
	runsDir   = "runs"
	recordExt = ".json"
)

// record is what runs/<stage>.json holds.
type record struct {
	Stage    string            `json:"stage"`
	Editions Editions          `json:"editions"`
	Config   json.RawMessage   `json:"config"`
	Inputs   map[string]string `json:"inputs"`
	Outputs  map[string]string `json:"outputs"`
	// JournalBytes is the length of labels.jsonl, where that is an input, whose
	// digest Inputs has: more may stand behind them now, and nothing else.
	JournalBytes int64        `json:"labels_bytes,omitempty"`
	Summary      data.Summary `json:"summary"`
	// Digest is that of the record itself without it.
	Digest string `json:"sha256,omitempty"`
}

func (r record) same(o record) bool {
	return maps.Equal(r.Editions, o.Editions) && bytes.Equal(r.Config, o.Config) &&
		len(changed(r.Inputs, o.Inputs)) == 0 && len(changed(r.Outputs, o.Outputs)) == 0
}

// changed returns the names, sorted, of files whose digests differ. One that is
// not listed was not there: earlier versions of prep knew fewer outputs.
func changed(was, is map[string]string) (names []string) {
	for _, name := range differences(was, is) {
		if cmp.Or(was[name], absent) != cmp.Or(is[name], absent) {
			names = append(names, name)
		}
	}
	return names
}

func (r record) write(set *data.Set) (err error) {
	if r.Digest, err = r.digest(); err != nil {
		return err
	}
	if err := syncFolders(set, r.Outputs); err != nil {
		return err
	}
	return set.WriteFile(runsDir+"/"+r.Stage+recordExt, func(w io.Writer) error { return data.EncodeJSON(w, r) })
}

// syncFolders makes the folders of a stage's outputs durable in their parents, the set's
// own too: a run that died may have made them and gone no further.
func syncFolders(set *data.Set, outputs map[string]string) error {
	synced := map[string]bool{}
	for name := range outputs {
		for dir := path.Dir(name); !synced[dir]; dir = path.Dir(dir) {
			synced[dir] = true
		}
	}
	for _, dir := range slices.Sorted(maps.Keys(synced)) {
		err := disk.SyncDir(set.Path(filepath.FromSlash(dir)))
		if err != nil && !errors.Is(err, fs.ErrNotExist) { // an output that need not be there
			return err
		}
	}
	return disk.SyncDir(filepath.Dir(set.Path()))
}

// digest returns the digest of the record's text but for Digest.
func (r record) digest() (string, error) {
	r.Digest = ""
	h := sha256.New()
	err := data.EncodeJSON(h, r)
	return digits(h), err
}

// isWhole reports whether the text of a record is what was written. Records of
// earlier versions of prep do not say.
func isWhole(text []byte) bool {
	var r record
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if d.Decode(&r) != nil { // one of prep 0.1.0 has its version
		var old struct {
			record
			Version string `json:"version"`
		}
		d = json.NewDecoder(bytes.NewReader(text))
		d.DisallowUnknownFields()
		return d.Decode(&old) == nil && old.Version != "" && old.Digest == ""
	}
	if r.Digest == "" {
		return true
	}
	sum, err := r.digest()
	var again bytes.Buffer
	return err == nil && sum == r.Digest && data.EncodeJSON(&again, r) == nil && bytes.Equal(again.Bytes(), text)
}

// readRecord reads a stage's record; one that is not there, or is damaged, counts
// as none. Fields that are unknown, such as the version that prep 0.1.0 wrote,
// are passed over. The error is of a disk that cannot be read.
func readRecord(set *data.Set, stage string) (r record, ok bool, err error) {
	b, err := disk.ReadFile(set.Path(runsDir, stage+recordExt))
	if errors.Is(err, fs.ErrNotExist) {
		return r, false, nil
	}
	if err != nil || json.Unmarshal(b, &r) != nil {
		return record{}, false, err
	}
	for _, files := range []map[string]string{r.Inputs, r.Outputs} {
		for name := range files {
			if !filepath.IsLocal(filepath.FromSlash(name)) {
				return record{}, false, nil // a file of somebody else’s
			}
		}
	}
	var compact bytes.Buffer
	if json.Compact(&compact, r.Config) != nil {
		return record{}, false, nil
	}
	r.Config = compact.Bytes()
	return r, true, nil
}

// LastRun returns what a stage's last run on the set did, and whether there was
// one. The error is of a disk that cannot be read.
func LastRun(set *data.Set, stage string) (data.Summary, bool, error) {
	r, ok, err := readRecord(set, stage)
	return r.Summary, ok, err
}

// Stages returns the names of the stages recorded in the set, sorted.
func Stages(set *data.Set) ([]string, error) {
	files, err := disk.ReadDir(set.Path(runsDir))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var stages []string
	for _, f := range files {
		if stage, ok := strings.CutSuffix(f.Name(), recordExt); ok {
			stages = append(stages, stage)
		}
	}
	slices.Sort(stages)
	return stages, err
}

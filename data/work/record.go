package work

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"maps"
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
	Summary  data.Summary      `json:"summary"`
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

func (r record) write(set *data.Set) error {
	return set.WriteFile(runsDir+"/"+r.Stage+recordExt, func(w io.Writer) error { return data.EncodeJSON(w, r) })
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

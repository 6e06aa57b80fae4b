package work

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"prep/data"
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
		maps.Equal(r.Inputs, o.Inputs) && maps.Equal(r.Outputs, o.Outputs)
}

func (r record) write(set *data.Set) error {
	return set.WriteFile(runsDir+"/"+r.Stage+recordExt, func(w io.Writer) error { return data.EncodeJSON(w, r) })
}

// readRecord reads a stage's record; one that cannot be read counts as none.
// Fields that are unknown, such as the version that prep 0.1.0 wrote, are
// passed over.
func readRecord(set *data.Set, stage string) (r record, ok bool) {
	b, err := os.ReadFile(set.Path(runsDir, stage+recordExt))
	if err != nil || json.Unmarshal(b, &r) != nil {
		return r, false
	}
	for _, files := range []map[string]string{r.Inputs, r.Outputs} {
		for name := range files {
			if !filepath.IsLocal(filepath.FromSlash(name)) {
				return r, false // a file of somebody else's
			}
		}
	}
	var compact bytes.Buffer
	if json.Compact(&compact, r.Config) != nil {
		return r, false
	}
	r.Config = compact.Bytes()
	return r, true
}

// LastRun returns what a stage's last run on the set did, and whether there was
// one.
func LastRun(set *data.Set, stage string) (data.Summary, bool) {
	r, ok := readRecord(set, stage)
	return r.Summary, ok
}

// Stages returns the names of the stages recorded in the set, sorted.
func Stages(set *data.Set) ([]string, error) {
	files, err := os.ReadDir(set.Path(runsDir))
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

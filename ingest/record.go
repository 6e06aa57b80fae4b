package ingest

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"

	"prep/data"
	"prep/data/work"
)

// The record of the run: what of its sources and settings it depends on.

// recorded is what runs/ingest.json keeps of the configuration: the sources by
// their content and names, never by where they lay.
type recorded struct {
	Rate      data.Rate          `json:"rate"`
	LabelFrom string             `json:"label_from"`
	GroupFrom string             `json:"group_from"`
	Channel   string             `json:"channel"`
	FFmpeg    string             `json:"ffmpeg,omitempty"` // the version that decoded some of the sources
	Labels    map[string]*string `json:"labels,omitempty"`
	Labelling Labelling          `json:"labelling,omitzero"`
	Sources   string             `json:"sources"`
}

// As returns c, which says where the sources and their table lie, with all other settings those of a
// run that is recorded.
func (c Config) As(record json.RawMessage) (Config, error) {
	var r recorded
	if err := json.Unmarshal(record, &r); err != nil {
		return c, fmt.Errorf("ingest: %w", err)
	}
	meta := c.Labelling.Meta
	if r.Labelling.Meta != "" && meta == "" {
		return c, errors.New("ingest: the recordings came with a table (--meta), whose path no report has: name it as labels.meta in a --config")
	}
	c.Rate, c.LabelFrom, c.GroupFrom, c.Channel = r.Rate, r.LabelFrom, r.GroupFrom, r.Channel
	c.FFmpeg, c.Labels, c.Labelling = r.FFmpeg != "", r.Labels, r.Labelling
	c.Labelling.Meta = meta
	return c, c.Validate()
}

// recordJob describes the run for its record.
func (in *intake) recordJob(takes []take) work.Job {
	h := sha256.New()
	for _, t := range takes {
		fmt.Fprintf(h, "%s %q\n", t.id, t.name)
	}
	labelling := in.c.Labelling
	labelling.Meta = in.labeller.meta.digest
	return work.Job{
		Stage:    stage,
		Editions: editions,
		Config: recorded{in.c.Rate, in.c.LabelFrom, in.c.GroupFrom, in.c.Channel, ffmpegVersions(takes, &in.facts), in.c.Labels, labelling,
			hex.EncodeToString(h.Sum(nil)[:16])},
		Outputs: []string{data.RecordingsFile},
	}
}

package ingest

import (
	"crypto/sha256"
	"encoding/hex"
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

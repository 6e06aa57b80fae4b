// Package line composes the stages of prep: it hands one what another makes,
// and runs all of them one after the other.
package line

import (
	"context"
	"slices"

	"prep/augment"
	"prep/cmd/internal/config"
	"prep/data"
	"prep/data/work"
	"prep/features"
	"prep/ingest"
)

// Renderer renders copies with access to the set's other recordings.
func Renderer(set *data.Set) augment.Renderer {
	return augment.Renderer{Open: func(id string) (data.Reader, error) {
		a, err := set.Audio(id)
		return a, work.NewFatal(err)
	}}
}

// Render makes the audio of a set's copies. A copy holds its parent's
// positions.
func Render(set *data.Set) data.Render {
	m := Renderer(set)
	audio := func(r data.Reader, copy data.Hit, use func(data.Reader, data.Hit) error) error {
		return m.Render(r, copy, copy, use)
	}
	return data.Render{Audio: audio, Edition: augment.Edition}
}

// Ingest brings recordings in, and says which groups and classes look wrong.
func Ingest(ctx context.Context, e work.Engine, c ingest.Config) (data.Summary, error) {
	sum, err := ingest.Run(ctx, e, c)
	if _, shard := e.Mode.(work.Shard); shard || err != nil {
		return sum, err
	}
	recordings, err := e.Set.Recordings()
	if err != nil {
		return sum, err
	}
	said, err := classesSaid(e.Set, recordings)
	sum.Notes = slices.Concat(sum.Notes, ingest.OddGroups(recordings), config.Mistyped(said), config.Unmet(c.Labels, said))
	return sum, err
}

// classesSaid counts what labels and folders say of each class, before there are hits.
func classesSaid(set *data.Set, recordings []data.Recording) (map[string]int, error) {
	said := map[string]int{}
	for _, r := range recordings {
		said[r.Class]++
	}
	journal, err := set.Labels()
	for _, l := range data.Standing(journal) {
		said[l.Class]++
	}
	delete(said, "")
	return said, err
}

// Features makes the patches of every kind asked for.
func Features(ctx context.Context, e work.Engine, c config.Config) (all []data.Summary, err error) {
	recordings, err := e.Set.Recordings()
	if err != nil {
		return nil, err
	}
	if len(recordings) > 0 {
		if err := c.Extractable(recordings[0].Rate); err != nil {
			return nil, err
		}
	}
	for _, kind := range c.Kinds() {
		sum, err := features.Run(ctx, e, kind, Render(e.Set))
		if err != nil {
			return nil, err
		}
		all = append(all, sum)
	}
	return all, nil
}

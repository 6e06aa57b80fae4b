package gallery

import (
	"context"
	"io"
	"runtime"

	"prep/data"
	"prep/data/work"
	"prep/features"
	"prep/plots"
)

// addHarmonics shows the hit whose pitch is clearest: its harmonics, and how
// each kind of feature shows them. Where no hit has a pitch there is nothing
// to show.
func (g *gallery) addHarmonics(ctx context.Context) error {
	e, ok, err := g.clearestPitch(ctx)
	if err != nil || !ok {
		return err
	}
	const section = "Are the parallel lines octaves?"
	g.addHit(e, "harmonics.png", section)
	g.add("features.png", section, "One hit, every feature",
		"The same "+e.Class+" as each kind of patch shows it.",
		func(w io.Writer) error { return g.everyFeature(w, e) })
	return nil
}

// clearestPitch returns the labelled hit whose harmonics show best: the one
// with the most lines that stand out, of equals the first.
func (g *gallery) clearestPitch(ctx context.Context) (best data.Example, ok bool, err error) {
	of := map[string][]data.Example{}
	var recordings []string
	for _, e := range g.examples {
		if e.Class == "" {
			continue
		}
		if of[e.Recording] == nil {
			recordings = append(recordings, e.Recording)
		}
		of[e.Recording] = append(of[e.Recording], e)
	}
	search := func(ctx context.Context, id string) (pitched, error) { return g.clearestOf(ctx, of[id]) }
	var clearest pitched
	for _, r := range work.Map(ctx, recordings, runtime.GOMAXPROCS(0), search) {
		if r.Err != nil {
			return best, false, r.Err
		}
		if r.Value.lines > clearest.lines {
			clearest = r.Value
		}
	}
	return clearest.example, clearest.lines > 0, nil
}

// pitched is a hit and how many of its harmonics stand out.
type pitched struct {
	example data.Example
	lines   int
}

// clearestOf searches the hits of one recording, which is opened for it.
func (g *gallery) clearestOf(ctx context.Context, hits []data.Example) (best pitched, err error) {
	audio, err := g.set.Audio(hits[0].Recording)
	if err != nil {
		return best, err
	}
	defer audio.Close()
	for _, e := range hits {
		if err := ctx.Err(); err != nil {
			return best, err
		}
		_, lines, err := plots.Harmonics(audio, e.Hit)
		if err != nil {
			return best, err
		}
		if lines > best.lines {
			best = pitched{e, lines}
		}
	}
	return best, nil
}

// everyFeature draws one hit as each kind of patch.
func (g *gallery) everyFeature(w io.Writer, e data.Example) error {
	audio, err := g.audio.of(e.Recording)
	if err != nil {
		return err
	}
	var all []plots.NamedPatch
	for _, kind := range features.AllKinds() {
		c := g.config.Features
		c.Kind = kind
		x, err := features.New(c, audio.SampleRate())
		if err != nil {
			return err
		}
		p, err := x.Patch(audio, e.Hit)
		if err != nil {
			return err
		}
		all = append(all, namedPatch(x.Recipe(), p))
	}
	return plots.Features(w, e.Class+" "+e.ID, all)
}

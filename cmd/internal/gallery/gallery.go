// Package gallery chooses which pictures of a set are worth seeing first, has
// them drawn and leaves a record of them, which pages read.
package gallery

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"prep/data"
	"prep/data/document"
	"prep/data/work"
	"prep/features"
	"prep/features/pitch"
	"prep/plots"
	"prep/train"
)

// Edition is raised when the same set comes to show other pictures.
const Edition = 2

const (
	plotsDir     = "plots/"
	indexFile    = plotsDir + "index.html"
	picturesFile = plotsDir + "pictures.json"
	manifestFile = plotsDir + "pictures.manifest"
)

// Config says what is drawn.
type Config struct {
	// Kind is that of the patches to draw.
	Kind string `json:"kind"`
	// Features is the recipe by which one hit is shown as every kind of patch.
	Features features.Config `json:"features"`
}

// Drawn is what was drawn.
type Drawn struct {
	data.Summary
	Pictures []string `json:"pictures"` // their paths, the page that shows them first
}

// Job names what the first look depends on: besides the manifests the patches
// and what is known of the models.
func Job(set *data.Set, c Config) (work.Job, error) {
	job := work.Job{
		Stage: "plot",
		Editions: work.Editions{"gallery": Edition, "plots": plots.Edition, "features": features.Edition,
			"pitch": pitch.Edition, "document": document.Edition},
		Config: c,
		Inputs: []string{data.RecordingsFile, data.HitsFile, data.LabelsFile,
			"features/" + c.Kind + ".npy", "features/" + c.Kind + ".jsonl", "features/" + c.Kind + ".json"},
		Outputs: []string{indexFile, picturesFile, manifestFile},
		More:    func() ([]string, error) { return pictureFiles(set) },
	}
	models, err := train.Models(set)
	for _, name := range models {
		job.Inputs = append(job.Inputs, train.DrawnFiles(name)...)
	}
	return job, err
}

// Draw draws the first look and the page that shows it, unless nothing has
// changed. A picture that cannot be drawn is a skip.
func Draw(ctx context.Context, e work.Engine, c Config) (Drawn, error) {
	job, err := Job(e.Set, c)
	if err != nil {
		return Drawn{}, err
	}
	sum, err := e.Run(job, func() (data.Summary, error) {
		g, err := open(e.Set, c)
		if err != nil {
			return data.Summary{}, err
		}
		defer g.close()
		if err := g.firstLook(ctx); err != nil {
			return data.Summary{}, err
		}
		return g.drawFirstLook(ctx, e.Progress)
	})
	if _, planned := e.Mode.(*work.Plan); err != nil || planned {
		return Drawn{Summary: sum}, err
	}
	files, err := pictureFiles(e.Set)
	return Drawn{sum, pathsOf(e.Set, append([]string{indexFile}, files...))}, err
}

// DrawNamed draws hits and recordings, by their IDs or names. It fails where
// the set has none of a name.
func DrawNamed(ctx context.Context, e work.Engine, c Config, names []string) (Drawn, error) {
	g, err := open(e.Set, c)
	if err != nil {
		return Drawn{}, err
	}
	defer g.close()
	for _, name := range names {
		if err := g.addNamed(name); err != nil {
			return Drawn{}, err
		}
	}
	sum, err := g.drawAll(ctx, e.Progress, g.writeOne)
	return Drawn{sum, pathsOf(e.Set, g.files())}, err
}

// DrawSVG draws the first look, or the hits and recordings named, as SVG into a folder of
// the user's, and leaves the set as it is.
func DrawSVG(ctx context.Context, e work.Engine, c Config, names []string, dir string) (Drawn, error) {
	g, err := open(e.Set, c)
	if err != nil {
		return Drawn{}, err
	}
	defer g.close()
	if len(names) == 0 {
		err = g.firstLook(ctx)
	}
	for _, name := range names {
		err = errors.Join(err, g.addNamed(name))
	}
	if err != nil {
		return Drawn{}, err
	}
	path := func(name string) string { return filepath.Join(dir, strings.TrimSuffix(name, ".png")+".svg") }
	sum, err := g.drawAll(ctx, e.Progress, func(name string, draw func(io.Writer) error) error {
		return data.WriteFile(path(name), func(w io.Writer) error { return draw(plots.SVG(w)) })
	})
	drawn := Drawn{Summary: sum}
	for _, p := range g.pictures {
		drawn.Pictures = append(drawn.Pictures, path(p.Path))
	}
	return drawn, err
}

// picture is a drawing to be made.
type picture struct {
	document.Picture // its path is relative to plots/
	draw             func(io.Writer) error
}

// gallery gathers the pictures of a set.
type gallery struct {
	set        *data.Set
	config     Config
	recordings map[string]data.Recording
	examples   []data.Example
	audio      *sounds
	patches    *data.Patches // nil when there are none
	recipe     features.Recipe
	rows       map[string]int // the patch of a hit
	pictures   []picture
}

func open(set *data.Set, c Config) (*gallery, error) {
	g := &gallery{set: set, config: c, recordings: map[string]data.Recording{}, rows: map[string]int{}, audio: newSounds(set)}
	recordings, err := set.Recordings()
	if err != nil {
		return nil, err
	}
	for _, r := range recordings {
		g.recordings[r.ID] = r
	}
	examples, err := set.Examples()
	if err != nil {
		return nil, err
	}
	for _, e := range examples {
		if e.Parent == "" {
			g.examples = append(g.examples, e)
		}
	}
	if len(g.examples) == 0 {
		return nil, fmt.Errorf("%s: no hits to draw; run `prep segment` first", set.Path())
	}
	return g, g.openPatches()
}

// openPatches opens the patches of the kind to be drawn, if they were made.
func (g *gallery) openPatches() error {
	made, err := g.set.HasPatches(g.config.Kind)
	if err != nil || !made { // pictures of sounds need no patches
		return err
	}
	p, err := g.set.Patches(g.config.Kind)
	if err != nil {
		return err
	}
	g.recipe, err = features.DecodeRecipe(p.Recipe)
	if c := g.recipe.Config; err == nil && (p.Bands != c.Bands || p.Frames != c.Frames || p.Channels != len(g.recipe.Channels)) {
		err = fmt.Errorf("the recipe makes patches of %dx%dx%d, the array has %dx%dx%d; run `prep features` again",
			c.Bands, c.Frames, len(g.recipe.Channels), p.Bands, p.Frames, p.Channels)
	}
	if err != nil {
		p.Close()
		return fmt.Errorf("features/%s.json: %w", p.Kind, err)
	}
	g.patches = p
	for row, hit := range p.Hits {
		g.rows[hit] = row
	}
	return nil
}

func (g *gallery) close() {
	g.audio.close()
	if g.patches != nil {
		g.patches.Close()
	}
}

// add lists a picture. Where another has its name but for the case, which some
// systems do not tell apart, it gets another.
func (g *gallery) add(file, section, title, caption string, draw func(io.Writer) error) *picture {
	if slices.ContainsFunc(g.pictures, func(p picture) bool { return p.Path != file && strings.EqualFold(p.Path, file) }) {
		file = fmt.Sprintf("%s~%.4x.png", strings.TrimSuffix(file, ".png"), sha256.Sum256([]byte(file)))
	}
	g.pictures = append(g.pictures, picture{document.Picture{Section: section, Path: file, Title: title, Caption: caption, Wide: true}, draw})
	return &g.pictures[len(g.pictures)-1]
}

// drawFirstLook draws the pictures, and the page that shows them, which take the
// place of those that were there as one.
func (g *gallery) drawFirstLook(ctx context.Context, p data.Progress) (data.Summary, error) {
	w, err := bundleOf(g.set).Begin()
	if err != nil {
		return data.Summary{}, err
	}
	sum, err := g.drawAll(ctx, p, w.WriteFile)
	if err == nil {
		err = g.record(w)
	}
	if err != nil {
		w.Abort()
		return sum, err
	}
	return sum, w.Commit()
}

// writeFile writes a picture.
type writeFile func(name string, draw func(io.Writer) error) error

// writeOne writes a picture by itself.
func (g *gallery) writeOne(name string, draw func(io.Writer) error) error {
	return g.set.WriteFile(plotsDir+name, draw)
}

// drawAll draws the pictures in parallel. One that cannot be drawn is a skip; a
// fault of the disk ends it.
func (g *gallery) drawAll(ctx context.Context, p data.Progress, write writeFile) (data.Summary, error) {
	sum := data.Summary{Stage: "plot", Counts: map[string]int{}}
	draw := func(_ context.Context, p picture) (struct{}, error) {
		return struct{}{}, write(p.Path, p.draw)
	}
	var drawn []picture
	for pic, r := range work.Map(ctx, g.pictures, runtime.GOMAXPROCS(0), draw) {
		switch {
		case ctx.Err() != nil:
			return sum, ctx.Err()
		case work.Ends(r.Err):
			return sum, fmt.Errorf("%s%s: %w", plotsDir, pic.Path, r.Err)
		case r.Err != nil:
			sum.Skips = append(sum.Skips, data.Skip{Item: plotsDir + pic.Path, Reason: r.Err.Error()})
			continue
		}
		drawn = append(drawn, pic)
		p.Report(data.Step{Stage: "plot", Done: len(drawn), Total: len(g.pictures), Note: pic.Path})
	}
	g.pictures = drawn
	sum.Counts["pictures"] = len(drawn)
	if g.patches != nil && g.patches.Fault() != nil {
		return sum, g.patches.Fault()
	}
	return sum, g.audio.fault()
}

// files returns the set's names of the pictures.
func (g *gallery) files() []string {
	files := make([]string, len(g.pictures))
	for i, p := range g.pictures {
		files[i] = plotsDir + p.Path
	}
	return files
}

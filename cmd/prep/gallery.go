package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"prep/data"
	"prep/data/document"
	"prep/data/work"
	"prep/features"
)

// gallery gathers the pictures of a set.
type gallery struct {
	set        *data.Set
	config     config
	recordings map[string]data.Recording
	examples   []data.Example
	patches    *data.Patches // nil when there are none
	recipe     features.Recipe
	rows       map[string]int // the patch of a hit
	pictures   []picture
}

func newGallery(set *data.Set, c config) (*gallery, error) {
	g := &gallery{set: set, config: c, recordings: map[string]data.Recording{}, rows: map[string]int{}}
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
	kind := g.config.Train.Features
	if _, err := os.Stat(g.set.Path("features", kind+".json")); err != nil {
		return nil // pictures of sounds need no patches
	}
	p, err := g.set.Patches(kind)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(p.Recipe, &g.recipe); err != nil {
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
	if g.patches != nil {
		g.patches.Close()
	}
}

// modelsOf returns the folders of the trained models.
func modelsOf(set *data.Set) []string {
	reports, _ := filepath.Glob(set.Path("models", "*", "report.json")) // fails on a bad pattern only
	for i, r := range reports {
		reports[i] = filepath.Dir(r)
	}
	return reports
}

func (g *gallery) add(file, section, title, caption string, draw func(io.Writer) error) {
	g.pictures = append(g.pictures, picture{document.Picture{Section: section, Path: file, Title: title, Caption: caption, Wide: true}, draw})
}

// drawAll draws the pictures in parallel. One that cannot be drawn is a skip.
func (g *gallery) drawAll(ctx context.Context, p data.Progress) (data.Summary, error) {
	sum := data.Summary{Stage: "plot", Counts: map[string]int{}}
	draw := func(_ context.Context, p picture) (struct{}, error) {
		return struct{}{}, g.set.WriteFile("plots/"+p.Path, p.draw)
	}
	done := 0
	var drawn []picture
	for pic, r := range work.Map(ctx, g.pictures, runtime.GOMAXPROCS(0), draw) {
		var medium *fs.PathError
		switch {
		case ctx.Err() != nil:
			return sum, ctx.Err()
		case errors.As(r.Err, &medium):
			return sum, fmt.Errorf("plots/%s: %w", pic.Path, r.Err)
		case r.Err != nil:
			sum.Skips = append(sum.Skips, data.Skip{Item: "plots/" + pic.Path, Reason: r.Err.Error()})
			continue
		}
		drawn = append(drawn, pic)
		done++
		p.Report(data.Step{Stage: "plot", Done: done, Total: len(g.pictures), Note: pic.Path})
	}
	g.pictures = drawn
	sum.Counts["pictures"] = done
	return sum, nil
}

// drawn returns the pictures that there are, as the page of a folder links them.
func (g *gallery) drawn() (pictures []document.Picture) {
	for _, p := range g.pictures {
		f, err := os.Open(g.set.Path("plots", p.Path))
		if err != nil {
			continue
		}
		p.Width, p.Height = document.Measure(f)
		f.Close()
		pictures = append(pictures, p.Picture)
	}
	return pictures
}

// index writes the page that shows the pictures.
func (g *gallery) index(w io.Writer) error {
	pictures := g.drawn()
	return document.Page{
		Title: "The set in pictures", Lead: fmt.Sprintf("%d pictures. Each opens at full size.", len(pictures)),
		Sections: document.Sections(pictures),
	}.HTML(w)
}

// paths returns where the pictures are.
func (g *gallery) paths() []string {
	paths := make([]string, len(g.pictures))
	for i, p := range g.pictures {
		paths[i] = g.set.Path("plots", p.Path)
	}
	return paths
}

// fileName makes a name safe as part of one file's name.
func fileName(name string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(`/\:*?"<>| `, r) || r < ' ' {
			return '-'
		}
		return r
	}, name)
}

package main

import (
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"prep/augment"
	"prep/data"
	"prep/data/export"
	"prep/plots"
)

// preview is a hit as it is and by each transform of the plan, to hear and see.
type preview struct {
	Picture string   `json:"picture"`
	Sounds  []string `json:"sounds"`
}

// preview renders one hit by each step of the plan alone, at both ends of its
// range, as WAV files and a picture in plots/preview-<hit>/.
func (a *app) preview(set *data.Set, id string) (result, error) {
	hits, err := set.Hits()
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(hits, func(h data.Hit) bool { return h.ID == id && h.Parent == "" })
	if i < 0 {
		return nil, fmt.Errorf("%s: no such hit in %s; %s lists them", id, set.Path(), data.HitsFile)
	}
	audio, err := set.Audio(hits[i].Recording)
	if err != nil {
		return nil, err
	}
	defer audio.Close()
	near, err := a.config.Augment.Surroundings(set, hits[i].Recording)
	if err != nil {
		return nil, err
	}
	sounds, err := a.config.Augment.Preview(openRenderer(set), audio, hits[i], near)
	if err != nil {
		return nil, err
	}
	return writePreview(set, id, sounds)
}

func writePreview(set *data.Set, id string, sounds []augment.Sound) (preview, error) {
	dir := "preview-" + id
	p := preview{Picture: set.Path("plots", dir, "preview.png")}
	variants := make([]plots.Variant, len(sounds))
	for i, s := range sounds {
		path := set.Path("plots", dir, fmt.Sprintf("%02d-%s.wav", i, fileName(strings.TrimSpace(s.Name+" "+s.Amount))))
		if err := export.WriteWAV(path, s.Clip); err != nil {
			return p, err
		}
		p.Sounds = append(p.Sounds, path)
		variants[i] = plots.Variant{Name: s.Name, Note: s.Amount, Audio: s.Clip, Hit: s.Hit}
	}
	err := set.WriteFile("plots/"+dir+"/preview.png", func(w io.Writer) error {
		return plots.Augmentation(w, "What each transform makes of "+id, variants[0], variants[1:])
	})
	return p, err
}

// Text says where the picture and the sounds are.
func (p preview) Text(w io.Writer) {
	fmt.Fprintf(w, "preview: %s\n  %d sounds in %s\n", p.Picture, len(p.Sounds), filepath.Dir(p.Picture))
}

func (preview) skipped() int { return 0 }

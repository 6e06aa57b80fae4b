package gallery

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"prep/augment"
	"prep/data"
	"prep/data/pcm"
	"prep/plots"
)

// Preview is a hit as it is and by each transform of the plan, to hear and see.
type Preview struct {
	Picture string   `json:"picture"`
	Sounds  []string `json:"sounds"`
}

// DrawPreview renders one hit by each step of an augmentation's plan alone, at
// both ends of its range, as WAV files and a picture in plots/preview-<hit>/.
func DrawPreview(set *data.Set, c augment.Config, m augment.Renderer, id string) (Preview, error) {
	hits, err := set.Hits()
	if err != nil {
		return Preview{}, err
	}
	i := slices.IndexFunc(hits, func(h data.Hit) bool { return h.ID == id && h.Parent == "" })
	if i < 0 {
		return Preview{}, fmt.Errorf("%s: no such hit in %s; %s lists them", id, set.Path(), data.HitsFile)
	}
	audio, err := set.Audio(hits[i].Recording)
	if err != nil {
		return Preview{}, err
	}
	defer audio.Close()
	near, err := c.Surroundings(set, hits[i].Recording)
	if err != nil {
		return Preview{}, err
	}
	sounds, err := c.Preview(m, audio, hits[i], near)
	if err != nil {
		return Preview{}, err
	}
	return writePreview(set, id, sounds)
}

func writePreview(set *data.Set, id string, sounds []augment.Sound) (Preview, error) {
	dir := "preview-" + id
	p := Preview{Picture: set.Path("plots", dir, "preview.png")}
	variants := make([]plots.Variant, len(sounds))
	for i, s := range sounds {
		path := set.Path("plots", dir, fmt.Sprintf("%02d-%s.wav", i, data.FileName(strings.TrimSpace(s.Name+" "+s.Amount))))
		if err := pcm.Int16.WriteFile(path, s.Clip); err != nil {
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

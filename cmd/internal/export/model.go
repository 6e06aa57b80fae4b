package export

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"

	"prep/data"
	"prep/features"
	"prep/train"
)

// The files of a model that takes samples.
const (
	audioModelFile  = "model-audio.onnx"
	audioParityFile = "parity-audio.npz"
	audioInputFile  = "model-audio.json"
)

// parityHits is how many hits parity-audio.npz has at most.
const parityHits = 16

// audioInput is model-audio.json: what a program must know to run the model.
type audioInput struct {
	Format  int       `json:"format"`
	Rate    data.Rate `json:"rate"`    // of the samples
	Samples int       `json:"samples"` // of a hit
	Onset   int       `json:"onset"`   // the sample among them at which it begins
	Classes []string  `json:"classes"` // in the order of the probabilities
}

// AudioModel writes dir/model-audio.onnx, the model of a folder with the making of its patches
// in it, so that it takes samples around an onset; model-audio.json, which says how many at what
// rate; and parity-audio.npz, with samples of up to 16 hits of the set and the patches and
// probabilities that prep itself makes of them.
// It fails where the patches need more than those samples, and for a folder that holds anything.
func AudioModel(ctx context.Context, set *data.Set, model, dir string) (data.Summary, error) {
	sum := data.Summary{Stage: "export onnx", Counts: map[string]int{}}
	m, err := train.Load(model)
	if err != nil {
		return sum, err
	}
	recipe, err := features.ParseRecipe(m.Recipe)
	if err != nil {
		return sum, err
	}
	extract, err := features.New(recipe.Config, recipe.Rate)
	if err != nil {
		return sum, err
	}
	front, err := extract.Front()
	if err != nil {
		return sum, fmt.Errorf("%s: no model of samples can be made: %w", model, err)
	}
	parity, err := listen(ctx, set, m, extract, front)
	if err != nil {
		return sum, err
	}
	sum.Counts["hits to check"] = len(parity.Probabilities)
	sum.Notes = append(sum.Notes, fmt.Sprintf("%s takes %d samples at %d Hz, the onset at sample %d", audioModelFile, front.Samples, recipe.Rate, -front.First))
	return sum, data.FillFolder(dir, func() error {
		if err := data.WriteFile(filepath.Join(dir, audioParityFile), parity.Write); err != nil {
			return err
		}
		in := audioInput{1, recipe.Rate, front.Samples, -front.First, m.Classes}
		if err := data.WriteFile(filepath.Join(dir, audioInputFile), func(w io.Writer) error { return data.EncodeJSON(w, in) }); err != nil {
			return err
		}
		return data.WriteFile(filepath.Join(dir, audioModelFile), func(w io.Writer) error { return m.WriteAudioONNX(w, front) })
	})
}

// listen returns the samples of some hits, spread over the set, and what prep makes of them.
func listen(ctx context.Context, set *data.Set, m *train.Model, extract *features.Extractor, f data.Front) (train.AudioParity, error) {
	p := train.AudioParity{In: m.In, Length: f.Samples}
	hits, err := set.Originals()
	if err != nil {
		return p, err
	}
	var patches []data.Patch
	n := min(parityHits, len(hits))
	for i := range n {
		if err := ctx.Err(); err != nil {
			return p, err
		}
		samples, patch, err := around(set, hits[i*len(hits)/n], extract, f)
		if err != nil {
			continue // a silent hit has no patch
		}
		p.Samples, p.Patches = append(p.Samples, samples...), append(p.Patches, patch.Values...)
		patches = append(patches, patch)
	}
	if len(patches) == 0 {
		return p, errors.New("the set has no hit to check the model with; run `prep segment` first")
	}
	p.Probabilities, err = m.Predict(patches)
	return p, err
}

// around returns the samples that a patch is made of, and the patch.
func around(set *data.Set, h data.Hit, extract *features.Extractor, f data.Front) ([]float32, data.Patch, error) {
	a, err := set.Audio(h.Recording)
	if err != nil {
		return nil, data.Patch{}, err
	}
	defer a.Close()
	samples, err := data.ReadSpan(a, h.Onset+f.First, h.Onset+f.First+f.Samples)
	if err != nil {
		return nil, data.Patch{}, err
	}
	patch, err := extract.Patch(a, h)
	return samples, patch, err
}

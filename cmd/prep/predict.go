package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"prep/data"
	"prep/features"
	"prep/ingest"
	"prep/train"
)

func (a *app) predictCommand() *cobra.Command {
	var model, dir, format string
	usual := ingest.PCM{Rate: 44100, Channels: 1, Encoding: "s16le"}
	raw := usual
	cmd := a.command("predict FILE... --model DIR", "Find and name the hits of recordings with a trained model",
		`prep predict take.wav --model beats/models/compact
prep predict *.mp3 --set beats --format audacity --out labels/
arecord -f S16_LE -r 44100 -c 1 | prep predict - --set beats   # live: a line of JSON a hit`,
		cobra.MinimumNArgs(1), func(ctx context.Context, files []string) (result, error) {
			o, known := outputs[format]
			if (dir == "") != (format == "") || format != "" && !known {
				return nil, usagef("predict: --out FOLDER and --format %s go together", strings.Join(slices.Sorted(maps.Keys(outputs)), "|"))
			}
			if model == "" {
				set, err := a.setDir()
				if err != nil {
					return nil, usagef("which model? Name its folder with --model DIR, or its set with --set DIR")
				}
				model = filepath.Join(set, "models", a.config.Train.Name)
			}
			if files[0] == stdin {
				if len(files) > 1 || dir != "" {
					return nil, usagef("predict -: raw samples from the standard input go alone, and come out as lines of JSON")
				}
				return nil, a.listen(ctx, model, raw)
			}
			if raw != usual {
				return nil, usagef("predict: --rate, --channels and --encoding are for raw samples from the standard input, named -")
			}
			all, err := a.predict(ctx, files, model)
			for i, base := range all.bases() {
				if err == nil && dir != "" {
					err = all.Recordings[i].save(dir, base, o, all, a.config.Predict)
				}
			}
			return all, err
		})
	f := cmd.Flags()
	f.StringVar(&model, "model", "", "the model's folder, DIR/models/NAME")
	f.StringVar(&dir, "out", "", "write a file a recording into this `folder`, in the format of --format")
	f.StringVar(&format, "format", "", "audacity (label tracks), csv, or midi (a drum a class)")
	f.Float32Var(&a.config.Predict.Unsure, "unsure", a.config.Predict.Unsure, "mark hits whose best class is less probable")
	f.IntVar((*int)(&raw.Rate), "rate", int(raw.Rate), "with -: samples a second")
	f.IntVar(&raw.Channels, "channels", raw.Channels, "with -: channels, interleaved")
	f.StringVar(&raw.Encoding, "encoding", raw.Encoding, "with -: "+strings.Join(ingest.Encodings(), ", "))
	return cmd
}

// predictions are the hits of some recordings, named.
type predictions struct {
	Model      string           `json:"model"`
	Classes    []string         `json:"classes"`
	Recordings []namedRecording `json:"recordings"`
	Skips      []data.Skip      `json:"skips"`
}

type namedRecording struct {
	File string     `json:"file"`
	Hits []namedHit `json:"hits"`
}

// namedHit is a hit in seconds of its recording. Probabilities are in the
// order of the classes.
type namedHit struct {
	Start         float64   `json:"start_s"`
	Onset         float64   `json:"onset_s"`
	End           float64   `json:"end_s"`
	Class         string    `json:"class"`
	Probability   float32   `json:"probability"`
	Unsure        bool      `json:"unsure"`
	Probabilities []float32 `json:"probabilities"`
}

func (a *app) predict(ctx context.Context, files []string, dir string) (predictions, error) {
	p, err := newPredictor(dir, a.config)
	if err != nil {
		return predictions{}, err
	}
	all := predictions{Model: dir, Classes: p.model.Classes, Recordings: []namedRecording{}, Skips: []data.Skip{}}
	for i, file := range files {
		r, err := p.recording(ctx, file)
		if ctx.Err() != nil {
			return all, ctx.Err()
		}
		if err != nil {
			all.Skips = append(all.Skips, data.Skip{Item: file, Reason: err.Error()})
			continue
		}
		all.Recordings = append(all.Recordings, r)
		a.progress().Report(data.Step{Stage: "predict", Done: i + 1, Total: len(files), Note: file})
	}
	if len(all.Recordings) == 0 {
		return all, fmt.Errorf("nothing could be read: %s: %s", all.Skips[0].Item, all.Skips[0].Reason)
	}
	return all, nil
}

// predictor is a model with the stages before it, as they were when it was
// trained.
type predictor struct {
	config  config
	model   *train.Model
	recipe  features.Recipe
	extract *features.Extractor
}

func newPredictor(dir string, c config) (*predictor, error) {
	m, err := train.Load(dir)
	if err != nil {
		return nil, err
	}
	p := &predictor{config: c, model: m}
	if err := json.Unmarshal(m.Recipe, &p.recipe); err != nil {
		return nil, fmt.Errorf("%s: recipe: %w", dir, err)
	}
	p.extract, err = features.New(p.recipe.Config, p.recipe.Rate)
	if err != nil {
		return nil, fmt.Errorf("%s: recipe: %w", dir, err)
	}
	now, err := json.Marshal(p.extract.Recipe())
	if err != nil {
		return nil, err
	}
	return p, m.CheckRecipe(now)
}

// recording finds and names the hits of one file. It is decoded to the disk:
// a recording may be longer than memory.
func (p *predictor) recording(ctx context.Context, file string) (namedRecording, error) {
	dir, err := os.MkdirTemp("", "prep-predict-")
	if err != nil {
		return namedRecording{}, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "audio.wav")
	if _, err := ingest.Convert(ctx, file, p.recipe.Rate, path); err != nil {
		return namedRecording{}, err
	}
	audio, err := data.OpenAudio(path)
	if err != nil {
		return namedRecording{}, err
	}
	defer audio.Close()
	hits, err := p.hits(audio)
	return namedRecording{file, hits}, err
}

// patchesAtOnce bounds how many patches are in memory: 64 MB of 64 x 64.
const patchesAtOnce = 4096

// hits finds and names the hits of a recording.
func (p *predictor) hits(r data.Reader) ([]namedHit, error) {
	found, err := p.config.Segment.Hits(r)
	named := []namedHit{}
	for some := range slices.Chunk(found, patchesAtOnce) {
		if err == nil {
			named, err = p.nameAll(named, r, some)
		}
	}
	return named, err
}

// nameAll appends the names of hits to dst. A hit without a patch has none.
func (p *predictor) nameAll(dst []namedHit, r data.Reader, hits []data.Hit) ([]namedHit, error) {
	var kept []data.Hit
	var patches []data.Patch
	for i, patch := range p.extract.Patches(r, hits) {
		if patch.Err == nil {
			kept, patches = append(kept, hits[i]), append(patches, patch.Value)
		}
	}
	probabilities, err := p.model.Predict(patches)
	for i := range probabilities {
		dst = append(dst, p.name(kept[i], probabilities[i]))
	}
	return dst, err
}

func (p *predictor) name(h data.Hit, probabilities []float32) namedHit {
	best := 0
	for i, q := range probabilities {
		if q > probabilities[best] {
			best = i
		}
	}
	return namedHit{
		Start: p.seconds(h.Start), Onset: p.seconds(h.Onset), End: p.seconds(h.End),
		Class: p.model.Classes[best], Probability: probabilities[best], Probabilities: probabilities,
		Unsure: probabilities[best] < p.config.Predict.Unsure,
	}
}

func (p *predictor) seconds(samples int) float64 {
	return float64(samples) / float64(p.recipe.Rate)
}

// label is the class, with "?" behind it where the model is unsure.
func (h namedHit) label() string {
	if h.Unsure {
		return h.Class + "?"
	}
	return h.Class
}

// Text prints one hit a line.
func (p predictions) Text(w io.Writer) {
	fmt.Fprintf(w, "%-32s %10s  %-16s %s\n", "recording", "onset s", "class", "probability")
	for _, r := range p.Recordings {
		for _, h := range r.Hits {
			fmt.Fprintf(w, "%-32s %10.4f  %-16s %.3f\n", r.File, h.Onset, h.label(), h.Probability)
		}
		if len(r.Hits) == 0 {
			fmt.Fprintf(w, "%-32s %10s\n", r.File, "no hits")
		}
	}
	for _, s := range p.Skips {
		fmt.Fprintf(w, "skipped %s: %s\n", s.Item, s.Reason)
	}
}

func (p predictions) skipped() int { return len(p.Skips) }

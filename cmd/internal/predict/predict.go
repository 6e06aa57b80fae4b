// Package predict finds and names the hits of recordings with a trained model
// and the stages before it, as they were when it was trained.
package predict

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"

	"prep/data"
	"prep/data/disk"
	"prep/data/num"
	"prep/data/work"
	"prep/features"
	"prep/ingest"
	"prep/segment"
	"prep/train"
)

// Predictions are the hits of some recordings, named.
type Predictions struct {
	Model      string      `json:"model"`
	Classes    []string    `json:"classes"`
	Recordings []Recording `json:"recordings"`
	Notes      []string    `json:"notes,omitempty"`
	Skips      []data.Skip `json:"skips"`
}

// Recording is a file and its hits, by onset.
type Recording struct {
	File string `json:"file"`
	Hits []Hit  `json:"hits"`
}

// Hit is a hit in seconds of its recording. Probabilities are in the order of
// the classes.
type Hit struct {
	Start         float64   `json:"start_s"`
	Onset         float64   `json:"onset_s"`
	End           float64   `json:"end_s"`
	Level         float64   `json:"level_db"` // its peak, re full scale
	Class         string    `json:"class"`    // data.None where it is none of the sounds
	Probability   float32   `json:"probability"`
	Unsure        bool      `json:"unsure"`
	Note          *int      `json:"note,omitempty"` // General MIDI percussion key, where the class has one
	Probabilities []float32 `json:"probabilities"`
}

// Label returns the class, with "?" behind it where the model is unsure.
func (h Hit) Label() string {
	if h.Unsure {
		return h.Class + "?"
	}
	return h.Class
}

// Predictor is a model that names hits. It is not safe for concurrent use.
type Predictor struct {
	dir     string
	config  Config
	segment segment.Config
	model   *train.Model
	recipe  features.Recipe
	extract *features.Extractor
	notes   map[string]int    // MIDI keys of classes
	called  map[string]string // what a set calls the sounds of General

	pictures pictures

	successor atomic.Pointer[Predictor] // that names the hits of Live instead
}

// General stands for the model that comes with prep where a folder is asked for.
const General = ""

// New returns the model in a folder, or General, with the detector that is to find the
// hits. It fails where there is no model, and where this program makes other
// patches than the model was trained on.
func New(dir string, detector segment.Config, c Config) (*Predictor, error) {
	load := func() (*train.Model, error) { return train.Load(dir) }
	if dir == General {
		load = train.General
	}
	m, err := load()
	if err != nil {
		return nil, err
	}
	p := &Predictor{dir: dir, config: c, segment: detector, model: m}
	p.notes = c.keys(m.Classes)
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

// Model returns the model.
func (p *Predictor) Model() *train.Model { return p.model }

// Name names the model: its folder, or what General is.
func (p *Predictor) Name() string {
	if p.dir == General {
		return "the general model of prep " + data.Version
	}
	return p.dir
}

// Patches returns the patches of hits of one recording of a set as the model reads them.
// It fails where the set has another rate.
func (p *Predictor) Patches(set *data.Set, hits []data.Hit) ([]work.Result[data.Patch], error) {
	audio, err := set.Audio(hits[0].Recording)
	if err != nil {
		return nil, err
	}
	defer audio.Close()
	if audio.SampleRate() != p.recipe.Rate {
		return nil, fmt.Errorf("the set is at %d samples a second, the model reads %d: `prep ingest --rate %d` into a new set",
			audio.SampleRate(), p.recipe.Rate, p.recipe.Rate)
	}
	return p.extract.Patches(audio, hits), nil
}

// Classes returns the names that the model gives, in the order of its
// probabilities.
func (p *Predictor) Classes() []string { return p.model.Classes }

// Files finds and names the hits of files. One that cannot be read is a skip;
// it fails when none can, and when ctx ends.
func (p *Predictor) Files(ctx context.Context, files []string, progress data.Progress) (Predictions, error) {
	all := Predictions{Model: p.Name(), Classes: p.model.Classes, Recordings: []Recording{}, Notes: p.remarks(), Skips: []data.Skip{}}
	known := 0
	for i, file := range files {
		r, id, err := p.file(ctx, file)
		if ctx.Err() != nil {
			return all, ctx.Err()
		}
		var fatal work.Fatal
		if errors.As(err, &fatal) || disk.IsOfMoment(err) {
			return all, err
		}
		if err != nil {
			all.Skips = append(all.Skips, data.Skip{Item: file, Reason: err.Error()})
			continue
		}
		all.Recordings = append(all.Recordings, r)
		if p.model.HasLearned(id) {
			known++
		}
		progress.Report(data.Step{Stage: "predict", Done: i + 1, Total: len(files), Note: file})
	}
	if len(all.Recordings) == 0 {
		return all, fmt.Errorf("nothing could be read: %s: %s", all.Skips[0].Item, all.Skips[0].Reason)
	}
	if known > 0 {
		all.Notes = append(all.Notes, fmt.Sprintf("the model has learned from %d of these recordings: on those it is better than on others", known))
	}
	return all, nil
}

// temporary makes a folder for one recording: where the system has such, which an
// empty image has not, else where prep was started.
func temporary() (string, error) {
	dir, err := os.MkdirTemp("", "prep-predict-")
	if err == nil {
		return dir, nil
	}
	dir, here := os.MkdirTemp(".", ".prep-predict-")
	if here != nil {
		return "", fmt.Errorf("no folder for the decoded recording: %w; set TMPDIR to one that can be written", errors.Join(err, here))
	}
	return dir, nil
}

// file finds and names the hits of one file, and returns its ID too. It is decoded to the
// disk: a recording may be longer than memory.
func (p *Predictor) file(ctx context.Context, file string) (Recording, string, error) {
	dir, err := temporary()
	if err != nil {
		return Recording{}, "", work.NewFatal(err)
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "audio.wav")
	source, err := ingest.Convert(ctx, file, p.recipe.Rate, path)
	if err != nil {
		return Recording{}, "", err
	}
	audio, err := data.OpenAudio(path)
	if err != nil {
		return Recording{}, "", work.NewFatal(err)
	}
	defer audio.Close()
	hits, err := p.recording(audio)
	if err == nil {
		err = p.draw(file, audio, hits)
	}
	if fault := audio.Fault(); fault != nil {
		err = work.NewFatal(fault)
	}
	return Recording{file, hits}, source.ID, err
}

// patchesAtOnce bounds how many patches are in memory: 64 MB of 64 x 64.
const patchesAtOnce = 4096

// recording finds and names the hits of a recording. A hit without a patch has
// no name and is left out.
func (p *Predictor) recording(r data.Reader) ([]Hit, error) {
	found, err := p.segment.Hits(r)
	named := []Hit{}
	for part := range slices.Chunk(found, patchesAtOnce) {
		if err != nil {
			break
		}
		var probabilities [][]float32
		probabilities, err = p.probabilities(r, part)
		for i, q := range probabilities {
			if q != nil {
				named = append(named, p.name(part[i], q))
			}
		}
	}
	return named, err
}

// probabilities returns those of each hit, nil where it has no patch.
func (p *Predictor) probabilities(r data.Reader, hits []data.Hit) ([][]float32, error) {
	return p.ask(r, hits, p.model.Predict)
}

// ask returns what a question answers of each hit's patch, nil where it has none.
func (p *Predictor) ask(r data.Reader, hits []data.Hit, question func([]data.Patch) ([][]float32, error)) ([][]float32, error) {
	var rows []int
	var patches []data.Patch
	for i, patch := range p.extract.Patches(r, hits) {
		if disk.IsFault(patch.Err) {
			return nil, patch.Err
		}
		if patch.Err == nil {
			rows, patches = append(rows, i), append(patches, patch.Value)
		}
	}
	all := make([][]float32, len(hits))
	answers, err := question(patches)
	for i, a := range answers {
		all[rows[i]] = a
	}
	return all, err
}

// Probabilities asks the model about hits of one recording of a set, in the
// order of Classes; nil is a hit that it has no opinion of.
func (p *Predictor) Probabilities(set *data.Set, hits []data.Hit) ([][]float32, error) {
	return p.askOf(set, hits, p.model.Predict)
}

// Embeddings returns what the network makes of hits of one recording of a set before it names them,
// as Model.Embed does; nil is a hit without a patch.
func (p *Predictor) Embeddings(set *data.Set, hits []data.Hit) ([][]float32, error) {
	return p.askOf(set, hits, p.model.Embed)
}

func (p *Predictor) askOf(set *data.Set, hits []data.Hit, question func([]data.Patch) ([][]float32, error)) ([][]float32, error) {
	audio, err := set.Audio(hits[0].Recording)
	if err != nil {
		return nil, err
	}
	defer audio.Close()
	return p.ask(audio, hits, question)
}

func (p *Predictor) name(h data.Hit, probabilities []float32) Hit {
	best := num.ArgMax(probabilities)
	hit := Hit{
		Start: p.seconds(h.Start), Onset: p.seconds(h.Onset), End: p.seconds(h.End), Level: h.PeakDB,
		Class: p.model.Classes[best], Probability: probabilities[best], Probabilities: probabilities,
		Unsure: probabilities[best] < p.config.Unsure,
	}
	if note, ok := p.notes[hit.Class]; ok {
		hit.Note = &note
	}
	return hit
}

// poorRecall is that of a class which is worth a word, once it is of fewHits.
const (
	poorRecall = 0.7
	fewHits    = 20
)

// remarks says what the model is, where it came with prep, and which classes it names badly.
func (p *Predictor) remarks() (notes []string) {
	r := p.model.Report()
	if p.dir == General {
		notes = append(notes, fmt.Sprintf("%s names %s; it learned from VOPEC (38 performers, MIT), and names %.0f of 100 hits of people whom it has not heard rightly. "+
			"`prep adapt` makes a model of your own sounds", p.Name(), strings.Join(p.sounds(), ", "), 100*r.Accuracy))
	}
	whose := "of people whom the model has not heard"
	if r.Personal != nil {
		whose = "of the hits that it learned from, each left out in turn"
	}
	for _, c := range r.PerClass {
		if c.Class != data.None && c.Hits >= fewHits && c.Recall < poorRecall {
			notes = append(notes, fmt.Sprintf("%s, %.0f of 100 %s were named so", whose, 100*c.Recall, c.Class))
		}
	}
	return notes
}

// sounds returns the classes that are sounds.
func (p *Predictor) sounds() []string {
	return slices.DeleteFunc(slices.Clone(p.model.Classes), func(c string) bool { return c == data.None })
}

func (p *Predictor) seconds(samples int) float64 {
	return float64(samples) / float64(p.recipe.Rate)
}

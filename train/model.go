package train

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"sync"

	"prep/data"
	"prep/train/conv"
	"prep/train/tensors"
)

// formatVersion is that of the model folder; Load reads no other.
const formatVersion = 1

// description is model.json: all of a model but its weights.
type description struct {
	Format     int      `json:"format"`
	Version    string   `json:"version"` // of the program that trained it
	KernelPath string   `json:"kernel_path"`
	Classes    []string `json:"classes"` // in the order of the outputs
	In         Shape    `json:"in"`
	Net        Net      `json:"net"`
	// Features and Recipe say what patches the model reads.
	Features      string          `json:"features"`
	Recipe        json.RawMessage `json:"recipe"`
	Normalization Normalization   `json:"normalization"`
	// Head is there where a head over the network's embedding names the classes; Outputs
	// are then the classes of the network's own output layer.
	Head    *headSettings `json:"head,omitempty"`
	Outputs []string      `json:"outputs,omitempty"`
	Parent  *Parent       `json:"parent,omitempty"`
	// TrainingData is the SHA-256 of patches, classes, groups and parents.
	TrainingData string `json:"training_data"`
	// Learned are the recordings that it learned from, sorted; a recording's ID is a hash of
	// its file.
	Learned []string `json:"learned,omitempty"`
	Config  Config   `json:"config"`
}

// headSettings are a head's settings; its arrays are among the weights, "head.*".
type headSettings struct {
	Gamma float64 `json:"gamma"` // of the kernel exp(-gamma d^2)
	Slope float64 `json:"slope"` // of the softmax over scores
	Hits  int     `json:"hits"`  // that it remembers
}

// Parent says which model a personal one was made from.
type Parent struct {
	Name         string `json:"name"`
	TrainingData string `json:"training_data"`
}

// outputs returns the classes of the network's own output layer.
func (d description) outputs() []string {
	if d.Head != nil {
		return d.Outputs
	}
	return d.Classes
}

// model describes the final fit.
func (t *trainer) model() description {
	return description{
		Format: formatVersion, Version: data.Version, KernelPath: conv.Path(),
		Classes: t.s.classes, In: t.s.shape(), Net: t.net,
		Features: t.c.Features, Recipe: t.s.patches.Recipe, Normalization: t.final.feeder.norm,
		TrainingData: t.digest, Learned: t.s.recordings(), Config: t.c,
	}
}

// Model is a trained network. It is safe for concurrent use; one prediction
// runs at a time.
type Model struct {
	Classes  []string        // in the order of the probabilities
	Features string          // the kind of patches it reads
	Recipe   json.RawMessage // how they are made: features/<kind>.json of its set
	In       Shape           // of a patch

	description description
	report      Report
	weights     weights
	head        *head // nil where the network's output layer names the classes
	memory      memory
	mu          sync.Mutex
	evaluators  map[int]*evaluator // by batch size, made when first needed
}

// predictBatch is how many patches Predict takes at a time, but one for one:
// more gain nothing and only wait.
const predictBatch = 32

// batchValues is how many values the layers make of a batch at most (512 MB), so that a
// network of large maps takes fewer patches at a time.
const batchValues = 1 << 27

// Load reads the model folder dir. It fails when a file is missing, truncated,
// inconsistent or of another version of the format.
func Load(dir string) (m *Model, err error) {
	err = bundleIn(dir).Read(func(g data.Generation) (err error) {
		m, err = load(g, dir)
		return err
	})
	if errors.Is(err, data.ErrMixed) {
		err = fmt.Errorf("%w; train the model again, or copy the whole folder again", err)
	}
	return m, err
}

// load is Load from a file system; dir names it in errors.
func load(files fs.FS, dir string) (*Model, error) {
	raw, err := readFile(files, modelFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s: no model here; `prep train` makes one", dir)
	}
	if err != nil {
		return nil, err
	}
	var d description
	if err := json.Unmarshal(raw, &d); err != nil {
		return nil, fmt.Errorf("%s: damaged or truncated: %w", filepath.Join(dir, modelFile), err)
	}
	if d.Format != formatVersion {
		return nil, fmt.Errorf("%s: the model has format %d, this program reads %d", dir, d.Format, formatVersion)
	}
	m := &Model{Classes: d.Classes, Features: d.Features, Recipe: d.Recipe, In: d.In,
		description: d, evaluators: map[int]*evaluator{}}
	report, err := readFile(files, reportFile)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	if err == nil && json.Unmarshal(report, &m.report) != nil {
		return nil, fmt.Errorf("%s: damaged or truncated", filepath.Join(dir, reportFile))
	}
	if err := m.load(files); err != nil {
		return nil, fmt.Errorf("%s: %w", filepath.Join(dir, weightsFile), err)
	}
	if m.memory, err = readMemory(files, d); err != nil {
		return nil, fmt.Errorf("%s: %w", filepath.Join(dir, memoryFile), err)
	}
	return m, nil
}

// load reads the weights, after a look at whether the description can be true.
func (m *Model) load(files fs.FS) error {
	raw, err := readFile(files, weightsFile)
	if err != nil {
		return err
	}
	arrays, _, err := tensors.Read(raw)
	if err != nil {
		return err
	}
	d := m.description
	bands := d.In.Channels * d.In.Bands
	if len(sounds(d.Classes)) < 2 || len(d.Normalization.Mean) != bands || len(d.Normalization.Scale) != bands {
		return fmt.Errorf("%s does not describe a model", modelFile)
	}
	net, err := d.Net.Describe(d.In, len(d.outputs()))
	if err != nil {
		return err
	}
	if 4*net.Parameters > len(raw) {
		return fmt.Errorf("the file is too short for the %d parameters of the network", net.Parameters)
	}
	if m.weights, err = d.Net.newWeights(d.In, len(d.outputs()), 0, ""); err != nil {
		return err
	}
	var blobs []blob
	for _, b := range arrays {
		if slices.ContainsFunc(b.Data, func(v float32) bool { return v-v != 0 }) {
			return fmt.Errorf("weights %s: not all are finite", b.Name)
		}
		blobs = append(blobs, b)
	}
	if err := m.weights.set(blobs); err != nil || d.Head == nil {
		return err
	}
	m.head, err = headOf(arrays, *d.Head, len(d.Classes))
	return err
}

// HasLearned reports whether the model, or the one that it was made from, learned from a
// recording.
func (m *Model) HasLearned(recording string) bool {
	_, found := slices.BinarySearch(m.description.Learned, recording)
	return found
}

// Report returns what is known of the model; it is empty where its folder has no report.
func (m *Model) Report() Report { return m.report }

// Predict returns the probabilities of each patch, patches x Classes; each row
// sums to 1. The patches must come from m.Recipe and are not changed. It fails
// when one has another shape.
func (m *Model) Predict(patches []data.Patch) ([][]float32, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	e, err := m.evaluatorOf(patches)
	if err != nil {
		return nil, err
	}
	if m.head == nil {
		return e.predict(len(patches), copies(patches))
	}
	_, vectors, err := e.embed(len(patches), copies(patches))
	rows := make([][]float32, len(vectors))
	for i, v := range vectors {
		rows[i] = m.head.probabilities(v)
	}
	return rows, err
}

// Embed returns what the output layer of the network reads of each patch, a row a patch: hits that
// the network finds alike have rows that lie near each other. Patches and errors are as of Predict.
func (m *Model) Embed(patches []data.Patch) ([][]float32, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	e, err := m.evaluatorOf(patches)
	if err != nil {
		return nil, err
	}
	_, vectors, err := e.embed(len(patches), copies(patches))
	for i, v := range vectors {
		vectors[i] = v[:len(v)-e.statistics.size()]
	}
	return vectors, err
}

// evaluatorOf returns an evaluator for so many patches.
func (m *Model) evaluatorOf(patches []data.Patch) (*evaluator, error) {
	if len(patches) == 1 {
		return m.evaluator(1)
	}
	return m.evaluator(predictBatch)
}

// copies returns the i-th of patches as one that may be changed.
func copies(patches []data.Patch) func(i int) (data.Patch, error) {
	return func(i int) (data.Patch, error) {
		p := patches[i]
		p.Values = slices.Clone(p.Values)
		return p, nil
	}
}

func (m *Model) evaluator(batch int) (*evaluator, error) {
	if e, ok := m.evaluators[batch]; ok {
		return e, nil
	}
	d := m.description
	net, err := d.Net.Describe(d.In, len(d.outputs()))
	if err != nil {
		return nil, err
	}
	e, err := newEvaluator(d.Net, d.In, max(1, min(batch, batchValues/net.values())), m.weights, d.Normalization)
	if err == nil {
		m.evaluators[batch] = e
	}
	return e, err
}

// CheckRecipe fails unless patches of the given recipe are what m was trained
// on; both are compared as JSON values.
func (m *Model) CheckRecipe(recipe json.RawMessage) error {
	var want, got map[string]any
	if err := errors.Join(json.Unmarshal(m.Recipe, &want), json.Unmarshal(recipe, &got)); err != nil {
		return fmt.Errorf("recipe: %w", err)
	}
	for _, key := range slices.Sorted(keysOf(want, got)) {
		w, _ := json.Marshal(want[key])
		g, _ := json.Marshal(got[key])
		if string(w) != string(g) {
			return fmt.Errorf("the patches are of another recipe than the model's: %s is %s, the model was trained with %s", key, g, w)
		}
	}
	return nil
}

// keysOf yields the keys of two objects; those of both twice.
func keysOf(a, b map[string]any) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for _, m := range []map[string]any{a, b} {
			for k := range m {
				if !yield(k) {
					return
				}
			}
		}
	}
}

// maxModelFile bounds each file of a model, in bytes: twice the weights of the largest
// network.
const maxModelFile = 8 * maxParameters

// readFile reads a file of a model folder whole.
func readFile(files fs.FS, name string) ([]byte, error) {
	info, err := fs.Stat(files, name)
	if err != nil {
		return nil, err
	}
	if err := data.CheckRegular(info, maxModelFile); err != nil {
		return nil, err
	}
	return fs.ReadFile(files, name)
}

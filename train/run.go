package train

import (
	"context"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"runtime"
	"slices"
	"strconv"

	"prep/data"
	"prep/data/work"
	"prep/train/conv"
	"prep/train/tensors"
)

// Result is what training came to.
type Result struct {
	data.Summary
	Report Report
	// PatchesPerSecond is how fast folds and final model were trained, with
	// everything around it; 0 when nothing was done. It is no part of the set.
	PatchesPerSecond float64
}

// The files of a model, below models/<name>/.
const (
	weightsFile    = "weights.safetensors"
	modelFile      = "model.json"
	reportFile     = "report.json"
	historyFile    = "history.csv"
	foldsFile      = "folds.json"
	memoryFile     = "memory.safetensors"
	onnxFile       = "model.onnx"
	parityFile     = "parity.npz"
	predictedFile  = "predictions.jsonl"
	checkpointFile = "checkpoint" // .1 and so on of the folds, .final
	manifestFile   = "model.manifest"
)

// modelFiles are those that stay when a training is over.
var modelFiles = []string{weightsFile, reportFile, figuresFile, classesFile, confusionFile, curvesFile, doubtsFile, historyFile, foldsFile, predictedFile, memoryFile, onnxFile, parityFile, modelFile, manifestFile}

// file returns the set's name of a file of c's model.
func (c Config) file(name string) string { return "models/" + c.Name + "/" + name }

// job names what c's model depends on and what it consists of.
func (c Config) job() work.Job {
	j := work.Job{Stage: "train-" + c.Name, Editions: work.Editions{"train": Edition}, Inputs: []string{data.RecordingsFile, data.HitsFile, data.LabelsFile}}
	for _, ext := range []string{".npy", ".jsonl", ".json"} {
		j.Inputs = append(j.Inputs, "features/"+c.Features+ext)
	}
	for _, name := range modelFiles {
		j.Outputs = append(j.Outputs, c.file(name))
	}
	return j
}

// settings is all that a model depends on besides its inputs.
type settings struct {
	Config Config `json:"config"`
	Net    Net    `json:"net"`
	Path   string `json:"kernel_path"`
	Study  *Study `json:"study,omitempty"`
}

// planned settles what was left open and returns the job and its network.
func (c *Config) planned() (work.Job, Net, error) {
	if err := c.Validate(); err != nil {
		return work.Job{}, Net{}, err
	}
	n, err := c.Network()
	if err != nil {
		return work.Job{}, n, err
	}
	c.chooseRate(n)
	job := c.job()
	job.Config = settings{*c, n, conv.Path(), nil}
	return job, n, nil
}

// Run trains and measures a network on the labelled hits of a set and writes
// models/<c.Name>/. Every fold trains on some groups, stops by the accuracy on
// others, trains again on both for as many epochs, and is tested on the rest;
// then the final model is trained on all of them for the folds' median number. A killed
// run goes on where its last epoch ended and comes to the same bits.
//
// It refuses, saying why, data that cannot be learnt from or tested on.
func Run(ctx context.Context, e work.Engine, c Config) (Result, error) {
	job, n, err := c.planned()
	if err != nil {
		return Result{}, fmt.Errorf("train: %w", err)
	}
	var r Result
	r.Summary, err = e.Run(job, func() (data.Summary, error) {
		t, err := newTrainer(e.Set, c, n, nil, e.Progress)
		if err != nil {
			return data.Summary{}, err
		}
		defer t.s.patches.Close()
		if t.report.Provenance, err = provenanceOf(e.Set, job); err != nil {
			return data.Summary{}, err
		}
		err = t.run(ctx)
		r.Report, r.PatchesPerSecond = t.report, t.meter.perSecond()
		return t.summary(), err
	})
	if err == nil && r.Unchanged {
		r.Report, err = ReadReport(e.Set.Path("models", c.Name))
	}
	if err != nil {
		return Result{}, fmt.Errorf("train: %w", err)
	}
	return r, nil
}

// trainer is one run.
type trainer struct {
	set    *data.Set
	c      Config
	net    Net
	s      *samples
	splits []split
	key    string     // of checkpoints
	atOnce int        // folds that are trained at a time
	folded []foldDone // in order
	meter  *meter
	digest string // of the training data
	study  *Study // nil for an ordinary training
	final  *fit
	report Report
}

func newTrainer(set *data.Set, c Config, n Net, study *Study, p data.Progress) (*trainer, error) {
	s, err := openSamples(set, c)
	if err != nil {
		return nil, err
	}
	t := &trainer{set: set, c: c, net: n, s: s, study: study, meter: newMeter(p)}
	if err = t.prepare(); err == nil && study == nil {
		err = s.listen(set)
	}
	if err != nil {
		s.patches.Close()
		return nil, err
	}
	return t, nil
}

// prepare works out network and splits, which may be refused.
func (t *trainer) prepare() error {
	if t.net.readsEnergies() {
		if err := checkEnergies(t.s.patches.Recipe); err != nil {
			return err
		}
	}
	d, err := t.net.Describe(t.s.shape(), len(t.s.classes))
	if err != nil {
		return fmt.Errorf("net %s: %w", t.c.Net, err)
	}
	if t.splits, err = t.s.splits(t.c); err != nil {
		return err
	}
	if t.digest, err = t.s.digest(); err != nil {
		return err
	}
	originals, rejected := t.s.originals(), t.s.rejected()
	t.report = Report{
		Format: reportFormat, Protocol: t.protocol(), Leaky: t.c.Leaky, Takes: t.s.takes, Features: t.c.Features, Net: t.c.Net,
		Parameters: d.Parameters, Classes: t.s.classes,
		Hits: originals, Copies: len(t.s.examples) - originals - rejected, Notes: t.s.notes,
	}
	key, err := json.Marshal(settings{t.c, t.net, conv.Path(), t.study})
	if err != nil {
		return err
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%d %s %s", Edition, key, t.digest))
	t.key = hex.EncodeToString(sum[:])
	t.atOnce = min(runtime.GOMAXPROCS(0), max(1, mapsAtOnce/(t.c.Batch*d.mapValues())))
	return nil
}

// protocol says in words what was held out.
func (t *trainer) protocol() string {
	groups := len(data.CountGroups(t.s.examples))
	switch {
	case t.c.Leaky:
		return fmt.Sprintf("LEAKY: %d folds of hits, the same groups on both sides", len(t.splits))
	case t.s.takes && len(t.splits) == groups:
		return fmt.Sprintf("leave one take out, %d takes of one group", groups)
	case t.s.takes:
		return fmt.Sprintf("%d folds by take, %d takes of one group", len(t.splits), groups)
	case t.c.Folds == 0:
		return fmt.Sprintf("leave one group out, %d groups", groups)
	}
	return fmt.Sprintf("%d folds by group, %d groups", len(t.splits), groups)
}

// run trains fold after fold and then the final model.
func (t *trainer) run(ctx context.Context) error {
	if err := t.folds(ctx); err != nil {
		return err
	}
	t.score()
	if err := t.finish(ctx); err != nil {
		return err
	}
	if err := t.write(); err != nil {
		return err
	}
	return removeCheckpoints(t.set, t.c)
}

// score fills the report from what the folds came to.
func (t *trainer) score() {
	var outcomes []outcome
	var best []int
	var trials []trial
	for _, f := range t.folded {
		trials = append(trials, f.Shots...)
		outcomes = append(outcomes, f.Outcomes...)
		t.report.Folds = append(t.report.Folds, f.Fold)
		best = append(best, f.Fold.BestEpoch)
	}
	slices.Sort(best)
	t.report.FinalEpochs = best[(len(best)-1)/2]
	t.report.score(outcomes)
	t.report.doubt(t.predictions())
	if t.study == nil && len(t.c.Shots) > 0 {
		t.report.Shots = curves(trials, t.c.Shots)
	}
	t.report.Baselines = t.s.baselines(t.splits)
}

// finish trains the final model on everything.
func (t *trainer) finish(ctx context.Context) (err error) {
	k, err := openCheckpoint(t.set, t.c.checkpointName(finalFit), t.key)
	if err != nil {
		return err
	}
	t.final, err = t.fit(ctx, k, finalFit, indices(len(t.s.examples)), nil, t.report.FinalEpochs)
	return err
}

// write writes the model's files, the one that makes it a model last. It stops
// at the first that cannot be written.
func (t *trainer) write() error {
	m := t.model()
	if err := t.report.Provenance.weigh(t.final.average.list()); err != nil {
		return err
	}
	return writeFiles(t.set, t.c, slices.Concat(tables(t.report, t.predictions()), []modelContent{
		{weightsFile, func(w io.Writer) error { return tensors.Write(w, t.final.average.list(), nil) }},
		{reportFile, asJSON(t.report.published())},
		{historyFile, t.writeHistory},
		{foldsFile, asJSON(t.groupFolds())},
		{predictedFile, asLines(t.predictions())},
		{memoryFile, t.writeMemory},
		{onnxFile, func(w io.Writer) error { return writeONNX(w, m, t.final.average, nil) }},
		{parityFile, t.writeParity},
		{modelFile, asJSON(m)},
	}))
}

// modelContent is a file of a model.
type modelContent struct {
	name  string
	write func(io.Writer) error
}

// writeFiles writes the files of c's model, which take the place of another's as
// one.
func writeFiles(set *data.Set, c Config, files []modelContent) error {
	w, err := bundleIn(ModelDir(set, c.Name)).Begin()
	if err != nil {
		return err
	}
	for _, f := range files {
		if err := w.WriteFile(f.name, f.write); err != nil {
			w.Abort()
			return err
		}
	}
	return w.Commit()
}

// asJSON returns what writes v as indented JSON.
func asJSON(v any) func(io.Writer) error {
	return func(w io.Writer) error { return data.EncodeJSON(w, v) }
}

// groupFolds returns which groups and hits each fold held out, and which groups
// decided when to stop.
func (t *trainer) groupFolds() []foldFile {
	folds := make([]foldFile, len(t.splits))
	for i, sp := range t.splits {
		folds[i] = foldFile{Fold: i + 1, Test: sp.testGroups, Validation: sp.validationGroups}
		for _, j := range sp.test {
			folds[i].TestHits = append(folds[i].TestHits, t.s.examples[j].ID)
		}
	}
	return folds
}

// foldFile is one element of folds.json.
type foldFile struct {
	Fold       int      `json:"fold"`
	Test       []string `json:"test"`
	Validation []string `json:"validation"`
	TestHits   []string `json:"test_hits"`
}

// writeHistory writes history.csv of all fits.
func (t *trainer) writeHistory(w io.Writer) error {
	var all []Epoch
	for _, f := range t.folded {
		all = append(all, f.History...)
	}
	return writeHistory(w, append(all, t.final.History...))
}

// writeHistory writes history.csv: a line an epoch of every fit.
func writeHistory(w io.Writer, history []Epoch) error {
	out := csv.NewWriter(w)
	rows := [][]string{{"fit", "epoch", "learning_rate", "train_loss", "validation_loss", "validation_accuracy"}}
	number := func(v float64) string { return strconv.FormatFloat(v, 'g', 6, 64) }
	for _, r := range history {
		rows = append(rows, []string{r.Fit, strconv.Itoa(r.Epoch), number(r.LearningRate), number(r.TrainLoss),
			number(r.ValidationLoss), number(r.ValidationAccuracy)})
	}
	return out.WriteAll(rows)
}

// summary says what was done.
func (t *trainer) summary() data.Summary {
	groups := map[string]bool{}
	for _, e := range t.s.examples {
		groups[e.Group] = true
	}
	return data.Summary{Stage: "train", Notes: t.s.notes, Counts: map[string]int{
		"hits": t.report.Hits, "copies": t.report.Copies, "classes": len(sounds(t.s.classes)),
		"groups": len(slices.Collect(maps.Keys(groups))), "folds": len(t.splits), "parameters": t.report.Parameters,
	}}
}

package train

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"

	"prep/data"
	"prep/data/num"
	"prep/train/conv"
	"prep/train/tensors"
)

// Lesson is a hit that a person named, with its patch of the base model's recipe. The class
// data.None is of hits that are none of the person's sounds.
type Lesson struct {
	data.Example
	Patch data.Patch
}

// Personal is what is known of a model for one person besides the figures of Report. Those
// are of the person's hits, each named by a model that had not learned from it.
type Personal struct {
	Base string `json:"base"` // the model that it was made from
	// By is ByTake where hits were named by models that had not learned from any hit of
	// their take, and ByHit where only the hit itself was left out: hits of one take are
	// alike, and the figure flatters.
	By     string `json:"by"`
	Takes  int    `json:"takes"`
	Others int    `json:"others"` // hits of other people that it learned from
	// Curve is the accuracy after so many hits of each class, of the person's other hits.
	Curve []CurvePoint `json:"curve"`
	// Twice is what the curve promises of twice as many hits of each class; 0 where it is
	// too short to say.
	Twice float64 `json:"twice,omitempty"`
	// Alike are pairs of classes that are taken for each other, most first.
	Alike []Alike `json:"alike"`
}

// CurvePoint is the accuracy after some hits of each class.
type CurvePoint struct {
	Shots    int     `json:"shots"`
	Accuracy float64 `json:"accuracy"`
}

// Alike are two classes, of whose hits Mistaken were called the other.
type Alike struct {
	A        string `json:"a"`
	B        string `json:"b"`
	Mistaken int    `json:"mistaken"`
	Hits     int    `json:"hits"` // of both
}

// How the estimate of a personal model leaves out: Personal.By.
const (
	ByTake = "take"
	ByHit  = "hit"
)

// adaptation is a personal model in the making.
type adaptation struct {
	name, base string // of both models
	model      *Model
	s          samples // the lessons, without patches
	lessons    []Lesson
	hits       []knownHit // the lessons', and behind them others'
	fitted     *fitted
	report     Report
	rows       [][]float32 // what is said of each lesson that was left out
	folds      []foldFile  // which were left out together
}

// Adapt makes a model for one person: a head that learned from the person's hits, in the
// order of time, and from what the base model remembers of others, over the base model's
// network. It writes models/<name>/ of the set. Equal lessons give equal bytes on one kernel
// path.
//
// It fails on fewer than two classes, on patches of another shape, where the name is that of a
// trained network, and when the set cannot be written.
func Adapt(set *data.Set, model *Model, base, name string, lessons []Lesson) (Report, error) {
	if !modelName.MatchString(name) {
		return Report{}, fmt.Errorf("adapt: name is %q: want letters, digits, '.', '_' and '-', not beginning with '.' or '-'", name)
	}
	if old, err := Load(ModelDir(set, name)); err == nil && old.head == nil {
		return Report{}, fmt.Errorf("adapt: %s is a network that was trained, which would be lost: choose another name", ModelDir(set, name))
	}
	a := &adaptation{name: name, base: base, model: model, lessons: lessons}
	listen := func() error { return a.s.listen(set) }
	for _, do := range []func() error{a.check, listen, a.embed, a.learn, a.estimate, a.curve} {
		if err := do(); err != nil {
			return Report{}, fmt.Errorf("adapt: %w", err)
		}
	}
	return a.report, a.write(set)
}

// check numbers the classes and refuses what cannot be learned from.
func (a *adaptation) check() error {
	for _, l := range a.lessons {
		a.s.examples = append(a.s.examples, l.Example)
	}
	if slices.Contains(a.model.Classes, data.None) && !slices.ContainsFunc(a.lessons, func(l Lesson) bool { return l.Class == data.None }) {
		a.s.classes = []string{data.None} // from what the model remembers of others
	}
	a.s.number()
	named := sounds(a.s.classes)
	if len(named) == 0 {
		return errNothing
	}
	if len(named) < 2 {
		return fmt.Errorf("every labelled hit is of one class, %q: a model needs at least two sounds to tell apart", named[0])
	}
	for k, class := range named {
		if n := a.count(k); n < 3 {
			a.s.notes = append(a.s.notes, fmt.Sprintf("class %q has %d hits: five are worth much more", class, n))
		}
	}
	return nil
}

// count returns the number of lessons of a class.
func (a *adaptation) count(class int) (n int) {
	for _, k := range a.s.class {
		if k == class {
			n++
		}
	}
	return n
}

// embed looks at the lessons through the network, and recalls others' hits of the same
// names. What is remembered of the person's own recordings is left out.
func (a *adaptation) embed() error {
	e, err := a.model.evaluator(predictBatch)
	if err != nil {
		return err
	}
	_, vectors, err := e.embed(len(a.lessons), func(i int) (data.Patch, error) {
		p := a.lessons[i].Patch
		p.Values = slices.Clone(p.Values)
		return p, nil
	})
	own := map[string]bool{}
	for i, v := range vectors {
		a.hits = append(a.hits, knownHit{v, a.s.class[i], true})
		own[a.lessons[i].Recording] = true
	}
	a.hits = append(a.hits, a.model.memory.lessons(a.model.Classes, a.s.classes, own)...)
	n := 0
	for r := range own {
		if a.model.HasLearned(r) {
			n++
		}
	}
	if n > 0 {
		a.s.notes = append(a.s.notes, fmt.Sprintf("the base model has learned from %d of these recordings: the figures flatter", n))
	}
	return err
}

// learn fits the head.
func (a *adaptation) learn() (err error) {
	h := a.model.memory.head
	if h.mean == nil { // a model that remembers nothing
		h.standardize(a.hits, len(a.hits[0].vector)-newStatistics(a.model.In).size())
	}
	a.fitted, err = h.fit(a.hits, len(a.s.classes))
	return err
}

// estimate names each lesson by a head that has not learned from it.
func (a *adaptation) estimate() error {
	of := make([]string, len(a.lessons))
	takes := map[string]bool{}
	for i, l := range a.lessons {
		of[i] = l.Recording
		takes[l.Recording] = true
	}
	parts, by := leaveOutParts(of, a.s.class, indices(len(a.lessons)))
	a.rows = make([][]float32, len(a.lessons))
	var splits []split
	for _, part := range parts {
		rows, err := a.fitted.leaveOut(part)
		if err != nil {
			return err
		}
		sp := split{test: part}
		fold := foldFile{Fold: len(splits) + 1}
		for j, i := range part {
			a.rows[i] = rows[j]
			fold.TestHits = append(fold.TestHits, a.lessons[i].ID)
		}
		a.folds = append(a.folds, fold)
		for i := range a.lessons {
			if !slices.Contains(part, i) {
				sp.train = append(sp.train, i)
			}
		}
		splits = append(splits, sp)
	}
	d, err := a.model.description.Net.Describe(a.model.In, len(a.model.description.outputs()))
	if err != nil {
		return err
	}
	r := &a.report
	*r = Report{
		Format: reportFormat, Protocol: fmt.Sprintf("leave one %s out, %d takes of one person", by, len(takes)), Features: a.model.Features, Net: a.model.description.Config.Net,
		Parameters: d.Parameters + len(a.fitted.weights) + len(a.fitted.bias), Classes: a.s.classes, Hits: a.s.originals(),
		Notes: a.s.notes, Baselines: a.s.baselines(splits),
		Personal: &Personal{Base: a.base, By: by, Takes: len(takes), Others: len(a.hits) - len(a.lessons)},
	}
	r.score(a.outcomes())
	right := int(math.Round(r.Accuracy * float64(r.Hits)))
	r.CI[0], r.CI[1] = binomial(right, r.Hits)
	r.Personal.Alike = alike(r.Confusion, a.s.classes)
	return nil
}

// outcomes returns what was said of the lessons.
func (a *adaptation) outcomes() []outcome {
	all := make([]outcome, len(a.lessons))
	for i, l := range a.lessons {
		all[i] = outcome{l.ID, l.Group, 0, a.s.class[i], a.rows[i]}
	}
	return all
}

// binomial returns the 95 % interval of a share, which holds in at least 95 of 100 cases
// whatever the share (Clopper and Pearson, "The Use of Confidence or Fiducial Limits", 1934).
func binomial(right, of int) (lo, hi float64) {
	lo, hi = 0, 1
	if right > 0 {
		lo = distuv.Beta{Alpha: float64(right), Beta: float64(of - right + 1)}.Quantile(0.025)
	}
	if right < of {
		hi = distuv.Beta{Alpha: float64(right + 1), Beta: float64(of - right)}.Quantile(0.975)
	}
	return lo, hi
}

// alike returns the pairs of sounds that are taken for each other, most first.
func alike(confusion [][]int, classes []string) []Alike {
	pairs := []Alike{}
	hits := func(k int) (n int) {
		for _, v := range confusion[k] {
			n += v
		}
		return n
	}
	for a := range sounds(classes) {
		for b := range a {
			if m := confusion[a][b] + confusion[b][a]; m > 0 {
				pairs = append(pairs, Alike{classes[b], classes[a], m, hits(a) + hits(b)})
			}
		}
	}
	slices.SortStableFunc(pairs, func(a, b Alike) int { return b.Mistaken - a.Mistaken })
	return pairs
}

// description returns what model.json says.
func (a *adaptation) description() description {
	base := a.model.description
	d := base
	d.Version, d.KernelPath, d.Classes = data.Version, conv.Path(), a.s.classes
	d.Head = &headSettings{headGamma, headSlope, len(a.hits)}
	d.Outputs = base.outputs()
	d.Parent = &Parent{a.base, base.TrainingData}
	d.Config.Name = a.name
	d.Learned = slices.Concat(base.Learned, a.s.recordings())
	slices.Sort(d.Learned)
	d.Learned = slices.Compact(d.Learned)
	h := sha256.New()
	fmt.Fprintln(h, base.TrainingData)
	for i, l := range a.lessons {
		fmt.Fprintf(h, "%q %q %q %v\n", l.ID, l.Class, l.Group, a.hits[i].vector)
	}
	d.TrainingData = hex.EncodeToString(h.Sum(nil))
	return d
}

// write writes the model's folder, model.json last.
func (a *adaptation) write(set *data.Set) error {
	d := a.description()
	predictions := make([]Prediction, 0, len(a.lessons))
	for _, o := range a.outcomes() {
		predictions = append(predictions, Prediction{o.Hit, o.Group, 1, a.s.classes[o.Class], a.s.classes[o.answer()], o.Probabilities})
	}
	return writeFiles(set, d.Config, slices.Concat(tables(a.report, predictions), []modelContent{
		{weightsFile, func(w io.Writer) error {
			return tensors.Write(w, slices.Concat(a.model.weights.list(), a.fitted.blobs()), nil)
		}},
		{reportFile, asJSON(a.report.published())},
		{historyFile, func(w io.Writer) error { return writeHistory(w, nil) }}, // nothing went on in epochs
		{foldsFile, asJSON(a.folds)},
		{predictedFile, asLines(predictions)},
		{onnxFile, func(w io.Writer) error { return writeONNX(w, d, a.model.weights, &a.fitted.head) }},
		{parityFile, a.writeParity},
		{modelFile, asJSON(d)},
	}))
}

// writeParity writes parity.npz: lessons' patches and what the model says of them.
func (a *adaptation) writeParity(w io.Writer) error {
	var patches []float32
	var rows [][]float32
	for _, i := range num.Thin(indices(len(a.lessons)), paritySamples) {
		patches = append(patches, a.lessons[i].Patch.Values...)
		rows = append(rows, a.fitted.probabilities(a.hits[i].vector))
	}
	return zipParity(w, a.model.In, patches, rows)
}

func indices(n int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	return all
}

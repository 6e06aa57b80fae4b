package train

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"path/filepath"

	"prep/data"
)

// Prediction is one line of predictions.jsonl: what a fold's network, which had
// not heard the hit's group, said of a hit. Mistakes that it is sure of are
// where to look for wrong labels first.
type Prediction struct {
	Hit    string `json:"hit"`
	Group  string `json:"group"`
	Fold   int    `json:"fold"`   // counted from 1
	Class  string `json:"class"`  // the label
	Called string `json:"called"` // the most probable class
	// Probabilities are in the order of the model's classes.
	Probabilities []float32 `json:"probabilities"`
}

// Confidence returns the probability of the class that was called.
func (p Prediction) Confidence() (most float32) {
	for _, q := range p.Probabilities {
		most = max(most, q)
	}
	return most
}

// predictions returns what was said of every held-out hit, fold by fold.
func (t *trainer) predictions() (all []Prediction) {
	for _, f := range t.folded {
		for _, o := range f.Outcomes {
			all = append(all, Prediction{o.Hit, o.Group, o.Fold + 1, t.s.classes[o.Class], t.s.classes[o.answer()], o.Probabilities})
		}
	}
	return all
}

// ReadPredictions returns predictions.jsonl of the model folder dir.
func ReadPredictions(dir string) ([]Prediction, error) {
	raw, err := bundleIn(dir).ReadFile(predictedFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return data.DecodeLines[Prediction](bytes.NewReader(raw), filepath.Join(dir, predictedFile))
}

// asLines returns what writes predictions.jsonl.
func asLines(all []Prediction) func(io.Writer) error {
	return func(w io.Writer) error { return data.EncodeLines(w, all) }
}

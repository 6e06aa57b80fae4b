package train

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"

	"prep/data"
	"prep/data/disk"
	"prep/train/conv"
)

// checkpoint is a training on its way: models/<name>/checkpoint, a safetensors
// file whose metadata is the JSON of this.
type checkpoint struct {
	// Key names all that the result depends on; another key's file is ignored.
	Key   string     `json:"key"`
	Folds []foldDone `json:"folds"` // in order
	// Chosen is the last fold's training that chose its epochs.
	Chosen fitState `json:"chosen"`
	Fit    fitState `json:"fit"`  // the one that is running
	Step   uint64   `json:"step"` // of its solver
}

// foldDone is a fold that was trained and tested.
type foldDone struct {
	Fold     Fold      `json:"fold"`
	Outcomes []outcome `json:"outcomes"`
	History  []Epoch   `json:"history"`
	Sight    Sight     `json:"sight,omitzero"` // of a study that looks
	Shots    []trial   `json:"shots,omitempty"`
}

// Where the arrays of a checkpoint come from; the rest of a name is the blob's.
const (
	prefixCurrent = "current/"
	prefixAverage = "average/"
	prefixBest    = "best/"
	prefixFirst   = "first/"  // Adam's mean of gradients
	prefixSecond  = "second/" // and of their squares
)

const checkpointKey = "checkpoint"

// keeper reads and writes the checkpoint of one training.
type keeper struct {
	set  *data.Set
	name string // of the file in the set
	checkpoint
	arrays map[string]blob // of the fit that was running when it was written
}

// openCheckpoint reads the checkpoint that a killed training of this key left,
// if there is one. A file that cannot be read counts as none: all that it holds
// can be made again.
func openCheckpoint(set *data.Set, name, key string) (*keeper, error) {
	k := &keeper{set: set, name: name, checkpoint: checkpoint{Key: key}}
	raw, err := disk.ReadFile(set.Path(name))
	if errors.Is(err, fs.ErrNotExist) {
		return k, nil
	}
	if err != nil {
		return nil, err
	}
	arrays, metadata, err := readTensors(raw)
	var c checkpoint
	if err == nil && json.Unmarshal([]byte(metadata[checkpointKey]), &c) == nil && c.Key == key {
		k.checkpoint, k.arrays = c, arrays
	}
	return k, nil
}

// save writes the folds done and where f is.
func (k *keeper) save(f *fit) error {
	moments := f.solver.Moments()
	k.Fit, k.Step = f.fitState, moments.Step
	state, err := json.Marshal(k.checkpoint)
	if err != nil {
		return err
	}
	blobs := slices.Concat(addPrefix(prefixCurrent, f.current.list()),
		addPrefix(prefixAverage, f.average.list()), addPrefix(prefixBest, f.best.list()),
		addPrefix(prefixFirst, replaceData(f.current.trained, moments.First)),
		addPrefix(prefixSecond, replaceData(f.current.trained, moments.Second)))
	return k.set.WriteFile(k.name, func(w io.Writer) error {
		return writeTensors(w, blobs, map[string]string{checkpointKey: string(state)})
	})
}

// restore brings f to where the checkpoint's fit was, if that is f.
func (k *keeper) restore(f *fit) error {
	if k.arrays == nil || k.Fit.Fit != f.Fit {
		return nil
	}
	err := errors.Join(f.current.set(k.blobsUnder(prefixCurrent)),
		f.average.set(k.blobsUnder(prefixAverage)), f.best.set(k.blobsUnder(prefixBest)))
	if err != nil {
		return fmt.Errorf("%s: %w; remove it to begin anew", k.name, err)
	}
	m := conv.Moments{Step: k.Step}
	for _, b := range f.current.trained {
		m.First = append(m.First, k.arrays[prefixFirst+b.Name].Data)
		m.Second = append(m.Second, k.arrays[prefixSecond+b.Name].Data)
	}
	f.solver.SetMoments(m)
	f.fitState, k.arrays = k.Fit, nil
	return nil
}

// blobsUnder returns the arrays whose names have the prefix, without it.
func (k *keeper) blobsUnder(prefix string) (blobs []blob) {
	for name, b := range k.arrays {
		if rest, ok := strings.CutPrefix(name, prefix); ok {
			blobs = append(blobs, blob{Name: rest, Shape: b.Shape, Data: b.Data})
		}
	}
	return blobs
}

// remove deletes the file when the training is over.
func (k *keeper) remove() error {
	if err := disk.Remove(k.set.Path(k.name)); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

func addPrefix(prefix string, blobs []blob) []blob {
	named := slices.Clone(blobs)
	for i := range named {
		named[i].Name = prefix + named[i].Name
	}
	return named
}

// replaceData returns the blobs with other values.
func replaceData(blobs []blob, values [][]float32) []blob {
	other := slices.Clone(blobs)
	for i := range other {
		other[i].Data = values[i]
	}
	return other
}

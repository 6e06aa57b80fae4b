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
	"prep/train/tensors"
)

// checkpoint is a fold, or the final fit, on its way or done: models/<name>/checkpoint.<n>, a safetensors
// file whose metadata is the JSON of this. Folds that are trained at once write each its own.
type checkpoint struct {
	// Key names all that the result depends on; another key's file is ignored.
	Key  string    `json:"key"`
	Done *foldDone `json:"done,omitempty"` // of a fold that is over
	// Chosen is the fold's training that chose its epochs, once it is over.
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

// keeper reads and writes one checkpoint.
type keeper struct {
	set  *data.Set
	name string // of the file in the set
	checkpoint
	arrays map[string]blob // of the fit that was running when it was written
}

// checkpointName names the checkpoint of fold n, counted from 1, or of the final fit.
func (c Config) checkpointName(n string) string { return c.file(checkpointFile + "." + n) }

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
	arrays, metadata, err := tensors.Read(raw)
	var c checkpoint
	if err == nil && json.Unmarshal([]byte(metadata[checkpointKey]), &c) == nil && c.Key == key {
		k.checkpoint, k.arrays = c, arrays
	}
	return k, nil
}

// save writes where f is.
func (k *keeper) save(f *fit) error {
	moments := f.solver.Moments()
	k.Fit, k.Step = f.fitState, moments.Step
	blobs := slices.Concat(addPrefix(prefixCurrent, f.current.list()),
		addPrefix(prefixAverage, f.average.list()), addPrefix(prefixBest, f.best.list()),
		addPrefix(prefixFirst, replaceData(f.current.trained, moments.First)),
		addPrefix(prefixSecond, replaceData(f.current.trained, moments.Second)))
	return k.write(blobs)
}

// finish writes that the fold is over, and what came of it.
func (k *keeper) finish(d foldDone) error {
	k.checkpoint = checkpoint{Key: k.Key, Done: &d}
	return k.write(nil)
}

func (k *keeper) write(blobs []blob) error {
	state, err := json.Marshal(k.checkpoint)
	if err != nil {
		return err
	}
	return k.set.WriteFile(k.name, func(w io.Writer) error {
		return tensors.Write(w, blobs, map[string]string{checkpointKey: string(state)})
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

// removeCheckpoints deletes those of a training that is over.
func removeCheckpoints(set *data.Set, c Config) error {
	files, err := disk.ReadDir(set.Path("models", c.Name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	for _, f := range files {
		if name, _, _ := strings.Cut(f.Name(), "."); name == checkpointFile {
			err = errors.Join(err, disk.Remove(set.Path(c.file(f.Name()))))
		}
	}
	return err
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

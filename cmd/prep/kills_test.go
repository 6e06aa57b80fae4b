package main

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"sync/atomic"
	"testing"

	"prep/cmd/internal/gallery"
	"prep/data"
	"prep/data/disk"
	"prep/data/document"
	"prep/train"
)

// renewal is a stage that is run again with other settings, and what its readers
// see of what it made.
type renewal struct {
	name  string
	old   [][]string // of prep: the set before, from the tiny line on
	args  []string
	sight func(*data.Set) (string, error)
}

// renewals are the stages that make several files which are one thing, and the one
// that replaces the hits.
var renewals = []renewal{
	{"features", nil, []string{"features", "--hop", "32"}, patchesSeen},
	{"train", nil, []string{"train", "--seed", "7", "--learning-rate", "0.01"}, modelSeen},
	{"plot", [][]string{{"plot"}, {"train", "--seed", "7", "--model", "zz"}}, []string{"plot"}, picturesSeen},
	{"augment", nil, []string{"augment", "--copies", "2"}, hitsSeen},
}

// patchesSeen is what a reader of patches has: the recipe and every value.
func patchesSeen(set *data.Set) (string, error) {
	p, err := set.Patches("mel")
	if err != nil {
		return "", err
	}
	defer p.Close()
	h := sha256.New()
	fmt.Fprintf(h, "%s %v", p.Recipe, p.Hits)
	for i := range p.N {
		values, err := p.Patch(i)
		if err != nil {
			return "", err
		}
		fmt.Fprint(h, values.Values)
	}
	return fmt.Sprintf("%x", h.Sum(nil)), nil
}

// modelSeen is what readers of a model have: what it says of a patch, its report,
// its history and its predictions.
func modelSeen(set *data.Set) (string, error) {
	dir := train.ModelDir(set, "tiny")
	m, err := train.Load(dir)
	if err != nil {
		return "", err
	}
	said, err := m.Predict([]data.Patch{{Channels: 1, Bands: 16, Frames: 16, Values: make([]float32, 256)}})
	report, err1 := train.ReadReport(dir)
	history, err2 := train.ReadHistory(dir)
	predictions, err3 := train.ReadPredictions(dir)
	text, err4 := json.Marshal([]any{said, m.Report(), report, history, predictions})
	return string(text), errors.Join(err, err1, err2, err3, err4)
}

// picturesSeen is what readers of the first look have: the list, and each picture.
func picturesSeen(set *data.Set) (seen string, err error) {
	listed, err := gallery.Pictures(set)
	if err != nil {
		return "", err
	}
	err = data.BundleIn(set.Path("plots"), "pictures").Read(func(g data.Generation) error {
		h := sha256.New()
		for _, p := range append([]string{"index.html"}, namesOf(listed)...) {
			picture, err := g.ReadFile(path.Base(p))
			if err != nil {
				return err
			}
			h.Write(picture)
		}
		seen = fmt.Sprintf("%d %x", len(listed), h.Sum(nil))
		return nil
	})
	return seen, err
}

// hitsSeen is what readers of hits have.
func hitsSeen(set *data.Set) (string, error) {
	hits, err := set.Hits()
	return fmt.Sprint(hits), err
}

var errDead = errors.New("killed")

// killAt has the process seem dead from the nth operation on that changes a name:
// nothing more is done to the disk.
func killAt(n int64) (end func()) {
	var changes atomic.Int64
	return disk.Inject(func(op disk.Op, _ string) error {
		if slices.Contains([]disk.Op{disk.OpCreate, disk.OpRename, disk.OpRemove, disk.OpMkdir}, op) {
			changes.Add(1)
		}
		if changes.Load() > n {
			return errDead
		}
		return nil
	})
}

// everyKill has a stage be killed at every call that changes names.
var everyKill = false

// killsOf returns at which of a number of calls a stage is killed: in the middle,
// and around its end, where what was made takes its place.
func killsOf(names int) (at []int) {
	for n := range names {
		if everyKill || n == names/2 || n == names-7 || n == names-1 {
			at = append(at, n)
		}
	}
	return at
}

// A stage that is killed between any two calls that change names leaves what was
// there before or what it makes, to every reader; the next run ends with the bytes
// of an undisturbed one.
func TestKilledBetweenNamesIsOldOrNew(t *testing.T) {
	if testing.Short() {
		t.Skip("it starts prep some hundred times")
	}
	line := ordeals(t)
	made := line[slices.IndexFunc(line, func(o *ordeal) bool { return o.name == "train" })].after
	prep := func(set string, args ...string) error {
		_, err := execute(context.Background(), append([]string{"--config", "prep.yaml", "--set", set, "-q"}, args...), io.Discard, io.Discard)
		return err
	}
	for _, r := range renewals {
		t.Run(r.name, func(t *testing.T) {
			for _, args := range r.old {
				if err := prep(made, args...); err != nil {
					t.Fatal(err)
				}
			}
			o := ordeal{name: r.name, commands: [][]string{r.args}, before: made}
			o.undisturbed(t)
			was, err1 := r.sight(data.At(made))
			is, err2 := r.sight(data.At(o.after))
			if err1 != nil || err2 != nil || was == is {
				t.Fatalf("%v, %v; old and new are the same: %v", err1, err2, was == is)
			}
			names := o.count[disk.OpCreate] + o.count[disk.OpRename] + o.count[disk.OpRemove] + o.count[disk.OpMkdir]
			old, renewed := 0, 0
			for _, n := range killsOf(names) {
				set := o.begin(t)
				end := killAt(int64(n))
				prep(set, r.args...)
				end()
				switch seen, err := r.sight(data.At(set)); {
				case err != nil:
					t.Errorf("killed at name %d: %v", n, err)
				case seen == was:
					old++
				case seen == is:
					renewed++
				default:
					t.Errorf("killed at name %d: readers see neither the old nor the new", n)
				}
				if err := prep(set, r.args...); err != nil {
					t.Errorf("killed at name %d, then: %v", n, err)
				}
				if diff := difference(o.tree(t, set), o.want); diff != "" {
					t.Errorf("killed at name %d, then: %s", n, diff)
				}
				os.RemoveAll(filepath.Clean(set))
			}
			t.Logf("%d calls change names; killed %d times: %d old, %d new", names, old+renewed, old, renewed)
			if old == 0 || renewed == 0 {
				t.Error("it was never killed before it was done, or never after")
			}
		})
	}
}

// namesOf returns the files of pictures.
func namesOf(pictures []document.Picture) (names []string) {
	for _, p := range pictures {
		names = append(names, p.Path)
	}
	return names
}

package export

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"

	"prep/data"
	"prep/data/disk"
	"prep/data/pcm"
	"prep/data/work"
)

// WAV writes every example of the set below dir as
// <split>/<class>/<hit>.wav, 16-bit PCM at the set's rate, and a metadata.csv
// in each split's folder: file_name, label, group, recording, hit, original (the
// hit itself, or what it is a copy of), onset_s, duration_ms. No column is ever
// empty, for loaders guess its type from what they see. A copy is rendered by render and is written only in the
// train split; a nil render leaves copies out. A folder that holds anything is
// refused: what an earlier export left there would be taken for part of this.
func WAV(ctx context.Context, set *data.Set, dir string, render data.RenderFunc, p data.Progress) (data.Summary, error) {
	sum := data.Summary{Stage: "export wav", Counts: map[string]int{}}
	there, err := disk.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return sum, err
	}
	if len(there) > 0 {
		return sum, fmt.Errorf("%s: the folder is not empty; name a new one, or remove it first", dir)
	}
	examples, err := set.Examples()
	if err != nil {
		return sum, err
	}
	if len(examples) == 0 {
		return sum, errors.New("no hits to export; run `prep segment` first")
	}
	splits := data.Splits(data.CountGroups(examples))
	examples = slices.DeleteFunc(examples, func(e data.Example) bool {
		return e.Parent != "" && (render == nil || splits[e.Group] != data.Train)
	})
	x := exporter{set, dir, render, splits, folders(examples)}
	rows := map[string][][]string{}
	done := 0
	for e, r := range work.Map(ctx, examples, runtime.GOMAXPROCS(0), x.write) {
		if r.Err != nil {
			return sum, r.Err
		}
		split := x.split(e)
		rows[split] = append(rows[split], r.Value)
		sum.Counts[split]++
		done++
		p.Report(data.Step{Stage: sum.Stage, Done: done, Total: len(examples)})
	}
	for split, r := range rows {
		if err := writeMetadata(filepath.Join(dir, split, "metadata.csv"), r); err != nil {
			return sum, err
		}
	}
	return sum, nil
}

type exporter struct {
	set     *data.Set
	dir     string
	render  data.RenderFunc
	splits  map[string]string
	folders map[string]string // of classes
}

// split returns where an example goes; a group without a label trains.
func (x exporter) split(e data.Example) string {
	if s, ok := x.splits[e.Group]; ok {
		return s
	}
	return data.Train
}

// write writes one hit and returns its row of metadata.csv.
func (x exporter) write(_ context.Context, e data.Example) ([]string, error) {
	clip, err := x.clip(e)
	if err != nil {
		return nil, fmt.Errorf("hit %s: %w", e.ID, err)
	}
	class := e.Class
	if class == "" {
		class = unlabelled
	}
	name := x.folders[e.Class] + "/" + e.ID + ".wav"
	if err := pcm.WriteFile(filepath.Join(x.dir, x.split(e), filepath.FromSlash(name)), clip); err != nil {
		return nil, err
	}
	original := e.Parent
	if original == "" {
		original = e.ID
	}
	return []string{
		name, class, e.Group, e.Recording, e.ID, original,
		strconv.FormatFloat(float64(e.Onset)/float64(clip.Rate), 'f', 6, 64),
		strconv.FormatFloat(clip.Rate.Ms(e.Len()), 'f', 3, 64),
	}, nil
}

// clip returns the samples of a hit.
func (x exporter) clip(e data.Example) (clip data.Clip, err error) {
	a, err := x.set.Audio(e.Recording)
	if err != nil {
		return clip, err
	}
	defer a.Close()
	cut := func(r data.Reader, h data.Hit) (err error) {
		clip.Rate = r.SampleRate()
		clip.Samples, err = data.ReadSpan(r, h.Start, h.End)
		return err
	}
	if e.Parent != "" {
		err = x.render(a, e.Hit, cut)
	} else {
		err = cut(a, e.Hit)
	}
	return clip, err
}

func writeMetadata(path string, rows [][]string) error {
	return data.WriteFile(path, func(w io.Writer) error {
		c := csv.NewWriter(w)
		c.Write([]string{"file_name", "label", "group", "recording", "hit", "original", "onset_s", "duration_ms"})
		c.WriteAll(rows)
		return c.Error()
	})
}

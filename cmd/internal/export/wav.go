package export

import (
	"bytes"
	"context"
	"encoding/csv"
	"io"
	"maps"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"

	"prep/data"
	"prep/data/work"
)

// WAV writes the labelled hits of the set below dir as <split>/<class>/<hit>.wav
// at the set's rate, and a metadata.csv in each split's folder: file_name, label,
// group, recording, hit, original (the hit itself, or what it is a copy of),
// recording_onset_s (where in the recording its onset was), duration_ms, and gain_db where
// there is a gain. No column is ever empty, for
// loaders guess its type from what they see. Unlabelled hits, where c wants them,
// are in unlabelled/, with no folder of a class. A copy is rendered by render and is
// written only in the train split; a nil render leaves copies out. recordings.csv is the
// table by which `prep ingest --meta` takes all of it in again. A README.md is the dataset's card. A folder that holds anything is refused: what an earlier export left
// there would be taken for part of this. Where it fails, nothing is left.
func (c Config) WAV(ctx context.Context, set *data.Set, dir string, render data.RenderFunc, p data.Progress) (data.Summary, error) {
	s, err := c.choose(set, render != nil)
	if err != nil {
		return data.Summary{}, err
	}
	err = data.FillFolder(dir, func() error {
		x, err := c.open(ctx, s, render)
		if err != nil {
			return err
		}
		made := &tree{sounds: x, dir: dir, folders: folders(s.classes)}
		if err := made.write(ctx, p); err != nil {
			return err
		}
		if err := made.writeRecordings(filepath.Join(dir, recordingsTable)); err != nil {
			return err
		}
		return x.writeCards(ctx, dir, wavLayout)
	})
	return s.summary(wavStage), err
}

const wavStage = "export wav"

// tree is a folder of WAV files being written.
type tree struct {
	*sounds
	dir     string
	folders map[string]string // of classes
}

func (t *tree) write(ctx context.Context, p data.Progress) error {
	rows := map[string][][]string{}
	done := 0
	for r, made := range work.Map(ctx, t.rows, runtime.GOMAXPROCS(0), t.writeHit) {
		if made.Err != nil {
			return made.Err
		}
		rows[r.Split] = append(rows[r.Split], made.Value)
		done++
		p.Report(data.Step{Stage: wavStage, Done: done, Total: len(t.rows)})
	}
	for split, r := range rows {
		if err := t.writeMetadata(filepath.Join(t.dir, split, "metadata.csv"), r); err != nil {
			return err
		}
	}
	return nil
}

// fileName returns the name of a row's file, below the folder of its split.
func (t *tree) fileName(r row) string {
	if r.Split == unlabelled {
		return r.ID + ".wav"
	}
	return t.folders[r.Class] + "/" + r.ID + ".wav"
}

// writeHit writes one hit and returns its row of metadata.csv.
func (t *tree) writeHit(ctx context.Context, r row) ([]string, error) {
	raw, err := t.file(ctx, r)
	if err != nil {
		return nil, err
	}
	name, class := t.fileName(r), r.Class
	if r.Split == unlabelled {
		class = unlabelled
	}
	err = data.WriteFile(filepath.Join(t.dir, r.Split, filepath.FromSlash(name)), func(w io.Writer) error {
		_, err := io.Copy(w, bytes.NewReader(raw))
		return err
	})
	rec, _ := t.catalog.Recording(r.Recording)
	cells := []string{
		name, class, r.Group, r.Recording, r.ID, r.original(),
		strconv.FormatFloat(seconds(r.Onset, rec.Rate), 'f', 6, 64),
		strconv.FormatFloat(rec.Rate.Ms(r.Len()), 'f', 3, 64),
	}
	if t.gain != 1 {
		cells = append(cells, strconv.FormatFloat(t.gainDB(), 'f', 4, 64))
	}
	return cells, err
}

// recordingsTable is the name of the table by which ingest takes a tree in again.
const recordingsTable = "recordings.csv"

// writeRecordings writes a row a file: its name and group, and what the table of recordings
// says of where it is from. Its class stands in metadata.csv alone, or it would be said twice.
func (t *tree) writeRecordings(path string) error {
	more := map[string]bool{}
	for _, rec := range t.recordings() {
		for key := range rec.Meta {
			more[key] = true
		}
	}
	keys := slices.Sorted(maps.Keys(more))
	return data.WriteFile(path, func(w io.Writer) error {
		c := csv.NewWriter(w)
		c.Write(append([]string{"file", "group"}, keys...))
		for _, r := range t.rows {
			rec, _ := t.catalog.Recording(r.Recording)
			cells := []string{r.Split + "/" + t.fileName(r), r.Group}
			for _, key := range keys {
				cells = append(cells, rec.Meta[key])
			}
			c.Write(cells)
		}
		c.Flush()
		return c.Error()
	})
}

func (t *tree) writeMetadata(path string, rows [][]string) error {
	return data.WriteFile(path, func(w io.Writer) error {
		c := csv.NewWriter(w)
		c.Write(t.metadataColumns())
		c.WriteAll(rows)
		return c.Error()
	})
}

// metadataColumns returns the columns of metadata.csv.
func (x *sounds) metadataColumns() []string {
	columns := []string{"file_name", "label", "group", "recording", "hit", "original", "recording_onset_s", "duration_ms"}
	if x.gain != 1 {
		columns = append(columns, "gain_db")
	}
	return columns
}

package export

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
	"runtime"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress/zstd"

	"prep/data"
	"prep/data/work"
)

const parquetStage = "export parquet"

// sounding is a row of a Parquet file with the sound in it: the bytes of a WAV file.
type sounding struct {
	Audio *sound `parquet:"audio"`
	Label *int64 `parquet:"label"` // an index into the classes; null: nobody has named it
	line
}

type sound struct {
	Bytes []byte `parquet:"bytes,optional"`
	Path  string `parquet:"path,optional"`
}

// rowsInMemory is how many rows a file's writer holds before it writes them: 10 MB of hits.
const rowsInMemory = 1000

// Parquet writes the hits that WAV writes as dir/data/<split>.parquet, the sound among the
// columns of Table, and README.md, the card that says to load_dataset of Hugging Face's
// datasets which column is sound and what the numbers of the labels mean. The folder is
// refused where it holds anything, and where Parquet fails, nothing is left.
func (c Config) Parquet(ctx context.Context, set *data.Set, dir string, render data.RenderFunc, p data.Progress) (data.Summary, error) {
	s, err := c.choose(set, render != nil)
	if err != nil {
		return data.Summary{}, err
	}
	err = data.FillFolder(dir, func() error {
		x, err := c.open(ctx, s, render)
		if err != nil {
			return err
		}
		t, err := newTable(set)
		if err != nil {
			return err
		}
		for _, split := range s.splits() {
			file := filepath.Join(dir, "data", split+".parquet")
			if err := data.WriteFile(file, func(w io.Writer) error { return x.writeSplit(ctx, w, split, t) }); err != nil {
				return err
			}
		}
		return x.writeCards(ctx, dir, parquetLayout)
	})
	return s.summary(parquetStage), err
}

// splits returns the splits that have rows, in the order in which they are learned from.
func (s *selection) splits() (splits []string) {
	for _, split := range []string{data.Train, data.Validation, data.Test, unlabelled} {
		for _, r := range s.rows {
			if r.Split == split {
				splits = append(splits, split)
				break
			}
		}
	}
	return splits
}

// writeSplit writes the rows of a split.
func (x *sounds) writeSplit(ctx context.Context, w io.Writer, split string, t *table) error {
	meta, err := json.Marshal(map[string]any{"info": map[string]any{"features": x.features()}})
	if err != nil {
		return err
	}
	out := parquet.NewGenericWriter[sounding](w, parquet.Compression(&zstd.Codec{}), parquet.CreatedBy("prep", data.Version, ""),
		parquet.MaxRowsPerRowGroup(rowsInMemory), parquet.KeyValueMetadata("huggingface", string(meta)))
	var rows []row
	for _, r := range x.rows {
		if r.Split == split {
			rows = append(rows, r)
		}
	}
	for r, raw := range work.Map(ctx, rows, runtime.GOMAXPROCS(0), x.file) {
		if raw.Err != nil {
			return raw.Err
		}
		v := sounding{Audio: &sound{raw.Value, r.ID + ".wav"}, line: t.line(r.Example)}
		if class := x.class(r); class >= 0 {
			v.Label = &class
		}
		if _, err := out.Write([]sounding{v}); err != nil {
			return err
		}
	}
	return out.Close()
}

// features returns the columns as datasets describes them
// (https://huggingface.co/docs/datasets/about_dataset_features).
func (x *sounds) features() map[string]any {
	f := map[string]any{}
	for _, field := range parquet.SchemaOf(line{}).Fields() {
		f[field.Name()] = map[string]any{"_type": "Value", "dtype": dtype(field)}
	}
	f["audio"] = map[string]any{"_type": "Audio", "sampling_rate": x.rate()}
	f["label"] = map[string]any{"_type": "ClassLabel", "names": x.classes}
	return f
}

// dtype returns the name of a column's type.
func dtype(f parquet.Field) string {
	switch f.Type().Kind() {
	case parquet.Int64:
		return "int64"
	case parquet.Double:
		return "float64"
	}
	return "string"
}

// rate returns the rate of the set.
func (s *selection) rate() data.Rate {
	rec, _ := s.catalog.Recording(s.rows[0].Recording)
	return rec.Rate
}

// layout says how the files of a dataset lie in its folder.
type layout struct {
	data        string // the files with the sounds of a split
	table       string // the file with the rows of a split
	mime        string // of that file
	classColumn string // of that file
}

var (
	parquetLayout = layout{"data/%s.parquet", "data/%s.parquet", "application/x-parquet", "class"}
	wavLayout     = layout{"%s/**", "%s/metadata.csv", "text/csv", "label"}
)

// pattern returns the files of a split, as load_dataset wants them.
func (l layout) pattern(split string) string { return fmt.Sprintf(l.data, split) }

// rowsFile returns the file with the rows of a split.
func (l layout) rowsFile(split string) string { return fmt.Sprintf(l.table, split) }

package export

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress/zstd"

	"prep/data"
)

// line is a hit as a row of a table. Columns are optional in Parquet, or Hugging Face's
// datasets passes over what the file says of them.
type line struct {
	Hit        string   `parquet:"hit,optional"`
	Class      *string  `parquet:"class,dict"` // null: nobody has named it
	Group      string   `parquet:"group,dict,optional"`
	Split      string   `parquet:"split,dict,optional"`
	Recording  string   `parquet:"recording,dict,optional"`
	Name       string   `parquet:"name,dict,optional"` // of the recording
	Original   string   `parquet:"original,optional"`  // the hit itself, or what it is a copy of
	Rate       *int64   `parquet:"rate"`
	Start      *int64   `parquet:"start"` // samples, as in hits.jsonl
	Onset      *int64   `parquet:"onset"`
	End        *int64   `parquet:"end"`
	StartS     *float64 `parquet:"start_s"`
	OnsetS     *float64 `parquet:"onset_s"`
	EndS       *float64 `parquet:"end_s"`
	DurationMs *float64 `parquet:"duration_ms"`
	PeakDB     *float64 `parquet:"peak_db"`
	RMSDB      *float64 `parquet:"rms_db"`
	SNRDB      *float64 `parquet:"snr_db"`
	Clipped    *int64   `parquet:"clipped"`
	Confidence *float64 `parquet:"confidence"`
	Found      string   `parquet:"found,dict,optional"`
	LabelBy    *string  `parquet:"label_by,dict"`  // human, import, model, folder
	LabelWho   *string  `parquet:"label_who,dict"` // the person or the model
	LabelTime  *string  `parquet:"label_time"`
	Lineage    *string  `parquet:"lineage"`   // of a copy, as JSON
	Meta       *string  `parquet:"meta,dict"` // of the recording, as JSON: licence, author, device, date
}

// byFolder stands for who said a class that is its recording's.
const byFolder = "folder"

// Table writes a row for every hit of the set that is not rejected, copies and hits without
// a class among them, to a .csv or a .parquet file: class, group, split, times, levels,
// recording, and who said what.
func Table(set *data.Set, path string) (data.Summary, error) {
	write, ok := map[string]func(io.Writer, []line) error{".csv": writeCSV, ".parquet": writeTable}[strings.ToLower(filepath.Ext(path))]
	if !ok {
		return data.Summary{}, fmt.Errorf("%s: a table is a .csv or a .parquet file", path)
	}
	t, err := newTable(set)
	if err != nil {
		return data.Summary{}, err
	}
	var lines []line
	for _, e := range t.examples {
		lines = append(lines, t.line(e))
	}
	sum := data.Summary{Stage: "export table", Counts: map[string]int{"hits": len(lines)}}
	return sum, data.WriteFile(path, func(w io.Writer) error { return write(w, lines) })
}

// table knows what the lines of a set are made of.
type table struct {
	examples []data.Example
	splits   map[string]string
	catalog  data.Catalog
	standing map[data.Moment]data.Label
}

func newTable(set *data.Set) (*table, error) {
	examples, err := set.Examples()
	if err != nil {
		return nil, err
	}
	if len(examples) == 0 {
		return nil, errNoHits
	}
	recordings, err := set.Recordings()
	if err != nil {
		return nil, err
	}
	journal, err := set.Labels()
	if err != nil {
		return nil, err
	}
	return &table{examples, data.Splits(data.CountGroups(examples)), data.NewCatalog(recordings), data.Standing(journal)}, nil
}

// line returns the line of a hit.
func (t *table) line(e data.Example) line {
	rec, _ := t.catalog.Recording(e.Recording)
	r := row{e, splitOf(e, t.splits)}
	l := line{
		Hit: e.ID, Class: orNull(e.Class), Group: e.Group, Split: r.Split, Recording: e.Recording, Name: rec.Name,
		Original: r.original(), Rate: number(int(rec.Rate)),
		Start: number(e.Start), Onset: number(e.Onset), End: number(e.End),
		StartS: ptr(seconds(e.Start, rec.Rate)), OnsetS: ptr(seconds(e.Onset, rec.Rate)), EndS: ptr(seconds(e.End, rec.Rate)),
		DurationMs: ptr(rec.Rate.Ms(e.Len())),
		PeakDB:     &e.PeakDB, RMSDB: &e.RMSDB, SNRDB: &e.SNRDB, Clipped: number(e.Clipped),
		Confidence: &e.Confidence, Found: e.Found,
	}
	if e.Class != "" {
		said, ok := t.standing[data.Moment{Recording: e.Recording, Onset: e.Onset}]
		if !ok {
			said, ok = t.standing[data.Moment{Recording: e.Recording, Onset: e.Mark}]
		}
		if !ok {
			said.By = byFolder
		}
		l.LabelBy, l.LabelWho, l.LabelTime = orNull(said.By), orNull(said.Who), orNull(said.Time)
	}
	if len(e.Lineage) > 0 {
		l.Lineage = asJSON(e.Lineage)
	}
	if len(rec.Meta) > 0 {
		l.Meta = asJSON(rec.Meta)
	}
	return l
}

func ptr[T any](v T) *T { return &v }

func number(n int) *int64 { return ptr(int64(n)) }

func orNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func asJSON(v any) *string {
	raw, _ := json.Marshal(v) // of text and finite numbers
	return ptr(string(raw))
}

// writeTable writes a Parquet file.
func writeTable(w io.Writer, lines []line) error {
	p := parquet.NewGenericWriter[line](w, parquet.Compression(&zstd.Codec{}), parquet.CreatedBy("prep", data.Version, ""))
	if _, err := p.Write(lines); err != nil {
		return err
	}
	return p.Close()
}

// writeCSV writes the columns that writeTable has; null is an empty cell.
func writeCSV(w io.Writer, lines []line) error {
	schema := parquet.SchemaOf(line{})
	var head []string
	for _, c := range schema.Columns() {
		head = append(head, c[0])
	}
	out := csv.NewWriter(w)
	out.Write(head)
	for _, l := range lines {
		cells := make([]string, len(head))
		for _, v := range schema.Deconstruct(nil, l) {
			cells[v.Column()] = cell(v)
		}
		out.Write(cells)
	}
	out.Flush()
	return out.Error()
}

// cell returns a value as text, a number in the fewest digits that read back as it.
func cell(v parquet.Value) string {
	switch {
	case v.IsNull():
		return ""
	case v.Kind() == parquet.Double:
		return strconv.FormatFloat(v.Double(), 'g', -1, 64)
	}
	return v.String()
}

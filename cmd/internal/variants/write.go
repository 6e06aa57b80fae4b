package variants

import (
	"encoding/csv"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"

	"prep/data"
	"prep/train/sweep"
)

// Write writes the report to sweeps/<name>/ and returns its page's path:
// index.html; report.md with its pictures; report.json; and speed.csv once, from
// the patches a second that speeds measures of each arm, for it is never twice
// the same.
func Write(set *data.Set, r sweep.Report, speeds func() (map[string]float64, error)) (string, error) {
	dir := "sweeps/" + r.Name + "/"
	drawn, err := pictures(r)
	if err != nil {
		return "", err
	}
	p := page(r, drawn)
	files := map[string]func(io.Writer) error{
		"report.md":   func(w io.Writer) error { return p.Markdown(w, true) },
		"report.json": func(w io.Writer) error { return data.EncodeJSON(w, r) },
	}
	for name, png := range drawn {
		files[name] = func(w io.Writer) error { _, err := w.Write(png); return err }
	}
	if _, err := os.Stat(set.Path(dir + "speed.csv")); err != nil {
		measured, err := speeds()
		if err != nil {
			return "", err
		}
		files["speed.csv"] = func(w io.Writer) error { return writeSpeed(w, measured) }
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if err := set.WriteFile(dir+name, files[name]); err != nil {
			return "", err
		}
	}
	return set.Path(dir + "index.html"), set.WriteFile(dir+"index.html", p.HTML)
}

// writeSpeed writes the training speed of each arm.
func writeSpeed(w io.Writer, speeds map[string]float64) error {
	rows := [][]string{{"arm", "patches_per_second"}}
	for _, name := range slices.Sorted(maps.Keys(speeds)) {
		rows = append(rows, []string{name, fmt.Sprintf("%.0f", speeds[name])})
	}
	return csv.NewWriter(w).WriteAll(rows)
}

package export

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/parquet-go/parquet-go"

	"prep/data"
)

// The names of a dataset's cards.
const (
	cardFile      = "README.md"
	citationFile  = "CITATION.cff"
	croissantFile = "croissant.json"
)

// writeCards writes what describes a dataset, from what the table of recordings says.
func (x *sounds) writeCards(ctx context.Context, dir string, l layout) error {
	if err := x.listenForTwins(ctx); err != nil {
		return err
	}
	c := card{sounds: x, layout: l, title: datasetName(dir), dir: dir}
	c.licences = x.said("licence", "license")
	c.authors = x.said("author", "authors", "creator", "artist")
	c.devices = x.said("device", "microphone", "mic")
	c.dates = x.said("date", "recorded", "year")
	for _, f := range []struct {
		name  string
		write func(io.Writer) error
	}{{cardFile, c.write}, {citationFile, c.cite}, {croissantFile, c.croissant}} {
		if err := data.WriteFile(filepath.Join(dir, f.name), f.write); err != nil {
			return err
		}
	}
	return nil
}

// datasetName returns the name of the folder that a dataset is written to.
func datasetName(dir string) string {
	if full, err := filepath.Abs(dir); err == nil {
		dir = full
	}
	return filepath.Base(dir)
}

// card is a dataset as its cards tell of it.
type card struct {
	*sounds
	layout
	title, dir                        string
	licences, authors, devices, dates []string
}

// said returns what the table of recordings says under any of some columns, of the
// recordings that have rows, each once, sorted.
func (s *selection) said(columns ...string) (values []string) {
	for _, rec := range s.recordings() {
		for key, v := range rec.Meta {
			if slices.Contains(columns, strings.ToLower(key)) && strings.TrimSpace(v) != "" {
				values = append(values, strings.TrimSpace(v))
			}
		}
	}
	slices.Sort(values)
	return slices.Compact(values)
}

// recordings returns the recordings that have rows, in the order of the set.
func (s *selection) recordings() (all []data.Recording) {
	has := map[string]bool{}
	for _, r := range s.rows {
		has[r.Recording] = true
	}
	for _, rec := range s.catalog.Recordings() {
		if has[rec.ID] {
			all = append(all, rec)
		}
	}
	return all
}

// write writes README.md: the head that load_dataset reads, and words
// (https://huggingface.co/docs/hub/datasets-cards).
func (c card) write(w io.Writer) error {
	head, err := yaml.Marshal(c.head())
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "---\n%s---\n\n# %s\n\n", head, c.title)
	fmt.Fprintf(w, "%d percussive sounds of under 50 ms at %d Hz, made by prep %s.\n\n", len(c.rows), c.rate(), data.Version)
	fmt.Fprintf(w, "| split | sounds | groups |\n|---|---|---|\n")
	for _, split := range c.splits() {
		n, groups := c.count(split)
		fmt.Fprintf(w, "| %s | %d | %s |\n", split, n, escapeCell(strings.Join(groups, ", ")))
	}
	fmt.Fprint(w, "\nA group is who or what session was recorded. No group is in two splits.\n")
	fmt.Fprintf(w, "Leakage: %s.\n", c.leakage)
	fmt.Fprint(w, "\n| class | sounds |\n|---|---|\n")
	for i, class := range c.classes {
		n := 0
		for _, r := range c.rows {
			if c.class(r) == int64(i) {
				n++
			}
		}
		fmt.Fprintf(w, "| %s | %d |\n", escapeCell(class), n)
	}
	fmt.Fprint(w, "\nWhat the table of recordings says:\n\n")
	for _, f := range []struct {
		name   string
		values []string
	}{{"licence", c.licences}, {"author", c.authors}, {"device", c.devices}, {"date", c.dates}} {
		said := "nothing is said"
		if len(f.values) > 0 {
			said = strings.Join(f.values, ", ")
		}
		fmt.Fprintf(w, "- %s: %s\n", f.name, said)
	}
	for _, n := range c.notes {
		fmt.Fprintf(w, "\nNote: %s\n", n)
	}
	return nil
}

func escapeCell(s string) string { return strings.ReplaceAll(s, "|", `\|`) }

// count returns the number of rows of a split and its groups, sorted.
func (s *selection) count(split string) (n int, groups []string) {
	for _, r := range s.rows {
		if r.Split == split {
			n++
			groups = append(groups, r.Group)
		}
	}
	slices.Sort(groups)
	return n, slices.Compact(groups)
}

// head returns the metadata of README.md.
func (c card) head() yaml.MapSlice {
	var files []yaml.MapSlice
	for _, split := range c.splits() {
		files = append(files, yaml.MapSlice{{Key: "split", Value: split}, {Key: "path", Value: c.pattern(split)}})
	}
	m := yaml.MapSlice{{Key: "pretty_name", Value: c.title}}
	if id, ok := spdx(c.licences); ok {
		m = append(m, yaml.MapItem{Key: "license", Value: strings.ToLower(id)})
	}
	m = append(m,
		yaml.MapItem{Key: "task_categories", Value: []string{"audio-classification"}},
		yaml.MapItem{Key: "tags", Value: []string{"audio", "percussion"}},
		yaml.MapItem{Key: "configs", Value: []yaml.MapSlice{{{Key: "config_name", Value: "default"}, {Key: "data_files", Value: files}}}},
	)
	if c.layout == parquetLayout { // audiofolder takes the columns from metadata.csv, whatever is said here
		m = append(m, yaml.MapItem{Key: "dataset_info", Value: yaml.MapSlice{{Key: "features", Value: c.described()}}})
	}
	return m
}

// described returns the columns as the head of a card has them.
func (c card) described() []yaml.MapSlice {
	names := yaml.MapSlice{}
	for i, class := range c.classes {
		names = append(names, yaml.MapItem{Key: fmt.Sprint(i), Value: class})
	}
	column := func(name string, kind any) yaml.MapSlice {
		return yaml.MapSlice{{Key: "name", Value: name}, {Key: "dtype", Value: kind}}
	}
	audio := yaml.MapSlice{{Key: "audio", Value: yaml.MapSlice{{Key: "sampling_rate", Value: int(c.rate())}}}}
	label := yaml.MapSlice{{Key: "class_label", Value: yaml.MapSlice{{Key: "names", Value: names}}}}
	all := []yaml.MapSlice{column("audio", audio), column("label", label)}
	for _, f := range parquet.SchemaOf(line{}).Fields() {
		all = append(all, column(f.Name(), dtype(f)))
	}
	return all
}

// spdx returns the one licence of a dataset as an identifier of SPDX, where it is one.
func spdx(licences []string) (string, bool) {
	if len(licences) != 1 || strings.ContainsAny(licences[0], " /,;:()") {
		return "", false
	}
	return licences[0], true
}

// cite writes CITATION.cff (https://citation-file-format.github.io).
func (c card) cite(w io.Writer) error {
	authors := []yaml.MapSlice{}
	for _, a := range c.authors {
		authors = append(authors, yaml.MapSlice{{Key: "name", Value: a}})
	}
	if len(authors) == 0 {
		authors = append(authors, yaml.MapSlice{{Key: "name", Value: "anonymous"}})
	}
	m := yaml.MapSlice{
		{Key: "cff-version", Value: "1.2.0"},
		{Key: "message", Value: "Cite those who made these recordings."},
		{Key: "type", Value: "dataset"},
		{Key: "title", Value: c.title},
		{Key: "authors", Value: authors},
	}
	if id, ok := spdx(c.licences); ok {
		m = append(m, yaml.MapItem{Key: "license", Value: id})
	}
	raw, err := yaml.Marshal(m)
	if err == nil {
		_, err = w.Write(raw)
	}
	return err
}

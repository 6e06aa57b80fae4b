package ingest

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"prep/data/labelfile"
)

// Labelling says where labels lie and how they are read: the section "labels" of
// prep.yaml.
type Labelling struct {
	// Files are patterns of label files besides those that lie beside their
	// recordings: paths below the ingested directory with {stem}, the name of the
	// recording without its extension, {name}, with it, and {dir}, its folder.
	Files []string `yaml:"files" json:"files,omitempty"`
	// Meta is a table of recordings: a column that names the file, and any of
	// group, class, licence, author, device, date and whatever else is worth
	// keeping.
	Meta string `yaml:"meta" json:"meta,omitempty"`
	// Columns, Tier, Unit, Encoding and Notes are labelfile.Options.
	Columns  labelfile.Columns `yaml:"columns" json:"columns,omitzero"`
	Tier     string            `yaml:"tier" json:"tier,omitempty"`
	Unit     string            `yaml:"unit" json:"unit,omitempty"`
	Encoding string            `yaml:"encoding" json:"encoding,omitempty"`
	Notes    map[int]string    `yaml:"notes" json:"notes,omitempty"`
}

// Options returns what the readers of label files are told.
func (l Labelling) Options() labelfile.Options {
	return labelfile.Options{Columns: l.Columns, Tier: l.Tier, Unit: l.Unit, Encoding: l.Encoding, Notes: l.Notes}
}

// placeholders are what a pattern of label files may hold.
var placeholders = []string{"{stem}", "{name}", "{dir}"}

// Validate says which setting cannot be.
func (l Labelling) Validate() error {
	for i, p := range l.Files {
		if !slices.ContainsFunc(placeholders[:2], func(x string) bool { return strings.Contains(p, x) }) {
			return fmt.Errorf("files[%d]: %q names one file for all recordings; put {stem} where the recording's name stands", i, p)
		}
		if path.IsAbs(p) || slices.Contains(strings.Split(path.Clean(p), "/"), "..") {
			return fmt.Errorf("files[%d]: %q: must be a path below the ingested directory", i, p)
		}
	}
	if !slices.Contains([]string{"", "s", "ms", "us", "samples"}, l.Unit) {
		return fmt.Errorf("unit: %q: must be s, ms, us or samples", l.Unit)
	}
	return nil
}

// expand returns the path, below the ingested directory, that a pattern gives
// the label file of a recording.
func expand(pattern, name string) string {
	base := path.Base(name)
	return strings.NewReplacer("{stem}", stem(base), "{name}", base, "{dir}", path.Dir(name)).Replace(pattern)
}

// labelFrom returns the pattern that finds a class in a path, nil where
// label_from is none.
func (c Config) labelFrom() (*regexp.Regexp, error) {
	if c.LabelFrom == "" || c.LabelFrom == labelFromDir {
		return nil, nil
	}
	return regexp.Compile(c.LabelFrom)
}

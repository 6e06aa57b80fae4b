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
	// recording without its extension, {stem%_X}, without _X at its end either,
	// {name}, with its extension, and {dir}, its folder.
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

// ofStem finds the placeholders that stand for a recording in a pattern of label
// files; the group is an end to be taken off, as in a shell.
var ofStem = regexp.MustCompile(`\{name\}|\{stem(?:%([^{}]*))?\}`)

// Validate says which setting cannot be.
func (l Labelling) Validate() error {
	for i, p := range l.Files {
		if !ofStem.MatchString(p) {
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
	expanded := ofStem.ReplaceAllStringFunc(strings.ReplaceAll(pattern, "{dir}", path.Dir(name)), func(p string) string {
		if p == "{name}" {
			return base
		}
		return strings.TrimSuffix(stem(base), ofStem.FindStringSubmatch(p)[1])
	})
	return path.Clean(expanded)
}

// labelFrom returns the pattern that finds a class in a path, nil where
// label_from is none.
func (c Config) labelFrom() (*regexp.Regexp, error) {
	if c.LabelFrom == "" || c.LabelFrom == labelFromDir {
		return nil, nil
	}
	return regexp.Compile(c.LabelFrom)
}

package ingest

import (
	"errors"
	"fmt"
	"path"
	"regexp"
	"strings"

	"prep/data"
	"prep/ingest/resample"
)

// LabelFromDir is the LabelFrom that takes a recording's class from its folder.
const LabelFromDir = "dir"

// Config is what an ingest does.
type Config struct {
	// Paths are audio files and directories of them.
	Paths []string `yaml:"paths" json:"paths"`
	// Rate is the set's sampling rate, in samples per second.
	Rate data.Rate `yaml:"rate" json:"rate"`
	// LabelFrom is "dir" where the name of a file's folder is its class.
	LabelFrom string `yaml:"label_from" json:"label_from"`
	// GroupFrom is a regular expression that is matched against the path below
	// the ingested directory; its first capture group, or the whole match where
	// it has none, is the recording's group. Empty: the first folder below the
	// ingested directory; the file's stem where the file lies in none or where
	// folders are classes.
	GroupFrom string `yaml:"group_from" json:"group_from"`
	// Labels renames classes as label files and folders have them; one that
	// becomes null is dropped.
	Labels map[string]*string `yaml:"labels" json:"labels,omitempty"`
}

// Default returns the configuration that holds where nothing else is said.
func Default() Config { return Config{Rate: 44100} }

// Validate says which field is wrong, what it is and what is allowed.
func (c Config) Validate() error {
	if len(c.Paths) == 0 {
		return errors.New("paths: there are none; give at least one audio file or directory")
	}
	if c.Rate < resample.MinRate || c.Rate > resample.MaxRate {
		return fmt.Errorf("rate: %d Hz; %d to %d are allowed", c.Rate, resample.MinRate, resample.MaxRate)
	}
	if c.LabelFrom != "" && c.LabelFrom != LabelFromDir {
		return fmt.Errorf("label_from: %q; %q or nothing is allowed", c.LabelFrom, LabelFromDir)
	}
	if _, err := regexp.Compile(c.GroupFrom); err != nil {
		return fmt.Errorf("group_from: %w", err)
	}
	return nil
}

// class returns what a class is called in the set; ok is false where it is
// dropped.
func (c Config) class(name string) (class string, ok bool) {
	alias, found := c.Labels[name]
	switch {
	case found && (alias == nil || *alias == ""):
		return "", false
	case found:
		return *alias, true
	case name == "":
		return Unnamed, true
	}
	return name, true
}

// folderClass returns the class that a file's folder gives it, or "". base is
// the name of the ingested directory, for files that lie in it directly.
func (c Config) folderClass(name, base string) string {
	if c.LabelFrom != LabelFromDir {
		return ""
	}
	dir := path.Base(path.Dir(name))
	if dir == "." {
		dir = base
	}
	class, _ := c.class(dir)
	return class
}

// group returns who or which session a file belongs to; ok is false where the
// pattern does not say.
func (c Config) group(name string) (group string, ok bool) {
	if c.GroupFrom != "" {
		m := regexp.MustCompile(c.GroupFrom).FindStringSubmatch(name)
		if m == nil {
			return "", false
		}
		group = m[min(1, len(m)-1)]
		return group, group != ""
	}
	folder, _, found := strings.Cut(name, "/")
	if !found || c.LabelFrom == LabelFromDir {
		return stem(path.Base(name)), true
	}
	return folder, true
}

// stem returns a file name without its extension.
func stem(name string) string { return strings.TrimSuffix(name, ext(name)) }

// ext returns the extension of a path's last element, with its dot.
func ext(path string) string {
	if i := strings.LastIndexAny(path, "./\\"); i >= 0 && path[i] == '.' {
		return path[i:]
	}
	return ""
}

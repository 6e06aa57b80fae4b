package ingest

import "path"

// Classes: what the words of label files and folders are called in the set.

// unnamed is the class of a mark that has no text: of an .onsets file, of an
// empty Audacity label. An alias for "" gives such marks another name.
const unnamed = "hit"

// Class returns what a class is called in the set; ok is false where it is
// dropped.
func (c Config) Class(name string) (class string, ok bool) {
	alias, found := c.Labels[name]
	switch {
	case found && (alias == nil || *alias == ""):
		return "", false
	case found:
		return *alias, true
	case name == "":
		return unnamed, true
	}
	return name, true
}

// pathClass returns the class that a file's folder, or label_from in its path,
// gives it, or "". base is the name of the ingested directory, for files that lie
// in it directly.
func (c Config) pathClass(name, base string) string {
	if c.LabelFrom != labelFromDir {
		return c.classIn(name)
	}
	dir := path.Base(path.Dir(name))
	if dir == "." {
		dir = base
	}
	class, _ := c.Class(dir)
	return class
}

// classIn returns the class that label_from finds in a path, or "".
func (c Config) classIn(name string) string {
	pattern, err := c.labelFrom()
	if pattern == nil || err != nil {
		return ""
	}
	m := pattern.FindStringSubmatch(name)
	if m == nil || m[min(1, len(m)-1)] == "" {
		return ""
	}
	class, _ := c.Class(m[min(1, len(m)-1)])
	return class
}

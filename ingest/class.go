package ingest

import "path"

// Classes: what the words of label files and folders are called in the set.

// unnamed is the class of a mark that has no text: of an .onsets file, of an
// empty Audacity label. An alias for "" gives such marks another name.
const unnamed = "hit"

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
		return unnamed, true
	}
	return name, true
}

// folderClass returns the class that a file's folder gives it, or "". base is
// the name of the ingested directory, for files that lie in it directly.
func (c Config) folderClass(name, base string) string {
	if c.LabelFrom != labelFromDir {
		return ""
	}
	dir := path.Base(path.Dir(name))
	if dir == "." {
		dir = base
	}
	class, _ := c.class(dir)
	return class
}

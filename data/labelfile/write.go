package labelfile

import (
	"fmt"
	"io"
	"path"
	"path/filepath"
	"strings"

	"prep/data"
)

// Write writes the labels of recordings into dir in one of Formats, a file a
// recording, named like it with the format's extension, or one file for all,
// and returns the paths below dir. It fails on an unknown format and, before
// anything is written, on a recording whose name leads out of dir; each file
// comes whole or not at all.
func Write(dir, format string, all []Recording) (files []string, err error) {
	f := formatNamed(format)
	if f == nil {
		return nil, unknownFormat(format)
	}
	if f.writeAll != nil {
		return f.writeForAll(dir, all)
	}
	if files, err = fileNames(all, f.extension); err != nil {
		return nil, err
	}
	for i, name := range files {
		if err := data.WriteFile(filepath.Join(dir, name), func(w io.Writer) error { return f.write(w, all[i]) }); err != nil {
			return files[:i], err
		}
	}
	return files, nil
}

// writeForAll writes the one file for all recordings, and what it needs beside
// it.
func (f *format) writeForAll(dir string, all []Recording) (files []string, err error) {
	parts := []companion{{f.extension, f.writeAll}}
	if f.also != nil {
		parts = append(parts, *f.also)
	}
	for _, p := range parts {
		if err := data.WriteFile(filepath.Join(dir, p.name), func(w io.Writer) error { return p.write(w, all) }); err != nil {
			return files, err
		}
		files = append(files, p.name)
	}
	return files, nil
}

// WriteOne writes the labels of one recording in one of Formats.
func WriteOne(w io.Writer, format string, r Recording) error {
	f := formatNamed(format)
	switch {
	case f == nil:
		return unknownFormat(format)
	case f.writeAll != nil:
		return f.writeAll(w, []Recording{r})
	}
	return f.write(w, r)
}

func unknownFormat(name string) error {
	return fmt.Errorf("%q is no format of labels; there are %s", name, strings.Join(Formats(), ", "))
}

// fileNames returns file names for recordings: theirs with another extension,
// or with it behind their own where two differ in nothing else.
func fileNames(all []Recording, extension string) ([]string, error) {
	count := map[string]int{}
	stem := func(r Recording) string { return strings.TrimSuffix(r.Name, path.Ext(r.Name)) }
	for _, r := range all {
		count[stem(r)]++
	}
	names := make([]string, len(all))
	for i, r := range all {
		name := stem(r)
		if count[name] > 1 {
			name = r.Name
		}
		local, err := filepath.Localize(name + extension)
		if err != nil {
			return nil, fmt.Errorf("recording %q: its name leads out of the folder", r.Name)
		}
		names[i] = local
	}
	return names, nil
}

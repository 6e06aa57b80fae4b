package gallery

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"path/filepath"

	"prep/data"
	"prep/data/disk"
	"prep/data/document"
)

// bundleOf returns the first look of a set, whose files are one thing.
func bundleOf(set *data.Set) data.Bundle { return data.BundleIn(set.Path("plots"), "pictures") }

// record writes which pictures there are, in their order, and the page that
// shows them.
func (g *gallery) record(w *data.BundleWriter) error {
	pictures := make([]document.Picture, len(g.pictures))
	for i, p := range g.pictures {
		f, err := disk.Open(w.Path(p.Path))
		if err != nil {
			return err
		}
		p.Width, p.Height = document.Measure(f)
		f.Close()
		if fault := f.Fault(); fault != nil {
			return fault // a picture without a size would be shown otherwise
		}
		pictures[i] = p.Picture
	}
	page := document.Page{
		Title: "The set in pictures", Lead: fmt.Sprintf("%d pictures. Each opens at full size.", len(pictures)),
		Sections: document.Sections(pictures),
	}
	if err := w.WriteFile(path.Base(indexFile), page.HTML); err != nil {
		return err
	}
	return w.WriteFile(path.Base(picturesFile), func(w io.Writer) error { return data.EncodeJSON(w, pictures) })
}

// Pictures returns the pictures of the first look that was drawn last, their
// paths relative to the set. There are none before the first.
func Pictures(set *data.Set) (pictures []document.Picture, err error) {
	text, err := bundleOf(set).ReadFile(path.Base(picturesFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(text, &pictures); err != nil {
		return nil, fmt.Errorf("%s: %w; remove it and run `prep plot`", set.Path(filepath.FromSlash(picturesFile)), err)
	}
	for i := range pictures {
		if !filepath.IsLocal(filepath.FromSlash(pictures[i].Path)) {
			return nil, fmt.Errorf("%s: %.80q is no picture of the set's; remove it and run `prep plot`", set.Path(filepath.FromSlash(picturesFile)), pictures[i].Path)
		}
		pictures[i].Path = plotsDir + pictures[i].Path
	}
	return pictures, nil
}

// pictureFiles returns the set's names of the pictures of the first look.
func pictureFiles(set *data.Set) ([]string, error) {
	pictures, err := Pictures(set)
	files := make([]string, len(pictures))
	for i, p := range pictures {
		files[i] = p.Path
	}
	return files, err
}

// pathsOf returns where files of the set are.
func pathsOf(set *data.Set, files []string) []string {
	paths := make([]string, len(files))
	for i, f := range files {
		paths[i] = set.Path(filepath.FromSlash(f))
	}
	return paths
}

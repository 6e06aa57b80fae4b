package desk

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"

	"prep/data"
)

// namedItems returns the items of a recording that bear a name, by onset; the
// end of each is at most the onset of the next.
func (d *Desk) namedItems(recording int) (items []Item) {
	for _, it := range d.items[recording] {
		if it.Class == "" || it.Reject {
			continue
		}
		if n := len(items); n > 0 {
			items[n-1].End = min(items[n-1].End, it.Onset)
		}
		items = append(items, it)
	}
	return items
}

// written is one recording with what a format writes of it.
type written struct {
	data.Recording
	set   string // the name of the set's directory
	items []Item
}

func (w written) seconds(sample int) float64 { return float64(sample) / float64(w.Rate) }

// Export writes the labels of every recording into a folder, for another
// program: a file a recording, named like it, or one for all. It fails on an
// unknown format, and on a folder that holds anything: an older file there
// would be read back as if it were part of this.
func (d *Desk) Export(dir, format string) (data.Summary, error) {
	sum := data.Summary{Stage: "export labels", Counts: map[string]int{}}
	save, ok := formats[format]
	if !ok {
		return sum, fmt.Errorf("%q is no format of labels; there are %s", format, strings.Join(Formats(), ", "))
	}
	if there, err := os.ReadDir(dir); err == nil && len(there) > 0 {
		return sum, fmt.Errorf("%s: the folder is not empty; name a new one, or remove it first", dir)
	}
	var all []written
	for i, r := range d.recordings {
		if items := d.namedItems(i); len(items) > 0 {
			all = append(all, written{r, filepath.Base(d.set.Path()), items})
			sum.Counts["labels"] += len(items)
		}
	}
	if len(all) == 0 {
		return sum, errors.New("no hit here bears a name")
	}
	sum.Counts["recordings"] = len(all)
	return sum, save(dir, all)
}

// stems returns file names for recordings: theirs without the extension, or
// with it where two differ in nothing else.
func stems(all []written) []string {
	count := map[string]int{}
	names := make([]string, len(all))
	for i, r := range all {
		names[i] = strings.TrimSuffix(r.Name, path.Ext(r.Name))
		count[names[i]]++
	}
	for i, r := range all {
		if count[names[i]] > 1 {
			names[i] = r.Name
		}
	}
	return names
}

// saveEach writes a file a recording.
func saveEach(dir, extension string, all []written, write func(io.Writer, written) error) error {
	for i, name := range stems(all) {
		local, err := filepath.Localize(name + extension)
		if err != nil {
			return fmt.Errorf("recording %q: its name leads out of the folder", name)
		}
		if err := data.WriteFile(filepath.Join(dir, local), func(w io.Writer) error { return write(w, all[i]) }); err != nil {
			return err
		}
	}
	return nil
}

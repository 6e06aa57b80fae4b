package desk

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"prep/data"
	"prep/data/disk"
)

// NamesFile is the file of a set that holds its Names.
const NamesFile = "names.json"

// Name is a class as a set knows it on the page.
type Name struct {
	Class  string `json:"class"`
	Key    string `json:"key"`    // one small letter or digit that gives it; "" for none
	Colour string `json:"colour"` // #rrggbb
}

// Names are the classes of a set, in the order that a person gave them. They stay what they
// are from one session to the next.
type Names []Name

// palette are the first colours: on the page's dark ground each has the contrast of WCAG AA.
var palette = []string{"#ffb454", "#6cc3ff", "#7fd693", "#ff8f9c", "#c8a6ff", "#f2e36b", "#5fd7c8", "#ff9df0", "#c5cfdc", "#dca57e",
	"#a8e05f", "#8fa8ff", "#ff7f50", "#7ee8fa", "#d4b483", "#e0a3c2"}

// keysInOrder are given to classes that ask for none: digits first, then letters that the
// page does not use itself.
const keysInOrder = "1234567890bcdefghijklpqrstwyz"

// ReadNames returns the names of a set; none where nobody has given any.
func ReadNames(set *data.Set) (Names, error) {
	text, err := disk.ReadFile(set.Path(NamesFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var file struct{ Names Names }
	if err := json.Unmarshal(text, &file); err != nil {
		return nil, fmt.Errorf("%s: %w; set it right or remove it", NamesFile, err)
	}
	if err := file.Names.Check(); err != nil {
		return nil, fmt.Errorf("%s: %w; set it right or remove it", NamesFile, err)
	}
	return file.Names, nil
}

// Write writes the names into their set.
func (n Names) Write(set *data.Set) error {
	return set.WriteFile(NamesFile, func(w io.Writer) error {
		e := json.NewEncoder(w)
		e.SetIndent("", "  ")
		return e.Encode(map[string]Names{"names": n})
	})
}

var colourPattern = regexp.MustCompile(`^#[0-9a-f]{6}$`)

// Check fails on a name, a key or a colour that cannot be, and on one that is there twice.
func (n Names) Check() error {
	classes, keys := map[string]bool{}, map[string]string{}
	for _, x := range n {
		class, err := data.Name(x.Class)
		switch {
		case err != nil:
			return err
		case class != x.Class:
			return fmt.Errorf("class %q: has space around it", x.Class)
		case classes[x.Class]:
			return fmt.Errorf("class %q is there twice", x.Class)
		case x.Key != "" && !IsKey(x.Key):
			return fmt.Errorf("class %q: key %q: must be one small letter or digit", x.Class, x.Key)
		case x.Key != "" && keys[x.Key] != "":
			return fmt.Errorf("key %s is that of %q and of %q", x.Key, keys[x.Key], x.Class)
		case !colourPattern.MatchString(x.Colour):
			return fmt.Errorf("class %q: colour %q: must be like #ffb454", x.Class, x.Colour)
		}
		classes[x.Class], keys[x.Key] = true, x.Class
	}
	return nil
}

// IsKey reports whether a key can give a class: one small letter, of any script, or digit.
func IsKey(k string) bool {
	r, size := utf8.DecodeRuneInString(k)
	return size == len(k) && strings.ToLower(k) == k && (r >= '0' && r <= '9' || strings.ToUpper(k) != k)
}

// Classes returns the classes in their order.
func (n Names) Classes() []string {
	classes := make([]string, len(n))
	for i, x := range n {
		classes[i] = x.Class
	}
	return classes
}

// With returns the names and, behind them, those of classes that are new, each with a key and
// a colour of its own. What keys says of a key, whose class may be new too, stands above what
// was.
func (n Names) With(classes []string, keys map[string]string) Names {
	all := slices.Clone(n)
	for _, k := range slices.Sorted(maps.Keys(keys)) {
		classes = append(slices.Clone(classes), keys[k])
	}
	for _, c := range classes {
		if c != "" && !slices.ContainsFunc(all, func(x Name) bool { return x.Class == c }) {
			all = append(all, Name{Class: c})
		}
	}
	for k, class := range keys {
		for i := range all {
			switch {
			case all[i].Class == class:
				all[i].Key = k
			case all[i].Key == k:
				all[i].Key = ""
			}
		}
	}
	return all.completed(n)
}

// completed returns names with the keys of classes that were not among old and have none, and with
// the colours that are missing.
func (n Names) completed(old Names) Names {
	n = slices.Clone(n)
	taken, colours := map[string]bool{}, map[string]bool{}
	for _, x := range n {
		taken[x.Key], colours[x.Colour] = true, true
	}
	there := old.Classes()
	for i, x := range n {
		if x.Key == "" && x.Class != "" && !slices.Contains(there, x.Class) {
			n[i].Key = freeKey(i, x.Class, taken)
			taken[n[i].Key] = true
		}
		if x.Colour == "" {
			n[i].Colour = freeColour(i, colours)
			colours[n[i].Colour] = true
		}
	}
	return n
}

// freeKey returns the digit of a place, else the class's own first letter, else any key that
// is free.
func freeKey(place int, class string, taken map[string]bool) string {
	wanted := keysInOrder
	if place < 10 {
		wanted = keysInOrder[place:place+1] + keysInOrder
	} else if c := strings.ToLower(class[:1]); strings.Contains(keysInOrder, c) {
		wanted = c + keysInOrder
	}
	for _, k := range strings.Split(wanted, "") {
		if !taken[k] {
			return k
		}
	}
	return ""
}

// freeColour returns the colour of a place, else any of the palette that is free; when there
// is none, colours are used again.
func freeColour(place int, taken map[string]bool) string {
	for i := range palette {
		if c := palette[(place+i)%len(palette)]; !taken[c] {
			return c
		}
	}
	return palette[place%len(palette)]
}

// Twins returns two classes that differ in case or space alone, which are likely one sound.
func (n Names) Twins() (a, b string, are bool) {
	seen := map[string]string{}
	for _, x := range n {
		plain := strings.ToLower(strings.Join(strings.FieldsFunc(x.Class, func(r rune) bool { return r == ' ' || r == '-' || r == '_' }), ""))
		if was, twice := seen[plain]; twice {
			return was, x.Class, true
		}
		seen[plain] = x.Class
	}
	return "", "", false
}

// Names returns the classes of the set.
func (d *Desk) Names() Names { return d.names }

// Offer adds classes that the set does not have yet, and gives keys, as Names.With does. It
// fails when that cannot be kept; the names hold until the desk is made anew.
func (d *Desk) Offer(classes []string, keys map[string]string) error {
	names := d.names.With(classes, keys)
	if slices.Equal(names, d.names) {
		return nil
	}
	d.names = names
	return names.Write(d.set)
}

// Rename makes names those of the set, and gives every hit of a class in renamed its other
// name: two classes become one where that is there already. A class that hits bear does not go.
// The ID is that of an act; each class that is renamed is an act of its own.
func (d *Desk) Rename(id string, names Names, renamed map[string]string) (Change, error) {
	if d.Second() {
		return Change{}, refuse(Conflict, "a second labeller leaves the classes as they are, but for new ones")
	}
	names = names.completed(d.names)
	if err := names.Check(); err != nil {
		return Change{}, Refusal{Unclear, err}
	}
	bearing := map[string][]string{}
	for _, it := range slices.Concat(d.items...) {
		if !it.Reject && it.Class != "" {
			bearing[it.Class] = append(bearing[it.Class], it.ID)
		}
	}
	there := names.Classes()
	for class, ids := range bearing {
		if to, ok := renamed[class]; !slices.Contains(there, class) && (!ok || !slices.Contains(there, to)) {
			return Change{}, refuse(Conflict, "%d hits are called %q: rename it to another class first", len(ids), class)
		}
	}
	all := Change{Items: []Item{}, Gone: []string{}}
	for _, class := range slices.Sorted(maps.Keys(renamed)) {
		if len(bearing[class]) == 0 {
			continue
		}
		c, err := d.Do(Act{ID: fmt.Sprintf("%s/%d", id, slices.Index(d.names.Classes(), class)), Do: "label", IDs: bearing[class], Class: renamed[class]})
		if err != nil {
			return all, err
		}
		all.Items, all.Labelled = append(all.Items, c.Items...), all.Labelled+c.Labelled
	}
	d.names = names
	return all, d.names.Write(d.set)
}

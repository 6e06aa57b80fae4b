package config

import (
	"reflect"
	"slices"
	"strings"
)

// Nearest returns the name that was likely meant where an unknown one was
// written, or "": the one of least edit distance, if that is at most a third of
// its length, or one that begins as it does.
func Nearest(written string, names []string) string {
	best, least := "", len(written)
	for _, name := range names {
		d := distance(written, name)
		if len(written) >= 3 && strings.HasPrefix(name, written) {
			d = min(d, 1)
		}
		if d < least && d <= max(1, (len(name)+2)/3) {
			best, least = name, d
		}
	}
	return best
}

// distance is the Levenshtein distance of two texts, in bytes.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

// keys returns the keys of prep.yaml, of sections and within them, sorted.
func keys() []string {
	var all []string
	var walk func(reflect.Type)
	walk = func(t reflect.Type) {
		for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
			t = t.Elem()
		}
		if t.Kind() != reflect.Struct {
			return
		}
		for f := range t.NumField() {
			name, option, _ := strings.Cut(t.Field(f).Tag.Get("yaml"), ",")
			if name != "" && name != "-" && !slices.Contains(all, name) {
				all = append(all, name)
			}
			if name != "" && name != "-" || option == "inline" {
				walk(t.Field(f).Type)
			}
		}
	}
	walk(reflect.TypeFor[Config]())
	slices.Sort(all)
	return all
}

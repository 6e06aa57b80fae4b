package ingest

import (
	"path"
	"regexp"
	"strings"
)

// Groups: who or which session a recording is of, and which groups are one.

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
	if !found || c.LabelFrom == labelFromDir {
		return stem(path.Base(name)), true
	}
	return folder, true
}

// unions are groups that are one, because a recording lies in both: each is
// another's, and that one comes before it by name.
type unions map[string]string

// of returns the group that a group is part of, or itself.
func (u unions) of(group string) string {
	for u[group] != "" {
		group = u[group]
	}
	return group
}

// join makes one of the groups of takes of one content.
func (u unions) join(takes []take) {
	for _, t := range takes[1:] {
		a, b := u.of(takes[0].group), u.of(t.group)
		if a != b {
			u[max(a, b)] = min(a, b)
		}
	}
}

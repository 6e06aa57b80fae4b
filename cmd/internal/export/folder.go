package export

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"prep/data"
)

// unlabelled is the folder of the hits that nobody has named.
const unlabelled = "unlabelled"

// device finds names that Windows keeps for devices, with any extension.
var device = regexp.MustCompile(`(?i)^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)`)

// longestFolder is the length of the longest name that file systems take, in bytes.
const longestFolder = 255

// folders returns a folder for each class of the examples: its name, or, where
// that is no folder's name on every system, one that url.PathUnescape reads back, unless that
// were too long. No two
// classes share one, also where case does not count.
func folders(examples []data.Example) map[string]string {
	var classes []string
	for _, e := range examples {
		classes = append(classes, e.Class)
	}
	slices.Sort(classes)
	names, taken := map[string]string{"": unlabelled}, map[string]bool{unlabelled: true}
	for _, class := range slices.Compact(classes) {
		if class == "" {
			continue
		}
		name := folderName(class)
		if len(name) > longestFolder {
			name = data.FileName(class)
		}
		for i := 0; taken[strings.ToLower(name)] && i < len(class); i++ {
			name = escaped(class[:i+1]) + folderName(class[i+1:] + "x")[:len(folderName(class[i+1:]+"x"))-1]
		}
		names[class], taken[strings.ToLower(name)] = name, true
	}
	return names
}

// escaped returns each byte as %XX.
func escaped(s string) string {
	var b strings.Builder
	for i := range len(s) {
		fmt.Fprintf(&b, "%%%02X", s[i])
	}
	return b.String()
}

// folderName returns a class as a folder's name: what cannot stand in one on
// some system is percent-encoded (RFC 3986, 2.1).
func folderName(class string) string {
	var b strings.Builder
	for i, r := range class {
		last := i+len(string(r)) == len(class)
		if strings.ContainsRune(`/\:*?"<>|%`, r) || r < ' ' || r == 0x7f || i == 0 && strings.ContainsRune(". ", r) || last && strings.ContainsRune(". ", r) {
			b.WriteString(escaped(string(r)))
		} else {
			b.WriteRune(r)
		}
	}
	name := b.String()
	if device.MatchString(name) {
		name = escaped(name[:1]) + name[1:]
	}
	return name
}

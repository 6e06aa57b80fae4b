package export

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"strings"
)

// device finds names that Windows keeps for devices, with any extension.
var device = regexp.MustCompile(`(?i)^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)`)

// folders returns a folder for each class: its name, or, where that is no folder's name on
// every system, one that url.PathUnescape reads back, or the beginning of it where it is
// too long for a name. No two classes share one, also where case does not count.
func folders(classes []string) map[string]string {
	names, taken := map[string]string{}, map[string]bool{unlabelled: true}
	for _, class := range classes {
		name := shorten(folderName(class), class)
		for i := 0; taken[strings.ToLower(name)] && i < len(class); i++ {
			name = shorten(escaped(class[:i+1])+folderName(class[i+1:] + "x")[:len(folderName(class[i+1:]+"x"))-1], class)
		}
		names[class], taken[strings.ToLower(name)] = name, true
	}
	return names
}

// longestName is how long a folder's name may be, in bytes: systems stop at 255, and some
// at paths of 260.
const longestName = 100

// shorten returns a name of at most longestName bytes: its beginning, and what tells its
// class from others.
func shorten(name, class string) string {
	if len(name) <= longestName {
		return name
	}
	sum := sha256.Sum256([]byte(class))
	tail := "~" + hex.EncodeToString(sum[:6])
	cut := name[:longestName-len(tail)]
	if i := strings.LastIndexByte(cut, '%'); i > len(cut)-3 && i >= 0 {
		cut = cut[:i]
	}
	return strings.ToValidUTF8(cut, "") + tail
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

package data

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// MaxName is the length of the longest name of a class, a group or a person, in
// bytes: that of a folder, which often is one.
const MaxName = 255

// Name returns the name of a class, a group or a person as sets keep it: in NFC,
// without space around it. It is the one rule for whoever brings names into a set.
// It fails on a name that is empty, longer than MaxName, or no plain text: with
// control characters (Unicode's Cc, its line and paragraph separators, and those
// that turn the direction of writing), or with what is no character, as invalid
// UTF-8 and lone surrogates are.
func Name(text string) (string, error) {
	if !utf8.ValidString(text) {
		return "", errors.New("a name is text in UTF-8, this one is not")
	}
	text = norm.NFC.String(strings.TrimSpace(text))
	switch {
	case text == "":
		return "", errors.New("the name is empty")
	case len(text) > MaxName:
		return "", fmt.Errorf("a name has at most %d bytes, this one %d", MaxName, len(text))
	case strings.ContainsFunc(text, IsControl):
		return "", errors.New("a name has no control characters, this one has")
	case strings.ContainsRune(text, utf8.RuneError):
		return "", errors.New("a name is text in UTF-8, this one has characters that could not be read")
	}
	return text, nil
}

// IsControl reports whether a character does something to a terminal or a page
// instead of being seen there: a control character, a line or paragraph separator,
// or one that embeds or overrides a direction of writing (Unicode Standard Annex 9, 2).
func IsControl(r rune) bool {
	return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' || r == '\ufeff' ||
		r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069'
}

// maxFileName bounds what FileName returns, in bytes: file systems take 255, and
// writers put words before it and a temporary ending behind.
const maxFileName = 128

// PlainName returns a name with what cannot stand in one file's name, on some
// system, replaced. Several names may come to one.
func PlainName(name string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(`/\:*?"<>| `, r) || r == utf8.RuneError || IsControl(r) {
			return '-'
		}
		return r
	}, name)
}

// FileName returns a name as part of one file's name: the name itself where it can
// stand there, else its PlainName, cut to 128 bytes, with eight digits of its
// SHA-256 behind, so that no two names have one file. Two that differ in case alone
// have, where case does not count.
func FileName(name string) string {
	plain := PlainName(name)
	if plain == name && len(name) <= maxFileName {
		return name
	}
	end := min(len(plain), maxFileName-9)
	for end > 0 && end < len(plain) && !utf8.RuneStart(plain[end]) {
		end--
	}
	return fmt.Sprintf("%s~%.4x", plain[:end], sha256.Sum256([]byte(name)))
}

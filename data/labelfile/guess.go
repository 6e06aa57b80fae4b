package labelfile

import (
	"bytes"
	"fmt"
	"math"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/htmlindex"
)

// A guess at the encoding of text that does not say it: what is likely as
// writing. Each candidate decodes the words that are not ASCII, and the one under
// which their letters are likeliest (by how frequent each is in its languages,
// by vowels and consonants, small and capital letters, one script a word)
// is taken.

// candidate is an encoding with how likely it is before a word is read.
type candidate struct {
	name  string
	prior float64 // natural logarithm
}

var candidates = []candidate{
	{"windows-1252", 0}, {"windows-1251", -1}, {"windows-1250", -1.5}, {"shift_jis", -1}, {"gbk", -1},
	{"euc-kr", -1.5}, {"euc-jp", -2}, {"big5", -2}, {"windows-1253", -2}, {"windows-1254", -4}, {"koi8-r", -2},
	{"iso-8859-2", -2.5}, {"ibm866", -3}, {"iso-8859-5", -5}, {"macintosh", -5},
}

// maxGuess is how many bytes of a file the guess looks at.
const maxGuess = 4 << 20

// guessEncoding returns the likeliest encoding and a sentence that tells it, with
// words that it makes of the bytes.
func guessEncoding(b []byte) (name string, notes []string) {
	if bytes.Contains(b[:min(len(b), headBytes)], []byte("\x1b$")) && isASCII(b) {
		return "iso-2022-jp", []string{"the text is taken as iso-2022-jp"}
	}
	words := foreignWords(b[:min(len(b), maxGuess)])
	best := math.Inf(-1)
	for _, c := range candidates {
		if p := c.prior + likelihood(c.name, words); p > best {
			best, name = p, c.name
		}
	}
	enc, _ := htmlindex.Get(name)
	var shown []string
	for _, w := range words[:min(len(words), 3)] {
		s, _ := enc.NewDecoder().Bytes(w)
		shown = append(shown, fmt.Sprintf("%q", s))
	}
	return name, []string{fmt.Sprintf("the text is not UTF-8; it is taken as %s: %s (labels.encoding says another)", name, strings.Join(shown, ", "))}
}

func isASCII(b []byte) bool {
	return !bytes.ContainsFunc(b, func(r rune) bool { return r >= utf8.RuneSelf })
}

// foreignWords returns distinct cells with bytes that are not ASCII, 400 at most.
func foreignWords(b []byte) (words [][]byte) {
	seen := map[string]bool{}
	for len(b) > 0 && len(words) < 400 {
		at := bytes.IndexFunc(b, func(r rune) bool { return r >= utf8.RuneSelf })
		if at < 0 {
			break
		}
		from := max(0, at-64)
		from += bytes.LastIndexAny(b[from:at], "\t\r\n,;\"") + 1
		end := at + max(1, bytes.IndexAny(append(b[at:min(len(b), at+64):min(len(b), at+64)], '\n'), "\t\r\n,;\""))
		w := b[from:min(end, len(b))]
		if b = b[min(end, len(b)):]; !seen[string(w)] {
			seen[string(w)] = true
			words = append(words, w)
		}
	}
	return words
}

// likelihood returns the natural logarithm of how likely the words are when they
// are written so.
func likelihood(name string, words [][]byte) (sum float64) {
	enc, err := htmlindex.Get(name)
	if err != nil {
		return math.Inf(-1)
	}
	for _, w := range words {
		s, err := enc.NewDecoder().Bytes(w)
		if err != nil {
			return math.Inf(-1)
		}
		sum += wordLikelihood(name, string(s))
	}
	return sum
}

// Natural logarithms of how likely it is, between two letters of a word, that
// ...
const (
	switchesScript = -7.0
	growsCapital   = -6.0 // a capital follows a small letter
	allCapital     = -0.1 // a letter is a capital behind another
	startsCapital  = -0.5
	twoOfAKind     = -0.9 // vowels, or consonants
	alternates     = -0.4
	noLetter       = -9.0 // a sign that words do not have
	noCharacter    = -25.0
)

// wordLikelihood is that of the characters of a word that are not ASCII, each
// given the one before it.
func wordLikelihood(name, word string) (sum float64) {
	before := ' '
	for i, r := range word {
		next, _ := utf8.DecodeRuneInString(word[i+utf8.RuneLen(r):])
		if r >= utf8.RuneSelf {
			sum += letterLikelihood(name, r, next)
		}
		if r >= utf8.RuneSelf || before >= utf8.RuneSelf {
			sum += pairLikelihood(before, r)
		}
		before = r
	}
	return sum
}

// pairLikelihood is that of one character behind another.
func pairLikelihood(before, r rune) (sum float64) {
	if !unicode.IsLetter(r) {
		return 0
	}
	switch {
	case !unicode.IsUpper(r):
	case !unicode.IsLetter(before):
		sum += startsCapital
	case unicode.IsUpper(before):
		sum += allCapital
	default:
		sum += growsCapital
	}
	if !unicode.IsLetter(before) {
		return sum
	}
	if script(before) != script(r) {
		return sum + switchesScript
	}
	if script(r) == eastern {
		return sum
	}
	if isVowel(before) == isVowel(r) {
		return sum + twoOfAKind
	}
	return sum + alternates
}

// Scripts that no word mixes.
const (
	latin = iota
	cyrillic
	greek
	eastern
)

func script(r rune) int {
	switch {
	case unicode.Is(unicode.Cyrillic, r):
		return cyrillic
	case unicode.Is(unicode.Greek, r):
		return greek
	case r > 0x1000:
		return eastern
	}
	return latin
}

func isVowel(r rune) bool {
	return strings.ContainsRune("aeiouyàáâãäåæèéêëìíîïòóôõöøùúûüýÿœąęěőűůăıаеиоуыэюяёіїєαεηιουωάέήίόύώϊϋ", unicode.ToLower(r))
}

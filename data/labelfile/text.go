package labelfile

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// decoding is how the bytes of a file become text.
type decoding struct {
	isText bool
	enc    encoding.Encoding // nil is UTF-8
	mark   int               // bytes of a byte-order mark
}

// text returns bytes from the beginning of the file as text; a character that
// is cut at their end is dropped or replaced.
func (d decoding) text(b []byte) string {
	if !d.isText {
		return ""
	}
	b = b[min(d.mark, len(b)):]
	if d.enc == nil {
		return string(b)
	}
	var out strings.Builder
	out.Grow(len(b) + len(b)/2)
	if _, err := io.Copy(&out, transform.NewReader(bytes.NewReader(b), d.enc.NewDecoder())); err != nil {
		return strings.ToValidUTF8(string(b), "\ufffd")
	}
	return out.String()
}

var (
	utf16LE = unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)
	utf16BE = unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
)

// decodingOf returns how a file is decoded and what is to be told of it. An
// encoding that is named decides; else a byte-order mark does, else the bytes.
// It fails on a name that the WHATWG encoding standard does not know.
func decodingOf(content []byte, name string) (decoding, []string, error) {
	marked := decodingByMark(content)
	if name != "" {
		enc, err := htmlindex.Get(name)
		if err != nil {
			return decoding{}, nil, fmt.Errorf("%q is no encoding of text; windows-1251, shift_jis, utf-16le are some", name)
		}
		if marked.isText {
			return marked, nil, nil
		}
		return decoding{isText: true, enc: enc}, nil, nil
	}
	if marked.isText {
		return marked, nil, nil
	}
	return decodingByBytes(content)
}

// decodingByMark knows a file by its byte-order mark.
func decodingByMark(b []byte) decoding {
	switch {
	case bytes.HasPrefix(b, []byte("\xef\xbb\xbf")):
		return decoding{true, nil, 3}
	case bytes.HasPrefix(b, []byte("\xfe\xff")):
		return decoding{true, utf16BE, 2}
	case bytes.HasPrefix(b, []byte("\xff\xfe")) && !bytes.HasPrefix(b, []byte("\xff\xfe\x00\x00")):
		return decoding{true, utf16LE, 2}
	}
	return decoding{}
}

// decodingByBytes knows UTF-16 by where its zeros are, what is no text by its
// control characters, UTF-8 by its form, and guesses the rest.
func decodingByBytes(b []byte) (decoding, []string, error) {
	head := b[:min(len(b), headBytes)]
	if enc := utf16ByZeros(head); enc != nil {
		return decoding{isText: true, enc: enc}, []string{"the text is UTF-16, without a mark that says so"}, nil
	}
	if bytes.IndexByte(head, 0) >= 0 || controls(head)*50 > len(head) {
		return decoding{}, nil, nil
	}
	if isUTF8(b) && !bytes.Contains(head, []byte("\x1b$")) {
		return decoding{isText: true}, nil, nil
	}
	name, notes := guessEncoding(b)
	enc, err := htmlindex.Get(name)
	return decoding{isText: true, enc: enc}, notes, err
}

// utf16ByZeros returns the byte order of text in UTF-16 whose characters are
// mostly ASCII, nil of other bytes.
func utf16ByZeros(head []byte) encoding.Encoding {
	var zeros [2]int
	for i, c := range head {
		if c == 0 {
			zeros[i&1]++
		}
	}
	pairs := len(head) / 2
	switch {
	case pairs == 0:
	case zeros[1]*5 > pairs*2 && zeros[0]*20 < pairs:
		return utf16LE
	case zeros[0]*5 > pairs*2 && zeros[1]*20 < pairs:
		return utf16BE
	}
	return nil
}

// controls counts the control characters that no text has.
func controls(b []byte) (n int) {
	for _, c := range b {
		if c < ' ' && !strings.ContainsRune("\t\n\v\f\r\x1a\x1b", rune(c)) {
			n++
		}
	}
	return n
}

// isUTF8 says whether bytes are UTF-8, but for a character cut at the end.
func isUTF8(b []byte) bool {
	if utf8.Valid(b) {
		return true
	}
	for cut := 1; cut < utf8.UTFMax && cut < len(b); cut++ {
		if tail := b[len(b)-cut:]; tail[0] >= 0xc0 {
			return !utf8.FullRune(tail) && utf8.Valid(b[:len(b)-cut])
		}
	}
	return false
}

// Text returns the text of a file, whatever it is encoded in: what encoding
// names, or what its bytes say. It fails on an encoding that is not known, and on
// what is no text.
func Text(content []byte, encoding string) (string, error) {
	d, _, err := decodingOf(content, encoding)
	if err == nil && !d.isText {
		err = errors.New("it is no text")
	}
	if err != nil {
		return "", err
	}
	return d.text(content), nil
}

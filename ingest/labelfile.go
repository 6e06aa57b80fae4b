package ingest

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// A label file of any kind: its text, and which reader it is for.

// mark is what a label file says about a moment, in seconds of its recording.
type mark struct {
	line       int
	onset, end float64 // end is 0 where the file gives none
	class      string
}

// fault is a line of a label file that could not be read.
type fault struct {
	line   int
	reason string
}

// parseLabels reads a label file of any kind; the content says which. Lines that
// do not parse come out as faults, the others as marks.
func parseLabels(b []byte) ([]mark, []fault) {
	text, err := decodeText(b)
	if err != nil {
		return nil, []fault{{1, err.Error()}}
	}
	if strings.Contains(text[:min(len(text), 200)], "ooTextFile") {
		return parseTextGrid(text)
	}
	return parseLines(text)
}

// decodeText returns label text as UTF-8: Praat also writes UTF-16, editors put
// a byte-order mark in front.
func decodeText(b []byte) (string, error) {
	var order binary.ByteOrder
	switch {
	case bytes.HasPrefix(b, []byte("\xfe\xff")):
		order = binary.BigEndian
	case bytes.HasPrefix(b, []byte("\xff\xfe")):
		order = binary.LittleEndian
	default:
		b = bytes.TrimPrefix(b, []byte("\xef\xbb\xbf"))
		if bytes.IndexByte(b, 0) >= 0 {
			return "", fmt.Errorf("not text")
		}
		if !utf8.Valid(b) {
			return latin1(b), nil
		}
		return string(b), nil
	}
	units := make([]uint16, 0, len(b)/2)
	for b = b[2:]; len(b) >= 2; b = b[2:] {
		units = append(units, order.Uint16(b))
	}
	return string(utf16.Decode(units)), nil
}

// latin1 reads what is not UTF-8 as ISO 8859-1, which never fails.
func latin1(b []byte) string {
	r := make([]rune, len(b))
	for i, c := range b {
		r[i] = rune(c)
	}
	return string(r)
}

// sortMarks orders marks by onset, keeping the file's order among equals.
func sortMarks(m []mark) {
	slices.SortStableFunc(m, func(a, b mark) int {
		switch {
		case a.onset < b.onset:
			return -1
		case a.onset > b.onset:
			return 1
		}
		return 0
	})
}

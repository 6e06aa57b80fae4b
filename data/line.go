package data

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// maxLine bounds the line of a manifest or a journal, in bytes, for its readers
// and its writers: a hit's has a few hundred, a recording's as many as it has names.
const maxLine = 16 << 20

var errLongLine = fmt.Errorf("the line is longer than %d bytes", maxLine)

// lineReader reads lines of at most maxLine bytes. It holds no more than the
// longest.
type lineReader struct {
	r    *bufio.Reader
	long []byte
}

func newLineReader(r io.Reader) *lineReader { return &lineReader{r: bufio.NewReaderSize(r, 1<<16)} }

// next returns the next line with its line break, good until the call after. The
// error is io.EOF where the input ends, beside what stands behind the last line
// break; and errLongLine.
func (l *lineReader) next() ([]byte, error) {
	line, err := l.r.ReadSlice('\n')
	if err != bufio.ErrBufferFull {
		return line, err
	}
	l.long = l.long[:0]
	for err == bufio.ErrBufferFull {
		if l.long = append(l.long, line...); len(l.long) > maxLine {
			return nil, errLongLine
		}
		line, err = l.r.ReadSlice('\n')
	}
	if l.long = append(l.long, line...); len(l.long) > maxLine {
		return nil, errLongLine
	}
	return l.long, err
}

// isTorn reports whether what stands behind a journal's last line break is a line
// that was cut short: it does not parse. One that does lacks its line break alone.
func isTorn(tail []byte) bool { return !json.Valid(tail) }

// decodeLine decodes a line that holds one value.
func decodeLine[T any](line []byte) (v T, err error) {
	d := json.NewDecoder(bytes.NewReader(line))
	d.DisallowUnknownFields()
	if err := d.Decode(&v); err != nil {
		return v, fmt.Errorf("not a valid line: %.200s", err.Error()) // a number may be as long as the line
	}
	if _, err := d.Token(); err != io.EOF {
		return v, errors.New("not a valid line: more than one value")
	}
	if err := fault(v); err != nil {
		return v, fmt.Errorf("not a valid line: %w", err)
	}
	return v, nil
}

// EncodeLines writes values as JSON, one a line, without escaping < > &. It
// fails when w does, or when a value cannot be JSON, or not one that the readers
// of lines take.
func EncodeLines[T any](w io.Writer, values []T) error {
	var line bytes.Buffer
	e := json.NewEncoder(&line)
	e.SetEscapeHTML(false)
	for i, v := range values {
		line.Reset()
		if err := errors.Join(fault(v), e.Encode(v)); err != nil {
			return fmt.Errorf("line %d: %w", i+1, err)
		}
		if line.Len() > maxLine {
			return fmt.Errorf("line %d would have %d bytes (%.60s...); a line has at most %d", i+1, line.Len(), line.Bytes(), maxLine)
		}
		if _, err := w.Write(line.Bytes()); err != nil {
			return err
		}
	}
	return nil
}

// tailOf returns what stands behind the last line break of a journal: nothing, a
// line that only lacks its own, or one that is cut short. It fails where that is
// longer than any line.
func tailOf(f io.ReaderAt, at, size int64) ([]byte, error) {
	if size-at > maxLine {
		return nil, errLongLine
	}
	tail := make([]byte, size-at)
	_, err := f.ReadAt(tail, at)
	if err == io.EOF {
		err = nil
	}
	return tail, err
}

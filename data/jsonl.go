package data

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"prep/data/disk"
)

// ReadLines decodes a file of one JSON value a line, written by WriteLines. A
// missing file has no lines. A fault, such as a last line that is cut short, is
// an error that names the line.
func ReadLines[T any](path string) ([]T, error) { return readFile[T](path, false, nil) }

// DecodeLines is ReadLines of what r gives; name names it in errors.
func DecodeLines[T any](r io.Reader, name string) (values []T, err error) {
	err = decodeLines(r, name, false, func(v T, _ []byte) { values = append(values, v) })
	return values, err
}

// readLinesIf is ReadLines of the values to keep alone.
func readLinesIf[T any](path string, keep func(T) bool) ([]T, error) {
	return readFile(path, false, keep)
}

// ReadJournal is ReadLines for a file that AppendLines wrote: a last line that is
// cut short is an append that its process died in, and left out.
func ReadJournal[T any](path string) ([]T, error) { return readFile[T](path, true, nil) }

func readFile[T any](path string, torn bool, keep func(T) bool) (values []T, err error) {
	err = eachLine(path, torn, func(v T, _ []byte) {
		if keep == nil || keep(v) {
			values = append(values, v)
		}
	})
	return values, err
}

// eachLine calls fn with every value of a file and its line, which fn must not
// keep; torn lets the last line be cut short.
func eachLine[T any](path string, torn bool, fn func(v T, line []byte)) error {
	f, err := disk.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer f.Close()
	return decodeLines(f, path, torn, fn)
}

func decodeLines[T any](r io.Reader, name string, torn bool, fn func(v T, line []byte)) error {
	lines := newLineReader(r)
	for n := 1; ; n++ {
		line, err := lines.next()
		switch {
		case err == io.EOF && len(line) > 0 && torn && !isTorn(line):
		case err == io.EOF && len(line) > 0 && !torn:
			return fmt.Errorf("%s:%d: the file is cut short here", name, n)
		case err == io.EOF:
			return nil
		case err != nil:
			return fmt.Errorf("%s:%d: %w", name, n, err)
		}
		v, err := decodeLine[T](line)
		if err != nil {
			return fmt.Errorf("%s:%d: %w", name, n, err)
		}
		fn(v, line)
	}
}

// EncodeJSON writes v as indented JSON with a newline behind it, without escaping
// < > &. It fails when w does, or when v cannot be JSON.
func EncodeJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

// WriteLines replaces a file of one JSON value a line, atomically.
func WriteLines[T any](path string, values []T) error {
	return WriteFile(path, func(w io.Writer) error { return EncodeLines(w, values) })
}

// LineWriter writes a file of one JSON value a line that is too long to hold. It
// comes into being whole or not at all: see File.
type LineWriter struct {
	file *File
	buf  *bufio.Writer
}

// CreateLines begins to write path.
func CreateLines(path string) (*LineWriter, error) {
	f, err := CreateFile(path)
	if err != nil {
		return nil, err
	}
	return &LineWriter{f, bufio.NewWriterSize(f, 1<<16)}, nil
}

// WriteLine appends a value to w.
func WriteLine[T any](w *LineWriter, v T) error { return EncodeLines(w.buf, []T{v}) }

// Commit gives the file its name. On an error nothing of it is left.
func (w *LineWriter) Commit() error {
	if err := w.buf.Flush(); err != nil {
		w.file.Abort()
		return err
	}
	return w.file.Commit()
}

// Abort removes what was written.
func (w *LineWriter) Abort() { w.file.Abort() }

// AppendLines appends values to a journal, one a line, and syncs it. A last line
// that is cut short, left by a process that died, is cut off first; one that only
// lacks its line break, as editors leave it, gets it. On an error nothing is
// appended, unless it wraps ErrUnsure.
func AppendLines[T any](path string, values []T) error {
	var text bytes.Buffer
	if err := EncodeLines(&text, values); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	f, err := disk.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o666)
	if err != nil {
		return err
	}
	end, whole, err := endOfJournal(f)
	if err != nil { // nothing is known of what is there: it stays as it is
		return errors.Join(fmt.Errorf("%s: %w", path, err), f.Close())
	}
	added := text.Bytes()
	if !whole {
		added = append([]byte{'\n'}, added...)
	}
	err = f.Truncate(end)
	if err == nil && end == 0 {
		err = disk.SyncDir(filepath.Dir(path)) // the journal may be new
	}
	if err == nil {
		err = appendText(f, end, added)
	}
	return errors.Join(err, f.Close())
}

// ErrUnsure says that lines could neither be made durable nor be cut off again: they
// may be there when the journal is read next, or not. CutJournal cuts them off.
var ErrUnsure = errors.New("it is not known whether this is on the disk")

// appendText writes text at the end of f and syncs it, or cuts it off again: a
// full disk must not leave half a line, nor one that was told to be lost.
func appendText(f *disk.File, end int64, text []byte) error {
	_, err := f.Seek(end, io.SeekStart)
	if err == nil {
		_, err = f.Write(text)
	}
	if err == nil {
		err = f.Sync()
	}
	if err == nil {
		return nil
	}
	if cut := f.Truncate(end); cut != nil {
		return errors.Join(ErrUnsure, err, cut)
	}
	f.Sync() // the cut; a disk that fails at this too has no better to give
	return err
}

// CutJournal cuts a journal off behind its first size bytes, and syncs it.
func CutJournal(path string, size int64) error {
	f, err := disk.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	err = f.Truncate(size)
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

// endOfJournal returns where the next line begins, without the line that is cut
// short there; whole is false where the line before lacks its line break.
func endOfJournal(f *disk.File) (end int64, whole bool, err error) {
	end, err = lastNewline(f)
	if err != nil {
		return 0, false, err
	}
	info, err := f.Stat()
	if err != nil {
		return 0, false, err
	}
	tail, err := tailOf(f, end, info.Size())
	if err != nil || len(tail) == 0 || isTorn(tail) {
		return end, true, err
	}
	return info.Size(), false, nil
}

// lastNewline returns the offset just behind the last newline of f.
func lastNewline(f *disk.File) (int64, error) {
	end, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return 0, err
	}
	buf := make([]byte, 4096)
	for end > 0 {
		n := min(int64(len(buf)), end)
		if _, err := f.ReadAt(buf[:n], end-n); err != nil {
			return 0, err
		}
		if i := bytes.LastIndexByte(buf[:n], '\n'); i >= 0 {
			return end - n + int64(i) + 1, nil
		}
		end -= n
	}
	return 0, nil
}

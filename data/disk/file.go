package disk

import (
	"io"
	"io/fs"
	"os"
	"sync/atomic"
)

// File is an open file. It remembers the first fault of the system that was met
// in it, so that no decoder between it and who asks can hide one.
type File struct {
	f     *os.File
	fault atomic.Pointer[error]
}

// OpenFile opens a file as os.OpenFile does.
func OpenFile(path string, flag int, mode fs.FileMode) (*File, error) {
	op := OpOpen
	if flag&os.O_CREATE != 0 {
		op = OpCreate
	}
	if err := ask(op, path); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(path, flag, mode)
	if err != nil {
		return nil, err
	}
	return &File{f: f}, nil
}

// Open opens a file to be read, but none that need not end.
func Open(path string) (*File, error) {
	if err := mustEnd(path); err != nil {
		return nil, err
	}
	return OpenFile(path, os.O_RDONLY, 0)
}

// Fault returns the first error of the system that an operation on f gave.
func (f *File) Fault() error {
	if err := f.fault.Load(); err != nil {
		return *err
	}
	return nil
}

// note remembers err if it is the system's, and returns it.
func (f *File) note(err error) error {
	if err != nil && IsFault(err) {
		f.fault.CompareAndSwap(nil, &err)
	}
	return err
}

// do does an operation unless a test wants it to fail.
func (f *File) do(op Op, fn func() (int, error)) (int, error) {
	if err := ask(op, f.Name()); err != nil {
		return 0, f.note(err)
	}
	n, err := fn()
	return n, f.note(err)
}

// Name returns the path that the file was opened by.
func (f *File) Name() string { return f.f.Name() }

// Fd is that of os.File.
func (f *File) Fd() uintptr { return f.f.Fd() }

// Stat is that of os.File.
func (f *File) Stat() (fs.FileInfo, error) {
	if err := ask(OpStat, f.Name()); err != nil {
		return nil, f.note(err)
	}
	info, err := f.f.Stat()
	return info, f.note(err)
}

// Read implements io.Reader.
func (f *File) Read(p []byte) (int, error) {
	return f.do(OpRead, func() (int, error) { return f.f.Read(p) })
}

// ReadAt implements io.ReaderAt.
func (f *File) ReadAt(p []byte, off int64) (int, error) {
	return f.do(OpRead, func() (int, error) { return f.f.ReadAt(p, off) })
}

// Write implements io.Writer.
func (f *File) Write(p []byte) (int, error) {
	return f.do(OpWrite, func() (int, error) { return f.f.Write(p) })
}

// WriteAt implements io.WriterAt.
func (f *File) WriteAt(p []byte, off int64) (int, error) {
	return f.do(OpWrite, func() (int, error) { return f.f.WriteAt(p, off) })
}

// Seek implements io.Seeker.
func (f *File) Seek(offset int64, whence int) (int64, error) { return f.f.Seek(offset, whence) }

// Truncate is that of os.File.
func (f *File) Truncate(size int64) error {
	_, err := f.do(OpWrite, func() (int, error) { return 0, f.f.Truncate(size) })
	return err
}

// Sync is that of os.File.
func (f *File) Sync() error {
	_, err := f.do(OpSync, func() (int, error) { return 0, f.f.Sync() })
	return err
}

// Close closes the file, in tests too.
func (f *File) Close() error { return f.f.Close() }

var _ interface {
	io.ReadWriteSeeker
	io.ReaderAt
	fs.File
} = (*File)(nil)

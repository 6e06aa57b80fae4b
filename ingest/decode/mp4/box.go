// Package mp4 finds the tracks of sound in MP4, M4A, 3GP and QuickTime files, and
// their coded blocks. The formats are those of ISO/IEC 14496-12 and 14496-14 and of
// Apple's QuickTime File Format, whose boxes the comments name. It decodes nothing,
// and keeps nothing in memory whose size the file says.
package mp4

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// Kinds of refusal besides Unsupported.
var (
	ErrBroken  = errors.New("broken MP4")
	ErrNoSound = errors.New("no track of sound")
)

// An Unsupported is an error that names what is not read.
type Unsupported string

// Error names it.
func (u Unsupported) Error() string { return string(u) + " is not read" }

func brokenf(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrBroken, fmt.Sprintf(format, args...))
}

// Most boxes that may lie in a file, of which ten hours in fragments of a second have
// 72,000, and in one box.
const (
	maxBoxes = 1 << 20
	maxInner = 1 << 12
)

// box is what a box holds: the bytes from start to end.
type box struct {
	kind       string
	start, end int64
}

func (b box) size() int64 { return b.end - b.start }

// file is what boxes lie in.
type file struct {
	r    io.ReaderAt
	size int64
	cut  bool // a box promises more than there is
}

// whole is the file as a box.
func (f *file) whole() box { return box{end: f.size} }

// read returns the first n bytes of a box from an offset in it, fewer where
// it ends. n is a number of ours, not of the file's.
func (f *file) read(b box, offset int64, n int) ([]byte, error) {
	left := b.end - b.start - offset
	if left <= 0 {
		return nil, nil
	}
	p := make([]byte, min(int64(n), left))
	n, err := f.r.ReadAt(p, b.start+offset)
	return p, shortened(n, len(p), err)
}

// shortened returns the error of a read of n bytes where want are due: the end of a
// file that was longer a moment ago is a fault.
func shortened(n, want int, err error) error {
	if n >= want {
		return nil
	}
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

// next returns the box that begins at a position inside outer; ok is false where
// none does.
func (f *file) next(outer box, at int64) (b box, ok bool, err error) {
	var h [16]byte
	if at+8 > outer.end {
		return b, false, nil
	}
	n, err := f.r.ReadAt(h[:min(16, outer.end-at)], at)
	if err = shortened(n, 8, err); err != nil {
		return b, false, err
	}
	size := int64(binary.BigEndian.Uint32(h[:]))
	b = box{string(h[4:8]), at + 8, at + size}
	switch {
	case size == 0:
		b.end = outer.end
	case size == 1 && n == 16:
		b.start += 8
		large := binary.BigEndian.Uint64(h[8:])
		if b.end = outer.end; large <= uint64(outer.end-at) {
			b.end = at + int64(large)
		} else {
			f.cut = true
		}
	}
	if b.end > outer.end {
		b.end, f.cut = outer.end, true
	}
	return b, b.end >= b.start, nil
}

// each calls do for every box in outer, from an offset on, until do fails.
func (f *file) each(outer box, offset int64, do func(box) error) error {
	at, most := outer.start+offset, maxInner
	if outer == f.whole() {
		most = maxBoxes
	}
	for range most {
		b, ok, err := f.next(outer, at)
		if err != nil || !ok {
			return err
		}
		if err := do(b); err != nil {
			return err
		}
		at = b.end
	}
	return brokenf("more than %d boxes in one", most)
}

// errFound ends an each.
var errFound = errors.New("found")

// find returns the first box of a path below outer; ok is false where there is none.
func (f *file) find(outer box, path ...string) (found box, ok bool, err error) {
	found = outer
	for _, kind := range path {
		err = f.each(found, 0, func(b box) error {
			if b.kind == kind {
				found = b
				return errFound
			}
			return nil
		})
		if !errors.Is(err, errFound) {
			return box{}, false, err
		}
	}
	return found, true, nil
}

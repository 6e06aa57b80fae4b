package decode

import (
	"bufio"
	"io"
	"math/bits"
)

// ebmlUnknown is the size of an element whose writer did not know it (RFC 8794,
// 6.2).
const ebmlUnknown = -1

// ebmlReader reads the elements of an EBML document one behind the other, those
// inside others too.
type ebmlReader struct {
	r   io.ReaderAt
	buf *bufio.Reader
	at  int64
	end int64
}

func newEBML(r io.ReaderAt, size int64) *ebmlReader {
	e := &ebmlReader{r: r, end: size, buf: bufio.NewReaderSize(nil, 64<<10)}
	e.seek(0)
	return e
}

// seek goes to a position.
func (e *ebmlReader) seek(at int64) {
	e.at = min(at, e.end)
	e.buf.Reset(io.NewSectionReader(e.r, e.at, e.end-e.at))
}

// skip passes over n bytes.
func (e *ebmlReader) skip(n int64) {
	if n > int64(e.buf.Buffered()) {
		e.seek(min(n, e.end-e.at) + e.at)
		return
	}
	e.buf.Discard(int(n))
	e.at += n
}

// bytes returns the next n bytes, which is at most what is left.
func (e *ebmlReader) bytes(n int64) ([]byte, error) {
	if n > e.end-e.at {
		return nil, io.ErrUnexpectedEOF
	}
	b := make([]byte, n)
	_, err := io.ReadFull(e.buf, b)
	e.at += n
	return b, err
}

// head reads an element's ID and size, or ebmlUnknown.
func (e *ebmlReader) head() (id uint32, size int64, err error) {
	raw, _, err := e.vint(4)
	if err != nil {
		return 0, 0, err
	}
	id = uint32(raw)
	raw, n, err := e.vint(8)
	if err != nil {
		return 0, 0, unexpectedEOF(err)
	}
	raw &^= 1 << (7 * n) // the marker of its length
	if raw == 1<<(7*n)-1 {
		return id, ebmlUnknown, nil
	}
	return id, int64(raw), nil
}

// vint reads a number of one to most bytes, with its marker, and returns how
// many bytes it has (RFC 8794, 4).
func (e *ebmlReader) vint(most int) (v uint64, n int, err error) {
	c, err := e.buf.ReadByte()
	if err != nil {
		return 0, 0, err
	}
	e.at++
	n = bits.LeadingZeros8(c) + 1
	if n > most {
		return 0, 0, errEBML
	}
	v = uint64(c)
	for range n - 1 {
		if c, err = e.buf.ReadByte(); err != nil {
			return 0, 0, unexpectedEOF(err)
		}
		e.at++
		v = v<<8 | uint64(c)
	}
	return v, n, nil
}

var errEBML = brokenf("no element where one should be")

// vintAt reads a number without its marker from b; n is 0 where there is none.
func vintAt(b []byte) (v uint64, n int) {
	if len(b) == 0 || b[0] == 0 || bits.LeadingZeros8(b[0])+1 > len(b) {
		return 0, 0
	}
	n = bits.LeadingZeros8(b[0]) + 1
	v = uint64(b[0]) &^ (1 << (8 - n))
	for _, c := range b[1:n] {
		v = v<<8 | uint64(c)
	}
	return v, n
}

// uintOf reads an element that is an unsigned number.
func uintOf(b []byte) (v uint64) {
	for _, c := range b[:min(len(b), 8)] {
		v = v<<8 | uint64(c)
	}
	return v
}

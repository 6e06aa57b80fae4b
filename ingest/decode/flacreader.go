package decode

import (
	"bufio"
	"io"
)

// flacReader reads a file from any place on, and knows where it is.
type flacReader struct {
	r    io.ReaderAt
	size int64
	at   int64
	buf  *bufio.Reader
}

func newFLACReader(r io.ReaderAt, size int64) *flacReader {
	return &flacReader{r: r, size: size, buf: bufio.NewReaderSize(nil, 32<<10)}
}

// seek goes to a position.
func (f *flacReader) seek(at int64) {
	f.at = min(at, f.size)
	f.buf.Reset(io.NewSectionReader(f.r, f.at, f.size-f.at))
}

// Read implements io.Reader.
func (f *flacReader) Read(p []byte) (int, error) {
	n, err := f.buf.Read(p)
	f.at += int64(n)
	return n, err
}

// bytes returns the next n bytes.
func (f *flacReader) bytes(n int) ([]byte, error) {
	b := make([]byte, n)
	_, err := io.ReadFull(f, b)
	return b, err
}

// sync goes to the next place from at on where a frame may begin: its sync code
// (RFC 9639, 9.1), 15 bits. It returns the place, or -1 where there is none.
func (f *flacReader) sync(at int64) int64 {
	f.seek(at)
	last := byte(0)
	for {
		c, err := f.buf.ReadByte()
		if err != nil {
			return -1
		}
		f.at++
		if last == 0xff && c&0xfe == 0xf8 {
			f.seek(f.at - 2)
			return f.at
		}
		last = c
	}
}

// Package riff walks the chunks of RIFF files: WAV in its forms (RIFF, RIFX,
// RF64, BW64) and, of the same make, AIFF (FORM). It believes no size: what a
// chunk says of itself is held against the file before anyone allocates by it.
package riff

import (
	"encoding/binary"
	"errors"
	"io"
	"math"
)

// Faults of a file's chunks.
var (
	ErrNotRIFF = errors.New("no RIFF file")
	ErrSizes   = errors.New("the ds64 chunk is cut short")
)

// Chunk is a stretch of a file with a name.
type Chunk struct {
	ID string // four characters
	// At is where its first byte lies in the file, Size how many of its bytes
	// are there.
	At, Size int64
	// Claimed is how many bytes it says it has: Size or, in a file that was cut
	// short, more.
	Claimed int64
	// Unsized is true of a data chunk that does not give its size, as of a
	// recorder that was switched off: it is taken to reach to the file's end.
	Unsized bool
}

// Walk goes through chunks in their order.
type Walk struct {
	// Order is that of the bytes of numbers.
	Order binary.ByteOrder

	r        io.ReaderAt
	pos, end int64
	longSize int64            // of the data chunk, as ds64 gives it
	long     map[string]int64 // of others
}

// unknownSize is the size that a writer leaves that did not know it, or that
// stands in ds64.
const unknownSize = math.MaxUint32

// headSize is what stands in front of the first chunk: the file's ID, its size
// (which many writers leave wrong, and which is not looked at), its form.
const headSize = 12

// Open begins at the first chunk of a file of size bytes. It fails with
// ErrNotRIFF on a file of another kind, else with the reader's error.
func Open(r io.ReaderAt, size int64) (*Walk, error) {
	var id [4]byte
	if _, err := r.ReadAt(id[:], 0); err == io.EOF {
		return nil, ErrNotRIFF
	} else if err != nil {
		return nil, err
	}
	w := &Walk{Order: binary.LittleEndian, r: r, pos: headSize, end: size}
	switch string(id[:]) {
	case "RIFF", "RF64", "BW64":
	case "RIFX", "FORM":
		w.Order = binary.BigEndian
	default:
		return nil, ErrNotRIFF
	}
	return w, nil
}

// Within returns a walk through the chunks that a LIST chunk holds, and the
// list's type; ok is false of one too short to have a type.
func (w *Walk) Within(c Chunk) (list *Walk, kind string, ok bool) {
	var id [4]byte
	if c.Size < 4 {
		return nil, "", false
	}
	if _, err := w.r.ReadAt(id[:], c.At); err != nil {
		return nil, "", false
	}
	return &Walk{Order: w.Order, r: w.r, pos: c.At + 4, end: c.At + c.Size}, string(id[:]), true
}

// Next returns the next chunk. Its error is io.EOF behind the last,
// io.ErrUnexpectedEOF where the file ended that was longer a moment ago,
// ErrSizes, or the reader's own.
func (w *Walk) Next() (Chunk, error) {
	if w.pos+8 > w.end {
		return Chunk{}, io.EOF
	}
	var head [8]byte
	if _, err := w.r.ReadAt(head[:], w.pos); err == io.EOF {
		return Chunk{}, io.ErrUnexpectedEOF
	} else if err != nil {
		return Chunk{}, err
	}
	c := Chunk{ID: string(head[:4]), At: w.pos + 8, Claimed: int64(w.Order.Uint32(head[4:]))}
	left := w.end - c.At
	switch {
	case c.ID == "ds64":
		if err := w.readSizes(c); err != nil {
			return Chunk{}, err
		}
	case c.Claimed == unknownSize && w.long[c.ID] > 0:
		c.Claimed = w.long[c.ID]
	case c.ID == "data":
		w.sizeData(&c, left)
	}
	c.Size = min(c.Claimed, left)
	w.pos = w.behind(c.At + c.Size)
	return c, nil
}

// sizeData finds the true size of a data chunk.
func (w *Walk) sizeData(c *Chunk, left int64) {
	switch {
	case c.Claimed == unknownSize && w.longSize > 0:
		c.Claimed = w.longSize
	case c.Claimed == unknownSize, c.Claimed == 0 && left > 0 && !w.idAt(c.At):
		c.Claimed, c.Unsized = left, true
	}
}

// readSizes reads a ds64 chunk (EBU Tech 3306): the sizes of the file, of its
// data, its number of frames, and a table of the sizes of other chunks.
func (w *Walk) readSizes(c Chunk) error {
	const fixed, entry, maxEntries = 28, 12, 64
	b := make([]byte, min(c.Claimed, fixed+entry*maxEntries))
	n, err := w.r.ReadAt(b, c.At)
	if n < 16 {
		return ErrSizes
	}
	if err != nil && err != io.EOF {
		return err
	}
	b = b[:n]
	w.longSize = long(w.Order.Uint64(b[8:]))
	w.long = map[string]int64{}
	for b = b[min(fixed, n):]; len(b) >= entry; b = b[entry:] {
		if id := string(b[:4]); id != "data" {
			w.long[id] = long(w.Order.Uint64(b[4:]))
		}
	}
	return nil
}

// long returns a size that sums with any position in a file.
func long(n uint64) int64 { return int64(min(n, math.MaxInt64/2)) }

// behind returns where the chunk behind one that ends at pos begins: at an even
// position, unless the writer forgot to pad.
func (w *Walk) behind(pos int64) int64 {
	var pad [1]byte
	if _, err := w.r.ReadAt(pad[:], pos); pos%2 == 0 || err == nil && pad[0] != 0 && w.idAt(pos) {
		return pos
	}
	return pos + 1
}

// idAt reports whether four printable characters stand at pos.
func (w *Walk) idAt(pos int64) bool {
	var id [4]byte
	if _, err := w.r.ReadAt(id[:], pos); err != nil {
		return false
	}
	for _, c := range id {
		if c < ' ' || c > '~' {
			return false
		}
	}
	return true
}

// Bytes returns what a chunk holds, at most limit bytes of it.
func (w *Walk) Bytes(c Chunk, limit int64) ([]byte, error) {
	b := make([]byte, max(0, min(c.Size, limit)))
	if _, err := w.r.ReadAt(b, c.At); err == io.EOF && len(b) > 0 {
		return nil, io.ErrUnexpectedEOF
	} else if err != nil && err != io.EOF {
		return nil, err
	}
	return b, nil
}

package mp4

import (
	"encoding/binary"
	"io"
)

// window reads parts of a file that lie near each other with few reads.
type window struct {
	r    io.ReaderAt
	size int64
	buf  []byte
	at   int64 // of buf
	room int
}

// bytes returns n bytes at a position, good until the next call, or nil where the
// file does not have them. n is bounded by its callers.
func (w *window) bytes(at int64, n int) ([]byte, error) {
	if at < 0 || at > w.size-int64(n) {
		return nil, nil
	}
	if at < w.at || at+int64(n) > w.at+int64(len(w.buf)) {
		room := min(int64(max(n, w.room)), w.size-at)
		if int64(cap(w.buf)) < room {
			w.buf = make([]byte, room)
		}
		w.buf = w.buf[:room]
		got, err := w.r.ReadAt(w.buf, at)
		w.buf, w.at = w.buf[:max(got, 0)], at
		if err = shortened(got, n, err); err != nil {
			return nil, err
		}
	}
	return w.buf[at-w.at:][:n], nil
}

// table is a full box of entries of one width, of which count are there.
type table struct {
	w     *window
	at    int64
	width int
	count int64
}

// tableBytes is how much of a table is in memory.
const tableBytes = 1 << 12

// table returns that of the entries behind the head bytes of a box, the last
// four of which count them.
func (f *file) table(b box, head int64, width int) (table, error) {
	h, err := f.read(b, head-4, 4)
	if err != nil || len(h) < 4 {
		return table{}, err
	}
	count := min(int64(binary.BigEndian.Uint32(h)), (b.size()-head)/int64(width))
	return f.rows(b.start+head, width, count), nil
}

func (f *file) rows(at int64, width int, count int64) table {
	return table{&window{r: f.r, size: f.size, room: tableBytes}, at, width, max(count, 0)}
}

// row returns entry i, zeros behind the last.
func (t *table) row(i int64) ([]byte, error) {
	if i < t.count {
		b, err := t.w.bytes(t.at+i*int64(t.width), t.width)
		if b != nil || err != nil {
			return b, err
		}
	}
	return make([]byte, t.width), nil
}

// value returns the whole of entry i, of four or eight bytes.
func (t *table) value(i int64) (int64, error) {
	b, err := t.row(i)
	if err != nil {
		return 0, err
	}
	if t.width == 8 {
		return int64(binary.BigEndian.Uint64(b)), nil
	}
	return int64(binary.BigEndian.Uint32(b)), nil
}

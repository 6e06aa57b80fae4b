package mp4

import (
	"encoding/binary"
	"io"
)

// fragments are what a movie in fragments has behind its index (moof), as browsers
// and recorders write it that cannot go back.
type fragments struct {
	t    *Track
	next int64 // where to look for the next fragment
	runs []run
}

// run is a stretch of samples of a fragment (trun).
type run struct {
	at    int64 // where its next sample is
	left  int64 // how many there are
	rows  table
	row   int64
	field int   // where in a row its size is, -1 where it has none
	size  int64 // of all samples, where rows have none
}

// locate returns where the next sample is.
func (f *fragments) locate() (at, size int64, err error) {
	for len(f.runs) == 0 {
		if !f.t.fragmented {
			return 0, 0, io.EOF
		}
		if err := f.find(); err != nil {
			return 0, 0, err
		}
	}
	r := &f.runs[0]
	size = r.size
	if r.field >= 0 {
		b, err := r.rows.row(r.row)
		if err != nil {
			return 0, 0, err
		}
		size = int64(binary.BigEndian.Uint32(b[r.field:]))
	}
	at = r.at
	r.at += size
	r.row++
	if r.left--; r.left == 0 {
		end := r.at
		if f.runs = f.runs[1:]; len(f.runs) > 0 && f.runs[0].at < 0 {
			f.runs[0].at = end // it follows
		}
	}
	return at, size, nil
}

// find reads the next fragment that has samples of the track.
func (f *fragments) find() error {
	file := f.t.file
	for {
		b, ok, err := file.next(file.whole(), f.next)
		if err != nil {
			return err
		}
		if !ok || b.end <= f.next {
			return io.EOF
		}
		begin := f.next
		f.next = b.end
		if b.kind != "moof" {
			continue
		}
		err = file.each(b, 0, func(traf box) error {
			if traf.kind != "traf" {
				return nil
			}
			return f.read(traf, begin)
		})
		if err != nil || len(f.runs) > 0 {
			return err
		}
	}
}

// read reads the runs of a track's part (traf) of a fragment that begins at a
// position.
func (f *fragments) read(traf box, begin int64) error {
	file := f.t.file
	tfhd, ok, err := file.find(traf, "tfhd")
	if err != nil || !ok {
		return err
	}
	h, err := file.read(tfhd, 0, 40)
	if err != nil || len(h) < 8 || binary.BigEndian.Uint32(h[4:]) != f.t.id {
		return err
	}
	base, size := begin, f.t.defaults
	flags, fields := binary.BigEndian.Uint32(h), h[8:]
	for _, field := range []struct {
		flag  uint32
		width int
		take  func(b []byte)
	}{
		{1, 8, func(b []byte) { base = int64(binary.BigEndian.Uint64(b)) }},
		{2, 4, func([]byte) {}},
		{8, 4, func([]byte) {}},
		{16, 4, func(b []byte) { size = int64(binary.BigEndian.Uint32(b)) }},
	} {
		if flags&field.flag != 0 && len(fields) >= field.width {
			field.take(fields)
			fields = fields[field.width:]
		}
	}
	return file.each(traf, 0, func(b box) error {
		if b.kind != "trun" {
			return nil
		}
		return f.readRun(b, base, size)
	})
}

// maxRuns bounds the runs of one fragment.
const maxRuns = 1 << 12

// readRun reads a trun.
func (f *fragments) readRun(b box, base, size int64) error {
	h, err := f.t.file.read(b, 0, 16)
	if err != nil || len(h) < 8 {
		return err
	}
	flags, count := binary.BigEndian.Uint32(h), int64(binary.BigEndian.Uint32(h[4:]))
	r := run{at: -1, left: count, field: -1, size: size}
	if len(f.runs) == 0 {
		r.at = base
	}
	head, width := 8, 0
	if flags&1 != 0 && len(h) >= 12 {
		r.at = base + int64(int32(binary.BigEndian.Uint32(h[8:])))
		head += 4
	}
	if flags&4 != 0 {
		head += 4
	}
	for bit := range 4 { // duration, size, flags, composition offset
		if flags>>(8+bit)&1 == 0 {
			continue
		}
		if bit == 1 {
			r.field = width
		}
		width += 4
	}
	if width > 0 {
		r.left = min(count, (b.size()-int64(head))/int64(width))
		r.rows = f.t.file.rows(b.start+int64(head), width, r.left)
	}
	if r.left > 0 && (r.field >= 0 || size > 0) && len(f.runs) < maxRuns {
		f.runs = append(f.runs, r)
	}
	return nil
}

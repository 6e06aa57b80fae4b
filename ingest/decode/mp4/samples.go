package mp4

import (
	"encoding/binary"
	"io"
)

// samples are where the coded blocks of a track lie (stbl).
type samples struct {
	times  table // stts: how many, how long
	chunks table // stsc: from which chunk on, how many samples in each
	places table // stco or co64
	sizes  table // stsz, where they differ
	size   int64 // of all, where they do not
	bits   int   // of a size in stz2
	count  int64
}

// readSamples reads where a track's tables are.
func (t *Track) readSamples(stbl box) error {
	f, s := t.file, &t.samples
	return f.each(stbl, 0, func(b box) (err error) {
		switch b.kind {
		case "stts":
			s.times, err = f.table(b, 8, 8)
		case "stsc":
			s.chunks, err = f.table(b, 8, 12)
		case "stco":
			s.places, err = f.table(b, 8, 4)
		case "co64":
			s.places, err = f.table(b, 8, 8)
		case "stsz", "stz2":
			err = s.readSizes(f, b)
		}
		return err
	})
}

// readSizes reads the head of stsz or of stz2, whose sizes may have 4, 8 or 16 bits.
func (s *samples) readSizes(f *file, b box) error {
	h, err := f.read(b, 0, 12)
	if err != nil || len(h) < 12 {
		return err
	}
	s.size, s.count, s.bits = int64(binary.BigEndian.Uint32(h[4:])), int64(binary.BigEndian.Uint32(h[8:])), 32
	if b.kind == "stz2" {
		s.size, s.bits = 0, int(h[7])
		if s.bits != 4 && s.bits != 8 && s.bits != 16 {
			return brokenf("sizes of %d bits", s.bits)
		}
	}
	if s.size == 0 {
		s.count = min(s.count, (b.size()-12)*8/int64(s.bits))
		s.sizes = f.rows(b.start+12, max(s.bits/8, 1), (s.count*int64(s.bits)+7)/8/int64(max(s.bits/8, 1)))
	}
	return nil
}

// sizeOf returns the size of sample i.
func (s *samples) sizeOf(i int64) (int64, error) {
	if s.size != 0 {
		return s.size, nil
	}
	if s.bits == 4 {
		b, err := s.sizes.row(i / 2)
		if err != nil {
			return 0, err
		}
		return int64(b[0] >> (4 - 4*(i&1)) & 15), nil
	}
	b, err := s.sizes.row(i)
	v := int64(0)
	for _, c := range b {
		v = v<<8 | int64(c)
	}
	return v, err
}

// Most bytes of one block: a FLAC or ALAC frame of 8 channels may have 256 KiB.
const maxBlock = 1 << 20

// blockBytes is how much of the file is read at a time for blocks.
const blockBytes = 1 << 15

// Packets hands out a track's coded blocks. It is for one goroutine.
type Packets struct {
	t         *Track
	data      window
	frame     int64 // bytes of a frame of PCM, else 0
	sample    int64 // the next
	chunk     int64 // the one it is in
	row       int64 // of stsc
	inChunk   int64 // samples left in it
	at        int64 // where the next sample is
	total     int64 // bytes handed out
	fragments fragments
}

// Packets returns the track's blocks from the first on. frame is the size of a
// frame of PCM, whose blocks are then some frames together, and else 0.
func (t *Track) Packets(frame int) *Packets {
	p := &Packets{t: t, frame: int64(frame), chunk: -1}
	p.data = window{r: t.file.r, size: t.file.size, room: blockBytes}
	p.fragments = fragments{t: t}
	return p
}

// Next returns the next block, good until the next call, empty where it cannot be
// one, and io.EOF behind the last that the file has.
func (p *Packets) Next() ([]byte, error) {
	at, size, err := p.locate()
	if err != nil {
		return nil, err
	}
	if p.total += size; p.total > p.t.file.size || at > p.t.file.size-size && at >= 0 {
		return nil, io.EOF // blocks over each other, which no writer makes, or a file that was cut short
	}
	if size > maxBlock {
		return nil, nil
	}
	return p.data.bytes(at, int(size))
}

// locate returns where the next block is.
func (p *Packets) locate() (at, size int64, err error) {
	s := &p.t.samples
	if p.sample >= s.count {
		return p.fragments.locate()
	}
	for p.inChunk == 0 {
		if err := p.nextChunk(); err != nil {
			return 0, 0, err
		}
	}
	n := int64(1)
	if p.frame > 0 {
		n = min(p.inChunk, s.count-p.sample, max(blockBytes/p.frame, 1))
		size = n * p.frame
	} else if size, err = s.sizeOf(p.sample); err != nil {
		return 0, 0, err
	}
	at = p.at
	p.at += size
	p.sample += n
	p.inChunk -= n
	return at, size, nil
}

// nextChunk goes on to the next chunk.
func (p *Packets) nextChunk() error {
	s := &p.t.samples
	if p.chunk++; p.chunk >= s.places.count || s.chunks.count == 0 {
		return io.EOF
	}
	for p.row+1 < s.chunks.count {
		b, err := s.chunks.row(p.row + 1)
		if err != nil {
			return err
		}
		if int64(binary.BigEndian.Uint32(b)) > p.chunk+1 {
			break
		}
		p.row++
	}
	b, err := s.chunks.row(p.row)
	if err != nil {
		return err
	}
	p.inChunk = int64(binary.BigEndian.Uint32(b[4:]))
	p.at, err = s.places.value(p.chunk)
	return err
}

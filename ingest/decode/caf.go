package decode

import (
	"bufio"
	"encoding/binary"
	"io"
	"math"

	"prep/data"
	"prep/ingest/decode/aac"
	"prep/ingest/decode/mp4"
)

// caf is what the chunks of a Core Audio file say (Apple's Core Audio Format
// Specification).
type caf struct {
	format       string
	rate         float64
	flags        uint32
	bytes        uint32 // of a packet, 0 where they differ
	frames       uint32 // of a packet, 0 where they differ
	channels     uint32
	bits         uint32
	cookie       []byte
	data, table  span // where the samples are, and the packet table
	valid        int64
	front, after int64 // frames that are not of the recording
	cut          bool
}

// Limits on a CAF: no cookie of AAC or ALAC has more than a hundred bytes.
const (
	maxCookie    = 1 << 12
	maxCAFChunks = 1 << 16
)

// openCAF opens PCM, AAC or ALAC in a Core Audio file.
func openCAF(r io.ReaderAt, size int64) (*Audio, error) {
	c, err := readCAF(r, size)
	if err != nil {
		return nil, err
	}
	var a *Audio
	switch c.format {
	case "lpcm", "ulaw", "alaw":
		a, err = c.openPCM(r)
	case "alac":
		a, err = c.openALAC(r)
	case "aac ":
		a, err = c.openAAC(r)
	case "aach", "aacp":
		err = &UnsupportedError{Codec: "HE-AAC"}
	default:
		name := mp4Codecs[c.format]
		if name == "" {
			name = quote(c.format)
		}
		err = &UnsupportedError{Codec: name + " in CAF"}
	}
	if err == nil && c.cut {
		a.notes = append(a.notes, "truncated: the file is shorter than it says")
	}
	return a, err
}

// readCAF reads the chunks of a file.
func readCAF(r io.ReaderAt, size int64) (*caf, error) {
	c := &caf{}
	at := int64(8)
	for range maxCAFChunks {
		var h [12]byte
		if at+int64(len(h)) > size {
			break
		}
		if _, err := r.ReadAt(h[:], at); err != nil {
			return nil, unexpectedEOF(err)
		}
		at += int64(len(h))
		length := int64(binary.BigEndian.Uint64(h[4:]))
		if length < 0 || length > size-at { // -1: up to the end
			c.cut = c.cut || length != -1
			length = size - at
		}
		if err := c.readChunk(r, string(h[:4]), span{at, at + length}); err != nil {
			return nil, err
		}
		at += length
	}
	if c.format == "" || c.data.end == 0 {
		return nil, brokenf("a CAF without its description or its samples")
	}
	if c.bytes == 0 && c.table.end == 0 {
		return nil, brokenf("it has no table of its packets: its writer was stopped before the end")
	}
	return c, nil
}

// readChunk reads one chunk.
func (c *caf) readChunk(r io.ReaderAt, kind string, s span) error {
	b := make([]byte, min(s.end-s.start, maxCookie))
	switch kind {
	case "desc", "pakt", "kuki":
		if _, err := r.ReadAt(b, s.start); err != nil {
			return unexpectedEOF(err)
		}
	}
	be := binary.BigEndian
	switch {
	case kind == "desc" && len(b) >= 32:
		c.rate, c.format, c.flags = math.Float64frombits(be.Uint64(b)), string(b[8:12]), be.Uint32(b[12:])
		c.bytes, c.frames, c.channels, c.bits = be.Uint32(b[16:]), be.Uint32(b[20:]), be.Uint32(b[24:]), be.Uint32(b[28:])
	case kind == "pakt" && len(b) >= 24:
		c.valid = int64(be.Uint64(b[8:]))
		c.front, c.after = int64(int32(be.Uint32(b[16:]))), int64(int32(be.Uint32(b[20:])))
		c.table = span{s.start + 24, s.end}
	case kind == "kuki":
		c.cookie = b
	case kind == "data" && s.end-s.start >= 4:
		c.data = span{s.start + 4, s.end} // behind a count of edits
	}
	return nil
}

// openPCM opens samples as they are.
func (c *caf) openPCM(r io.ReaderAt) (*Audio, error) {
	l := layout{bytes: int(c.bits+7) / 8, channels: int(c.channels), big: c.flags&2 == 0}
	switch {
	case c.format == "ulaw":
		l.encoding = mulaw
	case c.format == "alaw":
		l.encoding = alaw
	case c.flags&1 != 0:
		l.encoding = floating
	}
	if c.channels < 1 || c.channels > maxChannels {
		return nil, brokenf("%d channels; 1 to %d are allowed", c.channels, maxChannels)
	}
	if wide := int(c.bytes / c.channels); l.bytes > 0 && wide > l.bytes && wide <= 8 {
		l.shift, l.bytes = 8*(wide-l.bytes), wide // in the lowest bytes: no flag of CAF says otherwise
	}
	if l.bytes < 1 || l.bytes > 8 || l.encoding == floating && l.bytes != 4 && l.bytes != 8 {
		return nil, brokenf("samples of %d bits", c.bits)
	}
	return &Audio{
		Codec: l.name(8*l.bytes, int(c.bits)), Rate: data.Rate(c.hz()), Channels: l.channels,
		src: newPCM(r, c.data.start, c.data.end-c.data.start, l),
	}, nil
}

// hz returns the rate, 0 where it is no number.
func (c *caf) hz() int {
	if c.rate >= 1 && c.rate < 1<<24 {
		return int(math.Round(c.rate))
	}
	return 0
}

func (c *caf) openALAC(r io.ReaderAt) (*Audio, error) {
	b, err := newALACBlocks(c.cookie)
	if err != nil {
		return nil, err
	}
	return b.audio(c.packets(r), c.keep()), nil
}

func (c *caf) openAAC(r io.ReaderAt) (*Audio, error) {
	_, info := mp4.Descriptor(c.cookie)
	config, err := aac.ParseConfig(info)
	if err == nil {
		config, err = probeAAC(config, c.packets(r))
	}
	if err != nil {
		return nil, refusal(err)
	}
	return &Audio{
		Codec: "AAC-LC", Rate: data.Rate(config.Rate), Channels: config.Channels, AlignmentUnknown: c.valid <= 0,
		src: newCoded(c.packets(r), newAACBlocks(config), config.Channels, c.keep()),
	}, nil
}

// keep returns the frames of the recording.
func (c *caf) keep() []span {
	if c.valid <= 0 || c.valid > endless || c.front < 0 {
		return everything
	}
	return []span{{c.front, c.front + c.valid}}
}

// packets returns the packets, whose sizes are in the table unless all are the same.
func (c *caf) packets(r io.ReaderAt) packets {
	return &cafPackets{
		data:  bufio.NewReaderSize(io.NewSectionReader(r, c.data.start, c.data.end-c.data.start), 1<<15),
		table: bufio.NewReader(io.NewSectionReader(r, c.table.start, c.table.end-c.table.start)),
		size:  int(c.bytes), pairs: c.frames == 0,
	}
}

type cafPackets struct {
	data, table *bufio.Reader
	size        int
	pairs       bool // each size is followed by a number of frames
	buf         []byte
}

// maxCAFPacket is more than a block of eight channels has.
const maxCAFPacket = 1 << 20

func (p *cafPackets) next() ([]byte, error) {
	size := p.size
	if size == 0 {
		var err error
		if size, err = p.number(); err != nil {
			return nil, err
		}
		if p.pairs {
			if _, err = p.number(); err != nil {
				return nil, err
			}
		}
	}
	if size > maxCAFPacket {
		return nil, brokenf("a packet of %d bytes", size)
	}
	if cap(p.buf) < size {
		p.buf = make([]byte, size)
	}
	p.buf = p.buf[:size]
	if _, err := io.ReadFull(p.data, p.buf); err == io.ErrUnexpectedEOF {
		return nil, nil // cut short: damaged
	} else if err != nil {
		return nil, err
	}
	return p.buf, nil
}

// number reads a number of the packet table, seven bits a byte.
func (p *cafPackets) number() (n int, err error) {
	for range 5 {
		b, err := p.table.ReadByte()
		if err != nil {
			return 0, err
		}
		n = n<<7 | int(b&0x7f)
		if b&0x80 == 0 {
			return n, nil
		}
	}
	return 0, brokenf("a number without end in the packet table")
}

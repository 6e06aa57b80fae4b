package aac

// HeaderBytes is how much of a frame ParseHeader reads.
const HeaderBytes = 7

// Header is that of a frame in ADTS (1.A.2.2), the form of AAC in files of its
// own and in broadcasts.
type Header struct {
	Config
	Size   int // of the whole frame, in bytes
	Offset int // of the first block in it
	Blocks int // how many there are
	CRC    bool
	object int
}

// ParseHeader reads the header at the beginning of b. It fails with ErrDamaged
// where there is none.
func ParseHeader(b []byte) (h Header, err error) {
	if len(b) < HeaderBytes || b[0] != 0xff || b[1]&0xf6 != 0xf0 {
		return h, ErrDamaged
	}
	h.object, h.CRC = 1+int(b[2]>>6), b[1]&1 == 0
	rate := int(b[2] >> 2 & 15)
	h.Channels = len(orders[b[2]&1<<2|b[3]>>6])
	h.Size = int(b[3]&3)<<11 | int(b[4])<<3 | int(b[5]>>5)
	h.Blocks = 1 + int(b[6]&3)
	h.Offset = HeaderBytes
	if h.CRC {
		h.Offset += 2 * h.Blocks // places of the later blocks, and a checksum
	}
	if rate >= len(rates) || h.Size < h.Offset {
		return h, ErrDamaged
	}
	h.Rate = rates[rate]
	return h, nil
}

// Supported fails with an Unsupported where the header says what is not decoded.
func (h Header) Supported() error {
	if h.object != lowComplexity {
		return unsupported(h.object)
	}
	return nil
}

// Complete returns the configuration with its channels, taken from the first block
// of a stream where it leaves them open.
func (c Config) Complete(block []byte) (Config, error) {
	if c.Channels > 0 {
		return c, nil
	}
	var r bitReader
	r.reset(block)
	if r.read(3) != program {
		return c, ErrDamaged
	}
	var err error
	c.Channels, err = readProgram(&r)
	return c, err
}

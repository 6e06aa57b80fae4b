// Package aac decodes AAC-LC, which phones write, to floating point. The format is
// that of ISO/IEC 14496-3, subpart 4, whose clauses and tables the comments name.
// HE-AAC and the other kinds of AAC are recognized and refused by name.
package aac

import "errors"

// Frame is how many samples of each channel a block has, and spectral lines.
const Frame = 1024

// short is how many lines a short window has; a block has eight of them.
const short = Frame / 8

// ErrDamaged says that a block or a header contradicts itself.
var ErrDamaged = errors.New("damaged AAC")

// An Unsupported is an error that names a kind of AAC which is not decoded.
type Unsupported string

// Error names the kind.
func (u Unsupported) Error() string { return string(u) + " is not decoded" }

// Decoder decodes one stream. It is for one goroutine.
type Decoder struct {
	bits     bitReader
	bands    bands
	order    []int // where each channel goes, as they are coded
	channels []channel
	tails    []tail
	bank     *filterbank
	noise    noise
	pair     pair
	quanta   [Frame]int16
}

// NewDecoder returns a decoder of streams as c says, which has channels.
func NewDecoder(c Config) *Decoder {
	d := &Decoder{bands: bandsAt(c.Rate), bank: newFilterbank(), noise: noiseSeed}
	d.channels, d.tails = make([]channel, c.Channels), make([]tail, c.Channels)
	d.order = c.order()
	return d
}

// Decode decodes one raw data block, at the beginning of b, to dst, Frame x
// channels, full scale 1 and not clipped, and returns how many bytes it took. The
// first block's samples are half of what its windows hold: the encoder's delay
// is not taken off. A block that makes no sense fails with ErrDamaged, or with an
// Unsupported, and sounds like silence.
func (d *Decoder) Decode(dst []float32, b []byte) (n int, err error) {
	d.bits.reset(b)
	for i := range d.channels {
		d.channels[i].info = info{shape: d.tails[i].shape}
	}
	if err = d.read(&d.bits); err != nil {
		for i := range d.channels {
			d.channels[i].info = info{shape: d.tails[i].shape}
			clear(d.channels[i].lines[:])
		}
	}
	for i := range d.channels {
		d.bank.render(dst[d.order[i]:], len(d.channels), &d.tails[i], &d.channels[i])
	}
	return min(d.bits.at/8, len(b)), err
}

// Elements of a block (table 4.85).
const (
	single = iota
	couple
	coupling
	effects // the low frequency channel
	data
	program
	fill
	end
)

// read reads the elements of a block (table 4.3).
func (d *Decoder) read(r *bitReader) error {
	done := 0 // channels
	for !r.over() {
		var err error
		switch kind := r.read(3); kind {
		case single, effects:
			if done+1 > len(d.channels) {
				return ErrDamaged
			}
			err = d.readSingle(r, &d.channels[done])
			done++
		case couple:
			if done+2 > len(d.channels) {
				return ErrDamaged
			}
			err = d.readPair(r, &d.channels[done], &d.channels[done+1])
			done += 2
		case coupling:
			err = Unsupported("AAC with coupling channels")
		case data:
			skipData(r)
		case program:
			_, err = readProgram(r)
		case fill:
			err = skipFill(r)
		case end:
			r.align()
			if r.over() || done < len(d.channels) {
				return ErrDamaged
			}
			return nil
		}
		if err != nil {
			return err
		}
	}
	return ErrDamaged
}

// readSingle reads a channel that stands alone (tables 4.4 and 4.9).
func (d *Decoder) readSingle(r *bitReader, c *channel) error {
	r.read(4) // element_instance_tag
	if err := d.readChannel(r, c, false); err != nil {
		return err
	}
	c.makeNoise(&d.noise, nil, nil)
	c.shapeNoise(&d.bands)
	return nil
}

// skipData passes over a data_stream_element (table 4.10).
func skipData(r *bitReader) {
	r.read(4) // element_instance_tag
	align := r.flag()
	n := r.read(8)
	if n == 255 {
		n += r.read(8)
	}
	if align {
		r.align()
	}
	r.at += 8 * n
}

// Kinds of fill (table 4.121) that hold what HE-AAC adds.
const (
	replication    = 13 // EXT_SBR_DATA
	replicationCRC = 14
)

// skipFill passes over a fill_element (table 4.11), or finds HE-AAC in it.
func skipFill(r *bitReader) error {
	n := r.read(4)
	if n == 15 {
		n += r.read(8) - 1
	}
	from := r.at
	if kind := r.read(4); n > 0 && (kind == replication || kind == replicationCRC) {
		return Unsupported("HE-AAC")
	}
	r.at = from + 8*n
	return nil
}

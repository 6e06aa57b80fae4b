package decode

import (
	"fmt"
	"io"
)

// packets are the coded blocks of a recording, one after another.
type packets interface {
	// next returns the next block, which is good until the next call; io.EOF says
	// that there are no more.
	next() ([]byte, error)
}

// blocks decodes a recording's blocks.
type blocks interface {
	// decode writes the samples of a block, full scale 1, to dst, interleaved, and
	// returns how many values it wrote. A damaged block fails and its values, still
	// counted, are silence.
	decode(dst []float32, block []byte) (int, error)
	// most is how many values a block has at most.
	most() int
}

// span are the frames of a recording from one to another, which is not in it.
type span struct{ start, end int64 }

// coded is a source of blocks that were coded, of whose frames some are not of
// the recording: those that its encoder put in front and behind, or that an edit
// took out.
type coded struct {
	packets  packets
	blocks   blocks
	channels int
	keep     []span // in order; what is not in one is dropped
	at       int64  // the frame that buf begins with
	buf      []float32
	room     []float32
	lost     int
	row      int   // lost in a row
	short    int64 // frames that there should be and are not
}

// endless is where a span ends that goes on to the last block.
const endless = 1 << 60

// maxLost is how many damaged blocks in a row are no accident any more. It bounds what
// a file of few bytes can be decoded to.
const maxLost = 1 << 12

// everything keeps a recording as it is decoded.
var everything = []span{{0, endless}}

func newCoded(p packets, b blocks, channels int, keep []span) *coded {
	return &coded{packets: p, blocks: b, channels: channels, keep: keep, room: make([]float32, b.most())}
}

func (c *coded) read(dst []float32) (int, error) {
	for {
		if len(c.keep) == 0 {
			return 0, io.EOF
		}
		have := int64(len(c.buf) / c.channels)
		drop := min(max(c.keep[0].start-c.at, 0), have)
		c.advance(drop)
		have -= drop
		if n := min(have, c.keep[0].end-c.at, int64(len(dst)/c.channels)); n > 0 {
			copy(dst, c.buf[:int(n)*c.channels])
			c.advance(n)
			return int(n) * c.channels, nil
		}
		if c.at >= c.keep[0].end {
			c.keep = c.keep[1:]
			continue
		}
		if err := c.fill(); err != nil {
			return 0, err
		}
	}
}

// advance passes over n frames of what is decoded.
func (c *coded) advance(n int64) {
	c.buf = c.buf[int(n)*c.channels:]
	c.at += n
}

// fill decodes the next block behind the last, of which nothing is left.
func (c *coded) fill() error {
	block, err := c.packets.next()
	if err == io.EOF {
		c.short = c.missing()
	}
	if err != nil {
		return err
	}
	n, err := c.blocks.decode(c.room, block)
	if c.row++; err == nil {
		c.row = 0
	} else if c.lost++; c.row > maxLost {
		return brokenf("%d damaged blocks in a row", c.row)
	}
	c.buf = c.room[:n]
	return nil
}

// missing returns how many frames there should be behind the last block. Less than
// a block is no loss: writers count whole blocks.
func (c *coded) missing() (n int64) {
	for _, s := range c.keep {
		if s.end < endless {
			n += s.end - max(s.start, min(c.at, s.end))
		}
	}
	if n < int64(len(c.room)/c.channels) {
		return 0
	}
	return n
}

func (c *coded) note() string {
	switch {
	case c.lost > 0 && c.short > 0:
		return fmt.Sprintf("%s; truncated: %d samples are missing", damaged(c.lost), c.short)
	case c.lost > 0:
		return damaged(c.lost)
	case c.short > 0:
		return fmt.Sprintf("truncated: %d samples are missing", c.short)
	}
	return ""
}

// damaged says how many blocks were.
func damaged(n int) string { return fmt.Sprintf("%d blocks are damaged: silent", n) }

package decode

import (
	"encoding/binary"
	"io"
)

// mp3Mux rewrites a Layer III stream into one that go-mp3 decodes right: every
// frame has the highest bit rate and no padding (whose size go-mp3 gets wrong in
// MPEG-2), no checksum, and its own bits inside it wherever they fit, instead of
// in the frames before. So free-format frames come out as ordinary ones, and a
// frame whose bits are missing or damaged becomes a silent one that leaves its
// neighbours and the time line alone.
type mp3Mux struct {
	scan    *mpegScanner
	bits    reservoir
	pending []byte // the next frame to hand out; the tail of it may still take bits
	used    int    // bytes of main data in pending
	spilt   bool   // pending needs the frame before it
	ended   bool
	out     []byte // what is left of the frame being handed out
	lost    int    // frames made silent
}

// newMP3Mux begins with a silent frame, for go-mp3 to find its rate in.
func newMP3Mux(scan *mpegScanner, first mpegHeader) *mp3Mux {
	m := &mp3Mux{scan: scan}
	m.pending = silentFrame(first)
	return m
}

// Read hands out the rewritten stream; after the last frame silent ones follow
// without end, which flush the decoder.
func (m *mp3Mux) Read(p []byte) (int, error) {
	if len(m.out) == 0 {
		if err := m.advance(); err != nil {
			return 0, err
		}
	}
	n := copy(p, m.out)
	m.out = m.out[n:]
	return n, nil
}

// advance makes the pending frame the one to hand out and the next one pending.
func (m *mp3Mux) advance() error {
	h, frame, err := mpegHeader{}, []byte(nil), io.EOF
	if !m.ended {
		h, frame, err = m.scan.next()
	}
	switch {
	case err == io.EOF:
		m.ended = true
		m.out, m.pending, m.used, m.spilt = m.pending, silentFrame(m.scan.first), 0, false
		return nil
	case err != nil:
		return err
	}
	next := silentFrame(h)
	side, data, ok := m.bits.take(h, frame)
	if ok {
		copy(next[4:], side)
		setBegin(h, next[4:], 0)
	} else {
		m.lost++
	}
	m.pack(h, next, data)
	return nil
}

// pack puts a frame's main data into it; what does not fit, or is better put
// early because the frames are large, goes to the end of the pending one.
func (m *mp3Mux) pack(h mpegHeader, next, data []byte) {
	room := len(next) - 4 - h.side()
	spill := 0
	if len(data)+maxReservoir(h) > room {
		spill = min(len(data), room-m.used, maxReservoir(h), len(m.pending)-4-h.side())
		spill = max(spill, 0)
	}
	if len(data)-spill > room {
		m.lost++
		next, data, spill = silentFrame(h), nil, 0
	}
	copy(m.pending[len(m.pending)-spill:], data[:spill])
	copy(next[4+h.side():], data[spill:])
	setBegin(h, next[4:], spill)
	m.out, m.pending, m.used, m.spilt = m.pending, next, len(data)-spill, spill > 0
}

// dropLast says that the decoder could not take the last frame and has forgotten
// it: a frame that needs it is made silent.
func (m *mp3Mux) dropLast(h mpegHeader) {
	m.lost++
	m.out = nil
	if m.spilt {
		m.lost++
		m.pending, m.used, m.spilt = silentFrame(h), 0, false
	}
}

// silentFrame returns a frame without sound and of the highest bit rate, all of
// whose main data is free.
func silentFrame(h mpegHeader) []byte {
	raw := h.raw&^0xf200 | 14<<12 | 1<<16 // bit rate 14, no padding, no checksum
	b := make([]byte, 144*1000*mpegKbps[3*h.lsf()+2][14]/h.rate>>h.lsf())
	binary.BigEndian.PutUint32(b, raw)
	return b
}

// setBegin writes main_data_begin into side information.
func setBegin(h mpegHeader, side []byte, begin int) {
	if h.lsf() == 1 {
		side[0] = byte(begin)
		return
	}
	side[0] = byte(begin >> 1)
	side[1] = side[1]&0x7f | byte(begin&1)<<7
}

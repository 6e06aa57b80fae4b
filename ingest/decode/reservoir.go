package decode

import "prep/ingest/decode/layer3"

// reservoir is the main data of the Layer III frames so far, as much as a frame
// may reach back for, and behind it the last frame's own.
type reservoir struct{ data []byte }

// maxReservoir is how far back main_data_begin reaches: 9 bits, 8 in MPEG-2.
func maxReservoir(h mpegHeader) int { return 511 >> h.lsf() }

// take takes a frame in and returns what it holds, all of its main data, which
// may begin in earlier frames; ok is false where that is not all there. It is
// good until the next call.
func (r *reservoir) take(h mpegHeader, frame []byte) (f layer3.Frame, ok bool) {
	at := 4
	if h.crc {
		at += 2
	}
	if len(frame) < at+h.side() {
		r.data = r.data[:0]
		return f, false
	}
	f = layer3.Frame{Channels: h.channels, Joint: h.joint(), Side: frame[at : at+h.side()]}
	old := min(len(r.data), maxReservoir(h))
	r.data = append(r.data[:copy(r.data, r.data[len(r.data)-old:])], frame[at+h.side():]...)
	begin, need := sideNeeds(h, f.Side)
	start := old - begin
	if start < 0 || start+need > len(r.data) {
		return f, false
	}
	f.Main = r.data[start : start+need]
	return f, true
}

// sideNeeds reads from side information (ISO 11172-3, 2.4.1.7; ISO 13818-3,
// 2.4.1.7) how many bytes back the main data begins and how many it has.
func sideNeeds(h mpegHeader, side []byte) (begin, need int) {
	at, step, granules := 9+[3]int{0, 5, 3}[h.channels]+4*h.channels, 59, 2
	begin = int(side[0])<<1 | int(side[1])>>7
	if h.lsf() == 1 {
		at, step, granules = 8+h.channels, 63, 1
		begin = int(side[0])
	}
	bits := 0
	for range granules * h.channels {
		bits += bitField(side, at, 12)
		at += step
	}
	return begin, (bits + 7) / 8
}

// bitField returns n bits of b, 17 at most, from bit at on.
func bitField(b []byte, at, n int) (v int) {
	for i := at; i < at+n; i++ {
		v = v<<1 | int(b[i/8]>>(7-i%8)&1)
	}
	return v
}

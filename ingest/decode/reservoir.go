package decode

// reservoir is the main data of the Layer III frames so far, as much as a frame
// may reach back for.
type reservoir []byte

// maxReservoir is how far back main_data_begin reaches: 9 bits, 8 in MPEG-2.
func maxReservoir(h mpegHeader) int { return 511 >> h.lsf() }

// take takes a frame in and returns its side information and all of its main
// data, which may begin in earlier frames; ok is false where that is not all
// there. Both are good until the next call.
func (r *reservoir) take(h mpegHeader, frame []byte) (side, data []byte, ok bool) {
	at := 4
	if h.crc {
		at += 2
	}
	if len(frame) < at+h.side() {
		return nil, nil, false
	}
	side, own := frame[at:at+h.side()], frame[at+h.side():]
	begin, need := sideNeeds(h, side)
	all := append((*r)[:len(*r):len(*r)], own...)
	start := len(*r) - begin
	*r = all[max(0, len(all)-maxReservoir(h)):]
	if start < 0 || start+need > len(all) {
		return nil, nil, false
	}
	return side, all[start : start+need], true
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

// bitField returns n bits of b from bit at on.
func bitField(b []byte, at, n int) (v int) {
	for i := at; i < at+n; i++ {
		v = v<<1 | int(b[i/8]>>(7-i%8)&1)
	}
	return v
}

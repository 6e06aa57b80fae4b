package decode

import (
	"bytes"
	"io"
)

// rare are further kinds of file that are known and not decoded: of cinemas,
// broadcasters and old computers.
var rare = []magic{
	{0, "\x7f\xfe\x80\x01", "DTS"},
	{4, "\xf8\x72\x6f\xba", "TrueHD"},
	{0, "\x00\x00\x01\xba", "MPEG video"},
	{0, ".RMF", "RealMedia"},
	{0, ".ra\xfd", "RealAudio"},
	{0, "Creative Voice File\x1a", "Creative VOC"},
	{0, "\x64\xa3\x01\x00", "IRCAM"}, {0, "\x64\xa3\x02\x00", "IRCAM"}, {0, "\x64\xa3\x03\x00", "IRCAM"}, {0, "\x00\x01\xa3\x64", "IRCAM"},
	{0, ".SoX", "SoX's own format"}, {0, "XoS.", "SoX's own format"},
	{8, "8SVX", "8SVX"},
	{0, "nut/multimedia container", "NUT"},
	{0, "#!iLBC", "iLBC"},
	{0, "#!AMR-WB", "AMR-WB"},
}

// rareKind names a kind of file that is known and not decoded, and rare; "" is
// none.
func rareKind(r io.ReaderAt, head []byte) string {
	for _, m := range rare {
		if len(head) >= m.at && bytes.HasPrefix(head[m.at:], []byte(m.bytes)) {
			return m.codec
		}
	}
	const packet = 188 // bytes of an MPEG transport stream's
	var next [packet + 1]byte
	n, _ := r.ReadAt(next[:], packet)
	switch {
	case n == len(next) && head[0] == 0x47 && next[0] == 0x47 && next[packet] == 0x47:
		return "MPEG transport stream"
	case len(head) > 5 && head[0] == 0x0b && head[1] == 0x77 && head[5]>>3 <= 10: // bsid: ATSC A/52, 5.4.2.1 and E.1.2
		return "AC-3"
	case len(head) > 5 && head[0] == 0x0b && head[1] == 0x77 && head[5]>>3 <= 16:
		return "E-AC-3"
	}
	return ""
}

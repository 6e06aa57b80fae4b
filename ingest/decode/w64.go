package decode

import (
	"encoding/binary"
	"io"
)

// w64Tail is how the GUIDs of Sony Wave64 chunks end behind the name that they
// have in RIFF.
const w64Tail = "\xf3\xac\xd3\x11\x8c\xd1\x00\xc0\x4f\x8e\xdb\x8a"

// openW64 opens a Sony Wave64 file: RIFF with GUIDs for names and sizes of 64
// bits, which count the chunk's head, at multiples of 8.
func openW64(r io.ReaderAt, size int64) (*Audio, error) {
	w := &wavFile{r: r, order: binary.LittleEndian}
	var head [24]byte
	for pos := int64(40); pos+24 <= size && !(w.haveFormat && w.data > 0); {
		if _, err := r.ReadAt(head[:], pos); err != nil {
			return nil, unexpectedEOF(err)
		}
		length := int64(binary.LittleEndian.Uint64(head[16:])) - 24
		pos += 24
		if string(head[4:16]) == w64Tail {
			switch string(head[:4]) {
			case "fmt ":
				b := make([]byte, min(max(length, 0), 40))
				if _, err := r.ReadAt(b, pos); err != nil {
					return nil, unexpectedEOF(err)
				}
				if err := w.takeFormat(b); err != nil {
					return nil, err
				}
			case "data":
				w.data, w.dataSize = pos, min(length, size-pos)
				if length > size-pos {
					w.note = truncatedNote(size-pos, length)
				}
			}
		}
		if length < 0 || length > size {
			break
		}
		pos += (length + 7) &^ 7
	}
	if !w.haveFormat || w.data == 0 || w.dataSize < 0 {
		return nil, brokenf("a Wave64 file without format or samples")
	}
	return w.open()
}

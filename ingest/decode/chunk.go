package decode

import "io"

// nextChunk returns where the chunk behind one that ends at pos begins: at an even
// position, unless the writer forgot to pad.
func nextChunk(r io.ReaderAt, pos int64) int64 {
	var pad [1]byte
	if _, err := r.ReadAt(pad[:], pos); pos%2 == 0 || err == nil && pad[0] != 0 && chunkAt(r, pos) {
		return pos
	}
	return pos + 1
}

// chunkAt reports whether four printable characters stand at pos.
func chunkAt(r io.ReaderAt, pos int64) bool {
	var id [4]byte
	if _, err := r.ReadAt(id[:], pos); err != nil {
		return false
	}
	for _, c := range id {
		if c < ' ' || c > '~' {
			return false
		}
	}
	return true
}

package data

import (
	"encoding/binary"
	"errors"
)

// Patch is one time-frequency picture: Bands x Frames, row-major float32, row
// 0 the lowest frequency. Stacked kinds are Channels such planes in a row.
type Patch struct {
	Hit                     string
	Channels, Bands, Frames int
	Values                  []float32 // len Channels * Bands * Frames
}

// At returns the value of channel c, band b, frame f.
func (p Patch) At(c, b, f int) float32 {
	return p.Values[(c*p.Bands+b)*p.Frames+f]
}

// patchHead is how many numbers stand before the hit's ID and the values in a
// patch's binary form: the length of the ID, channels, bands and frames.
const patchHead = 4

// MarshalBinary returns the patch as bytes, little-endian, for encoding/gob,
// whose own form of float32 takes three times as long.
func (p Patch) MarshalBinary() ([]byte, error) {
	b := make([]byte, 0, 4*patchHead+len(p.Hit)+4*len(p.Values))
	for _, n := range [patchHead]int{len(p.Hit), p.Channels, p.Bands, p.Frames} {
		b = binary.LittleEndian.AppendUint32(b, uint32(n))
	}
	return AppendFloats(append(b, p.Hit...), p.Values), nil
}

// UnmarshalBinary reads what MarshalBinary wrote, or fails.
func (p *Patch) UnmarshalBinary(b []byte) error {
	if len(b) < 4*patchHead {
		return errPatch
	}
	var head [patchHead]int
	for i := range head {
		head[i] = int(binary.LittleEndian.Uint32(b[4*i:]))
	}
	b = b[4*patchHead:]
	if size := 4 * head[1] * head[2] * head[3]; head[0]+size != len(b) || size < 0 {
		return errPatch
	}
	values := b[head[0]:]
	*p = Patch{string(b[:head[0]]), head[1], head[2], head[3], make([]float32, len(values)/4)}
	ReadFloats(p.Values, values)
	return nil
}

var errPatch = errors.New("not a patch")

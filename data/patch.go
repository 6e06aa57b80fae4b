package data

import (
	"encoding/binary"
	"errors"
	"math"
	"slices"
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

// patchHead is the size of what stands before the values in a patch's binary
// form: the length of the hit's ID, channels, bands and frames.
const patchHead = 4 * 4

// MarshalBinary returns the patch as bytes, little-endian, for encoding/gob,
// whose own form of float32 takes ten times as long.
func (p Patch) MarshalBinary() ([]byte, error) {
	b := make([]byte, 0, patchHead+len(p.Hit)+4*len(p.Values))
	for _, n := range []int{len(p.Hit), p.Channels, p.Bands, p.Frames} {
		b = binary.LittleEndian.AppendUint32(b, uint32(n))
	}
	b = append(b, p.Hit...)
	for _, v := range p.Values {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(v))
	}
	return b, nil
}

// UnmarshalBinary reads what MarshalBinary wrote, or fails.
func (p *Patch) UnmarshalBinary(b []byte) error {
	var head [patchHead / 4]int
	for i := range head {
		if len(b) < 4 {
			return errPatch
		}
		head[i], b = int(binary.LittleEndian.Uint32(b)), b[4:]
	}
	if values := len(b) - head[0]; values < 0 || values != 4*head[1]*head[2]*head[3] {
		return errPatch
	}
	*p = Patch{string(b[:head[0]]), head[1], head[2], head[3], make([]float32, 0, (len(b)-head[0])/4)}
	for v := range slices.Chunk(b[head[0]:], 4) {
		p.Values = append(p.Values, math.Float32frombits(binary.LittleEndian.Uint32(v)))
	}
	return nil
}

var errPatch = errors.New("not a patch")

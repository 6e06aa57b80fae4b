package decode

import (
	"encoding/binary"
	"testing"
)

// aiff returns an AIFF or, with a compression type, an AIFF-C file.
func aiff(channels, frames, bits int, compression string, samples []byte) []byte {
	o := binary.BigEndian
	b := []byte("FORM\x00\x00\x00\x00AIFF")
	common := o.AppendUint16(nil, uint16(channels))
	common = o.AppendUint32(common, uint32(frames))
	common = o.AppendUint16(common, uint16(bits))
	common = append(common, 0x40, 0x0e, 0xac, 0x44, 0, 0, 0, 0, 0, 0) // 44100
	if compression != "" {
		copy(b[8:], "AIFC")
		common = append(append(common, compression...), 0, 0)
	}
	sound := append(make([]byte, 8), samples...)
	b = append(o.AppendUint32(append(b, "SSND"...), uint32(len(sound))), sound...)
	if len(sound)%2 == 1 {
		b = append(b, 0)
	}
	return append(o.AppendUint32(append(b, "COMM"...), uint32(len(common))), common...)
}

func TestAIFFRoundTrip(t *testing.T) {
	signed8 := kind{"PCM 8-bit", 0, 8, 1. / 256, integer(8)}
	tests := []struct {
		compression string
		kind
		little bool
	}{
		{"", signed8, false}, {"", kinds[1], false}, {"", kinds[2], false}, {"", kinds[3], false},
		{"NONE", kinds[1], false}, {"twos", kinds[1], false}, {"sowt", kinds[1], true}, {"sowt", kinds[2], true},
		{"in24", kinds[2], false}, {"in32", kinds[3], false}, {"42ni", kinds[2], true}, {"23ni", kinds[3], true},
		{"raw ", kinds[0], false}, {"fl32", kinds[5], false}, {"FL32", kinds[5], false}, {"fl64", kinds[6], false},
	}
	for _, test := range tests {
		for channels := 1; channels <= 3; channels++ {
			x := signal(5001, channels)
			a, got, err := decodeBytes(aiff(channels, 5001, test.bits, test.compression, test.pack(x, !test.little)))
			if err != nil || a.Codec != "AIFF "+test.name || a.Rate != 44100 || a.Channels != channels {
				t.Errorf("%q %s: %+v, %v", test.compression, test.name, a, err)
				continue
			}
			if len(got) != len(x) || worst(got, x) > test.exact {
				t.Errorf("%q %s: %d values of %d, worst error %g", test.compression, test.name, len(got), len(x), worst(got, x))
			}
		}
	}
}

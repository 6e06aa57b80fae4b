package mp4

import (
	"bytes"
	"encoding/binary"
	"math"
	"slices"
	"testing"
)

// esds writes a descriptor as encoders do, with flags of what stands in front.
func esds(flags byte, front []byte, object byte, info []byte) []byte {
	config := slices.Concat([]byte{configTag, 0x80, 0x80, byte(15 + len(info)), object, 0x15}, make([]byte, 11), []byte{infoTag, byte(len(info))}, info)
	stream := slices.Concat([]byte{0, 1, flags}, front, config)
	return slices.Concat(be32(0), []byte{streamTag, byte(len(stream))}, stream)
}

// TestEntries holds the versions of QuickTime's sound descriptions and of ISO's.
func TestEntries(t *testing.T) {
	info := []byte{0x12, 0x10}
	fields := func(version int) []byte {
		return slices.Concat(make([]byte, 8), []byte{0, byte(version)}, make([]byte, 6), []byte{0, 2, 0, 16, 0, 0, 0, 0}, be32(44100<<16))
	}
	second := slices.Concat(be32(72), binary.BigEndian.AppendUint64(nil, math.Float64bits(96000)), be32(6, 0x7f000000, 24, 12, 3, 1))
	box := atom("esds", esds(0, nil, 0x40, info))
	tests := []struct {
		name  string
		entry []byte
		want  Entry
	}{
		{"ISO", atom("mp4a", fields(0), box), Entry{Format: "mp4a", Object: 0x40, Config: info, Rate: 44100, Channels: 2, Bits: 16}},
		{"ISO, version 1", atom("mp4a", fields(1), box), Entry{Format: "mp4a", Object: 0x40, Config: info, Rate: 44100, Channels: 2, Bits: 16}},
		{"QuickTime, version 1", atom("mp4a", fields(1), be32(1024, 1, 2, 2), atom("wave", atom("frma", []byte("mp4a")), box)),
			Entry{Format: "mp4a", Object: 0x40, Config: info, Rate: 44100, Channels: 2, Bits: 16}},
		{"QuickTime, version 2", atom("lpcm", fields(2), second), Entry{Format: "lpcm", Rate: 96000, Channels: 6, Bits: 24, Flags: 12}},
		{"little-endian", atom("in24", fields(1), be32(1, 3, 6, 2), atom("wave", atom("enda", []byte{0, 1}))),
			Entry{Format: "in24", Rate: 44100, Channels: 2, Bits: 16, Little: true}},
		{"optional fields", atom("mp4a", fields(0), atom("esds", esds(0xe0, []byte{0, 0, 3, 'u', 'r', 'l', 0, 0}, 0x67, info))),
			Entry{Format: "mp4a", Object: 0x67, Config: info, Rate: 44100, Channels: 2, Bits: 16}},
		{"a box over the end", atom("mp4a", fields(0), be32(1000), []byte("esds")), Entry{Format: "mp4a", Rate: 44100, Channels: 2, Bits: 16}},
		{"cut short", atom("mp4a", make([]byte, 9)), Entry{Format: "mp4a"}},
	}
	for _, test := range tests {
		got := open(t, movie{entry: test.entry}.bytes()).Entry
		if !bytes.Equal(got.Config, test.want.Config) {
			t.Errorf("%s: configuration %x", test.name, got.Config)
		}
		if got.Flags != test.want.Flags || got.Format != test.want.Format || got.Object != test.want.Object || got.Rate != test.want.Rate ||
			got.Channels != test.want.Channels || got.Bits != test.want.Bits || got.Little != test.want.Little {
			t.Errorf("%s: %+v", test.name, got)
		}
	}
}

// TestDescriptor holds that cut descriptors end the search.
func TestDescriptor(t *testing.T) {
	whole := esds(0, nil, 0x40, []byte{1, 2, 3})[4:]
	if object, info := Descriptor(whole); object != 0x40 || !bytes.Equal(info, []byte{1, 2, 3}) {
		t.Errorf("%#x, %x", object, info)
	}
	for n := range whole {
		if object, info := Descriptor(whole[:n]); object != 0 && object != 0x40 || len(info) > 3 {
			t.Errorf("cut at %d: %#x, %x", n, object, info)
		}
	}
}

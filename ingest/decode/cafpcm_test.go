package decode

import (
	"encoding/binary"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"prep/ingest/decode/aac"
	"prep/ingest/decode/mp4"
)

// pcmCAF writes samples as a CAF of packets of some bytes.
func pcmCAF(format string, rate float64, flags, packet, channels, bits int, samples []byte) []byte {
	be := binary.BigEndian
	desc := append(be.AppendUint64(nil, math.Float64bits(rate)), format...)
	for _, v := range []int{flags, packet, 1, channels, bits} {
		desc = be.AppendUint32(desc, uint32(v))
	}
	return slices.Concat([]byte("caff\x00\x01\x00\x00desc\x00\x00\x00\x00\x00\x00\x00\x20"), desc,
		[]byte("data\xff\xff\xff\xff\xff\xff\xff\xff\x00\x00\x00\x00"), samples)
}

// TestPCMInCAF holds how samples may be stored: floating (1), little-endian (2).
func TestPCMInCAF(t *testing.T) {
	x := signal(100, 2)
	tests := []struct {
		format             string
		flags, packet, bit int
		kind               kind
		codec              string
	}{
		{"lpcm", 0, 4, 16, kinds[1], "PCM 16-bit"},
		{"lpcm", 2, 4, 16, kinds[1], "PCM 16-bit"},
		{"lpcm", 2, 6, 24, kinds[2], "PCM 24-bit"},
		{"lpcm", 1, 8, 32, kinds[5], "float 32-bit"},
		{"lpcm", 3, 16, 64, kinds[6], "float 64-bit"},
	}
	for _, test := range tests {
		raw := test.kind.pack(x, test.flags&2 == 0)
		a, got, err := decodeBytes(pcmCAF(test.format, 48000, test.flags, test.packet, 2, test.bit, raw))
		if err != nil || a.Codec != test.codec || a.Rate != 48000 || len(got) != len(x) || worst(got, x) > test.kind.exact {
			t.Errorf("%s, flags %d: %d values, %g, %v", test.codec, test.flags, len(got), worst(got, x), err)
		}
	}
	wide := make([]byte, 4) // 24 bits at the bottom of four bytes
	binary.LittleEndian.PutUint32(wide, 1<<22)
	if _, got, err := decodeBytes(pcmCAF("lpcm", 8000, 2, 4, 1, 24, wide)); err != nil || got[0] != 0.5 {
		t.Errorf("24 bits in 4 bytes: %v, %v", got, err)
	}
	for _, format := range []string{"alaw", "ulaw"} {
		a, got, err := decodeBytes(pcmCAF(format, 8000, 0, 1, 1, 8, []byte{0, 0x80}))
		if err != nil || len(got) != 2 || got[0] != -got[1] || !strings.HasSuffix(a.Codec, "-law") {
			t.Errorf("%s: %v, %v", format, got, err)
		}
	}
	for says, b := range map[string][]byte{
		"0 channels": pcmCAF("lpcm", 8000, 0, 2, 0, 16, wide), "sampling rate": pcmCAF("lpcm", math.NaN(), 0, 2, 1, 16, wide),
		"samples of 12 bits": pcmCAF("lpcm", 8000, 1, 2, 1, 12, wide), "its ALAC configuration": pcmCAF("alac", 8000, 0, 2, 1, 16, wide),
		"its AAC": pcmCAF("aac ", 8000, 0, 2, 1, 16, wide), "no table of its packets": pcmCAF("aac ", 8000, 0, 0, 1, 16, wide),
	} {
		if _, _, err := decodeBytes(b); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%v, want a word on %s", err, says)
		}
	}
}

// TestPCMInMP4 holds what QuickTime calls each way to store samples.
func TestPCMInMP4(t *testing.T) {
	tests := []struct {
		entry mp4.Entry
		want  layout
	}{
		{mp4.Entry{Format: "twos", Bits: 16}, layout{bytes: 2, big: true}},
		{mp4.Entry{Format: "sowt", Bits: 16}, layout{bytes: 2}},
		{mp4.Entry{Format: "raw ", Bits: 8}, layout{encoding: unsigned, bytes: 1, big: true}},
		{mp4.Entry{Format: "in24", Bits: 16}, layout{bytes: 3, big: true}},
		{mp4.Entry{Format: "in32", Bits: 16, Little: true}, layout{bytes: 4}},
		{mp4.Entry{Format: "fl32", Bits: 16}, layout{encoding: floating, bytes: 4, big: true}},
		{mp4.Entry{Format: "fl64", Bits: 16}, layout{encoding: floating, bytes: 8, big: true}},
		{mp4.Entry{Format: "alaw", Bits: 16}, layout{encoding: alaw, bytes: 1, big: true}},
		{mp4.Entry{Format: "ulaw", Bits: 16}, layout{encoding: mulaw, bytes: 1, big: true}},
		{mp4.Entry{Format: "lpcm", Bits: 32, Flags: 1}, layout{encoding: floating, bytes: 4}},
		{mp4.Entry{Format: "lpcm", Bits: 24, Flags: 6}, layout{bytes: 3, big: true}},
		{mp4.Entry{Format: "lpcm", Bits: 8}, layout{encoding: unsigned, bytes: 1}},
	}
	for _, test := range tests {
		if got, ok := mp4PCM(test.entry); !ok || got != test.want {
			t.Errorf("%+v: %+v, %v", test.entry, got, ok)
		}
	}
	for _, e := range []mp4.Entry{{Format: "mp4a", Bits: 16}, {Format: "twos"}, {Format: "lpcm", Bits: 16, Flags: 1}, {Format: "twos", Bits: 80}} {
		if _, ok := mp4PCM(e); ok {
			t.Errorf("%+v is PCM", e)
		}
	}
}

// TestDamagedBlocks holds that a damaged block is silent, keeps its place and is
// told, in AAC and in ALAC.
func TestDamagedBlocks(t *testing.T) {
	for name, from := range map[string]int{"aac44k.m4a": 44, "alac16.m4a": 0} {
		b := readTestdata(t, name)
		_, want, _ := decodeBytes(b)
		mdat := strings.Index(string(b), "mdat") + 4
		for i := range 40 {
			b[mdat+from+i] = 0xff
		}
		a, got, err := decodeBytes(b)
		if err != nil || len(got) != len(want) || a.Note() != "1 blocks are damaged: silent" {
			t.Errorf("%s: %d values of %d, %q, %v", name, len(got), len(want), a.Note(), err)
		}
		const behind = 2 * 4096 // AAC's noise is other noise
		if d := worst(got[behind:], want[behind:]); d > 0.2 || name == "alac16.m4a" && d > 0 {
			t.Errorf("%s: %g away behind the damage", name, d)
		}
	}
	b := readTestdata(t, "alac16.m4a")
	copy(b[strings.Index(string(b), "stco")+12:], []byte{0, 0xff, 0xff, 0xff})
	if a, got, err := decodeBytes(b); err != nil || len(got) > 0 || a.Note() != "truncated: 5292 samples are missing" {
		t.Errorf("blocks beyond the end: %d values, %q, %v", len(got), a.Note(), err)
	}
}

// brokenBlocks are damaged blocks without end.
type brokenBlocks struct{ aacBlocks }

func (brokenBlocks) next() ([]byte, error) { return nil, nil }

// TestDamagedWithoutEnd holds that nothing makes much silence of few bytes.
func TestDamagedWithoutEnd(t *testing.T) {
	b := brokenBlocks{newAACBlocks(aac.Config{Rate: 8000, Channels: 1})}
	x, err := readAll(&Audio{Channels: 1, src: newCoded(b, b, 1, everything)})
	if !errors.Is(err, ErrBroken) || len(x) != maxLost*aac.Frame {
		t.Errorf("%d values, %v", len(x), err)
	}
}

// TestALACConfigurations holds which are refused before anything is allocated.
func TestALACConfigurations(t *testing.T) {
	good := []byte{0, 0, 16, 0, 0, 16, 40, 10, 14, 2, 0, 255, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xac, 0x44}
	if a, err := newALACBlocks(good); err != nil || a.frame != 4096 || a.channels != 2 || a.rate != 44100 {
		t.Fatalf("%+v, %v", a, err)
	}
	for name, change := range map[string][2]int{
		"blocks of 4 G": {0, 255}, "no blocks": {2, 0}, "nine channels": {9, 9}, "no channels": {9, 0}, "17 bits": {5, 17}, "another version": {4, 1},
	} {
		c := slices.Clone(good)
		c[change[0]] = byte(change[1])
		if _, err := newALACBlocks(c); err == nil || strings.Contains(err.Error(), "alac:") {
			t.Errorf("%s: %v", name, err)
		}
	}
	a := &alacBlocks{frame: 4096}
	if n := a.length([]byte{0, 0, 0x10, 0, 0, 8, 0}); n != 1024 {
		t.Errorf("a short block has %d frames", n)
	}
	if n := a.length(nil); n != 4096 {
		t.Errorf("nothing has %d frames", n)
	}
}

package decode

import (
	"encoding/binary"
	"math"
	"strings"
	"testing"
)

// wavSpec is a WAV file to be written in one of the ways that occur.
type wavSpec struct {
	kind
	channels   int
	id         string // RIFF, RIFX, RF64, BW64
	extensible bool
	size       int64  // of data as the header has it; -1: the true one
	before     string // chunks in front of fmt
	between    string // and between fmt and data
	after      string
}

func (w wavSpec) bytes(samples []byte) []byte {
	var o binary.AppendByteOrder = binary.LittleEndian
	if w.id == "RIFX" {
		o = binary.BigEndian
	}
	size := uint32(w.size)
	if w.size < 0 {
		size = uint32(len(samples))
	}
	b := append([]byte(w.id), "\xff\xff\xff\xffWAVE"...)
	if w.id == "RF64" || w.id == "BW64" {
		b = o.AppendUint32(append(b, "ds64"...), 28)
		b = o.AppendUint64(b, 0)
		b = o.AppendUint64(b, uint64(len(samples)))
		b = append(b, make([]byte, 12)...)
		size = math.MaxUint32
	}
	b = append(b, w.before...)
	tag, n := w.tag, uint32(16)
	if w.extensible {
		tag, n = tagExtensible, 40
	}
	frame := w.channels * w.bits / 8
	b = o.AppendUint32(append(b, "fmt "...), n)
	b = o.AppendUint16(b, tag)
	b = o.AppendUint16(b, uint16(w.channels))
	b = o.AppendUint32(b, 44100)
	b = o.AppendUint32(b, uint32(44100*frame))
	b = o.AppendUint16(b, uint16(frame))
	b = o.AppendUint16(b, uint16(w.bits))
	if w.extensible {
		b = o.AppendUint16(b, 22)
		b = o.AppendUint16(b, uint16(w.bits))
		b = o.AppendUint32(b, 3)
		b = o.AppendUint32(b, uint32(w.tag))
		b = append(b, "\x00\x00\x10\x00\x80\x00\x00\xaa\x00\x38\x9b\x71"...)
	}
	b = append(b, w.between...)
	b = o.AppendUint32(append(b, "data"...), size)
	b = append(b, samples...)
	if len(samples)%2 == 1 && w.after != "" {
		b = append(b, 0)
	}
	return append(b, w.after...)
}

func TestWAVRoundTrip(t *testing.T) {
	const chunk, odd = "LIST\x04\x00\x00\x00INFO", "junk\x03\x00\x00\x00abc\x00"
	for _, k := range kinds {
		specs := []wavSpec{
			{id: "RIFF", size: -1}, {id: "RIFX", size: -1}, {id: "RF64"}, {id: "BW64"},
			{id: "RIFF", size: -1, extensible: true}, {id: "RIFX", size: -1, extensible: true},
			{id: "RIFF", size: -1, before: chunk, between: odd, after: chunk}, {id: "RIFF", size: -1, between: "junk\x03\x00\x00\x00abc"},
			{id: "RIFF", size: 0}, {id: "RIFF", size: math.MaxUint32}, {id: "RIFF", size: 1 << 30},
		}
		for _, s := range specs {
			for channels := 1; channels <= 3; channels++ {
				s.kind, s.channels = k, channels
				x := signal(5001, channels)
				a, got, err := decodeBytes(s.bytes(k.pack(x, s.id == "RIFX")))
				if err != nil || a.Codec != k.name || a.Channels != channels || a.Rate != 44100 {
					t.Errorf("%+v: %+v, %v", s, a, err)
					continue
				}
				if len(got) != len(x) || worst(got, x) > k.exact {
					t.Errorf("%s %+v: %d values of %d, worst error %g", k.name, s, len(got), len(x), worst(got, x))
				}
				if s.size == 0 && s.id == "RIFF" && a.Note() == "" || s.size > 0 && a.Note() == "" {
					t.Errorf("%+v: no note", s)
				}
			}
		}
	}
}

func TestWAVCut(t *testing.T) {
	k := kinds[2]
	whole := wavSpec{kind: k, id: "RIFF", size: -1, channels: 2}.bytes(k.pack(signal(100, 2), false))
	for n := range whole {
		_, got, err := decodeBytes(whole[:n])
		switch frames := (n - 44) / 6; {
		case n <= 44 && err == nil && len(got) > 0:
			t.Errorf("%d bytes: %d samples", n, len(got))
		case n > 44 && (err != nil || len(got) != 2*frames):
			t.Errorf("%d bytes: %d values, want %d (%v)", n, len(got), 2*frames, err)
		}
	}
}

func TestWAVNumbers(t *testing.T) {
	nan := float32(math.NaN())
	x := []float32{0.5, nan, float32(math.Inf(1)), -0.5}
	a, got, err := decodeBytes(wavSpec{kind: kinds[5], id: "RIFF", size: -1, channels: 1}.bytes(kinds[5].pack(x, false)))
	if err != nil || worst(got, []float32{0.5, 0, 0, -0.5}) != 0 || !strings.HasPrefix(a.Note(), "2 samples") {
		t.Errorf("got %v, %v, %v", got, a, err)
	}
}

// TestG711 holds the tables against values of ITU-T G.711 and the encoders'
// symmetry.
func TestG711(t *testing.T) {
	for code, want := range map[int]float32{0xd5: 8, 0x55: -8, 0xaa: 32256, 0x2a: -32256} {
		if got := alawTable[code] * 32768; got != want {
			t.Errorf("A-law %#x is %v, want %v", code, got, want)
		}
	}
	for code, want := range map[int]float32{0xff: 0, 0x7f: 0, 0x80: 32124, 0x00: -32124, 0xfe: 8, 0x7e: -8} {
		if got := mulawTable[code] * 32768; got != want {
			t.Errorf("mu-law %#x is %v, want %v", code, got, want)
		}
	}
}

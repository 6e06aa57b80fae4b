package decode

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"math"
	"slices"
	"strings"
	"testing"

	"prep/ingest/decode/aac"
)

// TestAAC holds the decoder against ffmpeg's float one, and what the containers
// say against what was encoded (testdata/m4a.sh).
func TestAAC(t *testing.T) {
	tests := []struct {
		name           string
		rate, channels int
		frames         int
		unknown        bool // what the encoder put in front
		note           string
	}{
		{"aac44k.m4a", 44100, 2, 5292, false, ""},
		{"aac8k.aac", 8000, 1, 5120, true, ""},
		{"aac48k6.m4a", 48000, 6, 4800, false, ""},
		{"fragments.mp4", 22050, 1, 6144, true, ""},
		{"film.3gp", 16000, 1, 4800, false, ""},
		{"visualon.aac", 24000, 2, 4096, true, ""},
	}
	for _, test := range tests {
		a, x, err := decodeBytes(readTestdata(t, test.name))
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		if int(a.Rate) != test.rate || a.Channels != test.channels || a.Frames() != test.frames ||
			a.AlignmentUnknown != test.unknown || a.Note() != test.note || a.Codec != "AAC-LC" {
			t.Errorf("%s: %s at %d, %d channels, %d frames, unknown %v, note %q", test.name,
				a.Codec, a.Rate, a.Channels, a.Frames(), a.AlignmentUnknown, a.Note())
		}
		base, _, _ := strings.Cut(test.name, ".")
		if d := worst(x, floats(readTestdata(t, base+".f32"))); d > 1e-6 {
			t.Errorf("%s: %g away from ffmpeg", test.name, d)
		}
	}
}

// TestLosslessMP4 holds that lossless tracks come out as they went in: the tone of
// testdata/m4a.sh to a step, in as many frames as were encoded.
func TestLosslessMP4(t *testing.T) {
	tests := []struct {
		name, codec    string
		rate, channels int
		frames         int
		step           float64
	}{
		{"alac16.m4a", "ALAC 16-bit", 44100, 2, 5292, 1. / 32768},
		{"alac24.caf", "ALAC 24-bit", 48000, 1, 4800, 0},
		{"pcm.mov", "PCM 16-bit", 8000, 2, 800, 1. / 32768},
		{"pcm.caf", "PCM 24-bit", 8000, 2, 800, 1. / 8388608},
	}
	for _, test := range tests {
		a, x, err := decodeBytes(readTestdata(t, test.name))
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		if int(a.Rate) != test.rate || a.Channels != test.channels || a.Frames() != test.frames ||
			a.AlignmentUnknown || a.Note() != "" || a.Codec != test.codec {
			t.Errorf("%s: %s at %d, %d channels, %d frames, unknown %v, note %q", test.name,
				a.Codec, a.Rate, a.Channels, a.Frames(), a.AlignmentUnknown, a.Note())
		}
		for i := 1; i < len(x) && test.channels == 2; i += 2 {
			at := float64(i/2) / float64(test.rate)
			want := 0.5 * math.Sin(2*math.Pi*500*at) * math.Exp(-100*math.Mod(at, 0.03))
			if math.Abs(float64(x[i])-want) > test.step && math.Mod(at+1e-9, 0.03) > 1e-6 {
				t.Errorf("%s: %g at frame %d, want %g", test.name, x[i], i/2, want)
				break
			}
		}
	}
}

// TestBlocksOfADTS holds that frames of several blocks, and of blocks with
// checksums, are the same as those of one without.
func TestBlocksOfADTS(t *testing.T) {
	b := bytes.Repeat(readTestdata(t, "aac8k.aac"), 2)
	_, want, err := decodeBytes(b)
	if err != nil {
		t.Fatal(err)
	}
	for _, checked := range []bool{false, true} {
		for _, together := range []int{1, 2, 4} {
			_, got, err := decodeBytes(regroup(t, b, together, checked))
			if err != nil || !slices.Equal(got, want[:len(got)]) || len(got) < len(want)-4*aac.Frame {
				t.Errorf("%d together, checksums %v: %d values of %d: %v", together, checked, len(got), len(want), err)
			}
		}
	}
}

// regroup writes the blocks of ADTS frames of one block into frames of several.
// What is left over is dropped.
func regroup(t *testing.T, b []byte, together int, checked bool) (out []byte) {
	var group [][]byte
	for len(b) > 0 {
		h, err := aac.ParseHeader(b)
		if err != nil {
			t.Fatal(err)
		}
		group = append(group, b[h.Offset:h.Size])
		head := slices.Clone(b[:aac.HeaderBytes])
		if b = b[h.Size:]; len(group) < together {
			continue
		}
		var body []byte
		if checked {
			head[1] &^= 1
			body = make([]byte, 2*together)
		}
		for _, block := range group {
			body = append(body, block...)
			if checked && together > 1 {
				body = append(body, 0, 0)
			}
		}
		size := len(head) + len(body)
		head[3] = head[3]&^3 | byte(size>>11)
		head[4], head[5] = byte(size>>3), head[5]&31|byte(size<<5)
		head[6] = head[6]&^3 | byte(together-1)
		out, group = append(append(out, head...), body...), nil
	}
	return out
}

// TestDamagedADTS holds that damage costs what it hits.
func TestDamagedADTS(t *testing.T) {
	b := readTestdata(t, "aac8k.aac")
	_, want, _ := decodeBytes(b)
	first, _ := aac.ParseHeader(b)
	second, _ := aac.ParseHeader(b[first.Size:])
	two := first.Size + second.Size
	junk := slices.Concat([]byte("ID3\x04\x00\x00\x00\x00\x00\x02xx"), b[:two], []byte("junk\xff"), b[two:])
	a, got, err := decodeBytes(junk)
	if err != nil || !slices.Equal(got, want) || a.Note() != "5 bytes that are no frames" {
		t.Errorf("junk between frames: %d values of %d, %q, %v", len(got), len(want), a.Note(), err)
	}
	a, got, err = decodeBytes(b[:len(b)-5])
	if err != nil || !slices.Equal(got, want[:len(want)-aac.Frame]) || !strings.Contains(a.Note(), "truncated") {
		t.Errorf("cut short: %d values, %q, %v", len(got), a.Note(), err)
	}
	b[first.Size+9] ^= 0xff
	b[first.Size+10] ^= 0xff
	a, got, err = decodeBytes(b)
	if err != nil || len(got) != len(want) || !slices.Equal(got[4*aac.Frame:], want[4*aac.Frame:]) {
		t.Errorf("a damaged frame: %d values, %q, %v", len(got), a.Note(), err)
	}
}

// TestM4AOnFailingMedia holds that what cannot be read is an error or said to be
// missing.
func TestM4AOnFailingMedia(t *testing.T) {
	broken := errors.New("the disk is broken")
	for _, name := range []string{"aac44k.m4a", "aac8k.aac", "alac16.m4a", "alac24.caf", "fragments.mp4", "pcm.mov"} {
		b := readTestdata(t, name)
		_, whole, err := decodeBytes(b)
		if err != nil {
			t.Fatal(name, err)
		}
		for n := int64(0); n < int64(len(b)); n += 1 + int64(len(b))/41 {
			for _, reason := range []error{broken, io.EOF} {
				a, err := Open(cutReader{bytes.NewReader(b), n, reason}, int64(len(b)))
				var x []float32
				if err == nil {
					x, err = readAll(a)
				}
				if err == nil && len(x) < len(whole) && a.Note() == "" {
					t.Errorf("%s cut at %d of %d by %q: %d values of %d and no word", name, n, len(b), reason, len(x), len(whole))
				}
				if err != nil && strings.Contains(err.Error(), "runtime error") {
					t.Errorf("%s cut at %d: %v", name, n, err)
				}
			}
		}
	}
}

// cafOf writes the frames of an ADTS stream as a CAF, as Apple's afconvert does.
func cafOf(t testing.TB, b []byte, config []byte, valid, front int) []byte {
	be := binary.BigEndian
	var data, table []byte
	packets := 0
	for len(b) > 0 {
		h, err := aac.ParseHeader(b)
		if err != nil {
			t.Fatal(err)
		}
		block := b[h.Offset:h.Size]
		data = append(data, block...)
		table = append(table, 0x80|byte(len(block)>>7), byte(len(block)&0x7f))
		b = b[h.Size:]
		packets++
	}
	chunk := func(kind string, body ...[]byte) []byte {
		all := slices.Concat(body...)
		return append(be.AppendUint64([]byte(kind), uint64(len(all))), all...)
	}
	desc := be.AppendUint64(nil, math.Float64bits(8000))
	desc = append(desc, "aac \x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x04\x00\x00\x00\x00\x01\x00\x00\x00\x00"...)
	pakt := be.AppendUint64(nil, uint64(packets))
	pakt = be.AppendUint64(pakt, uint64(valid))
	pakt = be.AppendUint32(pakt, uint32(front))
	pakt = be.AppendUint32(pakt, uint32(packets*aac.Frame-valid-front))
	info := append([]byte{5, byte(len(config))}, config...)
	stream := slices.Concat([]byte{4, byte(13 + len(info)), 0x40, 0x15}, make([]byte, 11), info)
	cookie := slices.Concat([]byte{3, 0x80, 0x80, byte(3 + len(stream)), 0, 0, 0}, stream)
	return slices.Concat([]byte("caff\x00\x01\x00\x00"), chunk("desc", desc), chunk("kuki", cookie),
		chunk("data", []byte{0, 0, 0, 0}, data), chunk("pakt", pakt, table))
}

// TestAACInCAF holds that the packet table's frames in front and behind go.
func TestAACInCAF(t *testing.T) {
	b := readTestdata(t, "aac8k.aac")
	_, want, _ := decodeBytes(b)
	mono8k := []byte{0x15, 0x88} // AAC-LC, 8 kHz, one channel
	a, got, err := decodeBytes(cafOf(t, b, mono8k, 3200, 1024))
	if err != nil || a.AlignmentUnknown || !slices.Equal(got, want[1024:1024+3200]) {
		t.Errorf("%d values, %v", len(got), err)
	}
	a, got, err = decodeBytes(cafOf(t, b, mono8k, 0, 0))
	if err != nil || !a.AlignmentUnknown || !slices.Equal(got, want) {
		t.Errorf("without a packet table's word: %d values, %v", len(got), err)
	}
	if x := ffmpegOf(t, cafOf(t, b, mono8k, 3200, 1024)); x != nil && worst(x, want[1024:]) > 1e-6 && worst(x, want) > 1e-6 {
		t.Errorf("ffmpeg reads the test's CAF as something else: %g", worst(x, want))
	}
}

// TestRefusedM4A holds what is told of files that are not decoded.
func TestRefusedM4A(t *testing.T) {
	m4a := readTestdata(t, "aac44k.m4a")
	replaced := func(old, new string) string { return strings.Replace(string(m4a), old, new, 1) }
	config := string([]byte{5, 0x80, 0x80, 0x80, 5, 0x12, 0x10, 0x56, 0xe5, 0})
	if !bytes.Contains(m4a, []byte(config)) {
		t.Fatal("aac44k.m4a has another configuration")
	}
	configured := func(c ...byte) string { return replaced(config, config[:5]+string(c)) }
	tests := []struct{ name, content, says string }{
		{"HE-AAC, said", configured(0x2b, 0x92, 0x08, 0, 0), "HE-AAC is not decoded"},
		{"HE-AAC, said so that others pass over it", configured(0x12, 0x10, 0x56, 0xe5, 0x80), "HE-AAC is not decoded"},
		{"HE-AAC v2", configured(0xeb, 0x09, 0x88, 0, 0), "HE-AAC v2"},
		{"Main", configured(0x0a, 0x10, 0, 0, 0), "AAC Main"},
		{"LTP", configured(0x22, 0x10, 0, 0, 0), "AAC LTP"},
		{"SSR", configured(0x1a, 0x10, 0, 0, 0), "AAC SSR"},
		{"xHE-AAC", configured(0xf9, 0x48, 0x80, 0, 0), "xHE-AAC"},
		{"AAC-ELD", configured(0xf8, 0xe8, 0x80, 0, 0), "AAC-ELD"},
		{"error resilient", configured(0x8a, 0x10, 0, 0, 0), "error resilient AAC"},
		{"960", configured(0x12, 0x14, 0, 0, 0), "960"},
		{"no rate", configured(0x16, 0x90, 0, 0, 0), "broken file"},
		{"protected", replaced("mp4a", "drms"), "protected (DRM) AAC"},
		{"encrypted", replaced("mp4a", "enca"), "protected (DRM) sound"},
		{"AMR", replaced("mp4a", "samr"), "AMR in MP4"},
		{"Opus", replaced("mp4a", "Opus"), "Opus in MP4"},
		{"an unknown codec", replaced("mp4a", "\x00yz "), `"\x00yz " in MP4`},
		{"MP3 in mp4a", replaced(string([]byte{4, 0x80, 0x80, 0x80, 0x17, 0x40}), string([]byte{4, 0x80, 0x80, 0x80, 0x17, 0x6b})), "MP3 in MP4"},
		{"no index", replaced("moov", "free"), "no index (moov)"},
		{"a film without sound", string(readTestdata(t, "silent.mp4")), "not audio: a film or a picture without sound"},
		{"a picture", "\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic\x00\x00\x00\x08free", "not audio"},
		{"no more than a beginning", "\x00\x00\x00\x20ftypM4A \x00\x00\x00\x00", "not audio"},
		{"QDesign in CAF", strings.Replace(string(readTestdata(t, "alac24.caf")), "alac", "QDM2", 1), "QDesign in CAF"},
		{"HE-AAC in CAF", strings.Replace(string(readTestdata(t, "alac24.caf")), "alac", "aach", 1), "HE-AAC"},
		{"an empty CAF", "caff\x00\x01\x00\x00\x00\x00\x00\x00", "broken file"},
	}
	for _, test := range tests {
		_, _, err := decodeBytes([]byte(test.content))
		if err == nil || !strings.Contains(err.Error(), test.says) || strings.ContainsAny(err.Error(), "\n\x00") {
			t.Errorf("%s: %v, want a word on %q", test.name, err, test.says)
			continue
		}
		var u *UnsupportedError
		if !errors.As(err, &u) && !errors.Is(err, ErrBroken) && !errors.Is(err, ErrNotAudio) {
			t.Errorf("%s: %v is of no kind", test.name, err)
		}
	}
}

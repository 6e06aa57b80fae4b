package mp4

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
)

// atom writes a box.
func atom(kind string, parts ...[]byte) []byte {
	body := slices.Concat(parts...)
	return append(append(binary.BigEndian.AppendUint32(nil, uint32(8+len(body))), kind...), body...)
}

// be32 writes numbers of 32 bits.
func be32(v ...int) (b []byte) {
	for _, x := range v {
		b = binary.BigEndian.AppendUint32(b, uint32(x))
	}
	return b
}

// movie says what a test's file is like. Its blocks are "a", "bb", "ccc", ...
type movie struct {
	blocks     int
	perChunk   int
	timescale  int
	edits      []byte // elst's
	smpb       string
	times      []byte // stts's entries
	wide       bool   // co64
	small      int    // bits of stz2
	indexFirst bool
	entry      []byte
	handler    string
	extra      []byte // boxes in moov
}

func (m movie) defaults() movie {
	m.blocks, m.perChunk, m.timescale = cmp.Or(m.blocks, 5), cmp.Or(m.perChunk, 2), cmp.Or(m.timescale, 8000)
	if m.times == nil {
		m.times = be32(m.blocks-1, 1024, 1, 500)
	}
	if m.entry == nil {
		m.entry = atom("alac", make([]byte, 16), []byte{0, 2, 0, 16}, make([]byte, 4), be32(8000<<16), atom("alac", be32(0), []byte("cookie")))
	}
	if m.handler == "" {
		m.handler = "soun"
	}
	return m
}

// block returns block i.
func block(i int) []byte { return bytes.Repeat([]byte{byte('a' + i)}, i+1) }

// bytes writes the file.
func (m movie) bytes() []byte {
	m = m.defaults()
	ftyp := atom("ftyp", []byte("M4A \x00\x00\x00\x00"))
	moov := m.moov(0)
	first := len(ftyp) + 8
	if m.indexFirst {
		first += len(moov)
	}
	moov = m.moov(first)
	var data []byte
	for i := range m.blocks {
		data = append(data, block(i)...)
	}
	if m.indexFirst {
		return slices.Concat(ftyp, moov, atom("mdat", data))
	}
	return slices.Concat(ftyp, atom("mdat", data), moov)
}

func (m movie) moov(first int) []byte {
	var sizes, places []byte
	chunks, at := 0, first
	for i := range m.blocks {
		if i%m.perChunk == 0 {
			chunks++
			if m.wide {
				places = append(places, be32(0)...)
			}
			places = append(places, be32(at)...)
		}
		at += i + 1
		switch m.small {
		case 0:
			sizes = append(sizes, be32(i+1)...)
		case 4:
			if i%2 == 0 {
				sizes = append(sizes, byte(i+1)<<4)
			} else {
				sizes[i/2] |= byte(i + 1)
			}
		case 8:
			sizes = append(sizes, byte(i+1))
		case 16:
			sizes = append(sizes, 0, byte(i+1))
		}
	}
	stsz := atom("stsz", be32(0, 0, m.blocks), sizes)
	if m.small > 0 {
		stsz = atom("stz2", be32(0, m.small, m.blocks), sizes)
	}
	stco := atom("stco", be32(0, chunks), places)
	if m.wide {
		stco = atom("co64", be32(0, chunks), places)
	}
	last := m.blocks - (chunks-1)*m.perChunk
	stbl := atom("stbl", atom("stsd", be32(0, 1), m.entry), atom("stts", be32(0, len(m.times)/8), m.times),
		atom("stsc", be32(0, 2, 1, m.perChunk, 1, chunks, last, 1)), stsz, stco)
	var edits, comment []byte
	if m.edits != nil {
		edits = atom("edts", atom("elst", m.edits))
	}
	if m.smpb != "" {
		comment = atom("udta", atom("meta", be32(0), atom("ilst", atom("\xa9nam", be32(0)), atom("----", atom("mean", be32(0), []byte("com.apple.iTunes")),
			atom("name", be32(0), []byte("iTunSMPB")), atom("data", be32(1, 0), []byte(m.smpb))))))
	}
	trak := atom("trak", atom("tkhd", be32(0, 0, 0, 1, 0, 0)), edits, atom("mdia", atom("mdhd", be32(0, 0, 0, m.timescale, 0, 0)),
		atom("hdlr", be32(0, 0), []byte(m.handler), make([]byte, 12)), atom("minf", stbl)))
	return atom("moov", atom("mvhd", be32(0, 0, 0, 1000, 0, 0)), trak, comment, m.extra)
}

func open(t *testing.T, b []byte) *Track {
	t.Helper()
	tracks, err := Open(bytes.NewReader(b), int64(len(b)))
	if err != nil || len(tracks) != 1 {
		t.Fatalf("%d tracks, %v", len(tracks), err)
	}
	return tracks[0]
}

// all returns the track's blocks together, with a bar behind each.
func all(t *testing.T, p *Packets) (s string) {
	t.Helper()
	for range 1000 {
		b, err := p.Next()
		if err == io.EOF {
			return s
		}
		if err != nil {
			t.Fatal(err)
		}
		s += string(b) + "|"
	}
	t.Fatal("no end")
	return s
}

// TestPackets holds that blocks are found however the tables are written.
func TestPackets(t *testing.T) {
	want := ""
	for i := range 7 {
		want += string(block(i)) + "|"
	}
	for name, m := range map[string]movie{
		"plain": {}, "index first": {indexFirst: true}, "one a chunk": {perChunk: 1}, "all in one chunk": {perChunk: 7},
		"64 bits": {wide: true}, "sizes of 4 bits": {small: 4}, "of 8 bits": {small: 8}, "of 16 bits": {small: 16},
	} {
		m.blocks = 7
		track := open(t, m.bytes())
		if got := all(t, track.Packets(0)); got != want {
			t.Errorf("%s: %s", name, got)
		}
		if track.Format != "alac" || string(track.Config) != "cookie" || track.Channels != 2 || track.Bits != 16 || track.Rate != 8000 {
			t.Errorf("%s: %+v", name, track.Entry)
		}
	}
}

// TestPCMPackets holds that frames of PCM come many together and end with their chunk.
func TestPCMPackets(t *testing.T) {
	m := movie{blocks: 6, perChunk: 4}.defaults()
	b := m.bytes()
	at := bytes.Index(b, []byte("stsz"))
	copy(b[at+8:], be32(1)) // the size of all
	if got := all(t, open(t, b).Packets(2)); got != "abbcccdd|eeee|" {
		t.Errorf("got %s", got)
	}
}

// elst writes an edit list of version 0 for entries of duration, time and rate.
func elst(entries ...[3]int) []byte {
	b := be32(0, len(entries))
	for _, e := range entries {
		b = append(b, be32(e[0], e[1], e[2])...)
	}
	return b
}

// TestKeep holds which frames are the recording: five blocks of 1024 but 500 in the
// last, the movie's clock in milliseconds.
func TestKeep(t *testing.T) {
	const one, end = 1 << 16, 4*1024 + 500
	long := slices.Concat(be32(1<<24, 1, 0, 500, 0, 1024, one))
	tests := []struct {
		name  string
		movie movie
		want  []Span
		told  bool
		late  float64
	}{
		{"no edits", movie{}, []Span{{0, end}}, false, 0},
		{"priming", movie{edits: elst([3]int{447, 1024, one})}, []Span{{1024, end}}, true, 0},
		{"priming, a duration of 0", movie{edits: elst([3]int{0, 1024, one})}, []Span{{1024, end}}, true, 0},
		{"priming and an end", movie{edits: elst([3]int{300, 1024, one})}, []Span{{1024, 1024 + 2400}}, true, 0},
		{"64 bits", movie{edits: long}, []Span{{1024, end}}, true, 0},
		{"two parts", movie{edits: elst([3]int{100, 0, one}, [3]int{100, 2000, one})}, []Span{{0, 800}, {2000, 2800}}, true, 0},
		{"late", movie{edits: elst([3]int{250, -1, one}, [3]int{447, 1024, one})}, []Span{{1024, end}}, true, 0.25},
		{"no priming", movie{edits: elst([3]int{575, 0, one})}, []Span{{0, end}}, false, 0},
		{"another clock", movie{timescale: 4000, times: be32(5, 512), edits: elst([3]int{1000, 512, one})}, []Span{{1024, forever}}, true, 0},
		{"another clock, cut", movie{timescale: 4000, times: be32(5, 512), edits: elst([3]int{100, 512, one})}, []Span{{1024, 1824}}, true, 0},
		{"a recorder's clock", movie{times: be32(2, 1024, 1, 1000, 2, 1030)}, []Span{{0, forever}}, false, 0},
		{"times without end", movie{times: be32(-1, -1, -1, -1)}, []Span{{0, forever}}, false, 0},
		{"no times", movie{times: []byte{}}, []Span{{0, forever}}, false, 0},
		{"iTunSMPB", movie{smpb: " 00000000 00000840 000001CA 0000000000000A00 00000000", edits: elst([3]int{300, 1024, one})},
			[]Span{{0x840, 0x840 + 0xa00}}, true, 0},
		{"iTunSMPB of nonsense", movie{smpb: " 00000000 x 000001CA 0000000000000A00"}, []Span{{0, end}}, false, 0},
		{"half an iTunSMPB", movie{smpb: " 00000000 00000840"}, []Span{{0, end}}, false, 0},
	}
	for _, test := range tests {
		track := open(t, test.movie.bytes())
		got, told, err := track.Keep(1024, 8000)
		if err != nil || !slices.Equal(got, test.want) || told != test.told || track.Late() != test.late {
			t.Errorf("%s: %v, %v, %g s late, %v; want %v", test.name, got, told, track.Late(), err, test.want)
		}
	}
	for name, edits := range map[string][]byte{
		"speed": elst([3]int{300, 1024, one / 2}), "repeats": elst([3]int{300, 1024, one}, [3]int{300, 0, one}),
		"a still": elst([3]int{100, 0, one}, [3]int{100, 1000, 0}),
	} {
		_, _, err := open(t, movie{edits: edits}.bytes()).Keep(1024, 8000)
		var u Unsupported
		if !errors.As(err, &u) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestFragments holds that blocks behind the index are found.
func TestFragments(t *testing.T) {
	head := movie{extra: atom("mvex", atom("trex", be32(0, 1, 1, 0, 3, 0)))}.bytes()
	moof := func(tfhd, trun []byte, rest ...[]byte) []byte {
		return atom("moof", atom("mfhd", be32(0, 1)), atom("traf", atom("tfhd", tfhd), atom("trun", trun), slices.Concat(rest...)))
	}
	plain := be32(0x20000, 1)
	size := len(moof(plain, be32(0x201, 2, 0, 1, 2)))
	whole := func(m []byte, data string) []byte { return slices.Concat(head, m, atom("mdat", []byte(data))) }
	before := all(t, open(t, movie{}.bytes()).Packets(0))
	tests := []struct {
		name string
		b    []byte
		want string
	}{
		{"sizes in the run", whole(moof(plain, be32(0x201, 2, size+8, 1, 2)), "xyy"), "x|yy|"},
		{"the index's size", whole(moof(plain, be32(1, 2, size)), "xxxyyy"), "xxx|yyy|"},
		{"the fragment's size", whole(moof(be32(0x20010, 1, 2), be32(1, 2, size+4)), "xxyy"), "xx|yy|"},
		{"durations, flags and offsets too", whole(moof(plain, be32(0xf05, 1, size+20, 0, 9, 2, 9, 9)), "xx"), "xx|"},
		{"a place of its own", whole(moof(be32(0x1b, 1, 0, len(head), 1, 9, 2), be32(1, 1, size+20)), "xx"), "xx|"},
		{"two runs", whole(moof(plain, be32(0x201, 1, size+24, 1), atom("trun", be32(0x200, 1, 2))), "xyy"), "x|yy|"},
		{"another track's", whole(moof(be32(0x20000, 2), be32(0x201, 1, size+4, 1)), "x"), ""},
		{"blocks of no bytes without end", whole(moof(be32(0x20010, 1, 0), be32(0, -1)), "x"), ""},
	}
	for _, test := range tests {
		if got := all(t, open(t, test.b).Packets(0)); got != before+test.want {
			t.Errorf("%s: %q, want %q", test.name, strings.TrimPrefix(got, before), test.want)
		}
	}
}

// TestRefused holds what is said of files without sound that is read.
func TestRefused(t *testing.T) {
	good := movie{}.bytes()
	replaced := func(old, new string) []byte { return bytes.Replace(good, []byte(old), []byte(new), 1) }
	for name, test := range map[string]struct {
		b    []byte
		want error
	}{
		"no index":           {replaced("moov", "free"), ErrBroken},
		"no index, no data":  {bytes.Replace(replaced("moov", "free"), []byte("mdat"), []byte("free"), 1), ErrNoSound},
		"pictures":           {movie{handler: "vide"}.bytes(), ErrNoSound},
		"nothing":            {nil, ErrNoSound},
		"a compressed index": {replaced("mvhd", "cmov"), Unsupported("QuickTime with a compressed index")},
		"no clock":           {replaced("mdhd", "free"), ErrBroken},
		"no tables":          {replaced("stbl", "free"), ErrNoSound},
		"odd sizes":          {bytes.Replace(movie{small: 8}.bytes(), be32(0, 8, 5), be32(0, 7, 5), 1), ErrBroken},
		"many tracks":        {movie{extra: bytes.Repeat(atom("trak"), 100)}.bytes(), ErrBroken},
	} {
		if _, err := Open(bytes.NewReader(test.b), int64(len(test.b))); !errors.Is(err, test.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestClaims holds that what a file merely claims costs nothing: blocks over each
// other, endless tables, and blocks beyond the end.
func TestClaims(t *testing.T) {
	good := movie{}.bytes()
	at := bytes.Index(good, []byte("stsz"))
	endless := slices.Clone(good)
	copy(endless[at+8:], be32(1, -1)) // 4 G blocks of one byte
	copy(endless[bytes.Index(good, []byte("stsc"))+16:], be32(-1))
	if n := len(all(t, open(t, endless).Packets(0))) / 2; n > len(good) {
		t.Errorf("%d blocks of %d bytes", n, len(good))
	}
	large := slices.Clone(good)
	copy(large[at+16:], be32(1<<30))
	if got := all(t, open(t, large).Packets(0)); got != "" {
		t.Errorf("a block of a gigabyte: %q", got)
	}
	copy(large[at+16:], be32(maxBlock+1))
	large = append(large, make([]byte, 2*maxBlock)...)
	if got := all(t, open(t, large).Packets(0)); !strings.HasPrefix(got, "|") || !strings.HasSuffix(got, "ccc|dddd|eeeee|") {
		t.Errorf("a block too large: %q", got)
	}
	beyond := slices.Clone(good)
	copy(beyond[bytes.Index(good, []byte("stco"))+12:], be32(len(good)))
	if got := all(t, open(t, beyond).Packets(0)); got != "" {
		t.Errorf("beyond the end: %q", got)
	}
	cut := good[:len(good)-1]
	if tracks, err := Open(bytes.NewReader(cut), int64(len(cut))); err != nil || !tracks[0].Cut {
		t.Errorf("cut short: %v", err)
	}
}

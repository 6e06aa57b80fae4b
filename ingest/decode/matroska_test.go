package decode

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"strings"
	"testing"
)

// element returns an element with a size of eight bytes, or an unknown one.
func element(id uint32, unknown bool, content ...[]byte) []byte {
	var b []byte
	for shift := 24; shift >= 0; shift -= 8 {
		if id>>shift != 0 {
			b = append(b, byte(id>>shift))
		}
	}
	all := bytes.Join(content, nil)
	if unknown {
		return append(append(b, 0xff), all...)
	}
	return append(binary.BigEndian.AppendUint64(b, 1<<56|uint64(len(all))), all...)
}

func number(id uint32, v uint64) []byte {
	return element(id, false, binary.BigEndian.AppendUint64(nil, v))
}

// track returns the entry of a track.
func track(n, kind uint64, codec string, more ...[]byte) []byte {
	return element(mkvTrackEntry, false, number(mkvTrackNumber, n), number(mkvTrackType, kind),
		element(mkvCodecID, false, []byte(codec)), bytes.Join(more, nil))
}

// webm returns a file of the given tracks and clusters.
func webm(unknown bool, tracks []byte, clusters ...[]byte) []byte {
	all := [][]byte{element(0x1549a966, false, []byte("info")), element(mkvTracks, false, tracks)}
	for _, c := range clusters {
		all = append(all, element(mkvCluster, unknown, c))
	}
	return append(element(mkvHeader, false, []byte("webm")), element(mkvSegment, unknown, all...)...)
}

// block returns a block of a track.
func block(track, flags byte, content []byte) []byte {
	return element(mkvSimpleBlock, false, []byte{0x80 | track, 0, 0, flags}, content)
}

// opusPackets returns the header and the packets of testdata/opus.ogg.
func opusPackets(t *testing.T) (packets [][]byte) {
	t.Helper()
	o := oggReader{r: bufio.NewReaderSize(bytes.NewReader(opusFile(t)), 27+255+255*255)}
	for {
		p, err := o.next()
		if err != nil {
			return append(packets[:1:1], packets[2:]...)
		}
		var packet []byte
		for _, size := range p.sizes {
			packet = append(packet, p.body[:size]...)
			if p.body = p.body[size:]; size < 255 {
				packets = append(packets, packet)
				packet = nil
			}
		}
	}
}

// xiphSize returns a size as Xiph lacing stores it.
func xiphSize(n int) (b []byte) {
	for ; n >= 255; n -= 255 {
		b = append(b, 255)
	}
	return append(b, byte(n))
}

// laced returns the contents of a block that holds packets.
func laced(kind byte, packets [][]byte) []byte {
	b := []byte{byte(len(packets) - 1)}
	for i, p := range packets[:len(packets)-1] {
		switch {
		case kind == laceXiph:
			b = append(b, xiphSize(len(p))...)
		case kind == laceEBML && i == 0:
			b = binary.BigEndian.AppendUint16(b, 0x4000|uint16(len(p)))
		case kind == laceEBML:
			b = binary.BigEndian.AppendUint16(b, 0x4000|uint16(len(p)-len(packets[i-1])+1<<13-1))
		}
	}
	return append(b, bytes.Join(packets, nil)...)
}

// TestMatroskaHolds decodes the same packets however a file holds them.
func TestMatroskaHolds(t *testing.T) {
	all := opusPackets(t)
	head, packets := all[0], all[1:]
	_, want, err := decodeBytes(opusFile(t))
	if err != nil {
		t.Fatal(err)
	}
	tracks := append(track(1, 1, "V_VP8"), track(2, 2, "A_OPUS", element(mkvCodecPrivate, false, head))...)
	var single []byte
	half := 0
	for i, p := range packets {
		if i == len(packets)/2 {
			half = len(single)
		}
		single = append(append(single, block(1, 0, []byte("a picture"))...), block(2, 0, p)...)
	}
	same := [][]byte{packets[3], packets[3], packets[3]}
	_, three, err := decodeBytes(webm(false, tracks, bytes.Join([][]byte{block(2, 0, same[0]), block(2, 0, same[0]), block(2, 0, same[0])}, nil)))
	if err != nil {
		t.Fatal(err)
	}
	group := element(mkvBlockGroup, false, element(mkvBlock, false, []byte{0x82, 0, 0, 0}, packets[len(packets)-1]), number(mkvDiscard, 1e7))
	damaged := bytes.Clone(webm(false, tracks, single))
	for name, test := range map[string]struct {
		b    []byte
		want []float32
		less int // frames that the end of want is beyond
		note string
	}{
		"sizes": {webm(false, tracks, single), want, 0, ""}, "unknown sizes": {webm(true, tracks, single[:half], single[half:]), want, 0, ""},
		"Xiph lacing":         {webm(false, tracks, block(2, laceXiph<<1, laced(laceXiph, packets))), want, 0, ""},
		"EBML lacing":         {webm(false, tracks, block(2, laceEBML<<1, laced(laceEBML, packets))), want, 0, ""},
		"fixed lacing":        {webm(false, tracks, block(2, laceFixed<<1, laced(laceFixed, same))), three, 0, ""},
		"the end discarded":   {webm(false, tracks, single[:len(single)-len(block(2, 0, packets[len(packets)-1]))], group), want, -1, ""},
		"cut":                 {damaged[:len(damaged)-20], want, -1, "truncated"},
		"two tracks of sound": {webm(false, append(tracks, track(3, 2, "A_AAC")...), single), want, 0, "first of its audio tracks"},
	} {
		a, got, err := decodeBytes(test.b)
		if err != nil || worst(got, test.want) != 0 || test.less == 0 && len(got) < len(test.want) || !strings.Contains(a.Note(), test.note) {
			t.Errorf("%s: %d values of %d, worst %g, %+v, %v", name, len(got), len(test.want), worst(got, test.want), a, err)
		}
	}
}

// TestMatroskaDiscards holds how much of the end and of the start is dropped.
func TestMatroskaDiscards(t *testing.T) {
	all := opusPackets(t)
	tracks := func(more ...[]byte) []byte {
		return track(1, 2, "A_OPUS", element(mkvCodecPrivate, false, all[0]), bytes.Join(more, nil))
	}
	group := func(more ...[]byte) []byte {
		return element(mkvBlockGroup, false, element(mkvBlock, false, []byte{0x81, 0, 0, 0}, all[1]), bytes.Join(more, nil))
	}
	for name, test := range map[string]struct {
		b    []byte
		want int
	}{
		"pre-skip":               {webm(false, tracks(), group(), group()), 2*960 - 312},
		"delay":                  {webm(false, tracks(number(mkvCodecDelay, 1e6)), group(), group()), 2*960 - 48},
		"padding":                {webm(false, tracks(), group(), group(number(mkvDiscard, 1e7))), 2*960 - 312 - 480},
		"padding not at the end": {webm(false, tracks(), group(number(mkvDiscard, 1e7)), group()), 2*960 - 312},
		"more than there is":     {webm(false, tracks(), group(number(mkvDiscard, 1e12))), 0},
	} {
		if _, got, err := decodeBytes(test.b); err != nil || len(got) != test.want {
			t.Errorf("%s: %d values, want %d, %v", name, len(got), test.want, err)
		}
	}
}

// TestMatroskaResumes holds that behind a damaged place the next cluster is found.
func TestMatroskaResumes(t *testing.T) {
	all := opusPackets(t)
	tracks := track(1, 2, "A_OPUS", element(mkvCodecPrivate, false, all[0]))
	b := webm(true, tracks, block(1, 0, all[1]), append([]byte("\x00\x00\x00"), block(1, 0, all[2])...), block(1, 0, all[3]))
	a, got, err := decodeBytes(b)
	if err != nil || len(got) != 2*960-312 || !strings.Contains(a.Note(), "1 damaged places") {
		t.Errorf("%d values, %v, %v", len(got), a, err)
	}
}

func TestMatroskaRefusals(t *testing.T) {
	for name, test := range map[string]struct {
		b    []byte
		says string
	}{
		"no track of sound":     {webm(false, track(1, 1, "V_VP8"), nil), "video without sound"},
		"AAC":                   {webm(false, track(1, 2, "A_AAC/MPEG4/LC"), nil), "AAC in Matroska"},
		"an unknown codec":      {webm(false, track(1, 2, "A_QUIRK"), nil), "an unknown codec"},
		"compressed":            {webm(false, track(1, 2, "A_OPUS", element(mkvEncodings, false, []byte("x"))), nil), "compressed or encrypted"},
		"no cluster":            {webm(false, track(1, 2, "A_OPUS")), "ends before its first sound"},
		"no head":               {webm(false, track(1, 2, "A_OPUS"), nil), "header makes no sense"},
		"no Vorbis setup":       {webm(false, track(1, 2, "A_VORBIS", element(mkvCodecPrivate, false, []byte{2, 1, 1, 'a', 'b', 'c'})), nil), "setup makes no sense"},
		"an element of no size": {webm(false, element(0x80, true), nil), "no element"},
		"a thousand tracks":     {webm(false, bytes.Repeat(track(1, 1, "V"), 1000), nil), "tracks"},
	} {
		_, _, err := decodeBytes(test.b)
		var u *UnsupportedError
		if err == nil || !strings.Contains(err.Error(), test.says) || !errors.As(err, &u) && !errors.Is(err, ErrBroken) {
			t.Errorf("%s: %v, want a word on %q", name, err, test.says)
		}
	}
}

func TestUnlaceRefuses(t *testing.T) {
	for name, test := range map[string]struct {
		b    []byte
		kind byte
	}{
		"nothing": {nil, laceXiph}, "no size": {[]byte{1}, laceXiph}, "a size beyond the end": {[]byte{1, 9, 0}, laceXiph},
		"no number": {[]byte{1, 0}, laceEBML}, "below zero": {[]byte{2, 0x81, 0x80, 0}, laceEBML}, "no whole share": {[]byte{1, 0, 0, 0}, laceFixed},
	} {
		if packets, err := unlace(test.b, test.kind); err == nil {
			t.Errorf("%s: %v", name, packets)
		}
	}
}

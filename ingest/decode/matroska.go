package decode

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Elements of Matroska and WebM (RFC 9559, 5.1) that are looked at.
const (
	mkvHeader       = 0x1a45dfa3
	mkvSegment      = 0x18538067
	mkvTracks       = 0x1654ae6b
	mkvTrackEntry   = 0xae
	mkvTrackNumber  = 0xd7
	mkvTrackType    = 0x83
	mkvCodecID      = 0x86
	mkvCodecPrivate = 0x63a2
	mkvCodecDelay   = 0x56aa
	mkvEncodings    = 0x6d80
	mkvCluster      = 0x1f43b675
	mkvBlockGroup   = 0xa0
	mkvBlock        = 0xa1
	mkvSimpleBlock  = 0xa3
	mkvDiscard      = 0x75a2
)

// Limits of Matroska.
const (
	maxMatroskaHeader = 1 << 20 // bytes of a CodecPrivate
	maxMatroskaBlock  = 1 << 24 // bytes of a block of audio
	maxMatroskaTracks = 128
)

// mkvTrack is a track as its entry describes it.
type mkvTrack struct {
	number, kind uint64
	codec        string
	private      []byte
	delayNs      uint64 // CodecDelay
	encoded      bool   // compressed or encrypted by the container
}

// mkvCodecs names the codecs of audio that are not decoded.
var mkvCodecs = map[string]string{
	"A_AAC": "AAC", "A_MPEG/L3": "MP3", "A_MPEG/L2": "MPEG Layer II", "A_AC3": "AC-3", "A_EAC3": "E-AC-3", "A_DTS": "DTS",
	"A_ALAC": "ALAC", "A_PCM/INT/LIT": "PCM", "A_PCM/INT/BIG": "PCM", "A_PCM/FLOAT/IEEE": "PCM",
	"A_TRUEHD": "TrueHD", "A_WAVPACK4": "WavPack", "A_TTA1": "True Audio", "A_MS/ACM": "a Windows codec",
}

// matroska decodes the first audio track of a Matroska or WebM file.
type matroska struct {
	ebml    *ebmlReader
	tracks  []mkvTrack
	track   mkvTrack
	codec   packetCodec
	skip    int       // frames still to be dropped at the start
	packets [][]byte  // of the last block
	queue   []float32 // what is decoded and not delivered; at the end some of it is cut
	sent    int       // values of queue that are delivered
	discard int64     // nanoseconds to be cut behind the last block
	resumed int       // damaged places that were passed over
	damaged int       // packets
	more    bool      // there are further audio tracks
	cut     string
	ended   bool
	rate    int64
	ch      int
}

// openMatroska opens a Matroska or WebM file.
func openMatroska(r io.ReaderAt, size int64) (*Audio, error) {
	m := &matroska{ebml: newEBML(r, size)}
	if err := m.readTracks(); err != nil {
		return nil, err
	}
	if err := m.choose(); err != nil {
		return nil, err
	}
	a := &Audio{src: m}
	a.Codec, a.Rate, a.Channels = m.codec.shape()
	m.rate, m.ch = int64(a.Rate), a.Channels
	m.skip = m.codec.delay()
	if m.track.delayNs > 0 {
		m.skip = int(min(m.frames(int64(m.track.delayNs)), m.rate))
	}
	return a, nil
}

// frames returns how many frames a number of nanoseconds is, rounded.
func (m *matroska) frames(ns int64) int64 {
	ns = min(max(ns, 0), 1e10)
	return (ns*m.rate + 5e8) / 1e9
}

// readTracks reads up to the first cluster.
func (m *matroska) readTracks() error {
	for {
		id, size, err := m.ebml.head()
		if err != nil {
			return brokenf("a Matroska file that ends before its first sound")
		}
		switch id {
		case mkvCluster:
			return nil
		case mkvSegment, mkvTracks:
			continue
		case mkvTrackEntry:
			if len(m.tracks) == maxMatroskaTracks {
				return brokenf("more than %d tracks", maxMatroskaTracks)
			}
			m.tracks = append(m.tracks, mkvTrack{})
			continue
		}
		if size == ebmlUnknown {
			return errEBML
		}
		if err := m.trackElement(id, size); err != nil {
			return err
		}
	}
}

// trackElement takes an element of a track's entry, or passes over another.
func (m *matroska) trackElement(id uint32, size int64) error {
	switch id {
	case mkvTrackNumber, mkvTrackType, mkvCodecID, mkvCodecPrivate, mkvCodecDelay, mkvEncodings:
	default:
		m.ebml.skip(size)
		return nil
	}
	if size > maxMatroskaHeader || len(m.tracks) == 0 {
		return errEBML
	}
	b, err := m.ebml.bytes(size)
	if err != nil {
		return brokenf("a Matroska file that ends before its first sound")
	}
	t := &m.tracks[len(m.tracks)-1]
	switch id {
	case mkvTrackNumber:
		t.number = uintOf(b)
	case mkvTrackType:
		t.kind = uintOf(b)
	case mkvCodecID:
		t.codec = strings.TrimRight(string(b), "\x00")
	case mkvCodecPrivate:
		t.private = b
	case mkvCodecDelay:
		t.delayNs = uintOf(b)
	case mkvEncodings:
		t.encoded = true
	}
	return nil
}

// choose takes the first audio track and makes its decoder.
func (m *matroska) choose() error {
	const audio = 2 // TrackType
	isAudio := func(t mkvTrack) bool { return t.kind == audio }
	i := slices.IndexFunc(m.tracks, isAudio)
	if i < 0 {
		return &UnsupportedError{Codec: "Matroska or WebM video without sound"}
	}
	m.track = m.tracks[i]
	m.more = slices.ContainsFunc(m.tracks[i+1:], isAudio)
	if m.track.encoded {
		return &UnsupportedError{Codec: "compressed or encrypted Matroska"}
	}
	switch m.track.codec {
	case "A_OPUS":
		c := &opusCodec{}
		m.codec = c
		return c.open(m.track.private)
	case "A_FLAC":
		c := &flacPackets{}
		m.codec = c
		return c.open(m.track.private)
	case "A_VORBIS":
		m.codec = &vorbisCodec{}
		return m.vorbisHeaders()
	}
	for id, name := range mkvCodecs {
		if m.track.codec == id || strings.HasPrefix(m.track.codec, id+"/") {
			return &UnsupportedError{Codec: name + " in Matroska"}
		}
	}
	return &UnsupportedError{Codec: "an unknown codec in Matroska"}
}

// vorbisHeaders reads the three headers, which Xiph lacing holds together.
func (m *matroska) vorbisHeaders() error {
	packets, err := unlace(m.track.private, laceXiph)
	if err != nil || len(packets) != 3 {
		return errVorbisSetup
	}
	for _, p := range packets {
		if _, err := m.codec.header(p); err != nil {
			return err
		}
	}
	return nil
}

func (m *matroska) read(dst []float32) (int, error) {
	for !m.ended && len(m.queue)-m.sent <= m.held() {
		if err := m.decodeNext(); err != nil {
			return 0, err
		}
	}
	if m.ended && m.discard > 0 {
		m.queue = m.queue[:max(m.sent, len(m.queue)-int(m.frames(m.discard))*m.ch)]
		m.discard = 0
	}
	ready := len(m.queue)
	if !m.ended {
		ready -= m.held()
	}
	if ready <= m.sent {
		return 0, io.EOF
	}
	n := copy(dst, m.queue[m.sent:ready])
	m.sent += n
	return n, nil
}

// held is how many values stay back, because what follows may say that the end
// of them is to be cut: as long as the longest packet of Opus.
func (m *matroska) held() int { return int(m.rate) * 12 / 100 * m.ch }

// decodeNext decodes a packet, or reads the next block.
func (m *matroska) decodeNext() (err error) {
	if len(m.packets) == 0 {
		if err := m.nextBlock(); err != nil {
			m.ended = true
			if err == io.EOF {
				return nil
			}
			m.cut = "truncated: the end of its stream is missing"
		}
		return nil
	}
	if m.sent > 0 {
		m.queue = m.queue[:copy(m.queue, m.queue[m.sent:])]
		m.sent = 0
	}
	from := len(m.queue)
	if m.queue, err = guardedDecode(m.codec, m.queue, m.packets[0]); err != nil {
		m.damaged++
	}
	m.packets = m.packets[1:]
	n := min(m.skip, (len(m.queue)-from)/m.ch) * m.ch
	m.queue = slices.Delete(m.queue, from, from+n)
	m.skip -= n / m.ch
	return nil
}

// nextBlock reads on to the next block of the track. DiscardPadding stands
// behind the block that it is of.
func (m *matroska) nextBlock() error {
	for {
		id, size, err := m.ebml.head()
		if errors.Is(err, errEBML) {
			err = m.resume()
			if err == nil {
				continue
			}
		}
		if err != nil {
			return err
		}
		switch {
		case id == mkvSegment, id == mkvCluster, id == mkvBlockGroup:
		case size == ebmlUnknown, id == mkvHeader && m.ebml.at > 64:
			return io.EOF // another file behind this one
		case id == mkvDiscard && size <= 8:
			b, err := m.ebml.bytes(size)
			if err != nil {
				return err
			}
			m.discard = int64(uintOf(b))
		case id == mkvBlock || id == mkvSimpleBlock:
			ours, err := m.takeBlock(size)
			if err != nil || ours {
				return err
			}
		case size > m.ebml.end-m.ebml.at:
			return io.ErrUnexpectedEOF
		default:
			m.ebml.skip(size)
		}
	}
}

// takeBlock takes the packets of a block if it is of the track.
func (m *matroska) takeBlock(size int64) (ours bool, err error) {
	if size > m.ebml.end-m.ebml.at {
		return false, io.ErrUnexpectedEOF
	}
	if size > maxMatroskaBlock {
		m.ebml.skip(size)
		return false, nil
	}
	b, err := m.ebml.bytes(size)
	if err != nil {
		return false, err
	}
	number, n := vintAt(b)
	if n == 0 || len(b) < n+3 || number != m.track.number {
		return false, nil
	}
	flags := b[n+2]
	if m.packets, err = unlace(b[n+3:], flags>>1&3); err != nil {
		m.damaged++
		return false, nil
	}
	m.discard = 0 // it was not of the last block
	return len(m.packets) > 0, nil
}

// resume looks for the next cluster behind a damaged place.
func (m *matroska) resume() error {
	m.resumed++
	var last uint32
	for {
		c, err := m.ebml.buf.ReadByte()
		if err != nil {
			return err
		}
		m.ebml.at++
		if last = last<<8 | uint32(c); last == mkvCluster {
			m.ebml.seek(m.ebml.at - 4)
			return nil
		}
	}
}

func (m *matroska) note() string {
	var notes []string
	if m.cut != "" {
		notes = append(notes, m.cut)
	}
	if m.resumed > 0 {
		notes = append(notes, fmt.Sprintf("%d damaged places are left out", m.resumed))
	}
	if m.damaged > 0 {
		notes = append(notes, fmt.Sprintf("%d damaged packets are left out", m.damaged))
	}
	if m.more {
		notes = append(notes, "the first of its audio tracks is taken")
	}
	return strings.Join(notes, "; ")
}

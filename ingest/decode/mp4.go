package decode

import (
	"fmt"
	"io"

	"prep/data"
	"prep/ingest/decode/aac"
	"prep/ingest/decode/mp4"
)

// mp4Starts are the boxes that an MP4 or QuickTime file may begin with.
var mp4Starts = []string{"ftyp", "moov", "mdat", "wide", "free", "skip", "pnot", "styp"}

// isMP4 reports whether head is how an MP4 or QuickTime file begins.
func isMP4(head []byte) bool {
	for _, kind := range mp4Starts {
		if len(head) >= 8 && string(head[4:8]) == kind && (head[0] == 0 || kind[0] == 'm') {
			return true
		}
	}
	return false
}

// openMP4 opens the first track of sound that is decoded.
func openMP4(r io.ReaderAt, size int64) (*Audio, error) {
	tracks, err := mp4.Open(r, size)
	if err != nil {
		return nil, refusal(err)
	}
	var first error
	for _, t := range tracks {
		a, err := openTrack(t)
		if err == nil {
			a.noteTrack(t, len(tracks))
			return a, nil
		}
		if first == nil {
			first = err
		}
	}
	return nil, first
}

// noteTrack says what is odd about a track.
func (a *Audio) noteTrack(t *mp4.Track, tracks int) {
	if t.Cut {
		a.notes = append(a.notes, "truncated: the file is shorter than it says")
	}
	if tracks > 1 {
		a.notes = append(a.notes, fmt.Sprintf("one of %d tracks of sound", tracks))
	}
	if late := t.Late(); late > 0 {
		a.notes = append(a.notes, fmt.Sprintf("the sound begins %.3f s into the film; times count from its own beginning", late))
	}
}

// mp4Codecs name what sample entries say (https://mp4ra.org, and Apple's QuickTime File
// Format).
var mp4Codecs = map[string]string{
	"samr": "AMR", "sawb": "AMR-WB", "sawp": "AMR-WB+", "ac-3": "AC-3", "ec-3": "E-AC-3", "Opus": "Opus", "fLaC": "FLAC",
	".mp3": "MP3", "apac": "Apple Positional Audio", "mha1": "MPEG-H", "mhm1": "MPEG-H", "QDM2": "QDesign", "QDMC": "QDesign",
	"ima4": "IMA ADPCM", "MAC3": "MACE", "MAC6": "MACE", "agsm": "GSM", "Qclp": "Qualcomm PureVoice", "sevc": "EVRC", "sqcp": "QCELP",
	"enca": "protected (DRM) sound", "drms": "protected (DRM) AAC", "dtsc": "DTS", "mlpa": "Dolby TrueHD", "ac-4": "AC-4",
}

// mp4Objects name what is in mp4a (https://mp4ra.org).
var mp4Objects = map[int]string{
	0x66: "AAC Main", 0x68: "AAC SSR", 0x69: "MP3", 0x6b: "MP3", 0xa5: "AC-3", 0xa6: "E-AC-3", 0xa9: "DTS", 0xad: "Opus",
	0xdd: "Vorbis", 0xe1: "QCELP",
}

// openTrack opens one track.
func openTrack(t *mp4.Track) (*Audio, error) {
	unsupported := func(codec string) error { return &UnsupportedError{Codec: codec + " in MP4"} }
	if l, ok := mp4PCM(t.Entry); ok {
		return openTrackPCM(t, l)
	}
	switch {
	case t.Format == "alac":
		return openTrackALAC(t)
	case t.Format != "mp4a" && mp4Codecs[t.Format] != "":
		return nil, unsupported(mp4Codecs[t.Format])
	case t.Format != "mp4a":
		return nil, unsupported(fmt.Sprintf("%q", t.Format))
	case mp4Objects[t.Object] != "":
		return nil, unsupported(mp4Objects[t.Object])
	case t.Object != 0x40 && t.Object != 0x67: // AAC of MPEG-4, and AAC-LC of MPEG-2
		return nil, unsupported(fmt.Sprintf("sound of kind %#02x", t.Object))
	}
	return openTrackAAC(t)
}

func openTrackAAC(t *mp4.Track) (*Audio, error) {
	c, err := aac.ParseConfig(t.Config)
	if err == nil {
		c, err = probeAAC(c, mp4Packets{t.Packets(0)})
	}
	if err != nil {
		return nil, refusal(err)
	}
	keep, told, err := t.Keep(aac.Frame, c.Rate)
	if err != nil {
		return nil, refusal(err)
	}
	return &Audio{
		Codec: "AAC-LC", Rate: data.Rate(c.Rate), Channels: c.Channels, AlignmentUnknown: !told,
		src: newCoded(mp4Packets{t.Packets(0)}, newAACBlocks(c), c.Channels, spans(keep)),
	}, nil
}

func openTrackALAC(t *mp4.Track) (*Audio, error) {
	b, err := newALACBlocks(t.Config)
	if err != nil {
		return nil, err
	}
	keep, _, err := t.Keep(b.frame, b.rate)
	if err != nil {
		return nil, refusal(err)
	}
	return b.audio(mp4Packets{t.Packets(0)}, spans(keep)), nil
}

func openTrackPCM(t *mp4.Track, l layout) (*Audio, error) {
	if l.channels < 1 || l.channels > maxChannels {
		return nil, brokenf("%d channels; 1 to %d are allowed", l.channels, maxChannels)
	}
	keep, _, err := t.Keep(1, t.Rate)
	if err != nil {
		return nil, refusal(err)
	}
	b := &pcmBlocks{layout: l, convert: l.decoder()}
	return &Audio{
		Codec: l.name(8*l.bytes, 0), Rate: data.Rate(t.Rate), Channels: l.channels,
		src: newCoded(mp4Packets{t.Packets(l.bytes * l.channels)}, b, l.channels, spans(keep)),
	}, nil
}

// mp4Packets are those of a track.
type mp4Packets struct{ *mp4.Packets }

func (p mp4Packets) next() ([]byte, error) { return p.Next() }

func spans(keep []mp4.Span) []span {
	s := make([]span, len(keep))
	for i, k := range keep {
		s[i] = span{k.Start, min(k.End, endless)}
	}
	return s
}

// mp4PCM returns how the samples of an entry of PCM are stored.
func mp4PCM(e mp4.Entry) (l layout, ok bool) {
	l = layout{channels: e.Channels, bytes: (e.Bits + 7) / 8, big: !e.Little}
	switch e.Format {
	case "twos", "NONE":
	case "sowt":
		l.big = false
	case "raw ":
		l.encoding = unsigned
	case "in24":
		l.bytes = 3
	case "in32":
		l.bytes = 4
	case "fl32":
		l.bytes, l.encoding = 4, floating
	case "fl64":
		l.bytes, l.encoding = 8, floating
	case "ulaw", "alaw":
		l.bytes, l.encoding = 1, mulaw
		if e.Format == "alaw" {
			l.encoding = alaw
		}
	case "lpcm":
		l.big = e.Flags&2 != 0
		if e.Flags&1 != 0 {
			l.encoding = floating
		} else if e.Flags&4 == 0 {
			l.encoding = unsigned
		}
	default:
		return l, false
	}
	return l, l.bytes >= 1 && l.bytes <= 8 && (l.encoding != floating || l.bytes == 4 || l.bytes == 8)
}

// pcmBlocks converts blocks of PCM.
type pcmBlocks struct {
	layout  layout
	convert func(dst []float32, raw []byte)
	raw     []byte
}

func (p *pcmBlocks) decode(dst []float32, block []byte) (int, error) {
	whole := len(block) - len(block)%(p.layout.bytes*p.layout.channels)
	p.raw = append(p.raw[:0], block[:min(whole, len(dst)*p.layout.bytes)]...) // convert changes it
	p.convert(dst, p.raw)
	return len(p.raw) / p.layout.bytes, nil
}

// most is what a block has that mp4 hands out.
func (p *pcmBlocks) most() int { return max(1<<15, p.layout.channels) }

package decode

import (
	"bytes"
	"io"
)

// magic is how a kind of file begins.
type magic struct {
	at    int
	bytes string
	codec string
}

// refused are kinds of file that are known and not decoded: containers of
// compressed audio or video. The signatures are those of the formats' own
// specifications.
var refused = []magic{
	{8, "AVI ", "AVI video"},
	{0, "wvpk", "WavPack"},
	{0, "MAC ", "Monkey's Audio"},
	{0, "TTA1", "True Audio"},
	{0, "MPCK", "Musepack"},
	{0, "MP+", "Musepack"},
	{0, "#!AMR", "AMR"},
	{0, "\x30\x26\xb2\x75\x8e\x66\xcf\x11", "Windows Media (WMA or video)"},
	{0, "FLV\x01", "Flash video"},
	{0, "DSD ", "DSD"},
	{0, "FRM8", "DSD (DSDIFF)"},
	{0, "ADIF", "AAC (ADIF)"},
	{0, "OFR ", "OptimFROG"},
}

// HeadBytes is how much of a file Recognizes looks at.
const HeadBytes = 12

// Recognizes reports whether a file that begins with head is sure to be of a
// kind that Open decodes. Of MPEG audio without a tag nothing is sure.
func Recognizes(head []byte) bool {
	for _, start := range []string{"fLaC", "OggS", "ID3"} {
		if bytes.HasPrefix(head, []byte(start)) {
			return true
		}
	}
	if len(head) < HeadBytes {
		return false
	}
	kind := string(head[8:HeadBytes])
	return kind == "WAVE" || string(head[:4]) == "FORM" && kind[:3] == "AIF"
}

// sniff opens the recording in r as what its first bytes say behind tags.
func sniff(r io.ReaderAt, size int64) (*Audio, error) {
	tags, err := skipTags(r, size)
	if err != nil {
		return nil, err
	}
	if tags > 0 {
		r, size = io.NewSectionReader(r, tags, size-tags), size-tags
	}
	head := make([]byte, 64)
	n, err := r.ReadAt(head[:min(64, size)], 0)
	if err != nil && err != io.EOF {
		return nil, err
	}
	head = head[:n]
	is := func(at int, s string) bool { return len(head) >= at && bytes.HasPrefix(head[at:], []byte(s)) }
	switch {
	case size == 0:
		return nil, brokenf("it is empty")
	case (is(0, "RIFF") || is(0, "RIFX") || is(0, "RF64") || is(0, "BW64")) && is(8, "WAVE"):
		return openWAV(r, size)
	case is(0, "FORM") && (is(8, "AIFF") || is(8, "AIFC")):
		return openAIFF(r, size)
	case is(0, "fLaC"):
		return openFLAC(r, 0, size)
	case is(0, "OggS"):
		return openOgg(r, size)
	case is(0, "caff"):
		return openCAF(r, size)
	case isMP4(head):
		return openMP4(r, size)
	case is(0, "riff\x2e\x91\xcf\x11"):
		return openW64(r, size)
	case is(0, ".snd"):
		return openAU(r, size)
	case is(0, "\x1a\x45\xdf\xa3"):
		return openMatroska(r, size)
	}
	if kind := rareKind(r, head); kind != "" {
		return nil, &UnsupportedError{Codec: kind}
	}
	for _, m := range refused {
		if is(m.at, m.bytes) {
			return nil, &UnsupportedError{Codec: m.codec}
		}
	}
	return openMPEG(r, size)
}

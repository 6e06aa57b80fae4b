package ingest

import (
	"bufio"
	"errors"
	"io"
	"strings"

	"github.com/jfreymuth/oggvorbis"

	"prep/data"
)

// oggCodecs are how the first packet of a stream begins, by what it is.
var oggCodecs = map[string]string{
	"OpusHead": "Opus", "\x7fFLAC": "FLAC in Ogg", "Speex   ": "Speex", "\x80theora": "Theora video",
	"fishead\x00": "Ogg with several streams", "BBCD\x00": "Dirac video",
}

// oggSource decodes Ogg Vorbis with jfreymuth/oggvorbis.
type oggSource struct {
	dec *oggvorbis.Reader
	cut string
}

// openOgg opens an Ogg file that begins with a Vorbis stream.
func openOgg(r io.ReaderAt, size int64) (*Audio, error) {
	head := make([]byte, 27+255+8)
	n, err := r.ReadAt(head, 0)
	if err != nil && err != io.EOF {
		return nil, err
	}
	if n < 28 {
		return nil, brokenf("the first Ogg page is cut short")
	}
	packet := string(head[min(27+int(head[26]), n):n])
	for start, codec := range oggCodecs {
		if strings.HasPrefix(packet, start) {
			return nil, &UnsupportedError{Codec: codec}
		}
	}
	if !strings.HasPrefix(packet, "\x01vorbis") {
		return nil, &UnsupportedError{Codec: "an unknown codec in Ogg"}
	}
	// Not seekable, so that the decoder does not look for the end first.
	dec, err := oggvorbis.NewReader(bufio.NewReader(io.NewSectionReader(r, 0, size)))
	if err != nil {
		return nil, brokenf("%v", err)
	}
	return &Audio{Codec: "Vorbis", Rate: data.Rate(dec.SampleRate()), Channels: dec.Channels(), src: &oggSource{dec: dec}}, nil
}

func (s *oggSource) read(dst []float32) (int, error) {
	n, err := s.dec.Read(dst)
	switch {
	case err == nil || err == io.EOF:
		return n, err
	case errors.Is(err, io.ErrUnexpectedEOF) && (n > 0 || s.dec.Position() > 0):
		s.cut = "truncated: it ends within a page"
		return n, io.EOF
	}
	return n, brokenf("%v", err)
}

func (s *oggSource) note() string { return s.cut }

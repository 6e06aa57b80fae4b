package decode

import (
	"bytes"
	"encoding/binary"
	"io"

	"github.com/go-audio/audio"
	"github.com/go-audio/wav"
)

// goAudio reads integer PCM through go-audio/wav. The header that its decoder
// sees is one we wrote, because it takes A-law for PCM, ends at a data size of
// 0 or over 4 GiB and drops EXTENSIBLE's subformat; and its reads are never
// short, because its decoder loses the bytes of a sample cut in two.
type goAudio struct {
	dec     *wav.Decoder
	buf     audio.IntBuffer
	left    int64 // values not yet read
	scale   float64
	offset  int // of the zero in 8-bit samples
	channel int
}

// whole is a reader whose reads are never short before the end.
type whole struct{ r io.Reader }

func (w whole) Read(p []byte) (int, error) {
	n, err := io.ReadFull(w.r, p)
	if err == io.ErrUnexpectedEOF {
		err = nil
	}
	return n, err
}

// newGoAudio returns a source over the size bytes of r at off.
func newGoAudio(r io.ReaderAt, off, size int64, l layout) source {
	dec := wav.NewDecoder(bytes.NewReader(plainHeader(l)))
	if err := dec.FwdToPCM(); err != nil || dec.PCMChunk == nil {
		return newPCM(r, off, size, l)
	}
	size -= size % int64(l.bytes*l.channels)
	dec.PCMChunk.R = whole{io.NewSectionReader(r, off, size)}
	g := &goAudio{dec: dec, left: size / int64(l.bytes), channel: l.channels}
	g.scale = 1 / float64(int64(1)<<(8*l.bytes-1))
	if l.encoding == unsigned {
		g.offset = 128
	}
	g.buf.Data = make([]int, BlockFrames*l.channels)
	return g
}

// plainHeader returns the header of a file of integer PCM, up to its samples.
func plainHeader(l layout) []byte {
	le := binary.LittleEndian
	h := []byte("RIFF\xff\xff\xff\xffWAVEfmt \x10\x00\x00\x00\x01\x00")
	h = le.AppendUint16(h, uint16(l.channels))
	h = le.AppendUint32(h, 44100) // its decoder passes rates on and uses none
	h = le.AppendUint32(h, uint32(44100*l.bytes*l.channels))
	h = le.AppendUint16(h, uint16(l.bytes*l.channels))
	h = le.AppendUint16(h, uint16(8*l.bytes))
	return append(h, "data\xfe\xff\xff\xff"...)
}

func (g *goAudio) read(dst []float32) (int, error) {
	want := min(int64(len(dst)), int64(len(g.buf.Data)), g.left)
	want -= want % int64(g.channel)
	if want == 0 {
		return 0, io.EOF
	}
	all := g.buf.Data
	g.buf.Data = all[:want]
	n, err := g.dec.PCMBuffer(&g.buf)
	g.buf.Data = all
	if err != nil {
		return 0, err
	}
	if int64(n) != want {
		return 0, io.ErrUnexpectedEOF
	}
	g.left -= want
	for i, v := range all[:want] {
		dst[i] = float32(float64(v-g.offset) * g.scale)
	}
	return n, nil
}

package decode

import (
	"encoding/binary"
	"io"

	"github.com/hajimehoshi/go-mp3"

	"prep/ingest/decode/layer3"
)

// goMP3 decodes a plain stream with go-mp3 until something comes that it does
// not do right: a damaged frame, in which it finds noise, a sample above full
// scale, which it clips, or the end, where it keeps the last 528 samples. From
// there on layer3 decodes.
// go-mp3's samples have 16 bits and are rounded to zero: up to 3.1e-5 off.
type goMP3 struct {
	dec  *mp3.Decoder
	left []byte         // of the frame that go-mp3 is to read
	past []layer3.Frame // the last one and the two before it, which sound on in it
	then *layer3Frames
	over bool // then decodes
	raw  []byte
}

func newGoMP3(then *layer3Frames) *goMP3 {
	return &goMP3{then: then, raw: make([]byte, 4*then.dec.FrameLen())}
}

func (g *goMP3) lost() int { return g.then.lost() }

func (g *goMP3) next() ([]float32, error) {
	if g.over {
		return g.then.next()
	}
	h, frame, err := g.then.scan.next()
	if err == io.EOF {
		g.handOver()
		return g.then.next()
	}
	if err != nil {
		return nil, err
	}
	f, _ := g.then.bits.take(h, frame)
	g.remember(f)
	g.left = frame
	if g.then.dec.Check(f) != nil || !g.readFrame() || !g.floats(g.then.buf) {
		return g.handOver(), nil
	}
	return g.then.buf, nil
}

// Read gives go-mp3 one frame, and the end when it asks for more.
func (g *goMP3) Read(p []byte) (int, error) {
	n := copy(p, g.left)
	g.left = g.left[n:]
	if n == 0 {
		return 0, io.EOF
	}
	return n, nil
}

// readFrame decodes the frame and reports whether go-mp3 could.
func (g *goMP3) readFrame() (ok bool) {
	defer func() {
		if recover() != nil {
			ok = false
		}
	}()
	var err error
	if g.dec == nil {
		if g.dec, err = mp3.NewDecoder(g); err != nil {
			return false
		}
	}
	n, err := g.dec.Read(g.raw)
	return err == nil && n == len(g.raw)
}

// floats writes what go-mp3 decoded to dst and reports whether all of it is below
// full scale. go-mp3's output is always stereo, its full scale 32767.
func (g *goMP3) floats(dst []float32) bool {
	step := 4 / g.then.channels
	for i := range dst {
		v := int16(binary.LittleEndian.Uint16(g.raw[i*step:]))
		if v == 32767 || v <= -32767 {
			return false
		}
		dst[i] = float32(v) / 32767
	}
	return true
}

// remember keeps a copy of a frame, and of the two before it.
func (g *goMP3) remember(f layer3.Frame) {
	var old layer3.Frame
	if len(g.past) == 3 {
		old = g.past[0]
		g.past = append(g.past[:0], g.past[1:]...)
	}
	f.Side, f.Main = append(old.Side[:0], f.Side...), append(old.Main[:0], f.Main...)
	g.past = append(g.past, f)
}

// handOver makes layer3 decode from the last frame on and returns that frame.
func (g *goMP3) handOver() (samples []float32) {
	g.over = true
	for _, f := range g.past {
		samples = g.then.decode(f)
	}
	g.past = nil
	return samples
}

// Package pcm writes clips as WAV files for other programs: the synthetic corpus,
// exported hits, previews.
package pcm

import (
	"bytes"
	"errors"
	"io"
	"math"

	"github.com/go-audio/audio"
	"github.com/go-audio/wav"

	"prep/data"
)

// Format is how samples are kept in a file.
type Format int

// The formats: integers of 16 and of 24 bits, and 32-bit floats, which keep every sample as
// it is.
const (
	Int16 Format = 16
	Int24 Format = 24
	Float Format = 32
)

// The format tags of WAV files.
const (
	tagInteger = 1
	tagFloat   = 3
)

// WriteFile writes a clip as a WAV file of one channel, atomically. Integers are rounded to
// the nearest, of two as near to the even one; what lies beyond full scale is clipped.
func (f Format) WriteFile(path string, c data.Clip) error {
	raw, err := f.Encode(c)
	if err != nil {
		return err
	}
	return data.WriteFile(path, func(w io.Writer) error {
		_, err := w.Write(raw)
		return err
	})
}

// Encode returns the bytes of the file that WriteFile writes.
func (f Format) Encode(c data.Clip) ([]byte, error) {
	buf := &audio.IntBuffer{
		Format:         &audio.Format{NumChannels: 1, SampleRate: int(c.Rate)},
		Data:           make([]int, len(c.Samples)),
		SourceBitDepth: int(f),
	}
	for i, x := range c.Samples {
		buf.Data[i] = f.word(x)
	}
	tag := tagInteger
	if f == Float {
		tag = tagFloat
	}
	var out memory
	e := wav.NewEncoder(&out, int(c.Rate), int(f), 1, tag)
	if err := errors.Join(e.Write(buf), e.Close()); err != nil {
		return nil, err
	}
	return out.raw, nil
}

// scale returns how many steps full scale has.
func (f Format) scale() float64 { return float64(int(1) << (f - 1)) }

// word returns a sample as the file has it.
func (f Format) word(x float32) int {
	if f == Float {
		return int(int32(math.Float32bits(x)))
	}
	s := f.scale()
	return int(math.RoundToEven(max(-s, min(s-1, float64(x)*s))))
}

// Loss is what a format does not keep of a clip.
type Loss struct {
	Beyond int     // samples beyond full scale, which are clipped
	Worst  float64 // the largest difference of a sample, full scale 1
	Peak   float64 // the largest magnitude before
}

// Loss returns what f does not keep of samples.
func (f Format) Loss(samples []float32) (l Loss) {
	for _, x := range samples {
		a := math.Abs(float64(x))
		l.Peak = max(l.Peak, a)
		if f == Float {
			continue
		}
		back := float64(f.word(x)) / f.scale()
		l.Worst = max(l.Worst, math.Abs(float64(x)-back))
		// The largest positive sample is a step short of full scale: that is rounding.
		if a > 1 {
			l.Beyond++
		}
	}
	return l
}

// memory is a file in memory, for an encoder that goes back to its header.
type memory struct {
	raw []byte
	at  int
}

// Write implements io.Writer.
func (m *memory) Write(p []byte) (int, error) {
	if more := m.at + len(p) - len(m.raw); more > 0 {
		m.raw = append(m.raw, make([]byte, more)...)
	}
	copy(m.raw[m.at:], p)
	m.at += len(p)
	return len(p), nil
}

// Seek implements io.Seeker; bytes.Reader checks the offset.
func (m *memory) Seek(offset int64, whence int) (int64, error) {
	r := bytes.NewReader(m.raw)
	r.Seek(int64(m.at), io.SeekStart)
	at, err := r.Seek(offset, whence)
	if err == nil {
		m.at = int(at)
	}
	return at, err
}

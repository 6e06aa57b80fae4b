package corpus

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"

	"github.com/go-audio/audio"
	"github.com/go-audio/wav"

	"prep/data"
)

// Write makes the corpus below dir as a user's folder of recordings:
// DIR/voice-01/take-1.wav, mono, 16 bits, and beside it take-1.txt, an
// Audacity label track of points (onset, onset, class; seconds). It replaces
// files that are there.
func Write(dir string, c Config) error {
	if err := c.Validate(); err != nil {
		return err
	}
	for t := range Generate(c) {
		if err := t.Write(dir); err != nil {
			return fmt.Errorf("corpus: %w", err)
		}
	}
	return nil
}

// Write writes the take below dir: see the function Write.
func (t Take) Write(dir string) error {
	base := filepath.Join(dir, filepath.FromSlash(t.Name))
	if err := os.MkdirAll(filepath.Dir(base), 0o777); err != nil {
		return err
	}
	err := data.WriteFile(base+".txt", func(w io.Writer) error { return t.WriteLabels(w) })
	if err != nil {
		return err
	}
	return data.WriteFile(base+".wav", func(w io.Writer) error { return t.WriteWAV(w) })
}

// WriteLabels writes the truth as an Audacity label track.
func (t Take) WriteLabels(w io.Writer) error {
	b := bufio.NewWriter(w)
	for _, e := range t.Truth {
		s := float64(e.Onset) / float64(t.Clip.Rate)
		fmt.Fprintf(b, "%.6f\t%.6f\t%s\n", s, s, e.Class)
	}
	return b.Flush()
}

// WriteWAV writes the clip as a WAV file of 16 bits a sample.
func (t Take) WriteWAV(w io.Writer) error {
	ints := make([]int, len(t.Clip.Samples))
	for i, v := range t.Clip.Samples {
		ints[i] = int(math.RoundToEven(float64(min(max(v, -1), 32767.0/32768)) * 32768))
	}
	rate := int(t.Clip.Rate)
	var file memory
	// The encoder sets aside a minute for each file and syncs an *os.File: a
	// file in memory costs the first once more and spares the second.
	e := wav.NewEncoder(&file, rate, 16, 1, 1)
	err := e.Write(&audio.IntBuffer{
		Format: &audio.Format{NumChannels: 1, SampleRate: rate}, Data: ints, SourceBitDepth: 16})
	if err == nil {
		err = e.Close()
	}
	if err != nil {
		return err
	}
	_, err = w.Write(file.bytes)
	return err
}

// memory is a file in memory: the encoder goes back to write its sizes.
type memory struct {
	bytes []byte
	at    int
}

func (m *memory) Write(p []byte) (int, error) {
	if need := m.at + len(p); need > len(m.bytes) {
		m.bytes = append(m.bytes, make([]byte, need-len(m.bytes))...)
	}
	m.at += copy(m.bytes[m.at:], p)
	return len(p), nil
}

func (m *memory) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += int64(m.at)
	case io.SeekEnd:
		offset += int64(len(m.bytes))
	}
	if offset < 0 || offset > int64(len(m.bytes)) {
		return 0, fmt.Errorf("seek to %d in a file of %d bytes", offset, len(m.bytes))
	}
	m.at = int(offset)
	return offset, nil
}

// Package pcm writes clips as WAV files of 16-bit integers, for other programs:
// the synthetic corpus, exported hits, previews.
package pcm

import (
	"math"

	"github.com/go-audio/audio"
	"github.com/go-audio/wav"

	"prep/data"
)

// WriteFile writes a clip as a WAV file of one channel of 16-bit integers,
// atomically. Samples are rounded to the nearest, of two as near to the even
// one; what lies beyond full scale is clipped.
func WriteFile(path string, c data.Clip) error {
	f, err := data.CreateFile(path)
	if err != nil {
		return err
	}
	buf := &audio.IntBuffer{
		Format:         &audio.Format{NumChannels: 1, SampleRate: int(c.Rate)},
		Data:           make([]int, len(c.Samples)),
		SourceBitDepth: 16,
	}
	for i, x := range c.Samples {
		buf.Data[i] = int(math.RoundToEven(max(-32768, min(32767, float64(x)*32768))))
	}
	e := wav.NewEncoder(f, int(c.Rate), 16, 1, 1)
	if err = e.Write(buf); err == nil {
		err = e.Close()
	}
	if err != nil {
		f.Abort()
		return err
	}
	return f.Commit()
}

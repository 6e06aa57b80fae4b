package decode

import (
	"fmt"
	"io"
	"math"
	"strings"

	"prep/data"
	"prep/ingest/resample"
)

// BlockFrames is how many frames decoders make at a time: a good length for the
// buffer of Read.
const BlockFrames = 1 << 12

// Limits on what a header may claim. A header that claims more is refused
// before anything is allocated for it.
const (
	maxChannels = 64       // the most that FLAC (8), Vorbis (255) and practice (a 64-channel desk) have in common
	maxValues   = 1 << 40  // values in one recording; also bounds what a broken stream can make of few bytes
	scanBytes   = 64 << 10 // how far into a file the first MP3 frame is searched for
)

// Audio is a recording being decoded: what its header says, and its samples as
// a stream. It is for one goroutine.
type Audio struct {
	Codec    string // "PCM 16-bit", "MP3"
	Rate     data.Rate
	Channels int
	// AlignmentUnknown is true when the file does not say how many samples its
	// encoder put in front.
	AlignmentUnknown bool

	src    source
	notes  []string
	values int // decoded so far
	insane int // NaN or infinite among them
	err    error
}

// source is one decoder: it fills dst with interleaved samples, full scale 1, a
// whole number of frames, and returns how many values it wrote. At the end it
// returns io.EOF, possibly with the last values.
type source interface {
	read(dst []float32) (int, error)
}

// noter is a source that has something to say when its stream has ended.
type noter interface {
	note() string
}

// Open opens the recording in the first size bytes of r. Its content decides
// what it is. It reads headers only; samples come from Read. It fails with an
// error that wraps ErrNotAudio or ErrBroken, with an *UnsupportedError, or with
// that of r.
func Open(r io.ReaderAt, size int64) (a *Audio, err error) {
	defer func() {
		if recover() != nil {
			a, err = nil, brokenf("its decoder cannot make sense of it")
		}
	}()
	if a, err = sniff(r, size); err != nil {
		return nil, err
	}
	switch {
	case a.Channels < 1 || a.Channels > maxChannels:
		return nil, fmt.Errorf("%w: %d channels; 1 to %d are allowed", ErrBroken, a.Channels, maxChannels)
	case a.Rate < resample.MinRate || a.Rate > resample.MaxRate:
		return nil, fmt.Errorf("%w: a sampling rate of %d Hz; %d to %d are allowed",
			ErrBroken, a.Rate, resample.MinRate, resample.MaxRate)
	}
	return a, nil
}

// Read fills dst, whose length is at least Channels, with interleaved samples
// and returns how many frames it wrote; io.EOF says that the recording ends
// behind them. NaN and infinite samples come out as zero.
func (a *Audio) Read(dst []float32) (frames int, err error) {
	if a.err != nil {
		return 0, a.err
	}
	defer func() {
		if recover() != nil {
			err = brokenf("its decoder cannot make sense of it")
		}
		a.err = err
	}()
	n, err := a.src.read(dst[:len(dst)/a.Channels*a.Channels])
	a.clean(dst[:n])
	if a.values += n; a.values > maxValues {
		return 0, fmt.Errorf("%w: it decodes to more than %d samples", ErrBroken, maxValues)
	}
	return n / a.Channels, err
}

// Close ends what decodes a recording of FFmpeg.Open; of others it does nothing.
func (a *Audio) Close() error {
	if c, ok := a.src.(io.Closer); ok {
		return c.Close()
	}
	return nil
}

// clean replaces what is no number.
func (a *Audio) clean(x []float32) {
	for i, v := range x {
		if math.Float32bits(v)&0x7f800000 == 0x7f800000 {
			x[i] = 0
			a.insane++
		}
	}
}

// Frames returns the number of frames read so far.
func (a *Audio) Frames() int { return a.values / a.Channels }

// Note says what was odd but not fatal about the file, as far as it was read.
func (a *Audio) Note() string {
	notes := a.notes
	if n, ok := a.src.(noter); ok && n.note() != "" {
		notes = append(notes[:len(notes):len(notes)], n.note())
	}
	if a.insane > 0 {
		notes = append(notes[:len(notes):len(notes)], fmt.Sprintf("%d samples are no numbers: taken as zero", a.insane))
	}
	return strings.Join(notes, "; ")
}

package ingest

import (
	"errors"
	"fmt"
	"io"
	"math"
	"strings"

	"prep/data"
	"prep/ingest/resample"
)

// Limits on what a header may claim. A header that claims more is refused
// before anything is allocated for it.
const (
	maxChannels = 64       // the most that FLAC (8), Vorbis (255) and practice (a 64-channel desk) have in common
	blockFrames = 1 << 12  // frames decoded at a time
	maxValues   = 1 << 40  // values in one recording; also bounds what a broken stream can make of few bytes
	scanBytes   = 64 << 10 // how far into a file the first MP3 frame is searched for
)

// Kinds of refusal; every error of Decode wraps one of them or is an
// UnsupportedError or the reader's own.
var (
	ErrNotAudio = errors.New("not audio")
	ErrBroken   = errors.New("broken file")
)

// UnsupportedError says that a file is audio of a kind that is not decoded.
type UnsupportedError struct {
	Codec string // what it is: "AAC in MP4"
	Path  string // the file, for the command in the message; may be empty
}

// Error names the codec and the command that makes a readable file of it.
func (e *UnsupportedError) Error() string {
	path := "FILE"
	if e.Path != "" {
		path = quote(e.Path)
	}
	out := quote(strings.TrimSuffix(e.Path, ext(e.Path)) + ".converted.wav")
	if e.Path == "" {
		out = "OUT.wav"
	}
	return fmt.Sprintf("%s is not supported; convert it first: ffmpeg -i %s -vn -c:a pcm_f32le %s", e.Codec, path, out)
}

// quote makes a word that a POSIX shell takes as it is.
func quote(s string) string {
	if s != "" && strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./+-") == "" && s[0] != '-' {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

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

// Decode opens the recording in the first size bytes of r. Its content decides
// what it is. It reads headers only; samples come from Read.
func Decode(r io.ReaderAt, size int64) (a *Audio, err error) {
	defer func() {
		if v := recover(); v != nil {
			a, err = nil, fmt.Errorf("%w: its decoder failed: %v", ErrBroken, v)
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
		if v := recover(); v != nil {
			err = fmt.Errorf("%w: its decoder failed: %v", ErrBroken, v)
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

// brokenf returns an error that wraps ErrBroken.
func brokenf(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrBroken, fmt.Sprintf(format, args...))
}

// ext returns the extension of a path's last element, with its dot.
func ext(path string) string {
	if i := strings.LastIndexAny(path, "./\\"); i >= 0 && path[i] == '.' {
		return path[i:]
	}
	return ""
}

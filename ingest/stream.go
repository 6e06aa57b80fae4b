package ingest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"prep/data"
	"prep/ingest/resample"
)

// stream decodes a to mono at the plan's rate and hands the samples to sink,
// block by block. It returns their number.
func stream(ctx context.Context, a *Audio, p *resample.Plan, sink func([]float32) error) (n int, err error) {
	s := p.New()
	in := make([]float32, blockFrames*a.Channels)
	var out []float32
	for end := false; !end; {
		if err := ctx.Err(); err != nil {
			return n, err
		}
		frames, err := a.Read(in)
		if end = err == io.EOF; err != nil && !end {
			return n, err
		}
		out = s.Append(out[:0], mono(in[:frames*a.Channels], a.Channels))
		if end {
			out = s.Close(out)
		}
		n += len(out)
		if err := sink(out); err != nil {
			return n, err
		}
	}
	return n, nil
}

// mono replaces interleaved frames by the means of their channels, in place.
func mono(x []float32, channels int) []float32 {
	n := len(x) / channels
	switch channels {
	case 1:
	case 2:
		for i := range n {
			frame := x[2*i : 2*i+2]
			x[i] = frame[0]/2 + frame[1]/2 // the sum may lie beyond float32
		}
	default:
		for i := range n {
			sum := 0.0
			for _, v := range x[i*channels : (i+1)*channels] {
				sum += float64(v)
			}
			x[i] = float32(sum / float64(channels))
		}
	}
	return x[:n]
}

// Load decodes one file to mono at the given rate. The recording has no group,
// and its name is the file's. A file that is not decoded is an error that wraps
// ErrNotAudio, ErrBroken or is an *UnsupportedError.
func Load(ctx context.Context, path string, rate data.Rate) (data.Clip, data.Recording, error) {
	clip := data.Clip{Rate: rate}
	fail := func(err error) (data.Clip, data.Recording, error) {
		return data.Clip{}, data.Recording{}, fmt.Errorf("%s: %w", path, named(err, path))
	}
	info, err := os.Stat(path)
	if err != nil {
		return data.Clip{}, data.Recording{}, err
	}
	if !info.Mode().IsRegular() { // opening a pipe would wait for its writer
		return fail(fmt.Errorf("%w: %s", ErrNotAudio, kindOf(info.Mode())))
	}
	f, err := os.Open(path)
	if err != nil {
		return data.Clip{}, data.Recording{}, err
	}
	defer f.Close()
	id, err := hashOf(ctx, f)
	if err != nil {
		return fail(err)
	}
	a, err := Decode(f, info.Size())
	if err != nil {
		return fail(err)
	}
	p, err := resample.NewPlan(int(a.Rate), int(rate))
	if err != nil {
		return fail(err)
	}
	_, err = stream(ctx, a, p, func(x []float32) error {
		clip.Samples = append(clip.Samples, x...)
		return nil
	})
	if err != nil {
		return fail(err)
	}
	r := a.recording(id, clip.Len(), rate)
	r.Name = filepath.Base(path)
	return clip, r, nil
}

// recording describes what was decoded, once all of it was read.
func (a *Audio) recording(id string, samples int, rate data.Rate) data.Recording {
	return data.Recording{
		ID: id, Rate: rate, Samples: samples,
		Codec: a.Codec, SourceRate: a.Rate, Channels: a.Channels, SourceFrames: a.Frames(),
		AlignmentUnknown: a.AlignmentUnknown, Note: a.Note(),
	}
}

// named gives an UnsupportedError the path for its command.
func named(err error, path string) error {
	var u *UnsupportedError
	if errors.As(err, &u) {
		return &UnsupportedError{Codec: u.Codec, Path: path}
	}
	return err
}

// hashOf returns a recording's ID: the first 16 hexadecimal digits of the
// SHA-256 of its bytes.
func hashOf(ctx context.Context, r io.ReaderAt) (string, error) {
	h := sha256.New()
	buf := make([]byte, 1<<18)
	for off := int64(0); ; {
		if err := ctx.Err(); err != nil {
			return "", err
		}
		n, err := r.ReadAt(buf, off)
		h.Write(buf[:n])
		off += int64(n)
		if err == io.EOF {
			return hex.EncodeToString(h.Sum(nil)[:8]), nil
		}
		if err != nil {
			return "", err
		}
	}
}

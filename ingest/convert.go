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
	"sync"

	"prep/data"
	"prep/data/work"
	"prep/ingest/decode"
	"prep/ingest/resample"
)

// Convert decodes one file to canonical audio at the given rate, in the file
// to. The recording has no group, and its name is the file's. A file that is
// not decoded is an error of decode.Open.
func Convert(ctx context.Context, path string, rate data.Rate, to string) (data.Recording, error) {
	info, err := os.Stat(path)
	if err != nil {
		return data.Recording{}, err
	}
	fail := func(err error) (data.Recording, error) { return data.Recording{}, fmt.Errorf("%s: %w", path, err) }
	if !info.Mode().IsRegular() { // opening a pipe would wait for its writer
		return fail(fmt.Errorf("%w: %s", decode.ErrNotAudio, kindOf(info.Mode())))
	}
	f, err := os.Open(path)
	if err != nil {
		return data.Recording{}, err
	}
	defer f.Close()
	id, err := hashOf(ctx, f)
	if err != nil {
		return fail(err)
	}
	rates := plans{to: rate}
	r, err := rates.convert(ctx, f, info, func() (*data.AudioWriter, error) { return data.CreateAudio(to, rate) })
	if err != nil {
		return fail(err)
	}
	r.ID, r.Name = id, filepath.Base(path)
	return r, nil
}

// plans are the resampling filters of a run, made once each.
type plans struct {
	to   data.Rate
	mu   sync.Mutex
	made map[data.Rate]*resample.Plan
}

// maxPlans bounds the filters kept: files of one corpus have few rates.
const maxPlans = 16

func (p *plans) get(from data.Rate) (*resample.Plan, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if plan := p.made[from]; plan != nil {
		return plan, nil
	}
	plan, err := resample.NewPlan(int(from), int(p.to))
	if p.made == nil {
		p.made = map[data.Rate]*resample.Plan{}
	}
	if err == nil && len(p.made) < maxPlans {
		p.made[from] = plan
	}
	return plan, err
}

// convert decodes a file, which info describes, to the canonical audio that
// create begins. What cannot be written is a work.Fatal.
func (p *plans) convert(ctx context.Context, f *os.File, info os.FileInfo,
	create func() (*data.AudioWriter, error)) (r data.Recording, err error) {
	a, err := decode.Open(f, info.Size())
	if err != nil {
		return r, withPath(err, f.Name())
	}
	plan, err := p.get(a.Rate)
	if err != nil {
		return r, err
	}
	w, err := create()
	if err != nil {
		return r, work.NewFatal(err)
	}
	n, err := stream(ctx, a, plan, func(x []float32) error { return work.NewFatal(w.Write(x)) })
	if err == nil {
		err = checkUnchanged(f, info, n)
	}
	if err != nil {
		w.Abort()
		return r, err
	}
	r = recordingOf(a, n, p.to)
	r.AudioCRC32C = w.Sum()
	return r, work.NewFatal(w.Commit())
}

// recordingOf describes what was decoded, once all of it was read.
func recordingOf(a *decode.Audio, samples int, rate data.Rate) data.Recording {
	return data.Recording{
		Rate: rate, Samples: samples, Edition: Edition,
		Codec: a.Codec, SourceRate: a.Rate, Channels: a.Channels, SourceFrames: a.Frames(),
		AlignmentUnknown: a.AlignmentUnknown, Note: a.Note(),
	}
}

// withPath gives an UnsupportedError the path for its command.
func withPath(err error, path string) error {
	var u *decode.UnsupportedError
	if errors.As(err, &u) {
		return &decode.UnsupportedError{Codec: u.Codec, Path: path}
	}
	return err
}

// checkUnchanged fails when a file is not what it was when it was hashed, or empty.
func checkUnchanged(f *os.File, was os.FileInfo, samples int) error {
	now, err := f.Stat()
	if err != nil {
		return err
	}
	if now.Size() != was.Size() || !now.ModTime().Equal(was.ModTime()) {
		return errors.New("it changed while it was read; ingest again")
	}
	if samples == 0 {
		return fmt.Errorf("%w: it holds no samples", decode.ErrBroken)
	}
	return nil
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

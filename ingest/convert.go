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
	"strings"
	"sync"

	"prep/data"
	"prep/data/disk"
	"prep/data/work"
	"prep/ingest/decode"
	"prep/ingest/resample"
)

// Convert decodes one file to canonical audio at the given rate, in the file
// to. The recording has no group, and its name is the file's. A file that is
// not decoded is an error of decode.Open.
func Convert(ctx context.Context, path string, rate data.Rate, to string) (data.Recording, error) {
	info, err := disk.Stat(path)
	if err != nil {
		return data.Recording{}, err
	}
	fail := func(err error) (data.Recording, error) { return data.Recording{}, fmt.Errorf("%s: %w", path, err) }
	if !info.Mode().IsRegular() { // opening a pipe would wait for its writer
		return fail(fmt.Errorf("%w: %s", decode.ErrNotAudio, kindOf(info.Mode())))
	}
	f, err := disk.Open(path)
	if err != nil {
		return data.Recording{}, err
	}
	defer f.Close()
	id, err := hashOf(ctx, f)
	if err != nil {
		return fail(err)
	}
	v := converter{plans: plans{to: rate}, channel: channelMean}
	r, err := v.convert(ctx, source{f, info}, func() (*data.AudioWriter, error) { return data.CreateAudio(to, rate) })
	if fault := f.Fault(); fault != nil {
		err = fault // whatever a decoder made of it
	}
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

// converter makes canonical audio of files.
type converter struct {
	plans
	channel string         // as Config.Channel
	ffmpeg  *decode.FFmpeg // for what is not decoded; nil for none
}

// source is a file to be converted, as it was when it was hashed.
type source struct {
	file *disk.File
	info os.FileInfo
}

// convert decodes a file to the canonical audio that create begins. Where its
// channels, once heard, are better mixed another way, it is decoded again. What
// cannot be written is a work.Fatal.
func (v *converter) convert(ctx context.Context, src source, create func() (*data.AudioWriter, error)) (data.Recording, error) {
	p, err := v.pass(ctx, src, nil)
	if err != nil {
		return data.Recording{}, err
	}
	r, better, err := v.write(ctx, src, p, create)
	if err != nil || better == nil {
		return r, err
	}
	if p, err = v.pass(ctx, src, better); err != nil {
		return r, err
	}
	r, _, err = v.write(ctx, src, p, create)
	return r, err
}

// pass opens a file for one decoding, with the mix that was chosen, or the one
// that can be told before the channels were heard.
func (v *converter) pass(ctx context.Context, src source, chosen *choice) (p pass, err error) {
	if p.audio, err = v.open(ctx, src); err != nil {
		return p, err
	}
	defer func() {
		if err != nil {
			p.audio.Close()
		}
	}()
	if p.plan, err = v.get(p.audio.Rate); err != nil {
		return p, err
	}
	if chosen != nil {
		p.choice = *chosen
		return p, nil
	}
	p.choice, err = choiceFor(v.channel, p.audio.Channels)
	if p.audio.Channels > 1 && (v.channel == channelMean || v.channel == channelLoudest || v.channel == channelMid) {
		p.heard = newLevels(p.audio.Channels, p.audio.Rate)
	}
	return p, err
}

// open opens a file, with ffmpeg if it is of a kind that is not decoded.
func (v *converter) open(ctx context.Context, src source) (*decode.Audio, error) {
	a, err := decode.Open(src.file, src.info.Size())
	var u *decode.UnsupportedError
	switch {
	case errors.As(err, &u) && v.ffmpeg != nil:
		return v.ffmpeg.Open(ctx, src.file.Name(), u)
	case errors.As(err, &u):
		return nil, &decode.UnsupportedError{Codec: u.Codec, Path: src.file.Name()}
	}
	return a, err
}

// write does one decoding. Where another mix turns out to be better, it returns
// that and leaves nothing.
func (v *converter) write(ctx context.Context, src source, p pass, create func() (*data.AudioWriter, error)) (r data.Recording, better *choice, err error) {
	defer p.audio.Close()
	w, err := create()
	if err != nil {
		return r, nil, work.NewFatal(err)
	}
	n, err := p.stream(ctx, func(x []float32) error { return work.NewFatal(w.Write(x)) })
	if err == nil {
		err = checkUnchanged(src.file, src.info, n)
	}
	if err != nil {
		w.Abort()
		return r, nil, err
	}
	if p.heard != nil {
		chosen := p.heard.choose(v.channel)
		if !chosen.mix.same(p.mix) {
			w.Abort()
			return r, &chosen, nil
		}
		p.note = chosen.note
	}
	r = p.recording(n, v.to)
	r.AudioCRC32C = w.Sum()
	if v.channel != channelMean {
		r.Channel = v.channel
	}
	return r, nil, work.NewFatal(w.Commit())
}

// recording describes what was decoded, once all of it was read.
func (p pass) recording(samples int, rate data.Rate) data.Recording {
	a := p.audio
	r := data.Recording{
		Rate: rate, Samples: samples, Edition: Edition,
		Codec: a.Codec, SourceRate: a.Rate, Channels: a.Channels, SourceFrames: a.Frames(),
		AlignmentUnknown: a.AlignmentUnknown, Note: a.Note(),
	}
	if p.note != "" {
		r.Note = strings.TrimPrefix(r.Note+"; "+p.note, "; ")
	}
	return r
}

// checkUnchanged fails when a file is not what it was when it was hashed, or empty.
func checkUnchanged(f *disk.File, was os.FileInfo, samples int) error {
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

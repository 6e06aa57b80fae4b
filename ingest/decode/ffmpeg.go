package decode

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"prep/data"
)

// FFmpeg is an installed ffmpeg, for what Open does not decode.
type FFmpeg struct {
	path    string
	version string
}

// FindFFmpeg returns the ffmpeg on PATH. It fails where there is none, or it
// does not say its version.
func FindFFmpeg(ctx context.Context) (*FFmpeg, error) {
	path, err := exec.LookPath("ffmpeg")
	if err != nil {
		return nil, errors.New("ffmpeg is asked for and not found on PATH")
	}
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	out, err := exec.CommandContext(ctx, path, "-version").Output()
	words := strings.Fields(string(out))
	if err != nil || len(words) < 3 || words[1] != "version" {
		return nil, fmt.Errorf("%s does not say its version", path)
	}
	return &FFmpeg{path, words[2]}, nil
}

// byFFmpeg stands in a Codec between what a recording is and the version of the
// ffmpeg that decoded it.
const byFFmpeg = " by ffmpeg "

// FFmpegVersion returns the version of the ffmpeg that decoded what has the
// given Codec; ok is false where none did.
func FFmpegVersion(codec string) (version string, ok bool) {
	_, version, ok = strings.Cut(codec, byFFmpeg)
	return version, ok
}

// Limits on a run of ffmpeg.
const (
	ffmpegMemory  = 512 << 20 // bytes of one of its allocations
	ffmpegSeconds = 48 * 3600 // of sound
	ffmpegLeast   = 10 * time.Minute
	ffmpegPace    = 50_000 // bytes of a file that it takes in a second, at least
	ffmpegWords   = 4096   // bytes of what it says
)

// Open has ffmpeg decode the first track of sound in the file at path, which
// Open refused with refusal. It reads no other file and no network, and is ended
// where it takes longer than ten minutes and the pace of 50 kB a second. The
// Audio must be closed.
func (f *FFmpeg) Open(ctx context.Context, path string, refusal *UnsupportedError) (*Audio, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	limit := ffmpegLeast + time.Duration(info.Size()/ffmpegPace)*time.Second
	ctx, cancel := context.WithTimeoutCause(ctx, limit, fmt.Errorf("ffmpeg was ended after %v", limit))
	p := &ffmpegProcess{ctx: ctx, cancel: cancel}
	p.cmd = exec.CommandContext(ctx, f.path, "-nostdin", "-hide_banner", "-v", "error", "-max_alloc", strconv.Itoa(ffmpegMemory),
		"-threads", "1", "-protocol_whitelist", "file,pipe", "-i", "file:"+abs, "-map", "0:a:0", "-vn", "-sn", "-dn",
		"-map_metadata", "-1", "-t", strconv.Itoa(ffmpegSeconds), "-c:a", "pcm_f32be", "-f", "au", "pipe:1")
	p.cmd.Env = append(slices.DeleteFunc(os.Environ(), func(s string) bool {
		return strings.HasPrefix(s, "FFREPORT=") // has ffmpeg write a file, even where it is empty
	}), "LC_ALL=C", "AV_LOG_FORCE_NOCOLOR=1")
	p.cmd.Stderr, p.cmd.WaitDelay = &p.said, 5*time.Second
	a, err := p.start()
	if err != nil {
		return nil, errors.Join(err, p.Close())
	}
	a.Codec = refusal.Codec + byFFmpeg + f.version
	return a, nil
}

// ffmpegProcess is a run of ffmpeg, whose output is a source.
type ffmpegProcess struct {
	source
	ctx    context.Context
	cancel context.CancelFunc
	cmd    *exec.Cmd
	said   tail
	ended  bool
	fault  string
}

// tail keeps the last of what is written to it.
type tail struct{ b []byte }

func (t *tail) Write(p []byte) (int, error) {
	t.b = append(t.b, p...)
	t.b = t.b[max(0, len(t.b)-ffmpegWords):]
	return len(p), nil
}

// start starts ffmpeg and reads the header of its output.
func (p *ffmpegProcess) start() (*Audio, error) {
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := p.cmd.Start(); err != nil {
		p.ended = true
		return nil, fmt.Errorf("ffmpeg does not start: %w", err)
	}
	var head [24]byte
	if _, err := io.ReadFull(out, head[:]); err != nil {
		return nil, p.refusal()
	}
	field := func(at int) int64 { return int64(binary.BigEndian.Uint32(head[at:])) }
	channels := int(field(20))
	if channels < 1 || channels > maxChannels {
		return nil, brokenf("%d channels; 1 to %d are allowed", channels, maxChannels)
	}
	if _, err := io.CopyN(io.Discard, out, field(4)-24); err != nil {
		return nil, p.refusal()
	}
	l := layout{encoding: floating, bytes: 4, channels: channels, big: true}
	p.source = &raw{r: out, layout: l, decode: l.decoder(), in: make([]byte, BlockFrames*4*channels)}
	return &Audio{Rate: data.Rate(field(16)), Channels: channels, AlignmentUnknown: true, src: p}, nil
}

// refusal waits for the end of an ffmpeg that made no sound, and says why.
func (p *ffmpegProcess) refusal() error {
	p.wait()
	if err := context.Cause(p.ctx); err != nil {
		return err
	}
	return brokenf("ffmpeg cannot decode it (%s)", p.said.last())
}

// last returns the last line that was written, without the names of files and of
// ffmpeg's parts in front of it.
func (t *tail) last() string {
	lines := bytes.Split(bytes.TrimSpace(t.b), []byte("\n"))
	line := strings.ToValidUTF8(string(lines[len(lines)-1]), "?")
	if i := strings.LastIndex(line, ": "); i >= 0 {
		line = line[i+2:]
	}
	if line == "" {
		return "it does not say why"
	}
	return line
}

func (p *ffmpegProcess) read(dst []float32) (int, error) {
	n, err := p.source.read(dst)
	if err != io.EOF {
		return n, err
	}
	failed := p.wait() != nil
	if err := context.Cause(p.ctx); failed && err != nil {
		return n, err
	}
	if failed || len(p.said.b) > 0 {
		p.fault = "ffmpeg met faults in it: " + p.said.last()
	}
	return n, io.EOF
}

func (p *ffmpegProcess) wait() error {
	if p.ended {
		return nil
	}
	p.ended = true
	return p.cmd.Wait()
}

// Close ends ffmpeg.
func (p *ffmpegProcess) Close() error {
	p.cancel()
	p.wait()
	return nil
}

func (p *ffmpegProcess) note() string { return p.fault }

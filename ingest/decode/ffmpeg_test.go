package decode

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// amrFile returns seconds of silence as AMR, 12.2 kbit/s.
func amrFile(seconds int) []byte {
	frame := append([]byte{0x3c}, make([]byte, 31)...)
	return append([]byte("#!AMR\n"), bytes.Repeat(frame, 50*seconds)...)
}

// findFFmpeg returns the ffmpeg that is installed, or skips the test.
func findFFmpeg(t *testing.T) *FFmpeg {
	t.Helper()
	f, err := FindFFmpeg(t.Context())
	if err != nil {
		t.Skip("ffmpeg is not installed")
	}
	return f
}

func TestFFmpegDecodes(t *testing.T) {
	f := findFFmpeg(t)
	t.Chdir(t.TempDir())
	t.Setenv("FFREPORT", "file=report.log")
	for _, name := range []string{"plain.amr", "-i 'it;s $(one).amr", "concat:a|b.amr", "%d.amr"} {
		if err := os.WriteFile(name, amrFile(3), 0o666); err != nil {
			t.Fatal(err)
		}
		a, err := f.Open(t.Context(), name, &UnsupportedError{Codec: "AMR"})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		x, err := readAll(a)
		version, ok := FFmpegVersion(a.Codec)
		if err != nil || len(x) != 3*8000 || a.Rate != 8000 || a.Channels != 1 || !a.AlignmentUnknown || a.Note() != "" || !ok || version != f.version || a.Codec != "AMR by ffmpeg "+version {
			t.Errorf("%s: %d values, %+v, %v", name, len(x), a, err)
		}
		a.Close()
	}
	if files, err := os.ReadDir("."); err != nil || len(files) != 4 {
		t.Errorf("it leaves files: %v, %v", files, err)
	}
	if _, ok := FFmpegVersion("AMR"); ok {
		t.Error("ffmpeg decoded AMR")
	}
}

// TestFFmpegRefuses holds what is said of files that ffmpeg does not decode.
func TestFFmpegRefuses(t *testing.T) {
	f := findFFmpeg(t)
	dir := t.TempDir()
	path := filepath.Join(dir, "a.wv")
	if err := os.WriteFile(path, []byte("wvpk and nothing of it"), 0o666); err != nil {
		t.Fatal(err)
	}
	_, err := f.Open(t.Context(), path, &UnsupportedError{Codec: "WavPack"})
	if !errors.Is(err, ErrBroken) || !strings.Contains(err.Error(), "ffmpeg cannot decode it") || strings.Contains(err.Error(), dir) {
		t.Errorf("garbage: %v", err)
	}
	if _, err := f.Open(t.Context(), filepath.Join(dir, "none"), &UnsupportedError{}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
	t.Setenv("PATH", dir)
	if _, err := FindFFmpeg(t.Context()); err == nil || !strings.Contains(err.Error(), "not found on PATH") {
		t.Errorf("nothing on PATH: %v", err)
	}
	os.WriteFile(filepath.Join(dir, "ffmpeg"), []byte("#!/bin/sh\necho something else\n"), 0o777)
	if _, err := FindFFmpeg(t.Context()); err == nil || !strings.Contains(err.Error(), "version") {
		t.Errorf("another program: %v", err)
	}
}

// TestFFmpegReadsNoOther holds that a playlist in a file's place is not
// followed.
func TestFFmpegReadsNoOther(t *testing.T) {
	f := findFFmpeg(t)
	dir := t.TempDir()
	secret := filepath.Join(dir, "secret.wav")
	os.WriteFile(secret, wavSpec{kind: kinds[1], id: "RIFF", size: -1, channels: 1}.bytes(kinds[1].pack(signal(9000, 1), false)), 0o666)
	for name, content := range map[string]string{
		"a.ffconcat": "ffconcat version 1.0\nfile " + secret + "\n",
		"b.m3u8":     "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nhttp://127.0.0.1:9/x.ts\n#EXT-X-ENDLIST\n",
	} {
		path := filepath.Join(dir, name)
		os.WriteFile(path, []byte(content), 0o666)
		if a, err := f.Open(t.Context(), path, &UnsupportedError{Codec: "AMR"}); err == nil {
			x, _ := readAll(a)
			t.Errorf("%s: %d values of another file", name, len(x))
			a.Close()
		}
	}
}

// TestFFmpegEnds holds that ffmpeg ends with the context, or with Close.
func TestFFmpegEnds(t *testing.T) {
	f := findFFmpeg(t)
	path := filepath.Join(t.TempDir(), "a.amr")
	if err := os.WriteFile(path, amrFile(2000), 0o666); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	a, err := f.Open(ctx, path, &UnsupportedError{Codec: "AMR"})
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	for err == nil {
		_, err = a.Read(make([]float32, 4096))
	}
	if err == io.EOF && a.Frames() < 2000*8000 {
		t.Errorf("it ends after %d frames as if that were all", a.Frames())
	}
	a.Close()
	if a, err = f.Open(t.Context(), path, &UnsupportedError{Codec: "AMR"}); err != nil {
		t.Fatal(err)
	}
	p := a.src.(*ffmpegProcess)
	if a.Close(); p.cmd.ProcessState == nil {
		t.Error("ffmpeg goes on after Close")
	}
}

package decode

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
)

// Kinds of refusal; every error of Open wraps one of them or is an
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
	out := quote(strings.TrimSuffix(e.Path, filepath.Ext(e.Path)) + ".converted.wav")
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

// brokenf returns an error that wraps ErrBroken.
func brokenf(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrBroken, fmt.Sprintf(format, args...))
}

// unexpectedEOF turns the end of a file that was longer a moment ago into a fault.
func unexpectedEOF(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

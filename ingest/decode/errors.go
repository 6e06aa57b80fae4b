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
	path, out := "FILE", "OUT.wav"
	if e.Path != "" {
		path = ShellPath(e.Path)
		out = ShellPath(strings.TrimSuffix(e.Path, filepath.Ext(e.Path)) + ".converted.wav")
	}
	return fmt.Sprintf("%s is not decoded; convert it first: ffmpeg -nostdin -i %s -vn -c:a pcm_f32le %s", e.Codec, path, out)
}

// ShellPath makes of a file's path a word that a POSIX shell takes as it is, and
// that no command takes for an option or an address.
func ShellPath(path string) string {
	if !filepath.IsAbs(path) && !strings.HasPrefix(path, "."+string(filepath.Separator)) && !strings.HasPrefix(path, "..") {
		path = "." + string(filepath.Separator) + path
	}
	return quote(path)
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

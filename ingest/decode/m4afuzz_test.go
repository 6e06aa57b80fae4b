package decode

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// ffmpegOf returns ffmpeg's decoding of a file's bytes, nil where ffmpeg is not.
func ffmpegOf(t testing.TB, b []byte) []float32 {
	if _, err := exec.LookPath("ffmpeg"); err != nil {
		return nil
	}
	path := filepath.Join(t.TempDir(), "recording")
	if err := os.WriteFile(path, b, 0o666); err != nil {
		t.Fatal(err)
	}
	return ffmpeg(t, path)
}

func FuzzMP4(f *testing.F) {
	for _, name := range []string{"aac44k.m4a", "fragments.mp4", "film.3gp", "alac16.m4a", "pcm.mov", "silent.mp4"} {
		f.Add(readTestdata(f, name))
	}
	f.Fuzz(fuzzDecode)
}

func FuzzCAF(f *testing.F) {
	f.Add(readTestdata(f, "alac24.caf"))
	f.Add(readTestdata(f, "pcm.caf"))
	f.Add(cafOf(f, readTestdata(f, "aac8k.aac"), []byte{0x15, 0x88}, 3200, 1024))
	f.Fuzz(fuzzDecode)
}

func FuzzADTS(f *testing.F) {
	f.Add(readTestdata(f, "aac8k.aac"))
	f.Add(readTestdata(f, "visualon.aac"))
	f.Fuzz(fuzzDecode)
}

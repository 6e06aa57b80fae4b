package labelfile

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestReadableFile(t *testing.T) {
	for _, test := range []struct {
		name, content string
		most          int64
		want          bool
	}{
		{"a.txt", "0.5\t0.5\tkick\n", 1 << 20, true},
		{"a.txt", "0.5\t0.5\tkick\n", 5, false},
		{"long.txt", strings.Repeat("0.5\t0.5\tkick\n", headBytes/8), 1 << 20, true},
		{"long.json", `[{"data":{"audio":"a.wav"},"annotations":[{"result":[{"type":"labels","value":{"start":0.1,"end":0.12,"labels":["k"]}}]}]}` + strings.Repeat(" ", 2*headBytes) + `]`, 1 << 20, true},
		{"long.bin", strings.Repeat("\x00\xff", headBytes), 1 << 20, false},
		{"prose.txt", strings.Repeat("It was a dark night. ", headBytes/10), 1 << 20, false},
		{"empty.txt", "", 1 << 20, false},
	} {
		path := filepath.Join(t.TempDir(), test.name)
		if err := os.WriteFile(path, []byte(test.content), 0o666); err != nil {
			t.Fatal(err)
		}
		if got, err := ReadableFile(path, test.most); got != test.want || err != nil {
			t.Errorf("%s of %d bytes, %d allowed: %v", test.name, len(test.content), test.most, got)
		}
	}
	folder, _ := ReadableFile(t.TempDir(), 1<<20)
	absent, err := ReadableFile(filepath.Join(t.TempDir(), "absent"), 1<<20)
	if folder || absent || !errors.Is(err, fs.ErrNotExist) {
		t.Error("a folder, or nothing, is readable")
	}
}

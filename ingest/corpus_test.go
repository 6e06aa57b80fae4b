package ingest

import (
	"encoding/binary"
	"math"
	"os"
	"path/filepath"
	"testing"

	"prep/data"
	"prep/data/work"
)

// wav16 returns a WAV file of 16-bit samples.
func wav16(rate, channels int, x []int16) []byte {
	le := binary.LittleEndian
	b := le.AppendUint32([]byte("RIFF"), uint32(36+2*len(x)))
	b = le.AppendUint32(append(b, "WAVEfmt "...), 16)
	b = le.AppendUint16(b, 1)
	b = le.AppendUint16(b, uint16(channels))
	b = le.AppendUint32(b, uint32(rate))
	b = le.AppendUint32(b, uint32(2*rate*channels))
	b = le.AppendUint16(b, uint16(2*channels))
	b = le.AppendUint16(b, 16)
	b = le.AppendUint32(append(b, "data"...), uint32(2*len(x)))
	for _, v := range x {
		b = le.AppendUint16(b, uint16(v))
	}
	return b
}

// beep returns n samples of a sine of the given period.
func beep(n int, period float64) []int16 {
	x := make([]int16, n)
	for i := range x {
		x[i] = int16(10000 * math.Sin(2*math.Pi*float64(i)/period))
	}
	return x
}

// tree writes files below a new directory.
func tree(t testing.TB, files map[string]string) string {
	t.Helper()
	root := filepath.Join(t.TempDir(), "corpus")
	for name, content := range files {
		write(t, filepath.Join(root, filepath.FromSlash(name)), content)
	}
	return root
}

func write(t testing.TB, path, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o666); err != nil {
		t.Fatal(err)
	}
}

// runInto ingests into the set at dir.
func runInto(t testing.TB, dir string, c Config) (data.Summary, error) {
	t.Helper()
	set, err := data.Create(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer set.Close()
	return Run(t.Context(), work.On(set, nil), c)
}

// mustRun is runInto for runs that must succeed.
func mustRun(t testing.TB, dir string, c Config) (data.Summary, *data.Set) {
	t.Helper()
	sum, err := runInto(t, dir, c)
	if err != nil {
		t.Fatal(err)
	}
	set, err := data.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return sum, set
}

func config(paths ...string) Config {
	c := Default()
	c.Paths = paths
	return c
}

// snapshot returns the content of every file of a set.
func snapshot(t testing.TB, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(dir, func(p string, d os.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			b, err := os.ReadFile(p)
			rel, _ := filepath.Rel(dir, p)
			files[rel] = string(b)
			return err
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func recordings(t testing.TB, set *data.Set) map[string]data.Recording {
	t.Helper()
	all, err := set.Recordings()
	if err != nil {
		t.Fatal(err)
	}
	m := map[string]data.Recording{}
	for _, r := range all {
		m[r.Name] = r
	}
	return m
}

func skipped(sum data.Summary) map[string]string {
	m := map[string]string{}
	for _, s := range sum.Skips {
		m[s.Item] = s.Reason
	}
	return m
}

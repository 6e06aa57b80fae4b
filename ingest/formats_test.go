package ingest

import (
	"bytes"
	"encoding/binary"
	"encoding/csv"
	"errors"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

const shared = "../../shared"

// table reads a tab-separated file; each row maps the header's names.
func table(t testing.TB, path string) []map[string]string {
	t.Helper()
	f, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		t.Skipf("%s is not there", path)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.Comma, r.LazyQuotes = '\t', true
	all, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var rows []map[string]string
	for _, line := range all[1:] {
		row := map[string]string{}
		for i, name := range all[0] {
			row[name] = line[i]
		}
		rows = append(rows, row)
	}
	return rows
}

// decodeAll returns every interleaved sample of a recording.
func decodeAll(r io.ReaderAt, size int64) (*Audio, []float32, error) {
	a, err := Decode(r, size)
	if err != nil {
		return nil, nil, err
	}
	var all []float32
	buf := make([]float32, 1000*a.Channels)
	for {
		n, err := a.Read(buf)
		all = append(all, buf[:n*a.Channels]...)
		if err == io.EOF {
			return a, all, nil
		}
		if err != nil {
			return a, all, err
		}
	}
}

func decodeFile(t testing.TB, path string) (*Audio, []float32, error) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return decodeAll(bytes.NewReader(b), int64(len(b)))
}

// ffmpeg decodes a file to interleaved float samples, or skips the test.
func ffmpeg(t testing.TB, path string, args ...string) []float32 {
	t.Helper()
	bin, err := exec.LookPath("ffmpeg")
	if err != nil {
		t.Skip("ffmpeg is not installed")
	}
	args = append(append([]string{"-v", "error"}, args...), "-i", path, "-map", "0:a:0", "-c:a", "pcm_f32le", "-f", "f32le", "-")
	out, _ := exec.Command(bin, args...).Output()
	x := make([]float32, len(out)/4)
	for i := range x {
		x[i] = math.Float32frombits(binary.LittleEndian.Uint32(out[4*i:]))
	}
	return x
}

// worst returns the largest difference over the common length.
func worst(a, b []float32) float64 {
	d := 0.0
	for i := range min(len(a), len(b)) {
		d = max(d, math.Abs(float64(a[i])-float64(b[i])))
	}
	return d
}

func TestExplore(t *testing.T) {
	for _, row := range table(t, filepath.Join(shared, "formats", "expected.tsv")) {
		path := filepath.Join(shared, "formats", row["file"])
		a, x, err := decodeFile(t, path)
		if err != nil {
			t.Logf("%-55s exp %s %s/%s/%s  ERR %v", row["file"], row["codec"], row["rate"], row["channels"], row["frames"], err)
			continue
		}
		if strings.HasPrefix(row["file"], "minimp3") {
			t.Logf("%-55s exp %s %s/%s/%s got %s %d/%d/%d %s", row["file"], row["codec"], row["rate"], row["channels"], row["frames"], a.Codec, a.Rate, a.Channels, len(x)/a.Channels, a.Note())
			continue
		}
		y := ffmpeg(t, path)
		t.Logf("%-55s exp %s %s/%s/%s got %s %d/%d/%d ff %d diff %.2e %s", row["file"], row["codec"], row["rate"], row["channels"], row["frames"],
			a.Codec, a.Rate, a.Channels, len(x)/a.Channels, len(y)/a.Channels, worst(x, y), a.Note())
	}
}

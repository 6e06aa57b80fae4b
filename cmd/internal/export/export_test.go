package export

import (
	"archive/zip"
	"context"
	"encoding/binary"
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/go-audio/wav"

	"prep/data"
	"prep/data/datatest"
)

// newSet returns a set of five groups, a recording each, with two hits a
// recording, one of them with a copy, and patches that hold their row's number.
func newSet(t *testing.T) *data.Set {
	t.Helper()
	c := datatest.Contents{Audio: map[string][]float32{}}
	var copies []data.Hit
	for g := range 5 {
		id := fmt.Sprintf("%016x", g)
		samples := make([]float32, 2000)
		for i := range samples {
			samples[i] = float32(math.Sin(float64(i)/10)) * 1.5 // clips
		}
		c.Audio[id] = samples
		c.Recordings = append(c.Recordings, data.Recording{ID: id, Name: id + ".wav", Group: fmt.Sprint("g", g), Rate: 8000})
		for i, class := range []string{"kick", "hi/hat"} {
			onset := 100 + 500*i
			h := data.Hit{ID: data.HitID(id, onset), Recording: id, Start: onset - 10, Onset: onset, End: onset + 300, Mark: data.NoMark}
			c.Hits = append(c.Hits, h)
			c.Labels = append(c.Labels, data.Label{Recording: id, Onset: onset, Class: class, By: data.ByImport})
			h.Parent, h.ID = h.ID, h.ID+"+1"
			copies = append(copies, h)
		}
	}
	c.Hits = append(c.Hits, copies...)
	set := datatest.NewSet(t, c)
	p, err := set.CreatePatches("mel", 1, 2, 3)
	if err != nil {
		t.Fatal(err)
	}
	for i, h := range c.Hits {
		v := make([]float32, 6)
		v[0] = float32(i)
		p.Write(data.Patch{Hit: h.ID, Channels: 1, Bands: 2, Frames: 3, Values: v})
	}
	if err := p.Commit(struct{}{}); err != nil {
		t.Fatal(err)
	}
	return set
}

// same renders a copy as its parent.
func same(r data.Reader, h data.Hit, use func(data.Reader, data.Hit) error) error { return use(r, h) }

func TestWAVWritesAFileAHitBySplitAndClass(t *testing.T) {
	set, dir := newSet(t), t.TempDir()
	sum, err := Config{}.WAV(context.Background(), set, dir, same, nil)
	if err != nil {
		t.Fatal(err)
	}
	// Of five groups three train, and only theirs are the copies.
	if want := map[string]int{"train": 12, "validation": 2, "test": 2}; !reflect.DeepEqual(sum.Counts, want) {
		t.Errorf("counts %v, want %v", sum.Counts, want)
	}
	rows := readCSV(t, filepath.Join(dir, "train", "metadata.csv"))
	if len(rows) != 13 || rows[0][0] != "file_name" {
		t.Fatalf("train/metadata.csv has %d rows, the first %v", len(rows), rows[0])
	}
	for _, row := range rows[1:] {
		f, err := os.Open(filepath.Join(dir, "train", row[0]))
		if err != nil {
			t.Fatal(err)
		}
		buf, err := wav.NewDecoder(f).FullPCMBuffer()
		f.Close()
		// The sound is louder than integers can hold.
		if err != nil || len(buf.Data) != 310 || buf.Format.SampleRate != 8000 || buf.SourceBitDepth != 32 {
			t.Errorf("%s: %d samples, error %v; want 310 at 8000 Hz", row[0], len(buf.Data), err)
		}
		for i, v := range row {
			if v == "" {
				t.Errorf("%s: column %s is empty", row[0], rows[0][i])
			}
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "train", "hi%2Fhat")); err != nil {
		t.Errorf("a class with a slash has no folder: %v", err)
	}
}

func readCSV(t *testing.T, path string) [][]string {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func TestNPZKeepsRowsTogether(t *testing.T) {
	set, path := newSet(t), filepath.Join(t.TempDir(), "x.npz")
	if _, err := (Config{}).NPZ(context.Background(), set, "mel", path, same); err != nil {
		t.Fatal(err)
	}
	z, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	arrays := map[string][]byte{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		arrays[f.Name], _ = io.ReadAll(r)
	}
	const head, n = 128, 16
	if got := string(arrays["x.npy"][:head]); !strings.Contains(got, "'<f4'") || !strings.Contains(got, "(16, 2, 3)") {
		t.Errorf("x.npy's header is %q", got)
	}
	hits, _ := set.Hits()
	y, ids := arrays["y.npy"][head:], arrays["hit.npy"][head:]
	width := len(ids) / n
	for i := range n {
		row := int(math.Float32frombits(binary.LittleEndian.Uint32(arrays["x.npy"][head+24*i:])))
		if got := text(ids[i*width : (i+1)*width]); got != hits[row].ID {
			t.Errorf("row %d: patch of %s beside the name %s", i, hits[row].ID, got)
		}
		want := uint64(1) // classes are sorted: hi/hat, kick
		if hits[row].Onset != 100 {
			want = 0
		}
		if got := binary.LittleEndian.Uint64(y[8*i:]); got != want {
			t.Errorf("row %d: class %d, want %d", i, got, want)
		}
	}
}

// text decodes NumPy's fixed-width UTF-32.
func text(b []byte) string {
	var s strings.Builder
	for ; len(b) > 0; b = b[4:] {
		if r := rune(binary.LittleEndian.Uint32(b)); r != 0 {
			s.WriteRune(r)
		}
	}
	return s.String()
}

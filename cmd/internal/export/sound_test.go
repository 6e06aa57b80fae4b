package export

import (
	"bytes"
	"context"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/go-audio/wav"
	"github.com/parquet-go/parquet-go"

	"prep/data"
	"prep/data/datatest"
	"prep/data/pcm"
)

// newLevels returns a set of five groups with a hit of a peak each, in a recording of its
// own, at 16000 Hz.
func newLevels(t *testing.T, peaks [5]float64) *data.Set {
	t.Helper()
	c := datatest.Contents{Audio: map[string][]float32{}}
	for g, peak := range peaks {
		id := string([]byte("000000000000000")) + string(rune('a'+g))
		x := make([]float32, 3000)
		for i := range x {
			x[i] = float32(peak * math.Sin(float64(i)/7) * math.Sin(float64(i)/900))
		}
		c.Audio[id] = x
		c.Recordings = append(c.Recordings, data.Recording{ID: id, Name: id + ".wav", Group: id, Rate: 16000,
			Meta: map[string]string{"Licence": "CC-BY-4.0", "author": "Ann: \"x\""}})
		h := data.Hit{ID: data.HitID(id, 1000+g), Recording: id, Start: 990, Onset: 1000 + g, End: 1700, Mark: data.NoMark}
		c.Hits = append(c.Hits, h)
		c.Labels = append(c.Labels, data.Label{Recording: id, Onset: h.Onset, Class: []string{"kick", "snare"}[g%2], By: data.ByHuman, Who: "ann"})
	}
	return datatest.NewSet(t, c)
}

// exported returns the samples of every WAV file of an export, by hit.
func exported(t *testing.T, dir string) map[string][]float64 {
	t.Helper()
	files, _ := filepath.Glob(filepath.Join(dir, "*", "*", "*.wav"))
	all := map[string][]float64{}
	for _, f := range files {
		raw, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		all[strings.TrimSuffix(filepath.Base(f), ".wav")] = decode(t, raw)
	}
	return all
}

func decode(t *testing.T, raw []byte) (x []float64) {
	t.Helper()
	d := wav.NewDecoder(bytes.NewReader(raw))
	buf, err := d.FullPCMBuffer()
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range buf.Data {
		if d.WavAudioFormat == 3 {
			x = append(x, float64(math.Float32frombits(uint32(v))))
		} else {
			x = append(x, float64(v)/float64(int(1)<<(d.BitDepth-1)))
		}
	}
	return x
}

// worst returns the largest difference of exported sounds from the set's, times gain, over
// the largest sample of the sound.
func worst(t *testing.T, set *data.Set, sounds map[string][]float64, gain float64) (diff float64) {
	t.Helper()
	hits, err := set.Hits()
	if err != nil || len(hits) != len(sounds) {
		t.Fatalf("%d sounds of %d hits, %v", len(sounds), len(hits), err)
	}
	for _, h := range hits {
		a, err := set.Audio(h.Recording)
		if err != nil {
			t.Fatal(err)
		}
		want, _ := data.ReadSpan(a, h.Start, h.End)
		a.Close()
		peak := pcm.Float.Loss(want).Peak * gain
		for i, v := range sounds[h.ID] {
			diff = max(diff, math.Abs(v-float64(want[i])*gain)/peak)
		}
	}
	return diff
}

func TestNoSoundLosesBitsInSilence(t *testing.T) {
	ctx := context.Background()
	for _, tc := range []struct {
		name  string
		peaks [5]float64
		c     Config
		worst float64 // of the peak
		note  string
	}{
		{"all fit", [5]float64{.1, .5, .9, .2, .3}, Config{}, 1. / 256, ""},
		{"18 dB above full scale", [5]float64{.1, .5, 8, .2, .3}, Config{}, 0, "1 hits go beyond full scale, which floats keep: 000000000000000c.wav at 0.063 s"},
		{"18 dB above, 16 bits", [5]float64{.1, .5, 8, .2, .3}, Config{Bits: pcm.Int16}, 1, "1 hits go beyond full scale and are clipped, the worst sample by"},
		{"very quiet", [5]float64{.1, .5, .9, .2, .0005}, Config{}, 0, "1 hits are so quiet that 16 bits would leave them less than 8"},
		{"very quiet, 24 bits", [5]float64{.1, .5, .9, .2, .0005}, Config{Bits: pcm.Int24}, 1. / 4096, ""},
		{"very quiet, 16 bits", [5]float64{.1, .5, .9, .2, .0005}, Config{Bits: pcm.Int16}, 1. / 16, "1 hits are so quiet that 16 bits leave them less than 8"},
		{"all quiet, with a gain", [5]float64{.0005, .0004, .0003, .0005, .0004}, Config{Bits: pcm.Int16, Gain: true}, 1. / 8192, "all sounds are multiplied by"},
	} {
		set, dir := newLevels(t, tc.peaks), filepath.Join(t.TempDir(), "out")
		sum, err := tc.c.WAV(ctx, set, dir, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		gain, sounds := 1.0, exported(t, dir)
		if tc.c.Gain {
			top := 0.0
			for _, x := range sounds {
				top = max(top, slices.Max(x), -slices.Min(x))
			}
			if top < .999 || top > 1 {
				t.Errorf("%s: the loudest sample is %v", tc.name, top)
			}
			peak := 0.0
			for _, h := range must(set.Hits()) {
				a := must(set.Audio(h.Recording))
				peak = max(peak, pcm.Float.Loss(must(data.ReadSpan(a, h.Start, h.End))).Peak)
				a.Close()
			}
			gain = (1 - 1.0/32768) / peak
		}
		if d := worst(t, set, sounds, gain); d > tc.worst {
			t.Errorf("%s: the worst difference is %.3g of the peak, want at most %.3g", tc.name, d, tc.worst)
		}
		notes := strings.Join(sum.Notes, "\n")
		if tc.note == "" && notes != "" || !strings.Contains(notes, tc.note) {
			t.Errorf("%s: notes %q, want %q", tc.name, notes, tc.note)
		}
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// Sounds of one length have their onset at one place, and beyond it what was recorded.
func TestLength(t *testing.T) {
	set, dir := newLevels(t, [5]float64{.1, .5, .9, .2, .3}), t.TempDir()
	if _, err := (Config{Length: 1500}).WAV(context.Background(), set, filepath.Join(dir, "w"), nil, nil); err != nil {
		t.Fatal(err)
	}
	sounds := exported(t, filepath.Join(dir, "w"))
	for _, h := range must(set.Hits()) {
		a := must(set.Audio(h.Recording))
		want := must(data.ReadSpan(a, h.Onset-14, h.Onset-14+1500))
		a.Close()
		got := sounds[h.ID]
		if len(got) != 1500 {
			t.Fatalf("%s has %d samples", h.ID, len(got))
		}
		for i, v := range got {
			if math.Abs(v-float64(want[i])) > 1e-4 {
				t.Fatalf("%s: sample %d is %v, want %v", h.ID, i, v, want[i])
			}
		}
	}
}

// A Parquet file has the bytes of the WAV files, the classes' numbers and the same hits.
func TestParquetHoldsTheSounds(t *testing.T) {
	set, dir := newLevels(t, [5]float64{.1, 8, .9, .2, .3}), t.TempDir()
	c := Config{}
	a, err := c.Parquet(context.Background(), set, filepath.Join(dir, "p"), nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	sounds := map[string][]float64{}
	for _, split := range []string{"train", "validation", "test"} {
		rows, err := parquet.ReadFile[sounding](filepath.Join(dir, "p", "data", split+".parquet"))
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range rows {
			n++
			sounds[r.Hit] = decode(t, r.Audio.Bytes)
			if r.Split != split || []string{"kick", "snare"}[*r.Label] != *r.Class || *r.LabelWho != "ann" {
				t.Errorf("%+v", r)
			}
		}
	}
	if n != 5 || a.Counts["train"] != 3 || worst(t, set, sounds, 1) != 0 {
		t.Errorf("%d rows, %v", n, a.Counts)
	}
	card := string(must(os.ReadFile(filepath.Join(dir, "p", cardFile))))
	for _, want := range []string{"license: cc-by-4.0\n", "path: data/train.parquet", `"0": kick`, "- author: Ann: \"x\"", "Leakage:"} {
		if !strings.Contains(card, want) {
			t.Errorf("the card lacks %q:\n%s", want, card)
		}
	}
}

// Both forms of the table have the same cells, one row a hit.
func TestTable(t *testing.T) {
	set, dir := newSet(t), t.TempDir()
	for _, name := range []string{"t.csv", "t.parquet"} {
		if _, err := Table(set, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	cells := readCSV(t, filepath.Join(dir, "t.csv"))
	lines, err := parquet.ReadFile[line](filepath.Join(dir, "t.parquet"))
	if err != nil || len(cells) != len(lines)+1 || len(lines) != 20 {
		t.Fatalf("%d rows, %d lines, %v", len(cells), len(lines), err)
	}
	schema := parquet.SchemaOf(line{})
	for i, l := range lines {
		for _, v := range schema.Deconstruct(nil, l) {
			if got := cells[i+1][v.Column()]; got != cell(v) {
				t.Errorf("row %d, %s: %q in CSV, %q in Parquet", i, cells[0][v.Column()], got, cell(v))
			}
		}
	}
	if _, err := Table(set, filepath.Join(dir, "t.xlsx")); err == nil || !strings.Contains(err.Error(), "a .csv or a .parquet") {
		t.Errorf("%v", err)
	}
}

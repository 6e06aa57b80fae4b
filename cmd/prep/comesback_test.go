package main

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"

	"prep/data"
	"prep/data/datatest"
	"prep/data/labelfile"
	"prep/data/pcm"
)

// came is what came back of a hit.
type came struct {
	class  string
	onset  int // in its recording
	values []float32
}

// carries says what a way out carries beside the hit itself.
type carries struct{ class, onset, values bool }

// journey is a set whose hits go out and come in again: 14 recordings of as many hits each,
// with classes whose names are trouble.
type journey struct {
	set     *data.Set
	want    map[string]came      // by hit; values are samples
	patches map[string][]float32 // by hit
	names   map[string]string    // names of recordings by ID
	content datatest.Contents
}

// troubleNames are classes that are no folders' names, or too long for one, or that differ
// in case alone, or hold what formats write between cells.
var troubleNames = []string{"kick", "Kick", "hi/hat", "../x", "CON", "снэр", strings.Repeat("x", 250), `a,"b"; c`}

func newJourney(t *testing.T, hits int) *journey {
	t.Helper()
	j := &journey{want: map[string]came{}, patches: map[string][]float32{}, names: map[string]string{}}
	j.content.Audio = map[string][]float32{}
	rng := rand.New(rand.NewPCG(22, 1400))
	const rate, step = 24000, 1200 // 50 ms: whole milliseconds and whole ticks of MIDI
	for g := range 14 {
		rec := data.Recording{ID: fmt.Sprintf("%016x", g), Name: fmt.Sprintf("p%02d/take%02d.wav", g, g), Group: fmt.Sprintf("p%02d", g),
			Rate: rate, Meta: map[string]string{"licence": "CC-BY-4.0"}}
		samples := make([]float32, (hits/14+2)*step)
		for i := range samples {
			samples[i] = rng.Float32()*3 - 1.5 // beyond full scale, too
		}
		rec.Samples, j.content.Audio[rec.ID], j.names[rec.ID] = len(samples), samples, rec.Name
		j.content.Recordings = append(j.content.Recordings, rec)
		for i := range hits / 14 {
			onset := (i + 1) * step
			h := data.Hit{ID: data.HitID(rec.ID, onset), Recording: rec.ID, Start: onset - 24, Onset: onset, End: onset + 900, Offset: onset + 900,
				Found: data.FoundPlaced, Mark: onset, Confidence: 1}
			class := troubleNames[rng.IntN(len(troubleNames))]
			j.content.Hits = append(j.content.Hits, h)
			j.content.Labels = append(j.content.Labels, data.Label{Recording: rec.ID, Onset: onset, Class: class, By: data.ByHuman, Who: "ann"})
			j.want[h.ID] = came{class, onset, samples[h.Start:h.End]}
		}
	}
	j.set = datatest.NewSet(t, j.content)
	p, err := j.set.CreatePatches("mel", 1, 3, 2)
	must(t, err)
	for _, h := range j.content.Hits {
		v := []float32{rng.Float32(), rng.Float32(), rng.Float32(), rng.Float32(), rng.Float32(), rng.Float32()}
		j.patches[h.ID] = v
		must(t, p.Write(data.Patch{Hit: h.ID, Channels: 1, Bands: 3, Frames: 2, Values: v}))
	}
	must(t, p.Commit(struct{}{}))
	return j
}

// prep runs a command, which must succeed.
func (j *journey) prep(t *testing.T, args ...string) {
	t.Helper()
	var said bytes.Buffer
	if code, err := execute(t.Context(), append(args, "-q"), &said, &said); code != 0 || err != nil {
		t.Fatalf("%v: exit %d, %v\n%s", args, code, err, said.String())
	}
}

func (j *journey) export(t *testing.T, args ...string) {
	t.Helper()
	j.prep(t, append([]string{"export", "--set", j.set.Path()}, args...)...)
}

// equal counts the hits that came back as they went.
func (j *journey) equal(got map[string]came, want map[string]came, c carries) (n int) {
	for hit, w := range want {
		g, ok := got[hit]
		if ok && (!c.class || g.class == w.class) && (!c.onset || g.onset == w.onset) && (!c.values || slices.Equal(g.values, w.values)) {
			n++
		}
	}
	return n
}

// Every hit goes out by each way out, and comes in again, or is read by a reader that is not
// the writer's, with the same class, moment and samples. The log has the counts.
func TestEverythingComesBack(t *testing.T) {
	j := newJourney(t, hitsThatTravel)
	patches := map[string]came{}
	for hit, w := range j.want {
		patches[hit] = came{w.class, w.onset, j.patches[hit]}
	}
	all, sounds := carries{true, true, true}, carries{class: true, values: true}
	for _, way := range []struct {
		name string
		want map[string]came
		carries
		travel func(t *testing.T, dir string) map[string]came
	}{
		{"--wav, read by its metadata.csv", j.want, sounds, j.byWAV},
		{"--wav, taken in by ingest --meta", j.want, sounds, j.byIngest("recordings.csv")},
		{"--wav, taken in by ingest alone", j.want, sounds, j.byIngest("")},
		{"--parquet", j.want, all, j.byParquet},
		{"--npz of samples", j.want, sounds, j.byNPZ("--length", "924")},
		{"--npz of patches", patches, sounds, j.byNPZ("--features", "mel")},
		{"--table .parquet", j.want, carries{class: true, onset: true}, j.byTable},
		{"--table .csv", j.want, carries{class: true, onset: true}, j.byCSV},
		{"--table .csv, taken in by ingest", j.want, carries{class: true, onset: true}, j.byIngestedTable},
	} {
		got := way.travel(t, t.TempDir())
		n := j.equal(got, way.want, way.carries)
		t.Logf("%-35s %d of %d", way.name, n, len(j.want))
		if n != len(j.want) || len(got) != n {
			t.Errorf("%s: %d of %d hits came back equal, %d came", way.name, n, len(j.want), len(got))
		}
	}
	for _, format := range labelfile.Formats() {
		got := j.byLabels(t, format)
		n := j.equal(got, j.want, carries{class: format != "onsets", onset: true}) // onsets has no classes
		t.Logf("%-35s %d of %d", "--labels --format "+format, n, len(j.want))
		if n != len(j.want) || len(got) != n {
			t.Errorf("labels as %s: %d of %d labels came back equal, %d came", format, n, len(j.want), len(got))
		}
	}
}

// samplesOf returns the samples of a WAV file of floats.
func samplesOf(raw []byte) (x []float32) {
	body := raw[bytes.Index(raw, []byte("data"))+8:]
	for ; len(body) >= 4; body = body[4:] {
		x = append(x, math.Float32frombits(binary.LittleEndian.Uint32(body)))
	}
	return x
}

// cells returns the rows of a CSV file by its columns.
func cells(t *testing.T, path string) (rows []map[string]string) {
	t.Helper()
	all, err := csv.NewReader(bytes.NewReader(fileBytes(t, path))).ReadAll()
	must(t, err)
	for _, line := range all[1:] {
		row := map[string]string{}
		for i, name := range all[0] {
			row[name] = line[i]
		}
		rows = append(rows, row)
	}
	return rows
}

func (j *journey) byWAV(t *testing.T, dir string) map[string]came {
	j.export(t, "--wav", dir, "--bits", "float")
	got := map[string]came{}
	tables, _ := filepath.Glob(filepath.Join(dir, "*", "metadata.csv"))
	for _, table := range tables {
		for _, row := range cells(t, table) {
			got[row["hit"]] = came{class: row["label"], values: samplesOf(fileBytes(t, filepath.Dir(table), filepath.FromSlash(row["file_name"])))}
		}
	}
	return got
}

// byIngest takes the WAV files in as recordings of a new set.
func (j *journey) byIngest(table string) func(*testing.T, string) map[string]came {
	return func(t *testing.T, dir string) map[string]came {
		out, args := filepath.Join(dir, "out"), []string{}
		j.export(t, "--wav", out, "--bits", "float")
		if table != "" {
			args = append(args, "--meta", filepath.Join(out, table))
		}
		set := data.At(filepath.Join(dir, "set"))
		j.prep(t, append([]string{"ingest", out, "--set", set.Path(), "--rate", "24000"}, args...)...)
		recordings, err := set.Recordings()
		must(t, err)
		got := map[string]came{}
		for _, r := range recordings {
			hit := strings.TrimSuffix(filepath.Base(r.Name), ".wav")
			a, err := set.Audio(r.ID)
			must(t, err)
			x, err := data.ReadSpan(a, 0, r.Samples)
			must(t, err, a.Close())
			got[hit] = came{class: r.Class, values: x}
			if id, _, _ := strings.Cut(hit, "-"); table != "" && (r.Group+"/" != j.names[id][:4] || r.Meta["licence"] != "CC-BY-4.0") {
				t.Fatalf("%s is of group %q and says %v", r.Name, r.Group, r.Meta)
			}
		}
		return got
	}
}

func (j *journey) byParquet(t *testing.T, dir string) map[string]came {
	j.export(t, "--parquet", dir, "--bits", "float")
	got := map[string]came{}
	files, _ := filepath.Glob(filepath.Join(dir, "data", "*.parquet"))
	for _, f := range files {
		rows, err := parquet.ReadFile[struct {
			Hit   string `parquet:"hit,optional"`
			Class string `parquet:"class,optional"`
			Onset int64  `parquet:"onset,optional"`
			Audio *struct {
				Bytes []byte `parquet:"bytes,optional"`
			} `parquet:"audio"`
		}](f)
		must(t, err)
		for _, r := range rows {
			got[r.Hit] = came{r.Class, int(r.Onset), samplesOf(r.Audio.Bytes)}
		}
	}
	return got
}

// byNPZ reads x, y, classes and hit of an archive.
func (j *journey) byNPZ(args ...string) func(*testing.T, string) map[string]came {
	return func(t *testing.T, dir string) map[string]came {
		file := filepath.Join(dir, "x.npz")
		j.export(t, append([]string{"--npz", file}, args...)...)
		z, err := zip.OpenReader(file)
		must(t, err)
		defer z.Close()
		arrays := map[string][]byte{}
		width := map[string]int{}
		for _, f := range z.File {
			r, err := f.Open()
			must(t, err)
			raw, err := io.ReadAll(r)
			must(t, err)
			head := 10 + int(binary.LittleEndian.Uint16(raw[8:]))
			if m := regexp.MustCompile(`<U(\d+)`).FindSubmatch(raw[:head]); m != nil {
				width[f.Name], _ = strconv.Atoi(string(m[1]))
			}
			arrays[f.Name] = raw[head:]
		}
		text := func(name string, i int) string {
			var s strings.Builder
			for k := range width[name] {
				if r := binary.LittleEndian.Uint32(arrays[name][4*(i*width[name]+k):]); r != 0 {
					s.WriteRune(rune(r))
				}
			}
			return s.String()
		}
		n := len(arrays["y.npy"]) / 8
		size := len(arrays["x.npy"]) / 4 / max(n, 1)
		got := map[string]came{}
		for i := range n {
			c := came{class: text("classes.npy", int(binary.LittleEndian.Uint64(arrays["y.npy"][8*i:])))}
			for k := range size {
				c.values = append(c.values, math.Float32frombits(binary.LittleEndian.Uint32(arrays["x.npy"][4*(i*size+k):])))
			}
			got[text("hit.npy", i)] = c
		}
		return got
	}
}

func (j *journey) byTable(t *testing.T, dir string) map[string]came {
	file := filepath.Join(dir, "hits.parquet")
	j.export(t, "--table", file)
	rows, err := parquet.ReadFile[struct {
		Hit   string `parquet:"hit,optional"`
		Class string `parquet:"class,optional"`
		Onset int64  `parquet:"onset,optional"`
	}](file)
	must(t, err)
	got := map[string]came{}
	for _, r := range rows {
		got[r.Hit] = came{class: r.Class, onset: int(r.Onset)}
	}
	return got
}

func (j *journey) byCSV(t *testing.T, dir string) map[string]came {
	file := filepath.Join(dir, "hits.csv")
	j.export(t, "--table", file)
	got := map[string]came{}
	for _, row := range cells(t, file) {
		onset, err := strconv.Atoi(row["onset"])
		must(t, err)
		got[row["hit"]] = came{class: row["class"], onset: onset}
	}
	return got
}

// byIngestedTable takes the recordings in again, with the table beside them for their labels.
func (j *journey) byIngestedTable(t *testing.T, dir string) map[string]came {
	takes := filepath.Join(dir, "takes")
	for id, x := range j.content.Audio {
		path := filepath.Join(takes, filepath.FromSlash(j.names[id]))
		must(t, os.MkdirAll(filepath.Dir(path), 0o777), pcm.Float.WriteFile(path, data.Clip{Rate: 24000, Samples: x}))
	}
	j.export(t, "--table", filepath.Join(takes, "hits.csv"))
	set := data.At(filepath.Join(dir, "set"))
	j.prep(t, "ingest", takes, "--set", set.Path(), "--rate", "24000")
	recordings, err := set.Recordings()
	must(t, err)
	was := map[string]string{} // the ID that a recording had, by the one it has
	for _, r := range recordings {
		for id, name := range j.names {
			if name == r.Name {
				was[r.ID] = id
			}
		}
	}
	return labelsOf(t, set, func(id string) string { return was[id] })
}

// labelsOf returns the labels of a set, by the hits that they are about.
func labelsOf(t *testing.T, set *data.Set, was func(string) string) map[string]came {
	t.Helper()
	labels, err := set.Labels()
	must(t, err)
	got := map[string]came{}
	for _, l := range labels {
		got[data.HitID(was(l.Recording), l.Onset)] = came{class: l.Class, onset: l.Onset}
	}
	return got
}

// byLabels takes labels in a format into a set of the same hits that has none.
func (j *journey) byLabels(t *testing.T, format string) map[string]came {
	bare := j.content
	bare.Audio, bare.Labels = nil, []data.Label{}
	set, out := datatest.NewSet(t, bare), filepath.Join(t.TempDir(), "out")
	must(t, set.Close())
	j.export(t, "--labels", out, "--format", format)
	j.prep(t, "label", "--set", set.Path(), "--who", "ada", "--import", out)
	return labelsOf(t, set, func(id string) string { return id })
}

// A name that is no name in a set is left out by one line where it comes in again, and
// harms no export: nothing is written outside of the folder that was named.
func TestExportsOfClassesThatAreNoNames(t *testing.T) {
	j := newJourney(t, 28)
	names := []string{strings.Repeat("ж", 300), "../../x", "NUL", ".", "con.wav", "a\nb"}
	for i := range j.content.Labels {
		j.content.Labels[i].Class = names[i%len(names)]
	}
	j.content.Labels[5].Class = "" // nobody has named it
	j.set = datatest.NewSet(t, j.content)
	for _, e := range exports(t, j.set) {
		dir := t.TempDir()
		var said bytes.Buffer
		code, err := execute(t.Context(), append([]string{"export", "--set", j.set.Path(), "-q"}, e.args(filepath.Join(dir, "in", "here"))...), &said, &said)
		if err != nil && (exitOf(err) != exitFailed || strings.Contains(err.Error(), "\n")) {
			t.Errorf("%s: exit %d, %v", e.name, code, err)
		}
		for _, where := range []string{dir, filepath.Join(dir, "in")} {
			left, _ := os.ReadDir(where)
			for _, f := range left {
				if n := f.Name(); n != "in" && !strings.HasPrefix(n, "here") {
					t.Errorf("%s writes %s outside of its folder", e.name, n)
				}
			}
		}
		if err != nil && !strings.Contains(e.name, "--features") { // there are no patches
			t.Errorf("%s: %v", e.name, err)
		}
	}
}

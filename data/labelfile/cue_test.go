package labelfile

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"prep/data"
)

// wavOf returns a WAV file at 1000 Hz with chunks behind its samples.
func wavOf(chunks []byte) []byte {
	b := append([]byte("RIFF\x00\x00\x00\x00WAVE"), appendChunk(nil, "fmt ", []byte("\x01\x00\x01\x00\xe8\x03\x00\x00\xd0\x07\x00\x00\x02\x00\x10\x00"))...)
	return append(appendChunk(b, "data", make([]byte, 1001)), chunks...)
}

// points returns a chunk of cue points, of each its ID, its position in the
// playlist and in the samples.
func points(all ...[3]uint32) []byte {
	o := binary.LittleEndian
	b := o.AppendUint32(nil, uint32(len(all)))
	for _, p := range all {
		b = append(o.AppendUint32(o.AppendUint32(b, p[0]), p[1]), "data\x00\x00\x00\x00\x00\x00\x00\x00"...)
		b = o.AppendUint32(b, p[2])
	}
	return appendChunk(nil, "cue ", b)
}

func adtl(chunks ...string) string {
	return string(appendChunk(nil, "LIST", []byte("adtl"+strings.Join(chunks, ""))))
}

func note(kind string, id uint32, text string) string {
	return string(appendChunk(nil, kind, append(binary.LittleEndian.AppendUint32(nil, id), text+"\x00"...)))
}

func ltxt(id, length uint32, text string) string {
	b := binary.LittleEndian.AppendUint32(binary.LittleEndian.AppendUint32(nil, id), length)
	return string(appendChunk(nil, "ltxt", append(b, "rgn \x00\x00\x00\x00\x00\x00\x00\x00"+text...)))
}

func TestCues(t *testing.T) {
	two := string(points([3]uint32{1, 100, 100}, [3]uint32{2, 200, 200}))
	smpl := string(appendChunk(nil, "smpl", append(append(make([]byte, 28), "\x01\x00\x00\x00\x00\x00\x00\x00"...), make([]byte, 24)...)))
	pmx := string(appendChunk(nil, "_PMX", []byte(xmpSayings[0].file)))
	for _, tc := range []struct{ name, chunks, want string }{
		{"names", two + adtl(note("labl", 1, "kick"), note("labl", 2, "hat")), "100 kick, 200 hat"},
		{"names before the cues", adtl(note("labl", 1, "kick"), note("labl", 2, "hat")) + two, "100 kick, 200 hat"},
		{"a comment where there is no name", two + adtl(note("note", 1, "kick"), note("labl", 2, "hat"), note("note", 2, "loud")), "100 kick, 200 hat"},
		{"regions", two + adtl(note("labl", 1, "kick"), ltxt(1, 50, ""), ltxt(2, 0, "hat")), "100-150 kick, 200 hat"},
		{"no names", two, "100, 200"},
		{"names by a program", two + adtl(note("labl", 1, "Marker 01"), note("labl", 2, "Marker 02"), note("note", 2, "hat")),
			`100, 200 hat, [1 marker named by a program ("Marker 01"): taken as moments without a class]`},
		{"Latin-1", two + adtl(note("labl", 1, "gr\xfcn"), note("labl", 2, "ge\xf6ffnet")), "100 grün, 200 geöffnet, [*"},
		{"UTF-8", two + adtl(note("labl", 1, "grün"), note("labl", 2, "鼓")), "100 grün, 200 鼓"},
		{"positions in the playlist alone", string(points([3]uint32{1, 100, 0}, [3]uint32{2, 200, 0})), "100, 200"},
		{"a marker at the start", string(points([3]uint32{1, 0, 0})), "0"},
		{"numbers that repeat", string(points([3]uint32{0, 100, 100}, [3]uint32{0, 200, 200})) + adtl(note("labl", 0, "kick"), note("labl", 0, "hat"), note("labl", 0, "more")),
			"100 kick, 200 hat, [markers share a number: their names are given to them in the order of the file], [left out: 1 text of the list adtl that belong to no marker]"},
		{"texts of nothing", two + adtl(note("labl", 9, "x"), "labl\x01\x00\x00\x00a\x00", "file\x04\x00\x00\x00abcd"), "100, 200, [left out: 1 text of the list adtl that belong to no marker]"},
		{"loops", two + smpl, "100, 200, [left out: 1 loop of a sampler (smpl), which are no labels]"},
		{"loops alone", smpl, "error: no labels in it: left out: 1 loop of a sampler (smpl), which are no labels"},
		{"nothing", "", "error: no labels in it: it is empty"},
		{"a list of another kind", two + "LIST\x04\x00\x00\x00INFO", "100, 200"},
		{"Adobe's", pmx, "100-150 kick"},
		{"cues before Adobe's", two + pmx, "100, 200"},
		{"fewer points than they say", two[:len(two)-24], "100"},
		{"a number of points that lies", strings.Replace(two, "\x02\x00\x00\x00\x01", "\xff\xff\xff\xff\x01", 1), "100, 200"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got := says("take.wav", string(wavOf([]byte(tc.chunks))), Options{})
			if before, cut := strings.CutSuffix(tc.want, "*"); got != tc.want && !(cut && strings.HasPrefix(got, before)) {
				t.Errorf("it says\n\t%s\nwant\n\t%s", got, tc.want)
			}
		})
	}
}

// Case 13: four markers behind the samples; read from the file as from bytes.
func TestCuesCase13(t *testing.T) {
	b, err := os.ReadFile("testdata/cues.wav")
	if err != nil {
		t.Fatal(err)
	}
	r, err := ReadWAV(bytes.NewReader(b), int64(len(b)), Source{}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	want := []Mark{{Line: 1, Onset: 11025. / 44100, Class: "kick"}, {Line: 2, Onset: 26460. / 44100, Class: "hat"},
		{Line: 3, Onset: 41895. / 44100, Class: "snare"}, {Line: 4, Onset: 57330. / 44100, Class: "kick"}}
	if fmt.Sprint(r.Marks) != fmt.Sprint(want) || r.Format != "wav" {
		t.Errorf("%+v", r)
	}
}

func TestCuesThatCannotBeRead(t *testing.T) {
	o := func(b []byte) error {
		_, err := ReadWAV(bytes.NewReader(b), int64(len(b)), Source{}, Options{})
		return err
	}
	if err := o(wavOf(nil)); !errors.Is(err, ErrNoLabels) {
		t.Errorf("without markers: %v", err)
	}
	if err := o([]byte("fLaC1234567890")); err == nil {
		t.Error("no RIFF is read")
	}
	rateless := append([]byte("RIFF\x00\x00\x00\x00WAVE"), points([3]uint32{1, 5, 5})...)
	if err := o(rateless); err == nil || !strings.Contains(err.Error(), "sampling rate") {
		t.Errorf("without a rate: %v", err)
	}
	if _, err := ReadWAV(bytes.NewReader(wavOf(points([3]uint32{1, 5, 5}))), 1<<20, Source{}, Options{}); err != nil && !strings.Contains(err.Error(), "EOF") {
		t.Errorf("a file that is shorter than it was: %v", err)
	}
	if got := says("a.wav", "RF64\xff\xff\xff\xffWAVEds64\x02\x00\x00\x00ab", Options{}); !strings.HasPrefix(got, "fault 1: the chunks end early") {
		t.Errorf("sizes cut short: %s", got)
	}
	if _, err := ReadWAV(bytes.NewReader(wavOf(points([3]uint32{1, 5, 5}))), int64(len(wavOf(points([3]uint32{1, 5, 5})))), Source{}, Options{Encoding: "klingon"}); err == nil {
		t.Error("an encoding that nobody knows")
	}
}

// What is written into a WAV file comes back to the sample, whatever was in it.
func TestCuesRoundTrip(t *testing.T) {
	r := rand.New(rand.NewPCG(13, 1))
	for i := range 200 {
		rec := sampled(r, []int{1, 2, 30, 300}[i%4])
		rec.Marks = append(rec.Marks, Mark{Onset: float64(rec.Samples) / 44100, Class: "Marker 01"})
		old := wavOf(append(points([3]uint32{1, 5, 5}), adtl(note("labl", 1, "old"))...))
		copy(old[24:], "\x44\xac\x00\x00")
		old = append(old, "bext\x03\x00\x00\x00abc\x00"...)
		var b bytes.Buffer
		if err := WriteWAV(&b, bytes.NewReader(old), int64(len(old)), append(rec.Marks, Mark{Whole: true, Class: "x"})); err != nil {
			t.Fatal(err)
		}
		if size := binary.LittleEndian.Uint32(b.Bytes()[4:]); int(size) != b.Len()-8 || !bytes.Contains(b.Bytes(), []byte("bext\x03\x00\x00\x00abc\x00")) {
			t.Fatalf("%d bytes say %d", b.Len(), size)
		}
		got, err := Read("take.wav", b.Bytes(), Source{}, Options{})
		if err != nil {
			t.Fatal(err)
		}
		compare(t, "wav", rec.Marks, got.Marks, 1e-9, true)
	}
}

// broken fails behind its first n bytes.
type broken struct{ n int }

func (w *broken) Write(b []byte) (int, error) {
	if w.n -= len(b); w.n < 0 {
		return 0, errors.New("full")
	}
	return len(b), nil
}

func TestWritersThatFail(t *testing.T) {
	old := wavOf(nil)
	marks := []Mark{{Onset: .1, Class: "kick"}}
	for n := range len(old) + 40 {
		if err := WriteWAV(&broken{n}, bytes.NewReader(old), int64(len(old)), marks); err == nil {
			t.Fatalf("%d bytes are enough", n)
		}
	}
	for _, b := range []string{"fLaC", "RIFX\x00\x00\x00\x00WAVEabcd\x00\x00\x00\x00", "RIFF\x00\x00\x00\x00WAVE", "RF64\xff\xff\xff\xffWAVEds64\x02\x00\x00\x00ab"} {
		if err := WriteWAV(&broken{1000}, strings.NewReader(b), int64(len(b)), marks); err == nil {
			t.Errorf("%q is written into", b)
		}
	}
	if err := WriteWAV(&broken{1 << 40}, bytes.NewReader(old), 1<<33, marks); err == nil {
		t.Error("a file that ends early is written into")
	}
	rec := Recording{Recording: data.Recording{Name: "a.wav", Rate: 1000, Samples: 500}, Marks: marks}
	for _, f := range markup {
		if f.write != nil && f.write(&broken{}, rec) == nil || f.writeAll != nil && f.writeAll(&broken{}, []Recording{rec}) == nil {
			t.Errorf("%s: nothing is wrong with a full disk", f.name)
		}
	}
	if writeStudioInterface(&broken{}, []Recording{rec}) == nil {
		t.Error("the interface fits on a full disk")
	}
}

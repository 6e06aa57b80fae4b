package predict

import (
	"encoding/csv"
	"errors"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gitlab.com/gomidi/midi/v2"
	"gitlab.com/gomidi/midi/v2/smf"

	"prep/data"
	"prep/data/labelfile"
)

// named are predictions of two recordings of one name in two folders, and of
// another.
func named() Predictions {
	kick := Hit{Start: 0.49, Onset: 0.5, End: 0.54, Class: "kick", Level: -6, Probability: 0.9, Probabilities: []float32{0.9, 0.1}}
	zap := Hit{Start: 0.51, Onset: 0.52, End: 0.56, Class: "zap", Level: -26, Probability: 0.501, Unsure: true, Probabilities: []float32{0.499, 0.501}}
	return Predictions{Classes: []string{"kick", "zap"}, Recordings: []Recording{
		{"a/take.wav", []Hit{kick, zap}}, {"b/take.wav", nil}, {`other "x".mp3`, []Hit{zap}}}}
}

// save saves predictions and returns the text of each file by its name.
func save(t *testing.T, p Predictions, format string, c Config) map[string]string {
	t.Helper()
	dir := t.TempDir()
	if err := p.Save(dir, format, c); err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		text, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		files[e.Name()] = string(text)
	}
	return files
}

// A file a recording, of names that tell recordings of one name apart and that
// are no label file's.
func TestEachRecordingHasAFile(t *testing.T) {
	if got, want := Formats(), []string{"audacity", "csv", "midi"}; !slices.Equal(got, want) {
		t.Fatalf("formats: got %v, want %v", got, want)
	}
	p := named()
	all := bases(p.files())
	if all[0] == all[1] || all[2] != `other "x"` || !strings.Contains(all[0], "a") || !strings.Contains(all[0], "take") {
		t.Errorf("names: %q", all)
	}
	for i, extension := range []string{".predicted.txt", ".predicted.csv", ".predicted.mid"} {
		files := save(t, p, Formats()[i], Config{})
		if len(files) != 3 {
			t.Errorf("%s: %d files, want 3", Formats()[i], len(files))
		}
		for _, base := range all {
			if _, ok := files[base+extension]; !ok {
				t.Errorf("%s: no %s in %v", Formats()[i], base+extension, files)
			}
		}
	}
}

func TestAudacityMarksUnsureNames(t *testing.T) {
	p := named()
	files := save(t, p, "audacity", Config{})
	if got, want := files[bases(p.files())[0]+".predicted.txt"], "0.500000\t0.540000\tkick\n0.520000\t0.560000\tzap?\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := files[bases(p.files())[1]+".predicted.txt"]; got != "" {
		t.Errorf("of no hits: %q", got)
	}
}

func TestCSVHasEveryProbability(t *testing.T) {
	p := named()
	files := save(t, p, "csv", Config{})
	rows, err := csv.NewReader(strings.NewReader(files[bases(p.files())[2]+".predicted.csv"])).ReadAll()
	want := [][]string{
		{"file", "onset_s", "end_s", "class", "probability", "unsure", "level_db", "kick", "zap"},
		{`other "x".mp3`, "0.520000", "0.560000", "zap", "0.5010", "true", "-26.0", "0.4990", "0.5010"},
	}
	if err != nil || !slices.EqualFunc(rows, want, slices.Equal[[]string]) {
		t.Errorf("got %q, %v; want %q", rows, err, want)
	}
}

// A MIDI file has a note a hit on the percussion channel, at its time to half a
// millisecond, also where a hit begins before the last has ended.
func TestMIDIHasANoteAHit(t *testing.T) {
	p := named()
	p.Classes = append(p.Classes, data.None) // which has no note
	p.Recordings[0].Hits = append(p.Recordings[0].Hits, Hit{Onset: 0.6, End: 0.64, Class: data.None, Level: 0})
	file, err := smf.ReadFrom(strings.NewReader(save(t, p, "midi", Config{})[bases(p.files())[0]+".predicted.mid"]))
	if err != nil || len(file.Tracks) != 1 {
		t.Fatalf("%d tracks, %v", len(file.Tracks), err)
	}
	type note struct {
		ms           int
		channel, key uint8
		velocity     uint8
		on           bool
	}
	var got []note
	ticks := uint32(0)
	for _, e := range file.Tracks[0] {
		ticks += e.Delta
		var n note
		m := midi.Message(e.Message)
		switch {
		case m.GetNoteOn(&n.channel, &n.key, &n.velocity):
			n.on = true
		case m.GetNoteOff(&n.channel, &n.key, &n.velocity):
			n.velocity = 0
		default:
			continue
		}
		n.ms = int(math.Round(float64(ticks) / 1920 * 1000))
		got = append(got, n)
	}
	// 20 dB below the loudest is half of the way down to the softest.
	want := []note{{500, 9, 36, 127, true}, {520, 9, 61, 64, true}, {550, 9, 36, 0, false}, {570, 9, 61, 0, false}}
	if !slices.Equal(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestKeysAreConfigured(t *testing.T) {
	files := save(t, named(), "midi", Config{Notes: map[string]int{"zap": 12}})
	read, err := labelfile.Read("take.mid", []byte(files[bases(named().files())[0]+".predicted.mid"]), labelfile.Source{}, labelfile.Options{})
	want := []string{"kick", "zap"}
	var got []string
	for _, m := range read.Marks {
		got = append(got, m.Class)
	}
	if err != nil || !slices.Equal(got, want) || !strings.Contains(files[bases(named().files())[0]+".predicted.mid"], "note 12: zap") {
		t.Errorf("the keys read back as %q, %v", got, err)
	}
}

// A folder that cannot be written to is an error that names the file.
func TestSaveTellsWhereItFailed(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	for _, format := range Formats() {
		err := named().Save(file, format, Config{})
		if err == nil || !strings.Contains(err.Error(), file) {
			t.Errorf("%s: got %v, want an error that names %s", format, err, file)
		}
	}
}

// full is a disk without room.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, errFull }

var errFull = errors.New("no space left")

func TestEveryFormatTellsOfAFullDisk(t *testing.T) {
	p := named()
	for _, format := range Formats() {
		if err := outputs[format].write(full{}, p.Recordings[0], p, Config{}); err == nil || !strings.Contains(err.Error(), errFull.Error()) {
			t.Errorf("%s: got %v, want %v", format, err, errFull)
		}
	}
	if got := (Hit{Class: "kick"}).Label(); got != "kick" {
		t.Errorf("a sure name: got %q", got)
	}
}

// However alike the recordings' names are, their files have names of their own,
// in one folder.
func TestNoFileReplacesAnother(t *testing.T) {
	p := Predictions{}
	for _, file := range []string{"../x/take.wav", "/x/y/take.mp3", "take.wav", "take.mp3", "take-2.wav", "x-y-take.flac", "take.wav"} {
		p.Recordings = append(p.Recordings, Recording{File: file})
	}
	all := bases(p.files())
	for i, base := range all {
		if base == "" || base[0] == '.' || data.FileName(base) != base || slices.Contains(all[:i], base) {
			t.Errorf("%s: %q is no name of a file of its own: %q", p.Recordings[i].File, base, all)
		}
	}
}

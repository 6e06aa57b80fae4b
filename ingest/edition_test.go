package ingest

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"prep/data"
	"prep/data/datatest"
	"prep/data/labelfile"
)

// What comes of files of every format, at other rates, and of label files, is
// that of the edition.
func TestEdition(t *testing.T) {
	golden := datatest.NewGolden(t, "ingest", "", Edition)
	files := map[string]string{
		"ann/stereo48k.wav": string(wav16(48000, 2, beep(36000, 40))), "ann/stereo48k.txt": "0.05\t0.08\tkick\n0.1\t0.12\that\n",
		"ben/mono22k.wav": string(wav16(22050, 1, beep(8000, 40))), "ben/mono22k.csv": "onset,end,label\n0.05,0.08,kick\n0.2,0.25,snare\n",
		"ben/same.wav": string(wav16(44100, 1, beep(120000, 40))), "ben/same.TextGrid": aTextGrid(t),
	}
	for _, name := range []string{"lame44k.mp3", "lame22k.mp3", "lame12k.mp3", "stereo320.mp3", "notag.mp3", "vorbis.ogg"} {
		content, err := os.ReadFile(filepath.Join("decode", "testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		files["coded/"+name] = string(content)
	}
	c := config(tree(t, files))
	c.GroupFrom = "^([^/]+)/"
	sum, set := mustRun(t, filepath.Join(t.TempDir(), "set"), c)
	recordings, err := set.Recordings()
	if err != nil || len(sum.Skips) > 0 {
		t.Fatal(err, sum.Skips)
	}
	for i, r := range recordings {
		audio, err := set.Audio(r.ID)
		if err != nil {
			t.Fatal(err)
		}
		x, err := data.ReadSpan(audio, 0, audio.Len())
		audio.Close()
		if err != nil {
			t.Fatal(err)
		}
		datatest.Near(golden, r.Name, 1e-6, x)
		recordings[i].AudioCRC32C, recordings[i].Edition = "", 0
	}
	labels, err := set.Labels()
	if err != nil {
		t.Fatal(err)
	}
	golden.Exact("recordings", recordings)
	golden.Exact("labels", labels)
}

// What an earlier edition decoded is decoded again, and said so, with the same
// labels.
func TestEarlierEditionIsDecodedAgain(t *testing.T) {
	root := tree(t, map[string]string{"a.wav": string(wav16(44100, 1, beep(120000, 40))), "a.txt": "0.05\t0.08\tkick\n"})
	dir := filepath.Join(t.TempDir(), "set")
	_, set := mustRun(t, dir, config(root))
	want := datatest.Tree(t, dir)
	recordings, err := set.Recordings()
	if err != nil {
		t.Fatal(err)
	}
	recordings[0].Edition = 0
	if err := set.WriteRecordings(recordings); err != nil {
		t.Fatal(err)
	}
	sum, _ := mustRun(t, dir, config(root))
	if sum.Unchanged || sum.Because == "" {
		t.Errorf("got %+v, want it decoded again", sum)
	}
	datatest.SameTree(t, datatest.Tree(t, dir), want)
	if again, _ := mustRun(t, dir, config(root)); !again.Unchanged {
		t.Errorf("got %+v, want nothing to do", again)
	}
}

// aTextGrid returns a TextGrid of a hit and silence.
func aTextGrid(t *testing.T) string {
	t.Helper()
	var b bytes.Buffer
	of := labelfile.Recording{Recording: data.Recording{Rate: 1000, Samples: 2300}, Marks: []labelfile.Mark{{Onset: 0.5, End: 0.7, Class: "kick"}}}
	if err := labelfile.WriteOne(&b, "textgrid", of); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

package data_test

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"prep/data"
	"prep/data/datatest"
)

func TestExamplesHaveClassAndGroup(t *testing.T) {
	c := soundContents()
	c.Recordings[1].Class = "hat"
	c.Hits = append(c.Hits, data.Hit{ID: data.HitID("b", 900), Recording: "b", Start: 900, Onset: 900, End: 1000, Offset: 950, Mark: 910})
	c.Labels = append(c.Labels, data.Label{Recording: "b", Onset: 910, Reject: true, By: data.ByHuman})
	set := datatest.NewSet(t, c)
	examples, err := set.Examples()
	if err != nil {
		t.Fatal(err)
	}
	type row struct {
		id, class, group string
		behind           []string
	}
	var got []row
	for _, e := range examples {
		got = append(got, row{e.ID, e.Class, e.Group, e.Behind})
	}
	want := []row{{"a-000000100", "kick", "ann", nil}, {"b-000000100", "hat", "bob", nil}, {"a-000000100+1", "kick", "ann", []string{"bob"}}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	counts := []data.GroupCount{{Group: "ann", Classes: map[string]int{"kick": 1}}, {Group: "bob", Classes: map[string]int{"hat": 1}}}
	if got := data.CountGroups(examples); !reflect.DeepEqual(got, counts) {
		t.Errorf("counted %v, want %v", got, counts)
	}
	if hits, err := set.Originals(); err != nil || len(hits) != 3 {
		t.Errorf("%d originals, %v; want 3", len(hits), err)
	}
	if m := data.Marks(c.Labels); len(m["a"]) != 1 || len(m["b"]) != 1 || !m["b"][0].Reject {
		t.Errorf("marks: %v", m)
	}
	for want, h := range map[string]data.Hit{
		`of recording "z", which is not in`: {ID: "z-1", Recording: "z"},
		"do not follow each other":          {ID: "a-1", Recording: "a", Start: 5},
	} {
		if _, err := set.ExamplesOf([]data.Hit{h}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q in it", err, want)
		}
	}
}

// Variants of a set share its audio; shared writers lock out one that is alone.
func TestVariantsAndSharedWriters(t *testing.T) {
	set := datatest.NewSet(t, soundContents())
	v, err := set.Variant(filepath.Join(t.TempDir(), "variant"))
	if err != nil {
		t.Fatal(err)
	}
	a, err := v.Audio("a")
	if err != nil {
		t.Fatal(err)
	}
	if a.Len() != 8000 || a.SampleRate() != 8000 {
		t.Errorf("the variant's audio: %d samples at %d Hz", a.Len(), a.SampleRate())
	}
	if err := errors.Join(a.Close(), v.Close()); err != nil {
		t.Fatal(err)
	}
	if !set.IsWritten() {
		t.Error("the set has a writer, and says that it has none")
	}
	if _, err := data.OpenWriter(set.Path()); !errors.Is(err, data.ErrLocked) {
		t.Errorf("a second writer: %v", err)
	}
	if err := set.Close(); err != nil {
		t.Fatal(err)
	}
	one, err1 := data.OpenShared(set.Path())
	two, err2 := data.OpenShared(set.Path())
	if err := errors.Join(err1, err2); err != nil {
		t.Fatal(err)
	}
	if _, err := data.OpenWriter(set.Path()); !errors.Is(err, data.ErrLocked) {
		t.Errorf("a writer beside shared ones: %v", err)
	}
	if err := errors.Join(one.Close(), two.Close()); err != nil {
		t.Fatal(err)
	}
	if _, err := data.OpenWriter(filepath.Join(set.Path(), "none")); err == nil {
		t.Error("a set that is not there was opened")
	}
}

func TestFoldersGoAtOnceAndNamesAreSafe(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "x")
	if err := os.MkdirAll(filepath.Join(dir, "y"), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := data.RemoveDir(dir); err != nil {
		t.Fatal(err)
	}
	if left, _ := filepath.Glob(dir + "*"); len(left) > 0 {
		t.Errorf("left: %v", left)
	}
	if err := data.RemoveDir(dir); err == nil {
		t.Error("what is not there was removed")
	}
}

func TestPatchesOfChannelsAreRead(t *testing.T) {
	set := datatest.NewSet(t, soundContents())
	w, err := set.CreatePatches("mel", 2, 1, 2)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Write(data.Patch{Hit: "a", Channels: 1, Bands: 1, Frames: 2}); err == nil {
		t.Error("a patch of another shape was written")
	}
	want := data.Patch{Hit: "a", Channels: 2, Bands: 1, Frames: 2, Values: []float32{1, 2, 3, 4}}
	if err := errors.Join(w.Write(want), w.Commit(struct{}{})); err != nil {
		t.Fatal(err)
	}
	p, err := set.Patches("mel")
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	if got, err := p.Patch(0); err != nil || !reflect.DeepEqual(got, want) || got.At(1, 0, 1) != 4 {
		t.Errorf("got %+v, %v, want %+v", got, err, want)
	}
	if err := p.Read(1, make([]float32, 4)); err == nil {
		t.Error("a patch behind the last was read")
	}
}

func TestDamagedPatchesAreRefused(t *testing.T) {
	set := datatest.NewSet(t, soundContents())
	writePatches(t, set, []data.Hit{{ID: "a"}}, 1)
	aborted, err := set.CreatePatches("pcen", 1, 1, 1)
	if err != nil {
		t.Fatal(err)
	}
	aborted.Abort()
	if kinds, err := set.PatchKinds(); err != nil || !reflect.DeepEqual(kinds, []string{"mel"}) {
		t.Errorf("kinds: %v, %v", kinds, err)
	}
	for _, d := range []struct{ file, text, want string }{
		{"features/mel.json", "{", "mel.json: not the file that was written with the others of this folder: it has 1 bytes, of 3; run `prep features` again"},
		{"features/mel.jsonl", "{\"hit\":\"b\"}\n", "mel.jsonl: not the file that was written with the others of this folder; run `prep features` again"},
		{"features/mel.npy", "{", "mel.npy: not the file that was written with the others of this folder: it has 1 bytes, of 132; run `prep features` again"},
		{"features/mel.manifest", "", ""}, // as prep 0.1.0 made them
		{"features/mel.json", "{", "is damaged"},
		{"features/mel.jsonl", "{\"hit\":\"a\"}\n{\"hit\":\"b\"}\n", "rows are listed"},
		{"features/mel.npy", "{", "cut short"},
	} {
		if d.want == "" {
			os.Remove(set.Path(d.file))
			continue
		}
		was, err := os.ReadFile(set.Path(d.file))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(set.Path(d.file), []byte(d.text), 0o666); err != nil {
			t.Fatal(err)
		}
		if _, err := set.Patches("mel"); err == nil || !strings.Contains(err.Error(), d.want) {
			t.Errorf("got %v, want %q in it", err, d.want)
		}
		if err := os.WriteFile(set.Path(d.file), was, 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

func TestExamplesNeedEveryManifest(t *testing.T) {
	for _, file := range []string{data.HitsFile, data.RecordingsFile, data.LabelsFile} {
		set := datatest.NewSet(t, soundContents())
		if err := os.WriteFile(set.Path(file), []byte("{\n{}\n"), 0o666); err != nil {
			t.Fatal(err)
		}
		if _, err := set.Examples(); err == nil || !strings.Contains(err.Error(), file+":1") {
			t.Errorf("%s is damaged: got %v", file, err)
		}
	}
}

func TestHitsOfARunThatChangedAreRefused(t *testing.T) {
	set := datatest.NewSet(t, soundContents())
	runs, err := set.HitRuns(1)
	if err != nil || len(runs) == 0 {
		t.Fatalf("%d runs, %v", len(runs), err)
	}
	last := runs[len(runs)-1]
	for _, text := range []string{strings.Repeat("{]\n", 1000), "{}\n"} {
		if err := os.WriteFile(set.Path(data.HitsFile), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		if _, err := set.HitsOf(last); err == nil {
			t.Errorf("hits were read from %.10q", text)
		}
	}
	if err := os.Remove(set.Path(data.HitsFile)); err != nil {
		t.Fatal(err)
	}
	if _, err := set.HitsOf(last); err == nil {
		t.Error("hits were read from no file")
	}
	if c := (data.Clip{Rate: 8000, Samples: []float32{1, 2}}); c.SampleRate() != 8000 || c.Len() != 2 {
		t.Errorf("a clip of %d samples at %d Hz", c.Len(), c.SampleRate())
	}
}

package data_test

import (
	"context"
	"errors"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"prep/data"
	"prep/data/datatest"
)

// soundContents are those of a set that nothing is wrong with: two recordings
// with a hit each and a copy of the first.
func soundContents() datatest.Contents {
	hit := data.Hit{ID: data.HitID("a", 100), Recording: "a", Start: 90, Onset: 100, End: 400, Offset: 300, Mark: 100, Confidence: 1}
	copied := hit
	copied.ID, copied.Parent = hit.ID+"+1", hit.ID
	copied.Lineage = []data.Transform{{Name: "background:b"}}
	other := hit
	other.ID, other.Recording, other.Mark = data.HitID("b", 100), "b", data.NoMark
	return datatest.Contents{
		Recordings: []data.Recording{
			{ID: "a", Name: "ann/a.wav", Group: "ann", Rate: 8000}, {ID: "b", Name: "bob/b.wav", Group: "bob", Rate: 8000}},
		Audio:  map[string][]float32{"a": make([]float32, 8000), "b": make([]float32, 4000)},
		Hits:   []data.Hit{hit, other, copied},
		Labels: []data.Label{{Recording: "a", Onset: 100, Class: "kick", By: data.ByHuman, Time: "2024-05-01T10:00:00Z"}},
	}
}

func writePatches(t *testing.T, set *data.Set, hits []data.Hit, values ...float32) {
	t.Helper()
	w, err := set.CreatePatches("mel", 1, 1, 1)
	for i, h := range hits {
		err = errors.Join(err, w.Write(data.Patch{Hit: h.ID, Channels: 1, Bands: 1, Frames: 1, Values: []float32{values[i%len(values)]}}))
	}
	if err := errors.Join(err, w.Commit(map[string]int{})); err != nil {
		t.Fatal(err)
	}
}

func TestCheckFindsNothingWrongWithASoundSet(t *testing.T) {
	set := datatest.NewSet(t, soundContents())
	hits, _ := set.Hits()
	writePatches(t, set, hits, 1)
	steps := 0
	problems, err := set.Check(t.Context(), func(data.Step) { steps++ })
	if err != nil || len(problems) != 0 || steps != 2 {
		t.Errorf("got %v, %v in %d steps", problems, err, steps)
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if _, err := set.Check(ctx, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("stopped: got %v", err)
	}
}

func TestCheckNamesFaultsOfRecordings(t *testing.T) {
	set := datatest.NewSet(t, soundContents())
	r, _ := set.Recordings()
	r[0].AudioCRC32C = "00000000"
	twice := r[0]
	more := []data.Recording{r[0], twice, r[1], r[1], {ID: "c", Name: "c.wav", Group: "cyd", Rate: 8000}}
	more[2].ID, more[2].Name, more[2].Rate, more[2].Samples = "b", "bob/b.wav", 16000, 4000
	more[3].ID, more[3].Name, more[3].Group, more[3].Samples = "b", "b2.wav", "", 17
	if err := set.WriteRecordings(more); err != nil {
		t.Fatal(err)
	}
	wantProblems(t, set,
		`recordings.jsonl:1: audio of ann/a.wav: not what ingest wrote: its CRC-32C was 00000000`,
		`recordings.jsonl:2: recording a is listed twice`,
		`recordings.jsonl:2: the name "ann/a.wav" is listed twice`,
		`recordings.jsonl:3: bob/b.wav is at 16000 Hz, ann/a.wav at 8000: a set has one rate`,
		`recordings.jsonl:4: b2.wav has no group`,
		`recordings.jsonl:4: audio of b2.wav has 4000 samples at 8000 Hz, listed are 17 at 8000`,
		`recordings.jsonl:5: audio of c.wav: `)
}

func TestCheckNamesFaultsOfHits(t *testing.T) {
	for want, change := range map[string]func(h []data.Hit){
		"is listed twice":                         func(h []data.Hit) { h[1] = h[0] },
		`is of recording "z", which is not`:       func(h []data.Hit) { h[1].Recording = "z" },
		"do not follow each other in 4000":        func(h []data.Hit) { h[1].Start = 101 },
		"400 samples are not below 50ms":          func(h []data.Hit) { h[1].Start, h[1].End = 50, 450 },
		"offset 100 is not between":               func(h []data.Hit) { h[1].Offset = 100 },
		"mark 12000 is not in 4000":               func(h []data.Hit) { h[1].Mark = 12000 },
		"its ID should be b-000000100":            func(h []data.Hit) { h[1].ID = "x" },
		"its parent a-000000101 is not listed":    func(h []data.Hit) { h[2].Parent = "a-000000101" },
		"lies in another recording than its pare": func(h []data.Hit) { h[2].Recording = "b" },
	} {
		c := soundContents()
		change(c.Hits)
		wantProblems(t, datatest.NewSet(t, c), want)
	}
}

func TestCheckNamesFaultsOfLabels(t *testing.T) {
	for want, l := range map[string]data.Label{
		`label of recording "z", which is not`: {Recording: "z", By: data.ByHuman},
		"label at sample 15000 of 8000":        {Recording: "a", Onset: 15000, By: data.ByHuman},
		"label from sample 10 to 5 of 8000":    {Recording: "a", Onset: 10, End: 5, By: data.ByHuman},
		`label by "nobody": must be`:           {Recording: "a", Onset: 10, By: "nobody"},
		`label of time "noon": must be`:        {Recording: "a", Onset: 10, By: data.ByHuman, Time: "noon"},
	} {
		c := soundContents()
		c.Labels = append(c.Labels, l)
		wantProblems(t, datatest.NewSet(t, c), "labels.jsonl:2: "+want)
	}
}

// What a second labeller says is looked at as labels.jsonl is, and a link out of it is refused.
func TestCheckNamesFaultsOfSecondLabellers(t *testing.T) {
	set := datatest.NewSet(t, soundContents())
	file := data.SecondDir + "/ben" + data.JournalExt
	err := errors.Join(os.Mkdir(set.Path(data.SecondDir), 0o777),
		data.AppendLines(set.Path(file), []data.Label{{Recording: "z", Class: "kick", By: data.ByHuman}}))
	if err != nil {
		t.Fatal(err)
	}
	wantProblems(t, set, file+`:1: label of recording "z", which is not`)
	if err := os.Symlink(t.TempDir(), set.Path(data.SecondDir, "away"+data.JournalExt)); err != nil {
		t.Skip(err)
	}
	if _, err := data.Open(set.Path()); !errors.Is(err, data.ErrForeign) {
		t.Errorf("a link out of the set: %v", err)
	}
}

func TestCheckNamesFaultsOfPatchesAndFiles(t *testing.T) {
	c := soundContents()
	c.Audio["b"][7] = float32(math.NaN())
	set := datatest.NewSet(t, c)
	writePatches(t, set, []data.Hit{c.Hits[0], c.Hits[0], {ID: "gone"}}, 1, 2, float32(math.Inf(1)))
	for path, text := range map[string]string{
		"features/pcen.json": "{", "labels.jsonl": "{}\n{\n{}\n", "audio/a.wav.0123456789abcdef" + data.TmpSuffix: "half"} {
		if err := os.WriteFile(set.Path(path), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if err := set.Close(); err != nil {
		t.Fatal(err)
	}
	wantProblems(t, set,
		"recordings.jsonl:2: audio of bob/b.wav: sample 7 is not finite",
		"labels.jsonl: ",
		"features/mel.jsonl:2: hit a-000000100 has a row already",
		"features/mel.jsonl:3: hit gone is not listed",
		"features/mel.npy: row 2: value 0 is not finite",
		"features/pcen: ",
		"audio/a.wav.0123456789abcdef"+data.TmpSuffix+": left over by a run that was killed")
}

// wantProblems checks that each of the wanted problems was found.
func wantProblems(t *testing.T, set *data.Set, want ...string) {
	t.Helper()
	problems, err := set.Check(context.Background(), nil)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, p := range problems {
		got = append(got, p.Where+": "+p.What)
	}
	for _, w := range want {
		if !slices.ContainsFunc(got, func(g string) bool { return strings.Contains(g, w) }) {
			t.Errorf("%q is not among:\n%s", w, strings.Join(got, "\n"))
		}
	}
}

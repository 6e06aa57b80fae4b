package desk

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"prep/data"
	"prep/data/datatest"
)

// imported is what a file says of the first recording of a test set: words as
// in testDesk.said.
func imported(whole bool, by string, words ...string) account {
	a := account{recording: take, whole: whole}
	for _, w := range words {
		l := data.Label{Recording: take, By: by}
		fmt.Sscan(w, &l.Onset, &l.Class)
		a.labels = append(a.labels, l)
	}
	return a
}

func TestImport(t *testing.T) {
	for _, tc := range []struct {
		name    string
		actions []string
		said    account
		want    []string       // what the journal says then, behind the actions
		counts  map[string]int // less recordings and labels
	}{
		{"new, at a hit and beside", nil, imported(true, data.ByImport, "4410 kick", "6000 hat"),
			[]string{"4410 kick", "6000 hat"}, map[string]int{"new": 2}},
		{"a sample beside a hit is at the hit", nil, imported(true, data.ByImport, "4411 kick"),
			[]string{"4410 kick"}, map[string]int{"new": 1}},
		{"as it was", []string{`{'do':'label','ids':['1'],'class':'kick'}`}, imported(true, data.ByImport, "4410 kick"),
			nil, map[string]int{"as they were": 1}},
		{"another class", []string{`{'do':'label','ids':['1'],'class':'kick'}`}, imported(true, data.ByImport, "4410 hat"),
			[]string{"4410 hat"}, map[string]int{"changed": 1}},
		{"moved", []string{`{'do':'label','ids':['1'],'class':'kick'}`}, imported(true, data.ByImport, "4454 kick"),
			[]string{"4454 kick", "4410 -"}, map[string]int{"moved": 1}},
		{"gone", []string{`{'do':'label','ids':['1','2'],'class':'kick'}`}, imported(true, data.ByImport, "4410 kick"),
			[]string{"8820 x"}, map[string]int{"as they were": 1, "taken back": 1}},
		{"gone from a file that was not read to its end", []string{`{'do':'label','ids':['1','2'],'class':'kick'}`},
			imported(false, data.ByImport, "4410 kick"), nil, map[string]int{"as they were": 1}},
		{"gone and new are no move", []string{`{'do':'label','ids':['1'],'class':'kick'}`}, imported(true, data.ByImport, "8820 kick"),
			[]string{"4410 x", "8820 kick"}, map[string]int{"taken back": 1, "new": 1}},
		{"a rejected hit after all", []string{`{'do':'reject','ids':['1']}`}, imported(true, data.ByImport, "4410 kick"),
			[]string{"4410 kick"}, map[string]int{"new": 1}},
		{"by a model", []string{`{'do':'label','ids':['1'],'class':'kick'}`}, imported(true, data.ByModel, "4410 hat", "8820 hat"),
			[]string{"4410 hat", "8820 hat"}, map[string]int{"new": 2}},
	} {
		t.Run(tc.name, func(t *testing.T) { wantTaken(t, tc.actions, tc.said, tc.want, tc.counts) })
	}
}

// wantTaken wants a desk, after acts, to take in what a file says with these
// lines, which one undo takes back.
func wantTaken(t *testing.T, actions []string, said account, want []string, counts map[string]int) {
	d := open(t, datatest.NewBursts(t, 3))
	for _, a := range actions {
		d.act(a)
	}
	before, shown := len(d.said()), d.items[0]
	sum, err := d.take([]account{said})
	check(t, err)
	delete(sum.Counts, "recordings")
	delete(sum.Counts, "labels")
	if sum.Counts["new"] == 0 {
		delete(sum.Counts, "new")
	}
	if !reflect.DeepEqual(sum.Counts, counts) || sum.Unchanged != (want == nil) {
		t.Errorf("it counts %v, want %v; unchanged %t", sum.Counts, counts, sum.Unchanged)
	}
	if got := d.said()[before:]; len(got)+len(want) > 0 && !reflect.DeepEqual(got, want) {
		t.Errorf("the journal says %q, want %q", got, want)
	}
	if want == nil || said.labels[0].By == data.ByModel {
		return
	}
	d.act(`{'do':'undo'}`) // one action
	if !reflect.DeepEqual(d.items[0], shown) {
		t.Errorf("after undo the desk shows %v, not %v", d.items[0], shown)
	}
}

// What another person said stays where a file says nothing of it.
func TestImportKeepsWhatOthersSaid(t *testing.T) {
	d := open(t, datatest.NewBursts(t, 3))
	d.act(`{'do':'label','ids':['1','2'],'class':'kick'}`)
	ben, err := New(d.set, "ben")
	check(t, err)
	sum, err := ben.take([]account{imported(true, data.ByImport, "8820 hat")})
	check(t, err)
	if sum.Counts["kept, said by others"] != 1 || sum.Counts["changed"] != 1 {
		t.Errorf("it counts %v", sum.Counts)
	}
	testDesk{ben, t, d.set}.shows([]string{"4410 kick", "8820 hat", "13230 "})
}

// words reads text files and tasks of Label Studio; "noise" is dropped.
var words = Files{
	Stem: func(name string) (string, bool) {
		ext := filepath.Ext(name)
		return strings.TrimSuffix(name, ext), ext == ".txt" || ext == ".json"
	},
	Class: func(name string) (string, bool) { return name, name != "noise" },
}

// deskOfTwo is a desk over two recordings that share an alias.
func deskOfTwo(t *testing.T) testDesk {
	t.Helper()
	set := datatest.NewBursts(t, 600)
	recordings, err := set.Recordings()
	check(t, err)
	for i := range recordings {
		recordings[i].Aliases = []string{"both.wav"}
	}
	check(t, set.WriteRecordings(recordings))
	return open(t, set)
}

// folderOf returns a folder with files of these names and texts.
func folderOf(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		check(t, os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o777))
		check(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666))
	}
	return dir
}

const studioTasks = `[{"data":{"audio":"take-001.wav"},"annotations":[{"result":[{"type":"labels","value":{"start":0.1,"end":0.12,"labels":["snare"]}}]}]},{}]`

const kickAndHat = "0.1\t0.1\tkick\n0.2\t0.2\that\n"

func TestImportFiles(t *testing.T) {
	for _, tc := range []struct {
		name   string
		files  map[string]string
		root   string
		said   []string
		skips  []string // their items
		notes  int
		failed string
	}{
		{"a folder", map[string]string{"take-000.txt": kickAndHat, "b.json": studioTasks, "notes.md": "x", "z/take-000.txt": "0.1\t0.1\tclap"},
			"", []string{"4410 snare", "4410 kick", "8820 hat"}, []string{"b.json:2", "z/take-000.txt"}, 1, ""},
		{"a file", map[string]string{"take-000.txt": "0.1\t0.1\tkick\n0.2\t0.2\tnoise\n"}, "take-000.txt", []string{"4410 kick"}, nil, 1, ""},
		{"a file in part", map[string]string{"take-000.txt": "0.1\t0.1\tkick\nx\n"}, "", []string{"4410 kick"}, []string{"take-000.txt:2"}, 1, ""},
		{"beyond the end", map[string]string{"take-000.txt": "0.1\t0.1\tkick\n9999\t9999\thum\n"}, "", []string{"4410 kick"}, []string{"take-000.txt:2"}, 1, ""},
		{"nothing of it", map[string]string{"take-000.txt": "x\n"}, "", nil, nil, 0, "no labels of this set's recordings: take-000.txt: "},
		{"empty", map[string]string{"take-000.txt": ""}, "", nil, nil, 0, "take-000.txt: no labels in it"},
		{"a stranger", map[string]string{"other.txt": "0.1\t0.1\ta"}, "", nil, nil, 0, "other.txt: no recording here has this name"},
		{"of two of that name", map[string]string{"both.txt": "0.1\t0.1\ta"}, "", nil, nil, 0, "both.txt: 2 recordings have this name; put it into their folder"},
		{"no tasks", map[string]string{"a.json": "{\n}"}, "", nil, nil, 0, "a.json: "},
		{"no files", nil, "", nil, nil, 0, "there is no label file"},
		{"no folder", nil, "nowhere", nil, nil, 0, "no such file"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			d, dir := deskOfTwo(t), folderOf(t, tc.files)
			sum, err := d.Import(filepath.Join(dir, tc.root), words)
			if tc.failed != "" {
				if err == nil || !strings.Contains(err.Error(), tc.failed) {
					t.Errorf("%v, want %q", err, tc.failed)
				}
				return
			}
			check(t, err)
			var skips []string
			for _, s := range sum.Skips {
				skips = append(skips, s.Item)
			}
			if got := d.said(); !slices.Equal(got, tc.said) || !slices.Equal(skips, tc.skips) || len(sum.Notes) != tc.notes {
				t.Errorf("the journal says %q, skipped %q, noted %q; want %q, %q, %d", got, skips, sum.Notes, tc.said, tc.skips, tc.notes)
			}
			again, err := d.Import(filepath.Join(dir, tc.root), words)
			if err != nil || !again.Unchanged || len(again.Notes) > 0 {
				t.Errorf("the same again: %+v, %v", again, err)
			}
		})
	}
}

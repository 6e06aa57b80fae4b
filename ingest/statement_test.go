package ingest

import (
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"prep/data"
)

func TestRunLabelsChange(t *testing.T) {
	root := tree(t, map[string]string{"a.wav": string(wav16(44100, 1, beep(44100, 10))), "a.txt": "0.1\t0.1\tK\n0.2\t0.2\tS\n"})
	dir := filepath.Join(t.TempDir(), "set")
	_, set := mustRun(t, dir, config(root))
	id := recordings(t, set)["a.wav"].ID
	human := data.Label{Recording: id, Onset: 4410, Class: "rim", By: data.ByHuman, Who: "me", Time: "2024-01-01T00:00:00Z"}
	if err := set.AppendLabels(human); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(root, "a.txt"), "0.2\t0.2\tH\n0.3\t0.3\tK\n")
	mustRun(t, dir, config(root))
	labels, _ := set.Labels()
	want := []data.Label{
		human,
		{Recording: id, Onset: 4410, By: data.ByImport},
		{Recording: id, Onset: 8820, Class: "H", By: data.ByImport},
		{Recording: id, Onset: 13230, Class: "K", By: data.ByImport},
	}
	if !reflect.DeepEqual(labels[2:], want) {
		t.Errorf("appended %+v, want %+v", labels[2:], want)
	}
	write(t, filepath.Join(root, "a.txt"), "nothing of use\n")
	mustRun(t, dir, config(root))
	if after, _ := set.Labels(); len(after) != len(labels) {
		t.Errorf("a label file that does not parse took labels back: %+v", after[len(labels):])
	}
}

// TestStatement holds what is reported of a file, and under which name.
func TestStatement(t *testing.T) {
	kick := "kick"
	c := Config{Labels: map[string]*string{"K": &kick, "x": nil}}
	r := data.Recording{ID: "ab", Rate: 1000, Samples: 1000}
	label := func(onset, end int, class string) data.Label {
		return data.Label{Recording: "ab", Onset: onset, End: end, Class: class, By: data.ByImport}
	}
	tests := []struct {
		name, text string
		want       []data.Label
		whole      bool
		skips      []string
	}{
		{"regions and points", "0.1\t0.2\tK\n0.3\t0.3\tx\n0.4\t0.4\t\n", []data.Label{label(100, 200, "kick"), label(400, 0, unnamed)}, true, nil},
		{"past the end", "0.9\t1.5\tK\n1.15\t1.15\tK\n", []data.Label{label(900, 1000, "kick")}, true, []string{"f.txt:2: 1.15 s lies beyond"}},
		{"past the end, but no more than marks may be late", "0.9\t1\tK\n1.149\t1.2\tK\n", []data.Label{label(900, 1000, "kick"), label(1149, 0, "kick")}, true, nil},
		{"two classes at one moment", "0.1\t0.1\tK\n0.1\t0.1\ts\n0.1\t0.1\tK\n", []data.Label{label(100, 0, "kick")}, true, []string{`f.txt:2: "s" at a moment`}},
		{"in milliseconds", "200\t250\tK\n400\t450\tK\n", nil, false, []string{"f.txt: all of its 2 times, from 200 to 400, lie beyond"}},
		{"out of order", "0.4\t0.4\ta\n0.1\t0.1\ta\n", []data.Label{label(100, 0, "a"), label(400, 0, "a")}, true, nil},
		{"nothing of use", "words\n", nil, false, nil}, // its err says why
		{"many faults", strings.Repeat("0.1\t0.1\ta\n", 9) + strings.Repeat("oops\n", maxFaults+2), []data.Label{label(100, 0, "a")}, false,
			[]string{"f.txt:10:", "f.txt:11:", "f.txt:12:", "f.txt:13:", "f.txt:14:", "f.txt: 2 more lines"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			path := filepath.Join(tree(t, map[string]string{"any.txt": test.text}), "any.txt")
			said := c.statement(path, "f.txt", r)
			var got []data.Label
			for _, at := range slices.Sorted(maps.Keys(said.labels)) {
				got = append(got, said.labels[at])
			}
			if !reflect.DeepEqual(got, test.want) || said.whole != test.whole {
				t.Errorf("got %+v, whole %v, want %+v, %v", got, said.whole, test.want, test.whole)
			}
			if len(said.skips) != len(test.skips) {
				t.Fatalf("skips %+v, want %q", said.skips, test.skips)
			}
			for i, s := range said.skips {
				if !strings.HasPrefix(s.Item+": "+s.Reason, test.skips[i]) {
					t.Errorf("skip %+v, want %q", s, test.skips[i])
				}
			}
		})
	}
	said := c.statement(filepath.Join(t.TempDir(), "absent"), "f.txt", r)
	if said.labels != nil || said.whole || len(said.skips) != 1 || said.skips[0].Item != "f.txt" {
		t.Errorf("a file that is not there: %+v", said)
	}
}

func TestStatementTooLarge(t *testing.T) {
	path := filepath.Join(tree(t, map[string]string{"a.txt": ""}), "a.txt")
	if err := os.Truncate(path, maxLabelFile+1); err != nil {
		t.Skip(err)
	}
	said := Config{}.statement(path, "a.txt", data.Recording{})
	if said.whole || len(said.skips) != 1 || !strings.Contains(said.skips[0].Reason, "are allowed") {
		t.Errorf("got %+v", said)
	}
}

func TestLabelStem(t *testing.T) {
	for name, want := range map[string]string{
		"take.txt": "take", "take.TextGrid": "take", "take.TXT": "take", "take.Table.1.selections.txt": "take", "take.onsets": "take",
		"take.wav": "", "txt": "",
	} {
		if got, ok := LabelStem(name); ok != (want != "") || ok && got != want {
			t.Errorf("%s: %q, %v, want %q", name, got, ok, want)
		}
	}
}

// What is not taken of a table, because recordings have other labels, is told:
// the same words at each run.
func TestTablesBesideOtherLabels(t *testing.T) {
	root := tree(t, map[string]string{
		"a.wav": string(wav16(44100, 1, beep(44100, 10))), "b.wav": string(wav16(44100, 1, beep(44100, 20))),
		"a.txt": "0.1\t0.1\tK\n", "one.csv": "file,onset,label\na.wav,0.2,S\nb.wav,0.2,S\n", "two.csv": "file,onset,label\nb.wav,0.3,H\n",
	})
	sum, set := mustRun(t, filepath.Join(t.TempDir(), "set"), config(root))
	labels, _ := set.Labels()
	if len(labels) != 2 || labels[0].Class+labels[1].Class != "KS" && labels[0].Class+labels[1].Class != "SK" {
		t.Errorf("labels %+v", labels)
	}
	if want := "one.csv: what it says is passed over of recordings that have a label file of their own"; !slices.Contains(sum.Notes, want) {
		t.Errorf("notes %q, want %q", sum.Notes, want)
	}
	if len(sum.Skips) != 1 || sum.Skips[0] != (data.Skip{Item: "two.csv", Reason: "b.wav has labels in one.csv already"}) {
		t.Errorf("skips %+v", sum.Skips)
	}
}

package label

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"prep/data"
)

// imported is what a file says of the first recording of a test set: words as
// in client.said.
func imported(whole bool, by string, words ...string) Said {
	s := Said{Recording: "0000000000000001", Whole: whole}
	for _, w := range words {
		l := data.Label{Recording: s.Recording, By: by}
		fmt.Sscan(w, &l.Onset, &l.Class)
		s.Labels = append(s.Labels, l)
	}
	return s
}

func TestImport(t *testing.T) {
	for _, tc := range []struct {
		name    string
		actions []string
		said    Said
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
		t.Run(tc.name, func(t *testing.T) {
			c := serve(t, newSet(t, 3), Settings{})
			for _, a := range tc.actions {
				c.act(expand(a))
			}
			before, shown := len(c.said()), c.page.items[0]
			sum, err := c.page.Import([]Said{tc.said})
			check(t, err)
			delete(sum.Counts, "recordings")
			delete(sum.Counts, "labels")
			if sum.Counts["new"] == 0 {
				delete(sum.Counts, "new")
			}
			if !reflect.DeepEqual(sum.Counts, tc.counts) || sum.Unchanged != (tc.want == nil) {
				t.Errorf("it counts %v, want %v; unchanged %t", sum.Counts, tc.counts, sum.Unchanged)
			}
			if got := c.said()[before:]; len(got)+len(tc.want) > 0 && !reflect.DeepEqual(got, tc.want) {
				t.Errorf("the journal says %q, want %q", got, tc.want)
			}
			if tc.want == nil || tc.said.Labels[0].By == data.ByModel {
				return
			}
			c.act(`{'do':'undo'}`) // one action
			if !reflect.DeepEqual(c.page.items[0], shown) {
				t.Errorf("after undo the page shows %v, not %v", c.page.items[0], shown)
			}
		})
	}
}

// What another person said stays where a file says nothing of it.
func TestImportKeepsWhatOthersSaid(t *testing.T) {
	c := serve(t, newSet(t, 3), Settings{})
	c.act(expand(`{'do':'label','ids':['1','2'],'class':'kick'}`))
	ben, err := New(c.set, Config{Who: "ben"})
	check(t, err)
	sum, err := ben.Import([]Said{imported(true, data.ByImport, "8820 hat")})
	check(t, err)
	if sum.Counts["kept, said by others"] != 1 || sum.Counts["changed"] != 1 {
		t.Errorf("it counts %v", sum.Counts)
	}
	client{t, c.server, c.set, ben}.shows([]string{"4410 kick", "8820 hat", "13230 "})
}

func TestLabelStudio(t *testing.T) {
	c := serve(t, newSet(t, 3), Settings{})
	region := func(onset int, class string) string {
		return fmt.Sprintf(`{"id":"a","type":"labels","from_name":"l","to_name":"a","value":{"start":%.17g,"end":%.17g,"channel":0,"labels":[%q]}}`,
			float64(onset)/float64(testRate), float64(onset+100)/float64(testRate), class)
	}
	task := func(audio, work string) string {
		return `[{"id":7,"data":{"x":1,"audio":"` + audio + `"},` + work + `}]`
	}
	annotation := func(regions string) string {
		return `"annotations":[{"id":3,"completed_by":1,"result":[` + regions + `]}]`
	}
	for _, tc := range []struct {
		name, tasks, want string // the labels, or the skip
	}{
		{"the set's own audio", task("/data/local-files/?d=s%2Faudio%2F0000000000000001.wav", annotation(region(4410, "kick"))), "4410-4510 kick human"},
		{"an upload", task("/data/upload/1/0a1b2c3d-take-000.wav", annotation(region(4410, "kick"))), "4410-4510 kick human"},
		{"a URL", task("https://example.org/a/take-000.wav?x=1", annotation(region(4410, "kick"))), "4410-4510 kick human"},
		{"the last annotation that counts", task("take-000.wav", `"annotations":[{"result":[`+region(1, "a")+`]},{"result":[`+region(4410, "kick")+`]},{"was_cancelled":true,"result":[]}]`),
			"4410-4510 kick human"},
		{"a prediction", task("take-000.wav", `"annotations":[],"predictions":[{"model_version":"m","result":[`+region(4410, "kick")+`]}]`), "4410-4510 kick model m"},
		{"regions in disorder", task("take-000.wav", annotation(region(9000, "hat")+","+region(4410, "kick"))), "4410-4510 kick human,9000-9100 hat human"},
		{"regions that are no labels", task("take-000.wav", annotation(`{"type":"choices","value":{"choices":["x"]}},`+region(-5, "hat")+","+region(4410, "kick"))),
			"in part 4410-4510 kick human"},
		{"beyond the end", task("take-000.wav", annotation(region(99999999, "hat")+","+region(4410, "kick"))), "in part 4410-4510 kick human"},
		{"another recording", task("other.wav", annotation(region(4410, "kick"))), "skipped"},
		{"nobody was here", task("take-000.wav", `"annotations":[]`), "skipped"},
		{"no tasks", `{"a":1}`, "fails"},
		{"no JSON", `onset,label`, "fails"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			said, skips, err := c.page.LabelStudio(strings.NewReader(tc.tasks))
			got := []string{}
			for _, s := range said {
				for _, l := range s.Labels {
					got = append(got, strings.TrimSpace(fmt.Sprintf("%d-%d %s %s %s", l.Onset, l.End, l.Class, l.By, l.Who)))
				}
				if !s.Whole {
					got[0] = "in part " + got[0]
				}
			}
			if len(skips) > 0 {
				got = append(got, "skipped")
			}
			if err != nil {
				got = append(got, "fails")
			}
			if strings.Join(got, ",") != tc.want {
				t.Errorf("it says %q (%v, %v), want %q", got, skips, err, tc.want)
			}
		})
	}
}

func FuzzLabelStudio(f *testing.F) {
	set := newSet(f, 3)
	page, err := New(set, Config{Who: "ada"})
	check(f, err)
	f.Add(`[{"data":{"audio":"take-000.wav"},"annotations":[{"result":[{"type":"labels","value":{"start":0.1,"end":0.2,"labels":["kick"]}}]}]}]`)
	f.Add(`[{"data":{"audio":7},"predictions":[{}]}]`)
	f.Fuzz(func(t *testing.T, tasks string) {
		said, _, err := page.LabelStudio(strings.NewReader(tasks))
		if err != nil {
			return
		}
		for _, s := range said {
			for _, l := range s.Labels {
				if l.Onset < 0 || l.Onset >= 4*spacing || l.Class == "" || l.End != 0 && l.End < l.Onset {
					t.Errorf("%+v", l)
				}
			}
		}
	})
}

// Ends never reach beyond the next onset: a tier of Praat's has no overlaps.
func TestExportTextGridHasNoOverlaps(t *testing.T) {
	c := serve(t, newSet(t, 2), Settings{})
	c.act(expand(`{'do':'label','ids':['1','2'],'class':'say \'k\''}`))
	c.act(`{'do':'add','recording':'0000000000000001','onset':5000,'class':'hat'}`)
	dir := filepath.Join(t.TempDir(), "labels")
	_, err := c.page.Export(dir, "textgrid")
	check(t, err)
	b, err := os.ReadFile(filepath.Join(dir, "take-000.TextGrid"))
	check(t, err)
	var ends []string
	for _, line := range strings.Split(string(b), "\n")[14:] {
		if name, value, ok := strings.Cut(strings.TrimSpace(line), " = "); ok {
			ends = append(ends, name+" "+value)
		}
	}
	want := `xmin 0.000000|xmax 0.100000|text ""|xmin 0.100000|xmax 0.113379|text "say ""k"""|xmin 0.113379|xmax 0.159365|text "hat"|` +
		`xmin 0.159365|xmax 0.200000|text ""|xmin 0.200000|xmax 0.245351|text "say ""k"""|xmin 0.245351|xmax 0.300000|text ""`
	if got := strings.Join(ends, "|"); got != want {
		t.Errorf("the intervals are\n%s, want\n%s", got, want)
	}
	if _, err := c.page.Export(dir, "textgrid"); err == nil || !strings.Contains(err.Error(), "not empty") {
		t.Errorf("into a full folder: %v", err)
	}
	if _, err := c.page.Export(t.TempDir(), "word"); err == nil || !strings.Contains(err.Error(), "audacity, csv, label-studio, raven, textgrid") {
		t.Errorf("an unknown format: %v", err)
	}
}

// Two recordings that differ in their extension only do not share a file, and
// no name leads out of the folder.
func TestExportNames(t *testing.T) {
	var all []written
	for _, name := range []string{"a/take.wav", "a/take.mp3", "b/take.wav"} {
		all = append(all, written{Recording: data.Recording{Name: name}})
	}
	if got, want := stems(all), []string{"a/take.wav", "a/take.mp3", "b/take"}; !reflect.DeepEqual(got, want) {
		t.Errorf("the files are %q, want %q", got, want)
	}
	all[0].Name = "../take.wav"
	if err := formats["csv"](t.TempDir(), all[:1]); err == nil || !strings.Contains(err.Error(), "leads out") {
		t.Errorf("%v", err)
	}
}

package desk

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"prep/data"
	"prep/data/datatest"
)

// The recording of the sets that tests label, and how far apart its hits are.
const (
	take    = "0000000000000001"
	spacing = datatest.BurstSpacing
)

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// testDesk is a desk with the set that it is of.
type testDesk struct {
	*Desk
	t   testing.TB
	set *data.Set
}

// open opens a desk of ada's.
func open(t testing.TB, set *data.Set) testDesk {
	t.Helper()
	d, err := New(set, "ada")
	check(t, err)
	return testDesk{d, t, set}
}

// actOf reads an act given as JSON with ' for ", and '1' for the ID of the first
// hit.
func actOf(t testing.TB, text string) (a Act) {
	t.Helper()
	for n := 1; n <= 3; n++ {
		text = strings.ReplaceAll(text, fmt.Sprintf("'%d'", n), "'"+datatest.BurstID(n)+"'")
	}
	check(t, json.Unmarshal([]byte(strings.ReplaceAll(text, "'", `"`)), &a))
	return a
}

// act does an act that must succeed.
func (d testDesk) act(text string) Change {
	d.t.Helper()
	c, err := d.Do(actOf(d.t, text))
	if err != nil {
		d.t.Fatalf("%s: %v", text, err)
	}
	return c
}

// said returns the journal as words: "onset class" with "-" for taken back and
// "x" for rejected.
func (d testDesk) said() (words []string) {
	d.t.Helper()
	for _, l := range journalOf(d.t, d.set) {
		word := l.Class
		if l.Reject {
			word = "x"
		} else if word == "" {
			word = "-"
		}
		words = append(words, fmt.Sprintf("%d %s", l.Onset, word))
	}
	return words
}

func journalOf(t testing.TB, set *data.Set) []data.Label {
	t.Helper()
	labels, err := set.Labels()
	check(t, err)
	return labels
}

// shows wants the first items to be as in words: "onset class".
func (d testDesk) shows(want []string) {
	d.t.Helper()
	var got []string
	for _, it := range d.Items()[0][:len(want)] {
		word := it.Class
		if it.Reject {
			word = "x"
		}
		got = append(got, fmt.Sprintf("%d %s", it.Onset, word))
	}
	if !reflect.DeepEqual(got, want) {
		d.t.Errorf("the desk shows %q, want %q", got, want)
	}
}

// kindOf returns the kind of a refusal, or 0.
func kindOf(err error) Kind {
	var r Refusal
	if errors.As(err, &r) {
		return r.Kind
	}
	return 0
}

func TestNewNamesWhatCannotBeRead(t *testing.T) {
	set := datatest.NewBursts(t, 2)
	hits, err := set.Hits()
	check(t, err)
	for _, tc := range []struct {
		name    string
		corrupt func() error
		want    string
	}{
		{"a hit of no recording", func() error {
			hits[1].Recording = "elsewhere"
			return set.WriteHits(hits)
		}, "is of recording \"elsewhere\", which is not in recordings.jsonl"},
		{"no hits", func() error { return os.WriteFile(set.Path(data.HitsFile), []byte("x\n"), 0o666) }, "hits.jsonl:1"},
		{"no recordings", func() error { return os.WriteFile(set.Path(data.RecordingsFile), []byte("x\n"), 0o666) }, "recordings.jsonl:1"},
	} {
		check(t, tc.corrupt())
		if _, err := New(set, "ada"); err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: %v, want %q", tc.name, err, tc.want)
		}
	}
}

// What the page asks of a desk, on a set of two hits with one copy.
func TestDeskAnswers(t *testing.T) {
	set := datatest.NewBursts(t, 2)
	hits, err := set.Hits()
	check(t, err)
	twin := hits[1]
	twin.ID, twin.Parent = twin.ID+"+1", twin.ID
	check(t, set.WriteHits(append(hits, twin)))
	d := open(t, set)
	if got := d.Originals(); len(got) != 1 || len(got[0]) != 2 {
		t.Errorf("the originals are %v", got)
	}
	if r, ok := d.Recording(take); !ok || r.Name != "take-000.wav" || r.ID != d.Recordings()[0].ID {
		t.Errorf("recording %s: %v, %t", take, r, ok)
	}
	if _, ok := d.Recording("nobody"); ok || d.Who() != "ada" {
		t.Errorf("there is a recording that is not there; the labeller is %q", d.Who())
	}
	before := d.Items()
	d.act(`{'do':'label','ids':['1','2'],'class':'kick'}`)
	d.act(`{'do':'label','ids':['1'],'class':'hat'}`)
	d.act(`{'do':'undo'}`)
	if lines, moments := d.Statements(); lines != 4 || moments != 2 || d.Undoable() != 1 {
		t.Errorf("%d statements about %d moments, %d acts to undo; want 4, 2, 1", lines, moments, d.Undoable())
	}
	if before[0][0].Class != "" {
		t.Error("an act has changed the items that were handed out")
	}
	if from, to := before[0][0].Extent(44100); from != spacing-132 || to != spacing-132+2160 {
		t.Errorf("a hit at %d would be [%d, %d)", spacing, from, to)
	}
}

// A change tells what to show: the items that are new or otherwise, what went,
// what it was about, and how many hits it named.
func TestAChangeTellsWhatToShow(t *testing.T) {
	d := open(t, datatest.NewBursts(t, 3))
	added := data.HitID(take, 100)
	for _, tc := range []struct {
		act                string
		items, gone, focus []string
		labelled           int
	}{
		{`{'do':'label','ids':['1','2'],'class':'kick'}`, []string{datatest.BurstID(1), datatest.BurstID(2)}, nil, []string{datatest.BurstID(1), datatest.BurstID(2)}, 2},
		{`{'do':'label','ids':['1'],'class':'kick'}`, nil, nil, []string{datatest.BurstID(1)}, 0},
		{`{'do':'reject','ids':['3']}`, []string{datatest.BurstID(3)}, nil, []string{datatest.BurstID(3)}, 1},
		{`{'do':'add','recording':'` + take + `','onset':100,'class':'hat'}`, []string{added}, nil, []string{added}, 0},
		{`{'do':'delete','ids':['` + added + `']}`, nil, []string{added}, nil, 0},
	} {
		c := d.act(tc.act)
		var items []string
		for _, it := range c.Items {
			items = append(items, it.ID)
		}
		if !slices.Equal(items, tc.items) || !slices.Equal(c.Gone, tc.gone) || !slices.Equal(c.Focus, tc.focus) || c.Labelled != tc.labelled {
			t.Errorf("%s: items %q, gone %q, about %q, %d labelled", tc.act, items, c.Gone, c.Focus, c.Labelled)
		}
	}
}

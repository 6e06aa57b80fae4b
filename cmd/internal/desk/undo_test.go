package desk

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"prep/data"
	"prep/data/datatest"
)

func undoAll(t testing.TB, d *Desk) {
	t.Helper()
	for n := d.Undoable(); n > 0; n-- {
		if _, err := d.Do(Act{Do: "undo"}); err != nil {
			t.Fatal(err)
		}
		if d.Undoable() != n-1 {
			t.Fatalf("undo leaves %d actions of %d", d.Undoable(), n)
		}
	}
}

// Random actions: whatever was done, undoing all of it leaves what stood, and a
// reopened desk is the same page.
func TestUndoIsTheInverse(t *testing.T) {
	for seed := range uint64(40) {
		r := rand.New(rand.NewPCG(seed, 0))
		set := datatest.NewBursts(t, 3)
		if seed%2 == 1 { // the second hit bears a mark, where a label of it stands
			hits, err := set.Hits()
			check(t, err)
			hits[1].Mark = 2*spacing + 30
			check(t, set.WriteHits(hits))
		}
		first := []data.Label{{Recording: take, Onset: spacing, Class: "snare", By: data.ByImport},
			{Recording: take, Onset: 2*spacing + 30, Class: "hat", By: data.ByImport},
			{Recording: take, Onset: 3 * spacing, Class: "hat", By: data.ByHuman, Who: "ben", Time: "2026-01-01T00:00:00Z"}}
		check(t, set.AppendLabels(first...))
		d := open(t, set)
		before, undoable := data.Standing(first), d.Undoable()
		for range 15 {
			it := d.items[0][r.IntN(len(d.items[0]))]
			other := d.items[0][r.IntN(len(d.items[0]))]
			at := it.Onset + r.IntN(200) - 100
			q := []Act{{Do: "label", IDs: []string{it.ID}, Class: []string{"kick", "hat"}[r.IntN(2)]},
				{Do: "move", IDs: []string{it.ID}, Onset: &at}, {Do: "reject", IDs: []string{it.ID}}, {Do: "undo"},
				{Do: "delete", IDs: []string{it.ID}}, {Do: "add", Recording: first[0].Recording, Onset: &at, Class: "kick"},
				{Do: "remark", IDs: []string{it.ID}, Unsure: true}, {Do: "merge", IDs: []string{it.ID, other.ID}, Class: "hat"}}[r.IntN(8)]
			if q.Do == "undo" && d.Undoable() == undoable {
				continue
			}
			if _, err := d.Do(q); err != nil && kindOf(err) == 0 {
				t.Fatalf("seed %d: %+v: %v", seed, q, err)
			}
			again := open(t, set)
			if !reflect.DeepEqual(again.items, d.items) {
				t.Fatalf("seed %d: after %+v a reopened desk shows\n%v, not\n%v", seed, q, again.items, d.items)
			}
			if !reflect.DeepEqual(again.where, d.where) || !reflect.DeepEqual(again.tally, d.tally) {
				t.Fatalf("seed %d: after %+v a reopened desk counts %v, not %v", seed, q, again.tally, d.tally)
			}
			lines, moments := d.Statements()
			if a, b := again.Statements(); a != lines || b != moments {
				t.Fatalf("seed %d: after %+v a reopened desk has %d statements of %d moments, not %d of %d", seed, q, a, b, lines, moments)
			}
		}
		for d.Undoable() > undoable {
			_, err := d.Do(Act{Do: "undo"})
			check(t, err)
		}
		if got := data.Standing(journalOf(t, set)); !equalWords(got, before) {
			t.Errorf("seed %d: after all is undone %v stands, not %v", seed, got, before)
		}
	}
}

// Saying by hand what stood before is no undo: undo takes that back too.
func TestUndoTakesBackCorrections(t *testing.T) {
	d := open(t, datatest.NewBursts(t, 3))
	for _, class := range []string{"kick", "hat", "kick"} {
		d.act(`{'do':'label','ids':['1'],'class':'` + class + `'}`)
	}
	for _, want := range []string{"4410 hat", "4410 kick", "4410 "} {
		d.act(`{'do':'undo'}`)
		d.shows([]string{want})
		open(t, d.set).shows([]string{want})
	}
}

// An undo names what it takes back, and a line that another program wrote
// without a time is where undo ends.
func TestUndoSaysWhatItUndoes(t *testing.T) {
	set := datatest.NewBursts(t, 3)
	d := open(t, set)
	d.act(`{'do':'label','ids':['1','2'],'class':'kick'}`)
	d.act(`{'do':'undo'}`)
	lines := journalOf(t, set)
	for i, l := range lines {
		if want := []string{"", "", lines[0].Time, lines[0].Time}[i]; l.Undoes != want || l.Time == lines[0].Time != (i < 2) {
			t.Errorf("line %d: %+v, want it to undo %q", i, l, want)
		}
	}
	d.act(`{'do':'label','ids':['3'],'class':'kick'}`)
	check(t, set.AppendLabels(data.Label{Recording: take, Onset: spacing, Class: "hat", By: data.ByHuman, Who: "ben"}))
	again := open(t, set)
	again.shows([]string{"4410 hat", "8820 ", "13230 kick"})
	if _, err := again.Do(Act{Do: "undo"}); kindOf(err) != Conflict {
		t.Errorf("undo reaches behind a line without a time: %v", err)
	}
}

func equalWords(a, b map[data.Moment]data.Label) bool {
	if len(a) != len(b) {
		return false
	}
	for m, l := range a {
		if !sameWord(l, b[m]) {
			return false
		}
	}
	return true
}

// Undo takes back what its asker did last, not what others did since, and refuses where they
// spoke of the same hit; a journal read anew says the same.
func TestUndoLeavesOthersAlone(t *testing.T) {
	set := datatest.NewBursts(t, 4)
	d := open(t, set)
	items := d.Items()[0]
	do := func(a Act) error {
		_, err := d.Do(a)
		return err
	}
	name := func(id string, hit int, class string) {
		t.Helper()
		if err := do(Act{ID: id, Do: "label", IDs: []string{items[hit].ID}, Class: class}); err != nil {
			t.Fatal(err)
		}
	}
	shown := func() (classes []string) {
		for _, it := range d.Items()[0] {
			classes = append(classes, it.Class)
		}
		return classes
	}
	name("a/1", 0, "kick")
	name("b/1", 1, "hat")
	name("a/2", 2, "kick")
	name("b/2", 2, "snare")
	d = open(t, set)
	notB := map[string]bool{"b": true}
	if err := do(Act{ID: "a/3", Do: "undo", Others: notB}); err == nil || !strings.Contains(err.Error(), "another tab") {
		t.Errorf("undo of a hit that another tab has named since: %v", err)
	}
	if err := do(Act{ID: "b/3", Do: "undo", Others: map[string]bool{"a": true}}); err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"a/4", "a/5"} {
		if err := do(Act{ID: id, Do: "undo", Others: notB}); err != nil {
			t.Fatal(err)
		}
	}
	want := []string{"", "hat", "", ""}
	if got := shown(); !slices.Equal(got, want) {
		t.Errorf("shown %q, want %q", got, want)
	}
	d = open(t, set)
	if got := shown(); !slices.Equal(got, want) {
		t.Errorf("read anew: %q, want %q", got, want)
	}
	if err := do(Act{ID: "a/6", Do: "undo", Others: notB}); err == nil || err.Error() != "nothing to undo" {
		t.Errorf("nothing of one's own is left: %v", err)
	}
}

package desk

import (
	"fmt"
	"strings"
	"testing"

	"prep/data"
	"prep/data/datatest"
)

// A second labeller sees nothing of what the first, an import or a folder says, and overrules
// nobody; what they say stands when they come back, and the two can be compared.
func TestASecondLabellerIsBlind(t *testing.T) {
	set := datatest.NewBursts(t, 4)
	recordings, err := set.Recordings()
	check(t, err)
	recordings[0].Class = "folder"
	check(t, set.WriteRecordings(recordings))
	check(t, set.AppendLabels(data.Label{Recording: take, Onset: 13230, Class: "import", By: data.ByImport, Moment: data.MomentAnnotated}))
	first, err := New(set, "ada")
	check(t, err)
	say(t, first, Act{Do: "label", IDs: []string{datatest.BurstID(1), datatest.BurstID(2)}, Class: "kick"})
	to := 2*datatest.BurstSpacing + 44
	say(t, first, Act{Do: "move", IDs: []string{datatest.BurstID(2)}, Onset: &to})
	before, err := set.Labels()
	check(t, err)

	second, err := NewSecond(set, "ben")
	check(t, err)
	wantSaid(t, second, "4410  8820  13230  17640 ")
	if second.Undoable() != 0 || second.Seat() != "ben, second" || first.Seat() != "ada" {
		t.Errorf("%s can undo %d acts", second.Seat(), second.Undoable())
	}
	say(t, second, Act{Do: "label", IDs: []string{datatest.BurstID(1)}, Class: "kick", Seat: "ben, second"})
	say(t, second, Act{Do: "label", IDs: []string{datatest.BurstID(2), datatest.BurstID(3)}, Class: "hat"})
	if _, err := second.Do(Act{Do: "label", IDs: []string{datatest.BurstID(4)}, Class: "hat", Seat: "ada"}); err == nil {
		t.Error("what was said at ada's desk is written at ben's")
	}
	if _, err := second.Rename("x/1", Names{}, nil); err == nil || !strings.Contains(err.Error(), "second labeller") {
		t.Errorf("names: %v", err)
	}
	after, err := set.Labels()
	check(t, err)
	if fmt.Sprint(after) != fmt.Sprint(before) {
		t.Errorf("labels.jsonl has %d lines, had %d", len(after), len(before))
	}

	g, err := Agree(set, "ada", "ben")
	check(t, err)
	if g.Moments != 2 || g.Observed != 0.5 || len(g.Where) != 1 || g.Where[0] != (Where{take, to, "kick", "hat"}) {
		t.Errorf("they agree: %+v", g)
	}
	all, err := Labellers(set)
	check(t, err)
	if fmt.Sprint(all) != "[{ada false 2} {ben true 3}]" {
		t.Errorf("labellers: %v", all)
	}
	if _, err := NewSecond(set, "ada"); err == nil || !strings.Contains(err.Error(), "another name") {
		t.Errorf("ada is her own second: %v", err)
	}

	// Hits that were found elsewhere since, by less than 10 ms, bear what was said.
	hits, err := set.Hits()
	check(t, err)
	for i := range hits {
		hits[i].Onset += 100
		hits[i].ID = data.HitID(hits[i].Recording, hits[i].Onset)
	}
	check(t, set.WriteHits(hits))
	again, err := NewSecond(set, "ben")
	check(t, err)
	wantSaid(t, again, "4510 kick 8920 hat 13330 hat 17740 ")
	say(t, again, Act{Do: "undo"})
	wantSaid(t, again, "4510 kick 8920  13330  17740 ")
}

func say(t *testing.T, d *Desk, a Act) {
	t.Helper()
	_, err := d.Do(a)
	check(t, err)
}

// wantSaid wants the items of the first recording to be these: onset and class.
func wantSaid(t *testing.T, d *Desk, want string) {
	t.Helper()
	var words []string
	for _, it := range d.Items()[0] {
		words = append(words, fmt.Sprintf("%d %s", it.Onset, it.Class))
	}
	if got := strings.Join(words, " "); got != want {
		t.Errorf("%s sees %q, want %q", d.Who(), got, want)
	}
}

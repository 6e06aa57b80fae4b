package desk

import (
	"reflect"
	"strings"
	"testing"

	"prep/data"
	"prep/data/datatest"
)

func TestActionsAreLines(t *testing.T) {
	for _, tc := range []struct {
		name    string
		actions []string
		want    []string // the journal
		classes []string // of the first items then: "onset class"
	}{
		{"name", []string{`{'do':'label','ids':['1'],'class':'kick'}`}, []string{"4410 kick"}, []string{"4410 kick", "8820 ", "13230 "}},
		{"the same again", []string{`{'do':'label','ids':['1'],'class':'kick'}`, `{'do':'label','ids':['1'],'class':'kick'}`},
			[]string{"4410 kick"}, []string{"4410 kick", "8820 ", "13230 "}},
		{"reject", []string{`{'do':'reject','ids':['2']}`}, []string{"8820 x"}, []string{"4410 ", "8820 x", "13230 "}},
		{"name many", []string{`{'do':'label','ids':['1','3'],'class':'hat'}`}, []string{"4410 hat", "13230 hat"},
			[]string{"4410 hat", "8820 ", "13230 hat"}},
		{"move", []string{`{'do':'label','ids':['1'],'class':'kick'}`, `{'do':'move','ids':['1'],'onset':4454}`},
			[]string{"4410 kick", "4454 kick", "4410 -"}, []string{"4454 kick", "8820 ", "13230 "}},
		{"name and move", []string{`{'do':'label','ids':['1'],'class':'kick','onset':4366}`},
			[]string{"4366 kick", "4410 -"}, []string{"4366 kick", "8820 ", "13230 "}},
		{"move twice and back", []string{`{'do':'label','ids':['1'],'class':'kick'}`, `{'do':'move','ids':['1'],'onset':4454}`,
			`{'do':'move','ids':['1'],'onset':4490}`, `{'do':'move','ids':['1'],'onset':4410}`},
			[]string{"4410 kick", "4454 kick", "4410 -", "4490 kick", "4454 -", "4410 kick", "4490 -"},
			[]string{"4410 kick", "8820 ", "13230 "}},
		{"delete", []string{`{'do':'delete','ids':['1']}`}, []string{"4410 x"}, []string{"4410 x", "8820 ", "13230 "}},
		{"delete what was moved", []string{`{'do':'label','ids':['1'],'class':'kick','onset':4366}`, `{'do':'delete','ids':['1']}`},
			[]string{"4366 kick", "4410 -", "4366 x"}, []string{"4366 x", "8820 ", "13230 "}},
		{"add and delete", []string{`{'do':'add','recording':'0000000000000001','onset':100,'class':'kick'}`,
			`{'do':'delete','ids':['0000000000000001-000000100']}`},
			[]string{"100 kick", "100 -"}, []string{"4410 ", "8820 ", "13230 "}},
		{"add and move", []string{`{'do':'add','recording':'0000000000000001','onset':100,'class':'kick'}`,
			`{'do':'move','ids':['0000000000000001-000000100'],'onset':200}`},
			[]string{"100 kick", "200 kick", "100 -"}, []string{"200 kick", "4410 ", "8820 "}},
		{"merge", []string{`{'do':'label','ids':['1'],'class':'kick'}`, `{'do':'add','recording':'0000000000000001','onset':5000,'class':'hat'}`,
			`{'do':'merge','ids':['1','0000000000000001-000005000']}`},
			[]string{"4410 kick", "5000 hat", "5000 -", "4410 kick"}, []string{"4410 kick", "8820 ", "13230 "}},
	} {
		t.Run(tc.name, func(t *testing.T) { wantLines(t, tc.actions, tc.want, tc.classes) })
	}
}

// wantLines wants a new desk, after acts, to have written words to the journal
// and to show others, and to be able to undo all of it.
func wantLines(t *testing.T, actions, want, classes []string) {
	d := open(t, datatest.NewBursts(t, 3))
	for _, a := range actions {
		d.act(a)
	}
	if got := d.said(); !reflect.DeepEqual(got, want) {
		t.Errorf("the journal says %q, want %q", got, want)
	}
	d.shows(classes)
	// A desk that is opened anew sees the same, and can undo all of it.
	again := open(t, d.set)
	again.shows(classes)
	undoAll(t, again.Desk)
	again.shows([]string{"4410 ", "8820 ", "13230 "})
	if l := data.Standing(journalOf(t, d.set)); len(l) != 0 {
		t.Errorf("after all is undone %v stands", l)
	}
}

// A hit that a label was attached to is named where that label is, also once it
// has been taken back.
func TestNamedAtTheMark(t *testing.T) {
	set := datatest.NewBursts(t, 2)
	hits, err := set.Hits()
	check(t, err)
	hits[0].Mark = spacing + 30
	check(t, set.WriteHits(hits))
	d := open(t, set)
	d.act(`{'do':'label','ids':['1'],'class':'kick'}`)
	d.act(`{'do':'label','ids':['2'],'class':'hat'}`)
	if got, want := d.said(), []string{"4440 kick", "8820 hat"}; !reflect.DeepEqual(got, want) {
		t.Errorf("the journal says %q, want %q", got, want)
	}
	d.shows([]string{"4410 kick", "8820 hat"})
}

// Where an import stands, a moved moment is rejected, so that reading the label
// file again does not bring it back.
func TestMovingWhatWasImported(t *testing.T) {
	set := datatest.NewBursts(t, 2)
	check(t, set.AppendLabels(data.Label{Recording: "0000000000000001", Onset: spacing, Class: "snare", By: data.ByImport}))
	d := open(t, set)
	d.act(`{'do':'move','ids':['1'],'onset':4454}`)
	if got, want := d.said(), []string{"4410 snare", "4454 snare", "4410 x"}; !reflect.DeepEqual(got, want) {
		t.Errorf("the journal says %q, want %q", got, want)
	}
	d.shows([]string{"4454 snare", "8820 "})
	d.act(`{'do':'undo'}`)
	d.shows([]string{"4410 snare", "8820 "})
}

func TestRefusals(t *testing.T) {
	d := open(t, datatest.NewBursts(t, 3))
	for _, tc := range []struct {
		act  string
		want Kind
	}{
		{`{'do':'fly','ids':['1']}`, Unclear}, {`{'do':'label'}`, Unclear}, {`{'do':'label','ids':['nobody'],'class':'kick'}`, Missing},
		{`{'do':'label','ids':['1'],'class':' '}`, Unclear}, {`{'do':'label','ids':['1'],'class':'a\nb'}`, Unclear},
		{`{'do':'label','ids':['1'],'class':'` + strings.Repeat("a", 256) + `'}`, Unclear},
		{`{'do':'move','ids':['1']}`, Unclear}, {`{'do':'move','ids':['1'],'onset':4500}`, Conflict}, // it has no class yet
		{`{'do':'label','ids':['1'],'class':'a','onset':-1}`, Unclear}, {`{'do':'label','ids':['1'],'class':'a','onset':99999999}`, Unclear},
		{`{'do':'label','ids':['1'],'class':'a','onset':8820}`, Conflict}, // another hit is there
		{`{'do':'label','ids':['1','2'],'class':'a','onset':5}`, Unclear},
		{`{'do':'add','class':'a','onset':5}`, Missing}, {`{'do':'add','onset':5}`, Unclear}, {`{'do':'add','class':'a'}`, Unclear},
		{`{'do':'merge','ids':['1']}`, Unclear}, {`{'do':'merge','ids':['1','1']}`, Unclear}, {`{'do':'merge','ids':['1','2']}`, Conflict},
		{`{'do':'undo'}`, Conflict},
	} {
		if _, err := d.Do(actOf(t, tc.act)); kindOf(err) != tc.want || err.Error() == "" {
			t.Errorf("%s: %v of kind %d, want %d", tc.act, err, kindOf(err), tc.want)
		}
	}
	d.act(`{'do':'label','ids':['2'],'class':'kick'}`)
	if _, err := d.Do(actOf(t, `{'do':'merge','ids':['2','1']}`)); kindOf(err) != Conflict || !strings.Contains(err.Error(), "further apart") {
		t.Errorf("merging two far apart: %v", err)
	}
	if got := d.said(); len(got) != 1 {
		t.Errorf("the journal says %q", got)
	}
}

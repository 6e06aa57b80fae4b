package desk

import (
	"strings"
	"testing"

	"prep/data"
	"prep/data/datatest"
)

// remarks returns the remarks of the first items: "unsure" or "", and the note.
func (d testDesk) remarks() (all []string) {
	for _, it := range d.Items()[0][:3] {
		word := it.Class + "|" + it.Note
		if it.Unsure {
			word += "?"
		}
		all = append(all, word)
	}
	return all
}

func (d testDesk) remarked(want string) {
	d.t.Helper()
	if got := strings.Join(d.remarks(), " "); got != want {
		d.t.Errorf("the items are %q, want %q", got, want)
	}
}

// A remark stands whatever the hit is called, says nothing of its class, and is undone alone.
func TestRemarks(t *testing.T) {
	d := open(t, datatest.NewBursts(t, 3))
	d.act(`{'do':'remark','ids':['1'],'unsure':true,'note':'lips or tongue'}`)
	d.remarked("|lips or tongue? | |")
	d.act(`{'do':'label','ids':['1'],'class':'kick'}`)
	d.act(`{'do':'label','ids':['2'],'class':'hat'}`)
	d.remarked("kick|lips or tongue? hat| |")
	if lines, moments := d.Statements(); lines != 2 || moments != 2 {
		t.Errorf("%d statements on %d moments: a remark is none", lines, moments)
	}
	d.act(`{'do':'move','ids':['1'],'onset':4454}`)
	d.remarked("kick|lips or tongue? hat| |")
	d.act(`{'do':'remark','ids':['1'],'note':'lips'}`)
	d.remarked("kick|lips hat| |")
	d.act(`{'do':'undo'}`)
	d.remarked("kick|lips or tongue? hat| |")
	d.act(`{'do':'reject','ids':['1']}`)
	d.remarked("|lips or tongue? hat| |")
	for range 4 {
		d.act(`{'do':'undo'}`)
	}
	d.remarked("|lips or tongue? | |")
	d.act(`{'do':'undo'}`)
	d.remarked("| | |")
}

// A remark on what another has named leaves the name theirs, and one on what a file has named
// leaves it the file's.
func TestRemarksTakeNothingBack(t *testing.T) {
	set := datatest.NewBursts(t, 3)
	for _, l := range []data.Label{
		{Recording: "0000000000000001", Onset: 4410, Class: "kick", By: data.ByHuman, Who: "ben", Time: "2026-01-01T00:00:00Z"},
		{Recording: "0000000000000001", Onset: 8820, Class: "hat", By: data.ByImport},
	} {
		if err := set.AppendLabels(l); err != nil {
			t.Fatal(err)
		}
	}
	d := open(t, set)
	d.act(`{'do':'remark','ids':['1'],'note':'late'}`)
	d.act(`{'do':'remark','ids':['2'],'unsure':true}`)
	d.remarked("kick|late hat|? |")
	if it := d.Items()[0]; it[0].Who != "ben" || it[0].By != data.ByHuman || it[1].By != data.ByImport {
		t.Errorf("the items are %+v", it[:2])
	}
}

// Where a hit ends is kept with its class, within what a hit may be long.
func TestEnds(t *testing.T) {
	d := open(t, datatest.NewBursts(t, 3))
	refused := func(text string) {
		t.Helper()
		if _, err := d.Do(actOf(t, text)); err == nil {
			t.Errorf("%s is done", text)
		}
	}
	refused(`{'do':'end','ids':['1'],'onset':5000}`) // no name yet
	d.act(`{'do':'label','ids':['1'],'class':'kick'}`)
	d.act(`{'do':'end','ids':['1'],'onset':5000}`)
	if it := d.Items()[0][0]; it.End != 5000 || it.Class != "kick" {
		t.Errorf("the item is %+v", it)
	}
	refused(`{'do':'end','ids':['1'],'onset':4410}`)
	refused(`{'do':'end','ids':['1'],'onset':8000}`)
	refused(`{'do':'remark','ids':['1','2'],'note':'x'}`)
	refused(`{'do':'remark','ids':['1'],'note':'` + strings.Repeat("x", 501) + `'}`)
	d.act(`{'do':'label','ids':['1'],'class':'hat'}`)
	if it := d.Items()[0][0]; it.End != 5000 {
		t.Errorf("after another name it ends at %d", it.End)
	}
}

package desk

import (
	"errors"
	"slices"
	"strings"
	"syscall"
	"testing"

	"prep/data"
	"prep/data/datatest"
	"prep/data/disk"
)

// failing makes operations on labels.jsonl, or on its folder, fail until the test ends or it is
// called.
func failing(t *testing.T, set *data.Set, ops ...disk.Op) (end func()) {
	t.Helper()
	end = disk.Inject(func(op disk.Op, path string) error {
		if slices.Contains(ops, op) && (path == set.Path(data.LabelsFile) || path == set.Path()) {
			return syscall.EIO
		}
		return nil
	})
	t.Cleanup(end)
	return end
}

// What was told as not saved does not come back: not to the page, and not to a program that is
// started anew. Nor does a folder that cannot be synced keep what it was not sure of.
func TestNotSavedStaysAway(t *testing.T) {
	for _, before := range []string{"", `{'do':'label','ids':['2'],'class':'hat'}`} {
		set := datatest.NewBursts(t, 3)
		d := open(t, set)
		if before != "" {
			d.act(before)
		}
		was := journalOf(t, set)
		end := failing(t, set, disk.OpSync)
		if _, err := d.Do(actOf(t, `{'id':'tab/1','do':'label','ids':['1'],'class':'kick'}`)); err == nil || !strings.HasPrefix(err.Error(), "not saved: ") {
			t.Errorf("after %q: %v", before, err)
		}
		end()
		for _, again := range []testDesk{d, open(t, set)} {
			again.shows([]string{"4410 "})
			if got := journalOf(t, set); !slices.Equal(got, was) {
				t.Errorf("after %q the journal says %v", before, got)
			}
		}
		d.act(`{'id':'tab/1','do':'label','ids':['1'],'class':'kick'}`)
		open(t, set).shows([]string{"4410 kick"})
	}
}

// Where a line can neither be made durable nor be cut off, nobody says that it is not saved; it
// is cut off before anything else is written, and the act is done once when it is asked for again.
func TestPerhapsSavedIsCutOffFirst(t *testing.T) {
	set := datatest.NewBursts(t, 3)
	d := open(t, set)
	d.act(`{'do':'label','ids':['3'],'class':'hat'}`)
	writes := 0
	end := disk.Inject(func(op disk.Op, path string) error {
		if path != set.Path(data.LabelsFile) {
			return nil
		}
		if op == disk.OpWrite {
			writes++
		}
		if op == disk.OpSync || writes > 2 { // the first is the cut of what is torn, the second the line
			return syscall.EIO
		}
		return nil
	})
	t.Cleanup(end)
	_, err := d.Do(actOf(t, `{'id':'tab/1','do':'label','ids':['1'],'class':'kick'}`))
	if !errors.Is(err, data.ErrUnsure) || !strings.HasPrefix(err.Error(), "perhaps not saved: ") {
		t.Fatal(err)
	}
	if _, err := d.Do(actOf(t, `{'id':'tab/2','do':'label','ids':['2'],'class':'clap'}`)); err == nil || !strings.HasPrefix(err.Error(), "not saved: ") {
		t.Errorf("while the disk is sick: %v", err)
	}
	end()
	d.act(`{'id':'tab/2','do':'label','ids':['2'],'class':'clap'}`)
	if got, want := d.said(), []string{"13230 hat", "8820 clap"}; !slices.Equal(got, want) {
		t.Errorf("the journal says %q, want %q", got, want)
	}
	d.act(`{'id':'tab/1','do':'label','ids':['1'],'class':'kick'}`)
	d.act(`{'id':'tab/1','do':'label','ids':['1'],'class':'kick'}`)
	if got, want := d.said(), []string{"13230 hat", "8820 clap", "4410 kick"}; !slices.Equal(got, want) {
		t.Errorf("the journal says %q, want %q", got, want)
	}
	open(t, set).shows([]string{"4410 kick", "8820 clap", "13230 hat"})
}

// One hit that an act names a hundred thousand times is named once.
func TestOneHitManyTimesIsOneAct(t *testing.T) {
	set := datatest.NewBursts(t, 3)
	d := open(t, set)
	for _, tc := range []struct{ do, class string }{{"label", "kick"}, {"reject", ""}, {"delete", ""}} {
		a := Act{ID: "tab/" + tc.do, Do: tc.do, Class: tc.class, IDs: slices.Repeat([]string{datatest.BurstID(1)}, 100_000)}
		for range 2 {
			c, err := d.Do(a)
			check(t, err)
			if len(c.Focus) > 1 || len(c.Items) > 1 || c.Labelled > 1 {
				t.Errorf("%s: %d in focus, %d items, %d labelled", tc.do, len(c.Focus), len(c.Items), c.Labelled)
			}
		}
	}
	if got, want := d.said(), []string{"4410 kick", "4410 x"}; !slices.Equal(got, want) {
		t.Errorf("the journal says %q, want %q", got, want)
	}
}

// Thousands of hits are named at once in the time that each takes, not each times each.
func TestManyHitsAtOnce(t *testing.T) {
	set := datatest.NewBursts(t, 20_000)
	d := open(t, set)
	a := Act{Do: "label", Class: "kick"}
	for _, it := range slices.Concat(d.Items()...) {
		a.IDs = append(a.IDs, it.ID)
	}
	c, err := d.Do(a)
	check(t, err)
	if c.Labelled != 20_000 || len(c.Items) != 20_000 || len(c.Focus) != focusMost {
		t.Errorf("%d labelled, %d changed, %d in focus", c.Labelled, len(c.Items), len(c.Focus))
	}
}

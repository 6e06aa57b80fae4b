package desk

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"prep/data"
	"prep/data/datatest"
)

// On a disk that is full an action is not saved and says so; what was saved
// stays, and with room again the desk goes on.
func TestOnAFullDiskNothingIsSaved(t *testing.T) {
	set := datatest.NewBursts(t, 3)
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=4k"); err != nil {
		t.Skipf("a small file system cannot be mounted here: %v", err)
	}
	t.Cleanup(func() { syscall.Unmount(dir, 0) })
	journal := filepath.Join(dir, data.LabelsFile)
	check(t, os.WriteFile(journal, nil, 0o666))
	check(t, os.Symlink(journal, set.Path(data.LabelsFile)))
	d := open(t, set)
	saved := 0
	var failed error
	for n := 0; failed == nil; n++ {
		saved = n
		_, failed = d.Do(actOf(t, `{'do':'label','ids':['1'],'class':'`+[]string{"kick", "hat"}[n%2]+`'}`))
	}
	if kindOf(failed) != 0 || !strings.Contains(failed.Error(), "not saved") || !strings.Contains(failed.Error(), "no space left") {
		t.Error(failed)
	}
	text, err := os.ReadFile(journal)
	check(t, err)
	if lines := bytes.Count(text, []byte("\n")); lines != saved || saved == 0 || text[len(text)-1] != '\n' {
		t.Errorf("%d actions were saved, %d lines are there", saved, lines)
	}
	check(t, syscall.Mount("tmpfs", dir, "tmpfs", syscall.MS_REMOUNT, "size=64k"))
	d.act(`{'do':'label','ids':['2'],'class':'snare'}`)
	if got := d.said(); len(got) != saved+1 || got[saved] != "8820 snare" {
		t.Errorf("with room again the journal says %q", got)
	}
	d.shows([]string{"4410 " + []string{"hat", "kick"}[saved%2], "8820 snare"})
}

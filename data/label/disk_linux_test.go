package label

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"prep/data"
)

// On a disk that is full an action is not saved and says so; what was saved
// stays, and with room again the page goes on.
func TestFullDisk(t *testing.T) {
	set := newSet(t, 3)
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=4k"); err != nil {
		t.Skipf("a small file system cannot be mounted here: %v", err)
	}
	t.Cleanup(func() { syscall.Unmount(dir, 0) })
	journal := filepath.Join(dir, data.LabelsFile)
	check(t, os.WriteFile(journal, nil, 0o666))
	check(t, os.Symlink(journal, set.Path(data.LabelsFile)))
	c := serve(t, set, Settings{})
	saved, status, text := 0, 200, ""
	for n := 0; status == 200; n++ {
		saved = n
		status, text = c.do("POST", "/token/act", `{"do":"label","ids":["`+id(1)+`"],"class":"`+[]string{"kick", "hat"}[n%2]+`"}`)
	}
	if status != 500 || !strings.Contains(text, "not saved") || !strings.Contains(text, "no space left") {
		t.Errorf("%d %s", status, text)
	}
	text2, err := os.ReadFile(journal)
	check(t, err)
	if lines := bytes.Count(text2, []byte("\n")); lines != saved || saved == 0 || text2[len(text2)-1] != '\n' {
		t.Errorf("%d actions were saved, %d lines are there", saved, lines)
	}
	check(t, syscall.Mount("tmpfs", dir, "tmpfs", syscall.MS_REMOUNT, "size=64k"))
	c.act(expand(`{'do':'label','ids':['2'],'class':'snare'}`))
	if got := c.said(); len(got) != saved+1 || got[saved] != "8820 snare" {
		t.Errorf("with room again the journal says %q", got)
	}
	c.shows([]string{"4410 " + []string{"hat", "kick"}[saved%2], "8820 snare"})
}

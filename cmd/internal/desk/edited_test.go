package desk

import (
	"bytes"
	"os"
	"strings"
	"testing"
	"time"

	"prep/data"
	"prep/data/datatest"
)

func TestJournalEditedByHand(t *testing.T) {
	set := datatest.NewBursts(t, 3)
	d := open(t, set)
	d.act(`{'do':'label','ids':['1'],'class':'kick'}`)
	nonsense := "not a line\n"
	f, err := os.OpenFile(set.Path(data.LabelsFile), os.O_APPEND|os.O_WRONLY, 0)
	check(t, err)
	_, err = f.WriteString(nonsense)
	check(t, err)
	f.Close()
	was, err := os.ReadFile(set.Path(data.LabelsFile))
	check(t, err)
	if _, err := d.Do(actOf(t, `{'do':'reject','ids':['2']}`)); kindOf(err) != Conflict || !strings.Contains(err.Error(), "another program") {
		t.Error(err)
	}
	if now, _ := os.ReadFile(set.Path(data.LabelsFile)); !bytes.Equal(now, was) {
		t.Error("the journal was written")
	}
	if _, err := New(set, ""); err == nil || !strings.Contains(err.Error(), "labels.jsonl:2: ") {
		t.Errorf("opening it: %v", err)
	}
}

// An edit that keeps the length is an edit too.
func TestJournalEditedInPlace(t *testing.T) {
	set := datatest.NewBursts(t, 3)
	d := open(t, set)
	d.act(`{'do':'label','ids':['1'],'class':'kick'}`)
	text, err := os.ReadFile(set.Path(data.LabelsFile))
	check(t, err)
	check(t, os.WriteFile(set.Path(data.LabelsFile), bytes.Replace(text, []byte("kick"), []byte("clap"), 1), 0o666))
	check(t, os.Chtimes(set.Path(data.LabelsFile), time.Time{}, time.Now().Add(time.Second)))
	if _, err := d.Do(actOf(t, `{'do':'reject','ids':['2']}`)); kindOf(err) != Conflict {
		t.Error(err)
	}
}

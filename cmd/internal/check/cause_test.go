package check

import (
	"strings"
	"testing"

	"prep/data"
)

// What 43 lines have in common is told once, with what mends it; what says so itself is told as it is.
func TestOneCauseIsOneLine(t *testing.T) {
	var r Result
	for range 43 {
		r.Problems = append(r.Problems, data.Problem{Where: "features/mel.jsonl:7", What: "hit x is not listed", Cause: "hit %s is not listed"})
	}
	r.Problems = append(r.Problems, data.Problem{Where: "runs/segment.json", What: "not a record of segment; run it again"},
		data.Problem{Where: "hits.jsonl:2", What: "hit y is not listed", Cause: "hit %s is not listed"})
	var b strings.Builder
	r.Print(&b)
	want := "features/mel.jsonl:7: hit x is not listed (and 42 more like it)\n  `prep features` makes the patches again\n" +
		"runs/segment.json: not a record of segment; run it again\n" +
		"hits.jsonl:2: hit y is not listed\n  `prep segment` finds the hits again; labels stay\n"
	if got := b.String(); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

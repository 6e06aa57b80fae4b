package page

import (
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"testing"

	"prep/cmd/internal/advice"
	"prep/data/datatest"
)

func TestHitsAreOrderedByLikeness(t *testing.T) {
	c := serve(t, datatest.NewBursts(t, 6), Settings{})
	var ids []string
	_, text := c.do("GET", "/token/order?like="+id(2), "")
	check(t, json.Unmarshal([]byte(text), &ids))
	if len(ids) != 6 || ids[0] != id(2) || ids[1] != id(4) && ids[1] != id(6) {
		t.Errorf("most like hit 2 are %v", ids)
	}
	for n := 1; n <= 5; n += 2 {
		c.act(fmt.Sprintf(`{'do':'label','ids':['%s'],'class':'low'}`, id(n)))
	}
	c.act(fmt.Sprintf(`{'do':'label','ids':['%s'],'class':'low'}`, id(2))) // a high one
	_, text = c.do("GET", "/token/order?unlike=low", "")
	check(t, json.Unmarshal([]byte(text), &ids))
	if len(ids) != 4 || ids[0] != id(2) {
		t.Errorf("least like its class are %v", ids)
	}
}

// The first time, with every hit to be drawn.
func BenchmarkMostLike(b *testing.B) {
	p := newPage(b, datatest.NewBursts(b, 10000), Config{})
	for b.Loop() {
		p.likeness = advice.NewLikeness(p.set)
		w := httptest.NewRecorder()
		check(b, p.serveOrder(w, httptest.NewRequest("GET", "/token/order?like="+id(2), nil)))
	}
}

package advice

import (
	"context"
	"os"
	"slices"
	"testing"

	"prep/cmd/internal/sonagram"
	"prep/data/datatest"
)

// placeOf is where burst n of the first recording is.
func placeOf(n int) sonagram.Place {
	from := n*datatest.BurstSpacing - 132
	return sonagram.Place{Recording: "0000000000000001", Span: sonagram.Span{From: from, To: from + 2160}}
}

// Of low and high bursts in turn, those of the same pitch are alike.
func TestHitsOfOnePitchAreAlike(t *testing.T) {
	set := datatest.NewBursts(t, 6)
	l := NewLikeness(set)
	var places []sonagram.Place
	for n := range 6 {
		places = append(places, placeOf(n+1))
	}
	ctx := context.Background()
	like, err := l.MostLike(ctx, places, 1)
	check(t, err)
	if like[0] != 1 || like[1]%2 != 1 || like[2]%2 != 1 {
		t.Errorf("most like 1 are %v", like)
	}
	odd := []sonagram.Place{places[0], places[2], places[1], places[4]}
	least, err := l.LeastLike(ctx, odd)
	check(t, err)
	if least[0] != 2 || len(least) != 4 {
		t.Errorf("least like the others are %v", least)
	}
	// What was drawn is not drawn again.
	check(t, os.Remove(set.Path("audio", "0000000000000001.wav")))
	if again, err := l.MostLike(ctx, places, 1); err != nil || !slices.Equal(again, like) {
		t.Errorf("the second time %v, %v", again, err)
	}
	for name, find := range map[string]func() ([]int, error){
		"most":  func() ([]int, error) { return l.MostLike(ctx, []sonagram.Place{placeOf(9)}, 0) },
		"least": func() ([]int, error) { return l.LeastLike(ctx, []sonagram.Place{placeOf(9)}) },
	} {
		if _, err := find(); err == nil {
			t.Errorf("%s like what cannot be read", name)
		}
	}
}

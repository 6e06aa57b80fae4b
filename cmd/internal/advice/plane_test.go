package advice

import (
	"context"
	"math"
	"reflect"
	"testing"

	"prep/cmd/internal/sonagram"
	"prep/data/datatest"
)

// burstPlaces returns where the first n bursts of a set lie: low and high in turn.
func burstPlaces(n int) (places []sonagram.Place) {
	for i := 1; i <= n; i++ {
		at := i * datatest.BurstSpacing
		places = append(places, sonagram.Place{Recording: "0000000000000001", Span: sonagram.Span{From: at - 132, To: at + 2028}})
	}
	return places
}

// Low and high bursts lie apart, and are the two groups; the same hits lie where they lay.
func TestPlaneLaysAlikeTogether(t *testing.T) {
	set := datatest.NewBursts(t, 60)
	p, err := NewLikeness(set).Plane(context.Background(), burstPlaces(60))
	check(t, err)
	for i := 2; i < 60; i++ {
		if same, other := math.Abs(p.X[i]-p.X[i-2]), math.Abs(p.X[i]-p.X[i-1]); same > other {
			t.Errorf("hit %d is %.2f from one of its kind and %.2f from another", i, same, other)
		}
	}
	of, groups := p.Groups(2)
	for i := 2; i < 60; i++ {
		if of[i] != of[i-2] || of[i] == of[i-1] {
			t.Fatalf("the groups are %v", of)
		}
	}
	if len(groups) != 2 || groups[0].Size != 30 || of[groups[0].Typical] != 0 || of[groups[1].Typical] != 1 {
		t.Errorf("the groups are %v", groups)
	}
	if p.Share < 0.5 || p.Share > 1 {
		t.Errorf("the plane shows %.2f of the differences", p.Share)
	}
	again, err := NewLikeness(set).Plane(context.Background(), burstPlaces(60))
	check(t, err)
	if !reflect.DeepEqual(p, again) {
		t.Error("the same hits lie elsewhere")
	}
}

// A high burst that is called low is odd, and no other is; of a few nothing is said.
func TestOddIsUnlikeItsName(t *testing.T) {
	set := datatest.NewBursts(t, 60)
	p, err := NewLikeness(set).Plane(context.Background(), burstPlaces(60))
	check(t, err)
	called := make([]string, 60)
	for i := range called {
		called[i] = []string{"low", "high"}[i%2]
	}
	called[7] = "low"
	odd := p.Odd(called)
	if !odd[7] {
		t.Error("what is called otherwise is not odd")
	}
	n := 0
	for _, o := range odd {
		if o {
			n++
		}
	}
	if n > 6 {
		t.Errorf("%d of 60 are odd", n)
	}
	few := make([]string, 60)
	for i := range few {
		few[i] = string(rune('a' + i/6))
	}
	if odd := p.Odd(few); !reflect.DeepEqual(odd, make([]bool, 60)) {
		t.Error("of six something is said")
	}
}

// A hit far outside does not press the others together.
func TestPlaneOfOneFarOutside(t *testing.T) {
	vectors := make([][]float32, 1000)
	for i := range vectors {
		vectors[i] = []float32{float32(i), float32(i % 7)}
	}
	vectors[500][0] = 1e6
	p := NewPlane(vectors)
	low, high := 1.0, 0.0
	for i, x := range p.X {
		if i != 500 {
			low, high = min(low, x), max(high, x)
		}
	}
	if high-low < 0.9 || p.X[500] != 0 && p.X[500] != 1 {
		t.Errorf("the others lie from %.2f to %.2f, the far one at %.2f", low, high, p.X[500])
	}
	if NewPlane(nil).X == nil || len(NewPlane([][]float32{{1}}).X) != 1 {
		t.Error("of none, or one, there is no plane")
	}
}

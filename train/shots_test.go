package train

import (
	"math"
	"testing"

	"prep/data"
)

// Held-out people are given the first of their hits, and are tested on the others.
func TestShots(t *testing.T) {
	set := makeSet(t, 6, 3)
	c := smallConfig()
	c.Epochs, c.Shots = 2, []int{0, 1, 2, 4}
	r := mustRun(t, set, c).Report
	if len(r.Shots) != 4 {
		t.Fatalf("%d points, want 4", len(r.Shots))
	}
	for i, want := range []struct{ shots, hits int }{{0, 72}, {1, 54}, {2, 36}, {4, 0}} {
		s := r.Shots[i]
		if s.Shots != want.shots || s.Rest.Hits != want.hits || want.hits > 0 && s.Rest.People != 6 {
			t.Errorf("%d shots: %d hits of %d people, want %d of 6", s.Shots, s.Rest.Hits, s.Rest.People, want.hits)
		}
		if s.Shots > 0 && s.OtherTakes.Hits != 0 {
			t.Errorf("%d shots: %d hits in other takes of people with one", s.Shots, s.OtherTakes.Hits)
		}
	}
	if got := r.Shots[0].Rest.General.Value; math.Abs(got-r.Accuracy) > 1e-12 {
		t.Errorf("without hits of theirs %.3f, in the folds %.3f", got, r.Accuracy)
	}
	if got := r.Shots[2].Rest.Personal; got.Value < r.Shots[2].Rest.General.Value || got.CI[0] > got.Value || got.CI[1] < got.Value {
		t.Errorf("two hits each: %v, the network %v", got, r.Shots[2].Rest.General)
	}
}

// Each reading counts what it says, and a copy of a given hit is not tested.
func TestReadings(t *testing.T) {
	random := data.Rand(1, "people")
	hit := func(class int) []float32 {
		v := make([]float32, 10)
		for j := range v {
			v[j] = float32(20 * random.NormFloat64())
		}
		v[class] += 100
		return v
	}
	var memory []knownHit
	for i := range 20 {
		memory = append(memory, knownHit{hit(i % 2), i % 2, false})
	}
	p := person{group: "ada", takes: []string{"a", "a", "a", "b", "b", "a"}, class: []int{0, 1, 0, 0, 1, 1}, answered: []int{0, 0, 0, 0, 0, 0}, embedded: 2, cepstra: 4}
	for _, c := range p.class {
		p.vectors = append(p.vectors, hit(c))
	}
	p.vectors[2] = p.vectors[0] // the take was copied
	var h head
	h.standardize(memory, 5)
	got, err := p.after(1, h, memory, 2, -1)
	if err != nil {
		t.Fatal(err)
	}
	if got.Rest.Hits != 3 || got.OtherTakes.Hits != 2 || got.Rest.General != 1 || got.OtherTakes.General != 1 || !got.Complete || got.Given != 2 {
		t.Errorf("one of each given: %+v; want the last three tested, two of them in another take", got)
	}
	if got, err := p.after(3, h, memory, 2, -1); err != nil || got.Rest.Hits != 0 || got.Complete {
		t.Errorf("all given: %+v, %v", got, err)
	}
	if got, err := p.after(0, h, memory, 2, -1); err != nil || got.Rest != (tally{6, 3, 3, 3}) || got.OtherTakes != got.Rest {
		t.Errorf("none given: %+v, %v", got, err)
	}
	p.class = []int{0, 0, 0, 0, 0, 0}
	if got, err := p.after(1, h, memory, 2, -1); err != nil || got != (trial{}) {
		t.Errorf("a person of one class: %+v, %v", got, err)
	}
	curve := curves([]trial{{Group: "b", Shots: 1, Complete: true, Rest: tally{1, 1, 0, 0}, Promised: 1, Given: 2},
		{Group: "a", Shots: 1, Rest: tally{2, 1, 1, 0}, OtherTakes: tally{1, 0, 1, 0}, Promised: 2, Given: 2}, {Group: "c", Shots: 2}}, []int{1})
	r, kept := curve[0].Rest, curve[0].Promise
	if r.People != 2 || r.Hits != 3 || r.Personal.Value != 2.0/3 || math.Abs(r.Gain.Value-1.0/3) > 1e-12 || curve[0].Complete.Hits != 1 || curve[0].OtherTakes.Hits != 1 {
		t.Errorf("%+v", curve[0])
	}
	// One was promised a half and found all, the other all and found none in another take.
	if kept.People != 2 || kept.Less.Value != 0.25 || kept.Covered != 0 {
		t.Errorf("promised: %+v", kept)
	}
}

// Rejected hits teach what is none of the sounds, once there are enough, and are in no
// accuracy.
func TestNoneOfThese(t *testing.T) {
	set := makeSet(t, 6, 3)
	hits, err := set.Hits()
	if err != nil {
		t.Fatal(err)
	}
	reject := func(n int) (labels []data.Label) {
		for _, h := range hits {
			if h.Parent == "" && (h.Onset/1000-1)%3 == 2 && len(labels) < n {
				labels = append(labels, data.Label{Recording: h.Recording, Onset: h.Onset, Reject: true, By: data.ByHuman})
			}
		}
		return labels
	}
	if err := set.AppendLabels(reject(3)...); err != nil {
		t.Fatal(err)
	}
	c := smallConfig()
	c.Epochs = 20
	few := mustRun(t, set, c).Report
	if len(few.Classes) != 3 || few.Rejection != nil || few.Hits != 69 || len(few.Notes) != 1 {
		t.Errorf("of three rejected hits: classes %v, %d hits, notes %q", few.Classes, few.Hits, few.Notes)
	}
	if err := set.AppendLabels(reject(24)...); err != nil {
		t.Fatal(err)
	}
	r := mustRun(t, set, c).Report
	if want := []string{"class0", "class1", data.None}; len(r.Classes) != 3 || r.Classes[2] != want[2] {
		t.Fatalf("classes %q, want %q", r.Classes, want)
	}
	if r.Hits != 48 || r.Rejection == nil || r.Rejection.Hits != 24 || r.Rejection.Named > 4 || r.Rejection.Lost > 4 || r.Accuracy < 0.9 {
		t.Errorf("%d hits, accuracy %.3f, others %+v", r.Hits, r.Accuracy, r.Rejection)
	}
	tested := 0
	for _, g := range r.Groups {
		tested += g.Hits
	}
	if tested != 48 || r.Baselines.Majority > 0.6 {
		t.Errorf("the accuracy is of %d hits, the commonest class has %.2f", tested, r.Baselines.Majority)
	}
}

package train

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// Only labels that were exchanged are in doubt: those of which another class is as probable as
// it is for its own hits on average.
func TestExchangedLabelsAreInDoubt(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 1))
	classes := []string{"hat", "kick", "snare"}
	planted := map[string]bool{}
	var all []Prediction
	for i := range 300 {
		k := i % 3
		p := make([]float32, 3)
		for j := range p {
			p[j] = 0.1 + 0.1*random.Float32()
		}
		p[k] += 0.5
		label := k
		if i%20 == 0 {
			label = (k + 1) % 3
			planted[fmt.Sprint(i)] = true
		}
		all = append(all, Prediction{Hit: fmt.Sprint(i), Class: classes[label], Called: classes[k], Probabilities: p})
	}
	doubts := Doubts(classes, all)
	if len(doubts) < len(planted)/2 {
		t.Fatalf("%d doubts of %d exchanged labels", len(doubts), len(planted))
	}
	for i, d := range doubts {
		if !planted[d.Hit] || d.Likely == d.Class || d.Margin >= 0 || i > 0 && d.Margin < doubts[i-1].Margin {
			t.Errorf("doubt %d: %+v", i, d)
		}
	}
	if got := Doubts(classes, nil); len(got) != 0 {
		t.Errorf("of nothing: %v", got)
	}
}

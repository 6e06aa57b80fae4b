package desk

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"prep/data"
	"prep/data/datatest"
)

func TestKappa(t *testing.T) {
	var labels []data.Label
	say := func(who, class string, onset int) {
		labels = append(labels, data.Label{Recording: "r", Onset: onset, Class: class, Reject: class == "", By: data.ByHuman, Who: who})
	}
	// Cohen's textbook table: 20 yes-yes, 5 yes-no, 10 no-yes, 15 no-no: kappa 0.4.
	n := 0
	for pair, count := range map[[2]string]int{{"y", "y"}: 20, {"y", ""}: 5, {"", "y"}: 10, {"", ""}: 15} {
		for range count {
			n += 1000
			say("a", "other", n) // said and corrected
			say("a", pair[0], n)
			say("b", pair[1], n+3)
		}
	}
	g := agree(map[string]map[string][]data.Label{"a": wordsOf(labels, "a"), "b": wordsOf(labels, "b")}, "a", "b", 10)
	if math.Abs(g.Kappa-0.4) > 1e-12 || g.Moments != 50 || g.Observed != 0.7 || len(g.Differ) != 2 || g.Differ[0].Count != 10 {
		t.Errorf("%+v", g)
	}
	if w := g.Where; len(w) != 15 || w[0].A == w[0].B || w[0].Onset%1000 != 0 {
		t.Errorf("they differ at %v", g.Where)
	}
}

// Four classes, against sklearn 1.9.1: cohen_kappa_score of the labels that
// this table of counts stands for.
func TestKappaOfManyClasses(t *testing.T) {
	g, left := Agreement{}, map[[2]string]int{}
	for i, row := range [][]int{{20, 3, 1, 0}, {2, 15, 4, 1}, {0, 5, 10, 2}, {1, 0, 0, 6}} {
		for j, n := range row {
			left[[2]string{fmt.Sprint(i), fmt.Sprint(j)}] = n
			g.Moments += n
		}
	}
	g.measure(left)
	if want := 0.6225879682179342; math.Abs(g.Kappa-want) > 1e-12 {
		t.Errorf("kappa %v, want %v", g.Kappa, want)
	}
}

// On a set, two people who place one hit 9 ms apart speak of the same.
func TestAgreeOnASet(t *testing.T) {
	set := datatest.NewBursts(t, 2)
	if _, err := Agree(set, "ada", "ben"); err == nil || !strings.Contains(err.Error(), "names nobody") {
		t.Errorf("before anybody has spoken: %v", err)
	}
	for _, l := range []data.Label{{Onset: 4410, Class: "kick", Who: "ada"}, {Onset: 4410 + 397, Class: "kick", Who: "ben"},
		{Onset: 8820, Class: "hat", Who: "ada"}, {Onset: 8820 + 485, Class: "hat", Who: "ben"}} {
		l.Recording, l.By = take, data.ByHuman
		check(t, set.AppendLabels(l))
	}
	g, err := Agree(set, "ada", "ben")
	if err != nil || g.Moments != 1 || g.Kappa != 1 {
		t.Errorf("%+v, %v", g, err)
	}
	if _, err := Agree(set, "ada", "nobody"); err == nil || !strings.Contains(err.Error(), "names ada, ben)") {
		t.Errorf("nobody: %v", err)
	}
	check(t, set.WriteRecordings(nil))
	if _, err := Agree(set, "ada", "ben"); err == nil {
		t.Error("without recordings they agree")
	}
}

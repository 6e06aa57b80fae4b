package data

import (
	"fmt"
	"reflect"
	"slices"
	"testing"
)

func testGroups(n int) []GroupCount {
	rng := Rand(1, "groups")
	groups := make([]GroupCount, n)
	for i := range groups {
		groups[i] = GroupCount{fmt.Sprintf("g%02d", i), map[string]int{"kick": rng.IntN(30), "hat": 1 + rng.IntN(30)}}
	}
	return groups
}

func TestAssignFoldsFillsAndBalancesEveryFold(t *testing.T) {
	groups := testGroups(38)
	folds, err := AssignFolds(groups, 5)
	if err != nil {
		t.Fatal(err)
	}
	hats, all := make([]int, 5), 0
	for _, g := range groups {
		hats[folds[g.Group]] += g.Classes["hat"]
		all += g.Classes["hat"]
	}
	if lo, hi := slices.Min(hats), slices.Max(hats); float64(lo) < 0.8*float64(all)/5 || float64(hi) > 1.2*float64(all)/5 {
		t.Errorf("hats by fold %v are not within 20 %% of %d", hats, all/5)
	}
	shuffled := slices.Clone(groups)
	slices.Reverse(shuffled)
	if again, _ := AssignFolds(shuffled, 5); !reflect.DeepEqual(folds, again) {
		t.Error("the order of the groups changes their folds")
	}
}

func TestAssignFoldsLeavesOneOut(t *testing.T) {
	groups := testGroups(6)
	folds, err := AssignFolds(groups, 6)
	used := map[int]bool{}
	for _, f := range folds {
		used[f] = true
	}
	if err != nil || len(used) != 6 {
		t.Errorf("folds %v, error %v: want each group a fold of its own", folds, err)
	}
	if _, err := AssignFolds(groups, 7); err == nil {
		t.Error("7 folds of 6 groups were accepted")
	}
}

func TestSplitsHoldGroupsOut(t *testing.T) {
	for n, want := range map[int]int{1: 1, 2: 1, 3: 3, 4: 3, 20: 3} {
		used := map[string]bool{}
		for _, s := range Splits(testGroups(n)) {
			used[s] = true
		}
		if len(used) != want {
			t.Errorf("%d groups: splits %v, want %d of them", n, used, want)
		}
	}
}

package labelfile

import (
	"fmt"
	"slices"
	"strings"

	"prep/data"
)

// addTier takes in the marks of one of several tiers, which ELAN has, Sonic
// Visualiser as layers and JAMS as annotations, or of all of its name: which it
// is is decided as for TextGrids. What is left out is told.
func (r *reading) addTier(tiers []tier, asked string) error {
	tiers = slices.DeleteFunc(tiers, func(t tier) bool { return len(t.marks) == 0 })
	if len(tiers) == 0 {
		return nil
	}
	for i := range tiers {
		tiers[i].name = cleanName(tiers[i].name)
	}
	name, ok := (&grid{tiers: tiers}).tierName(asked)
	if !ok {
		return fmt.Errorf("there is no tier %q with labels; there are %s", asked, tierNames(tiers))
	}
	taken, left := 0, []tier{}
	for _, t := range tiers {
		if t.name != name {
			left = append(left, t)
			continue
		}
		taken++
		for _, m := range t.marks {
			if !r.addMark(m) {
				break
			}
		}
	}
	r.sortTiers(taken)
	if taken > 1 {
		r.note("%d tiers are named %q; all of them are read", taken, name)
	}
	if len(left) > 0 {
		r.note("the labels are those of the tier %q; left out: %s", name, tierNames(left))
	}
	return nil
}

// tierNames lists tiers with the number of their marks.
func tierNames(tiers []tier) string {
	const most = 10
	var all []string
	for i, t := range tiers {
		if i == most {
			return strings.Join(all, ", ") + fmt.Sprintf(" and %d more", len(tiers)-most)
		}
		all = append(all, fmt.Sprintf("the tier %q (%s)", t.name, data.Counted(len(t.marks), "label")))
	}
	return strings.Join(all, ", ")
}

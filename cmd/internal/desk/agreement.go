package desk

import (
	"errors"
	"maps"
	"slices"
	"strings"

	"prep/data"
)

// Agreement is how far two labellers agree on what both have labelled.
type Agreement struct {
	A        string   `json:"a"`
	B        string   `json:"b"`
	Moments  int      `json:"moments"` // that both have spoken of
	Observed float64  `json:"observed"`
	Expected float64  `json:"expected"` // by chance
	Kappa    float64  `json:"kappa"`
	Differ   []Differ `json:"differ"`
	Where    []Where  `json:"where"` // they differ, as recorded
}

// Where is a moment that one calls A and the other B. Onset is where the first has it.
type Where struct {
	Recording string `json:"recording"`
	Onset     int    `json:"onset"` // in samples
	A         string `json:"a"`
	B         string `json:"b"`
}

// Differ counts the moments that one calls one thing and the other another.
type Differ struct {
	A     string `json:"a"`
	B     string `json:"b"`
	Count int    `json:"count"`
}

// rejected is what a rejection counts as.
const rejected = "(rejected)"

// Agree returns how far two people agree on the hits of a set that both have
// labelled. It fails when there are none.
func Agree(set *data.Set, a, b string) (Agreement, error) {
	journals, err := journalsOf(set)
	if err != nil {
		return Agreement{}, err
	}
	recordings, err := set.Recordings()
	if err != nil || len(recordings) == 0 {
		return Agreement{}, errors.Join(err, errors.New("no recordings here"))
	}
	of := map[string]map[string][]data.Label{}
	for _, who := range []string{a, b} {
		of[who] = wordsOf(saidBy(journals, who), who)
	}
	g := agree(of, a, b, recordings[0].Rate.N(sameHit))
	if g.Moments == 0 {
		return g, refuse(Missing, "%s and %s have labelled no moment in common (the journal names %s)", a, b, people(journals))
	}
	return g, nil
}

// agree returns Cohen's kappa between the last words of two people on each
// moment: (observed - expected) / (1 - expected), where expected is the
// agreement of two who draw from their own distributions (Cohen, "A coefficient
// of agreement for nominal scales", 1960, eq. 1). Moments within the tolerance,
// in samples, are one.
func agree(of map[string]map[string][]data.Label, a, b string, tolerance int) Agreement {
	g := Agreement{A: a, B: b, Differ: []Differ{}, Where: []Where{}}
	counts := map[[2]string]int{}
	for _, recording := range slices.Sorted(maps.Keys(of[a])) {
		wa, wb := of[a][recording], of[b][recording]
		for _, p := range data.Match(onsets(wa), onsets(wb), tolerance) {
			one, other := word(wa[p.A]), word(wb[p.B])
			counts[[2]string{one, other}]++
			g.Moments++
			if one != other {
				g.Where = append(g.Where, Where{recording, wa[p.A].Onset, one, other})
			}
		}
	}
	if g.Moments > 0 {
		g.measure(counts)
	}
	return g
}

// measure fills in the figures.
func (g *Agreement) measure(counts map[[2]string]int) {
	n := float64(g.Moments)
	left, right := map[string]float64{}, map[string]float64{}
	for k, c := range counts {
		left[k[0]] += float64(c) / n
		right[k[1]] += float64(c) / n
		if k[0] == k[1] {
			g.Observed += float64(c) / n
		} else {
			g.Differ = append(g.Differ, Differ{k[0], k[1], c})
		}
	}
	for class, share := range left {
		g.Expected += share * right[class]
	}
	g.Kappa = 1
	if g.Expected < 1 {
		g.Kappa = (g.Observed - g.Expected) / (1 - g.Expected)
	}
	slices.SortFunc(g.Differ, func(x, y Differ) int {
		if x.Count != y.Count {
			return y.Count - x.Count
		}
		return strings.Compare(x.A+"\x00"+x.B, y.A+"\x00"+y.B)
	})
}

// wordsOf returns the last statement of a person about each moment, by onset.
func wordsOf(labels []data.Label, who string) map[string][]data.Label {
	own := slices.DeleteFunc(slices.Clone(labels), func(l data.Label) bool { return l.By != data.ByHuman || l.Who != who })
	return data.Marks(own)
}

func onsets(labels []data.Label) []int {
	at := make([]int, len(labels))
	for i, l := range labels {
		at[i] = l.Onset
	}
	return at
}

func word(l data.Label) string {
	if l.Reject {
		return rejected
	}
	return l.Class
}

// people names the labellers of journals.
func people(journals map[string][]data.Label) string {
	var names []string
	for _, lines := range journals {
		names = append(names, namesOf(lines)...)
	}
	slices.Sort(names)
	if names = slices.Compact(names); len(names) == 0 {
		return "nobody"
	}
	return strings.Join(names, ", ")
}

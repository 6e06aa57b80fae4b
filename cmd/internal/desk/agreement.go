package desk

import (
	"errors"
	"fmt"
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
	labels, err := set.Labels()
	if err != nil {
		return Agreement{}, err
	}
	recordings, err := set.Recordings()
	if err != nil || len(recordings) == 0 {
		return Agreement{}, errors.Join(err, errors.New("no recordings here"))
	}
	return agree(labels, a, b, recordings[0].Rate.N(sameHit))
}

// agree returns Cohen's kappa between the last words of two people on each
// moment: (observed - expected) / (1 - expected), where expected is the
// agreement of two who draw from their own distributions (Cohen, "A coefficient
// of agreement for nominal scales", 1960, eq. 1). Moments within the tolerance,
// in samples, are one.
func agree(labels []data.Label, a, b string, tolerance int) (Agreement, error) {
	g := Agreement{A: a, B: b, Differ: []Differ{}}
	of := map[string]map[string][]data.Label{a: wordsOf(labels, a), b: wordsOf(labels, b)}
	counts := map[[2]string]int{}
	for recording, wa := range of[a] {
		wb := of[b][recording]
		for _, p := range data.Match(onsets(wa), onsets(wb), tolerance) {
			counts[[2]string{word(wa[p.A]), word(wb[p.B])}]++
			g.Moments++
		}
	}
	if g.Moments == 0 {
		return g, fmt.Errorf("%s and %s have labelled no moment in common (the journal names %s)", a, b, people(labels))
	}
	g.measure(counts)
	return g, nil
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

// people names the labellers of a journal.
func people(labels []data.Label) string {
	var names []string
	for _, l := range labels {
		if l.By == data.ByHuman {
			names = append(names, l.Who)
		}
	}
	slices.Sort(names)
	if names = slices.Compact(names); len(names) == 0 {
		return "nobody"
	}
	return strings.Join(names, ", ")
}

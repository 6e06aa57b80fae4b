package augment

import (
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"prep/data"
	"prep/data/datatest"
	"prep/data/work"
)

// labelledSet is a set of two recordings: nine labelled hits of a, three of b,
// one rejected and one that nobody has named.
func labelledSet(t *testing.T) *data.Set {
	t.Helper()
	c := datatest.Contents{Audio: map[string][]float32{}}
	for i, id := range []string{"0000000000000001", "0000000000000002"} {
		c.Recordings = append(c.Recordings, data.Recording{ID: id, Name: id + ".wav", Group: "g" + id[15:], Rate: rate})
		c.Audio[id] = recording(5000, kick).Samples
		for k := range 7 {
			h := strike(5000 * (k + 1))
			h.Recording, h.ID, h.Mark = id, data.HitID(id, h.Onset), h.Onset
			c.Hits = append(c.Hits, h)
			l := data.Label{Recording: id, Onset: h.Onset, Class: "a", By: data.ByImport}
			if k < 3*i {
				l.Class = "b"
			}
			l.Reject = i == 1 && k == 5
			if i == 0 || k < 6 {
				c.Labels = append(c.Labels, l)
			}
		}
	}
	return datatest.NewSet(t, c)
}

func hitsOf(t *testing.T, set *data.Set) []data.Hit {
	t.Helper()
	hits, err := set.Hits()
	if err != nil {
		t.Fatal(err)
	}
	return hits
}

func run1(t *testing.T, set *data.Set, c Config) data.Summary {
	t.Helper()
	s, err := Run(context.Background(), work.On(set, nil), c)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestRunReplacesTheCopies(t *testing.T) {
	set := labelledSet(t)
	before := hitsOf(t, set)
	c := Default()
	c.Copies = 3
	for range 2 {
		s := run1(t, set, c)
		hits := hitsOf(t, set)
		if !slices.EqualFunc(hits[:len(before)], before, sameHit) {
			t.Fatal("the originals have changed")
		}
		if copies := len(hits) - len(before); copies != 12*3 || s.Counts["copies"] != copies {
			t.Fatalf("got %d copies, %v; want 36 of 12 labelled hits", copies, s.Counts)
		}
	}
	if s := run1(t, set, c); !s.Unchanged {
		t.Error("a second run with nothing changed does not say so")
	}
	c.Copies = 0
	run1(t, set, c)
	if !slices.EqualFunc(hitsOf(t, set), before, sameHit) {
		t.Error("copies: 0 does not leave the originals alone")
	}
}

func sameHit(a, b data.Hit) bool {
	return a.ID == b.ID && a.Parent == b.Parent && a.Onset == b.Onset && a.Seed == b.Seed && len(a.Lineage) == len(b.Lineage)
}

func TestCopiesNameTheirParents(t *testing.T) {
	set := labelledSet(t)
	run1(t, set, Default())
	examples, err := set.Examples()
	if err != nil {
		t.Fatal(err)
	}
	parents := map[string]data.Example{}
	for _, e := range examples {
		if e.Parent == "" {
			parents[e.ID] = e
			continue
		}
		p, ok := parents[e.Parent]
		if !ok || e.ID != p.ID+"+1" || e.Class != p.Class || e.Group != p.Group || e.Onset != p.Onset || e.Seed == 0 {
			t.Errorf("copy %+v of parent %+v", e, p)
		}
		audio, err := set.Audio(e.Recording)
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := kept(Renderer{}, audio, p.Hit, e.Hit); err != nil {
			t.Error(err)
		}
		audio.Close()
	}
	problems, err := set.Check(context.Background(), nil)
	if err != nil || len(problems) > 0 {
		t.Errorf("the set's check says %v, %v", problems, err)
	}
}

func TestBalanceMakesClassesEqual(t *testing.T) {
	for _, copies := range []int{0, 2} {
		set := labelledSet(t)
		c := Default()
		c.Copies, c.Balance = copies, true
		run1(t, set, c)
		examples, err := set.Examples()
		if err != nil {
			t.Fatal(err)
		}
		size := map[string]int{}
		for _, e := range examples {
			size[e.Class]++
		}
		if want := 9 * (1 + copies); size["a"] != want || size["b"] != want {
			t.Errorf("%d copies, balanced: %v, want %d each", copies, size, want)
		}
	}
}

// A copy depends on its hit and on the seed, not on how many others there are.
func TestCopiesAreDrawnAlone(t *testing.T) {
	c := Default()
	h := strike(20000)
	a := c.copy(h, 7, Surroundings{})
	c.Copies = 50
	if b := c.copy(h, 7, Surroundings{}); !sameHit(a, b) {
		t.Error("the number of copies changes copy 7")
	}
	c.Seed++
	if b := c.copy(h, 7, Surroundings{}); a.Seed == b.Seed {
		t.Error("the seed does not change copy 7")
	}
}

func TestAmountsStayInTheirRange(t *testing.T) {
	c := Default()
	used := map[string]int{}
	for n := range 1000 {
		for _, l := range c.copy(strike(20000), n, Surroundings{}).Lineage {
			used[l.Name]++
			for _, s := range c.Plan {
				v := l.Amounts[catalogue[l.Name].Unit]
				if s.Transform == l.Name && !(v >= s.Min && v <= s.Max) {
					t.Fatalf("%v is outside of %v", l, s)
				}
			}
		}
	}
	for _, s := range c.Plan {
		if share := float64(used[s.Transform]) / 1000; share < s.Probability-0.06 || share > s.Probability+0.06 {
			t.Errorf("%s in %.3f of the copies, want %v", s.Transform, share, s.Probability)
		}
	}
}

func TestValidateNamesTheFault(t *testing.T) {
	for _, c := range []struct {
		name string
		step Step
		want []string
	}{
		{"unknown", Step{"warble", 1, 0, 1}, []string{"plan[1]", `"warble"`, "pitch", "reverb"}},
		{"reversed", Step{"pitch", 1, 2, -2}, []string{"plan[1]", "pitch", "min is 2", "max -2", "reversed"}},
		{"too sure", Step{"pitch", 1.5, -2, 2}, []string{"plan[1]", "pitch", "probability is 1.5", "0 to 1"}},
		{"too wide", Step{"stretch", 1, 0.9, 20}, []string{"plan[1]", "max is 20", "0.5 to 2", "factor"}},
	} {
		config := Default()
		config.Plan = []Step{{"gain", 1, 0, 1}, c.step}
		err := config.Validate()
		for _, w := range c.want {
			if err == nil || !strings.Contains(err.Error(), w) {
				t.Errorf("%s: got %v, want %q in it", c.name, err, w)
			}
		}
	}
	never := Config{Copies: 1, Plan: []Step{{"gain", 0, -6, 6}}} // as without its line of probability
	for _, c := range []Config{{Copies: -1}, {Copies: 1}, {Balance: true}, never, {Copies: 100000, Plan: Default().Plan}} {
		if c.Validate() == nil {
			t.Errorf("%+v is valid", c)
		}
	}
	for _, c := range []Config{Default(), {}} {
		if err := c.Validate(); err != nil {
			t.Error(err)
		}
	}
}

func TestRunFailsWithTheReason(t *testing.T) {
	set := labelledSet(t)
	before, err := os.ReadFile(set.Path(data.HitsFile))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Run(ctx, work.On(set, nil), Default()); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	bad := Default()
	bad.Copies = -1
	if _, err := Run(context.Background(), work.On(set, nil), bad); err == nil {
		t.Error("an invalid configuration runs")
	}
	after, _ := os.ReadFile(set.Path(data.HitsFile))
	if !slices.Equal(before, after) {
		t.Error("a run that failed changed hits.jsonl")
	}
	if err := os.Remove(set.Path(data.LabelsFile)); err != nil {
		t.Fatal(err)
	}
	if _, err := Run(context.Background(), work.On(set, nil), Default()); !errors.Is(err, errNoLabels) {
		t.Errorf("without labels: %v", err)
	}
}

func TestBackgroundsComeFromTheSideOfTheParent(t *testing.T) {
	plan := []Step{{"room_tone", 1, 5, 20}, {"background", 1, 10, 20}}
	set := labelledSet(t)
	_, err := Run(context.Background(), work.On(set, nil), Config{Copies: 1, Plan: plan})
	if err == nil || !strings.Contains(err.Error(), "plan[1]: background") {
		t.Errorf("each group has one recording, and the run says %v", err)
	}
	recordings, err := set.Recordings()
	if err != nil {
		t.Fatal(err)
	}
	recordings = append(recordings, data.Recording{ID: "0000000000000003", Name: "other.wav", Group: "g2", Rate: rate, Samples: 44100})
	if err := set.WriteRecordings(recordings); err != nil {
		t.Fatal(err)
	}
	group := map[string]string{}
	for _, r := range recordings {
		group[r.ID] = r.Group
	}
	for _, groups := range [][]string{nil, {"g2"}, {"g1", "g2"}} {
		run1(t, set, Config{Copies: 4, Plan: plan, Groups: groups})
		lines := 0
		for _, h := range hitsOf(t, set) {
			if h.Parent == "" {
				continue
			}
			own := group[h.Recording]
			if len(groups) > 0 && !slices.Contains(groups, own) {
				t.Errorf("groups %v: %s of group %s has a copy", groups, h.Parent, own)
			}
			for _, l := range h.Lineage {
				_, other := l.Parts()
				if other == "" {
					continue
				}
				lines++
				if from := group[other]; other == h.Recording || groups == nil && from != own || groups != nil && !slices.Contains(groups, from) {
					t.Errorf("groups %v: a hit of %s lies before a background of %s", groups, own, from)
				}
			}
		}
		if lines == 0 {
			t.Errorf("groups %v: no copy has a background", groups)
		}
	}
	if _, err := Run(context.Background(), work.On(set, nil), Config{Copies: 1, Plan: plan, Groups: []string{"nobody"}}); err == nil || !strings.Contains(err.Error(), `"nobody"`) {
		t.Errorf("a group that is not there: %v", err)
	}
}

func TestPreviewShowsEveryStepAtBothEnds(t *testing.T) {
	set := labelledSet(t)
	c := Default()
	c.Plan = append(c.Plan, Step{"room_tone", 0.5, 10, 20}, Step{"background", 0.5, 10, 20}, Step{"polarity", 0.5, -1, -1})
	h := hitsOf(t, set)[0]
	near, err := c.Surroundings(set, h.Recording)
	if err != nil {
		t.Fatal(err)
	}
	audio, err := set.Audio(h.Recording)
	if err != nil {
		t.Fatal(err)
	}
	defer audio.Close()
	shown, err := c.Preview(Renderer{}, audio, h, near)
	if err != nil {
		t.Fatal(err)
	}
	// The group has no other recording for a background; polarity has one end.
	if want := 1 + 2*len(Default().Plan) + 2 + 1; len(shown) != want || shown[0].Name != "original" {
		t.Errorf("got %d sounds, want %d", len(shown), want)
	}
	if _, err := c.Surroundings(set, "nothing"); err == nil {
		t.Error("a recording that is not there has surroundings")
	}
}

// Whatever is combined, with whatever amounts: the result is finite, within
// full scale, has its context, and comes out the same again.
func TestAnyPlanHolds(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 12))
	rec := recording(20000, kick)
	near := Surroundings{tone: &tone{1000, 8000}, others: [2][]data.Recording{{{ID: "other"}}}}
	for i := range 60 {
		var c Config
		for _, t := range transforms() {
			hi := min(t.Hi, 20000)
			lo := t.Lo + (hi-t.Lo)*rng.Float64()
			c.Plan = append(c.Plan, Step{t.Name, 0.25, lo, lo + (hi-lo)*rng.Float64()})
		}
		rng.Shuffle(len(c.Plan), func(i, j int) { c.Plan[i], c.Plan[j] = c.Plan[j], c.Plan[i] })
		h := c.copy(strike(200+rng.IntN(41800)), i, near)
		clip, at := rendered(t, rec, h, h.Lineage...)
		again, _ := rendered(t, rec, h, h.Lineage...)
		if !slices.Equal(clip.Samples, again.Samples) || at.Len() < 1 {
			t.Errorf("%v: comes out differently", h.Lineage)
		}
	}
}

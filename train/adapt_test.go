package train

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"prep/data"
)

// lessonsOf returns the hits of a group of the set as lessons, their classes renamed.
func lessonsOf(t *testing.T, set *data.Set, group string, rename map[string]string) (lessons []Lesson) {
	t.Helper()
	examples, err := set.Examples()
	if err != nil {
		t.Fatal(err)
	}
	patches, err := set.Patches("mel")
	if err != nil {
		t.Fatal(err)
	}
	defer patches.Close()
	for i, e := range examples {
		if e.Group != group || e.Parent != "" {
			continue
		}
		p, err := patches.Patch(i)
		if err != nil {
			t.Fatal(err)
		}
		if name, ok := rename[e.Class]; ok {
			e.Class = name
		}
		lessons = append(lessons, Lesson{e, p})
	}
	return lessons
}

// based returns a set and a model that it trained.
func based(t *testing.T) (*data.Set, *Model) {
	t.Helper()
	set := makeSet(t, 6, 3)
	c := smallConfig()
	c.Epochs = 4
	mustRun(t, set, c)
	m, err := Load(set.Path("models", "small"))
	if err != nil {
		t.Fatal(err)
	}
	return set, m
}

// A personal model is a model as any other: it is loaded and says what its parity file says,
// twice the same bytes come of the same hits, and it knows where it comes from.
func TestAdaptMakesAModel(t *testing.T) {
	set, m := based(t)
	lessons := lessonsOf(t, set, "voice02", nil)
	r, err := Adapt(set, m, "small", "mine", lessons)
	if err != nil {
		t.Fatal(err)
	}
	if r.Hits != 12 || r.Accuracy < 0.8 || r.Personal.By != ByHit || r.Personal.Others != 60 || r.CI[0] > r.Accuracy || r.CI[1] < r.Accuracy {
		t.Errorf("%d hits, accuracy %.3f %v, by %s, %d of others", r.Hits, r.Accuracy, r.CI, r.Personal.By, r.Personal.Others)
	}
	if got := strings.Join(r.Notes, "; "); !strings.Contains(got, "has learned from 1 of these recordings") {
		t.Errorf("notes: %s", got)
	}
	first := modelBytes(t, set, "mine")
	if _, err := Adapt(set, m, "small", "mine", lessons); err != nil {
		t.Fatal(err)
	}
	sameFiles(t, modelBytes(t, set, "mine"), first)
	mine, err := Load(set.Path("models", "mine"))
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(mine.Classes, m.Classes) || mine.description.Parent.Name != "small" || !mine.HasLearned(lessons[0].Recording) {
		t.Errorf("classes %v, parent %+v", mine.Classes, mine.description.Parent)
	}
	var patches []data.Patch
	for _, l := range lessons {
		patches = append(patches, l.Patch)
	}
	right := 0
	rows, err := mine.Predict(patches)
	if err != nil {
		t.Fatal(err)
	}
	for i, row := range rows {
		var sum float64
		for _, p := range row {
			sum += float64(p)
		}
		if math.Abs(sum-1) > 1e-5 {
			t.Errorf("probabilities sum to %g", sum)
		}
		if mine.Classes[answers(rows[i : i+1])[0]] == lessons[i].Class {
			right++
		}
	}
	if right < 11 {
		t.Errorf("%d of 12 own hits are named rightly", right)
	}
}

// Other names than the base model's are learned from the person's hits alone, beside those
// that it shares.
func TestAdaptTakesNewNames(t *testing.T) {
	set, m := based(t)
	r, err := Adapt(set, m, "small", "mine", lessonsOf(t, set, "voice01", map[string]string{"class1": "zap", "class2": "click"}))
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"class0", "click", "zap"}; !slices.Equal(r.Classes, want) || r.Personal.Others != 20 || r.Accuracy < 0.7 {
		t.Errorf("classes %v, %d hits of others, accuracy %.2f", r.Classes, r.Personal.Others, r.Accuracy)
	}
	for _, c := range []struct {
		rename map[string]string
		keep   int
		want   string
	}{
		{map[string]string{"class1": "class0", "class2": "class0"}, 12, `adapt: every labelled hit is of one class, "class0": a model needs at least two sounds to tell apart`},
		{nil, 0, "adapt: no hits to learn from"},
	} {
		_, err := Adapt(set, m, "small", "mine", lessonsOf(t, set, "voice01", c.rename)[:c.keep])
		if err == nil || err.Error() != c.want {
			t.Errorf("got %v, want %s", err, c.want)
		}
	}
	one, err := Adapt(set, m, "small", "mine", lessonsOf(t, set, "voice01", nil)[:3])
	if err != nil || len(one.Notes) != 4 || !strings.Contains(one.Notes[0], `class "class0" has 1 hits`) {
		t.Errorf("a hit of each class: %v, notes %q", err, one.Notes)
	}
	wrong := lessonsOf(t, set, "voice01", nil)
	wrong[0].Patch.Bands--
	if _, err := Adapt(set, m, "small", "mine", wrong); err == nil || !strings.Contains(err.Error(), "a patch of") {
		t.Errorf("a patch of another shape: %v", err)
	}
	if _, err := Adapt(set, m, "small", "../mine", wrong); err == nil {
		t.Error("a name that leaves the set was taken")
	}
	network := modelBytes(t, set, "small")
	if _, err := Adapt(set, m, "small", "small", wrong); err == nil || !strings.Contains(err.Error(), "is a network that was trained, which would be lost") {
		t.Errorf("the name of a trained network: %v", err)
	}
	sameFiles(t, modelBytes(t, set, "small"), network)
}

// Hits of several takes are left out take by take.
func TestEstimateByTakes(t *testing.T) {
	set, m := based(t)
	lessons := append(lessonsOf(t, set, "voice01", nil), lessonsOf(t, set, "voice02", nil)...)
	r, err := Adapt(set, m, "small", "mine", lessons)
	if err != nil {
		t.Fatal(err)
	}
	if r.Personal.By != ByTake || r.Personal.Takes != 2 || r.Protocol != "leave one take out, 2 takes of one person" {
		t.Errorf("by %s of %d takes: %s", r.Personal.By, r.Personal.Takes, r.Protocol)
	}
	if len(r.Personal.Curve) != 4 || r.Personal.Curve[3].Shots != 5 {
		t.Errorf("curve %v, want points at 1, 2, 3 and 5 of 8 hits each", r.Personal.Curve)
	}
}

// The interval holds the true share in at least 95 of 100 cases.
func TestBinomialCovers(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for _, n := range []int{10, 30, 100} {
		for _, p := range []float64{0.5, 0.8, 0.9, 0.97} {
			held := 0
			const rounds = 2000
			for range rounds {
				right := 0
				for range n {
					if random.Float64() < p {
						right++
					}
				}
				if lo, hi := binomial(right, n); lo <= p && p <= hi {
					held++
				}
			}
			if share := float64(held) / rounds; share < 0.94 {
				t.Errorf("%d hits of %g: the interval holds in %.3f of the cases", n, p, share)
			}
		}
	}
}

// The model that comes with prep knows what its card says.
func TestGeneral(t *testing.T) {
	m, err := General()
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"hat", "kick", "snare", data.None}; !slices.Equal(m.Classes, want) {
		t.Errorf("classes %v, want %v", m.Classes, want)
	}
	if len(m.memory.hits) == 0 || m.Report().Accuracy < 0.75 || len(m.description.Learned) < 115 {
		t.Errorf("%d hits remembered, accuracy %.3f, %d recordings", len(m.memory.hits), m.Report().Accuracy, len(m.description.Learned))
	}
}

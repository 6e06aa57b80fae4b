package duplicate

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"prep/data"
	"prep/data/datatest"
)

// sung returns a hit of a voice: noise through a resonance of its own, beside
// that of the class.
func sung(rng *rand.Rand, classHz, voiceHz float64) []float32 {
	x := make([]float32, 2000)
	resonate(x, rng, classHz, 1)
	resonate(x, rng, voiceHz*(1+0.02*rng.NormFloat64()), 0.5)
	return x
}

func resonate(x []float32, rng *rand.Rand, hz, gain float64) {
	const radius = 0.97
	turn := 2 * radius * math.Cos(2*math.Pi*hz/float64(rate))
	var y1, y2 float64
	for t := range x {
		y := gain*rng.NormFloat64()*math.Exp(-float64(t)/600) + turn*y1 - radius*radius*y2
		y1, y2 = y, y1
		x[t] += float32(0.01 * y)
	}
}

// choir is a set of one-hit recordings, ten of each of two classes a group, the
// groups' voices resonating at hz.
func choir(t *testing.T, hz map[string]float64) *data.Set {
	t.Helper()
	c := datatest.Contents{Audio: map[string][]float32{}}
	rng := rand.New(rand.NewPCG(5, 5))
	for _, g := range []string{"ada", "bo", "cleo", "dan", "eve", "fay"} {
		if hz[g] == 0 {
			continue
		}
		for i := range 20 {
			id := fmt.Sprintf("%s%02d", g, i)
			class, classHz := "low", 300.0
			if i%2 == 1 {
				class, classHz = "high", 5000
			}
			x := sung(rng, classHz, hz[g])
			c.Audio[id] = x
			c.Recordings = append(c.Recordings, data.Recording{ID: id, Name: id, Group: g, Class: class, Rate: rate})
			c.Hits = append(c.Hits, data.Hit{ID: data.HitID(id, 5), Recording: id, Onset: 5, End: len(x), Offset: len(x), Mark: data.NoMark})
		}
	}
	return datatest.NewSet(t, c)
}

func TestOnePersonUnderTwoNamesIsFound(t *testing.T) {
	for _, c := range []struct {
		name string
		hz   map[string]float64
		want string // the pair
	}{
		{"five people", map[string]float64{"ada": 600, "bo": 900, "cleo": 1400, "dan": 2000, "eve": 3000}, ""},
		{"one of them twice", map[string]float64{"ada": 600, "bo": 900, "cleo": 1400, "dan": 2000, "eve": 3000, "fay": 1400}, `"cleo" and "fay"`},
		{"too few to say", map[string]float64{"ada": 600, "bo": 600, "cleo": 1400}, ""},
	} {
		found, err := People(t.Context(), choir(t, c.hz))
		if err != nil {
			t.Fatal(err)
		}
		word := PersonWord(found)
		if c.want == "" && word != "" || !strings.Contains(word, c.want) || len(found) > 1 {
			t.Errorf("%s: %q, want %q", c.name, word, c.want)
		}
	}
}

func TestPeopleWithoutWhatTellsThem(t *testing.T) {
	for name, set := range map[string]*data.Set{
		"nothing":         datatest.NewSet(t, datatest.Contents{}),
		"no labels":       setOf(t, stroke(1, 180), stroke(2, 90), stroke(3, 400), stroke(4, 700)),
		"silence of four": silent(t),
	} {
		if found, err := People(t.Context(), set); err != nil || len(found) > 0 {
			t.Errorf("%s: %v, %v", name, found, err)
		}
	}
}

// silent is a set of labelled hits that hold nothing.
func silent(t *testing.T) *data.Set {
	t.Helper()
	set := setOf(t, make([]float32, 9), make([]float32, 7), make([]float32, 900), make([]float32, 2000))
	recordings, err := set.Recordings()
	if err != nil {
		t.Fatal(err)
	}
	for i := range recordings {
		recordings[i].Class = "none"
	}
	if err := set.WriteRecordings(recordings); err != nil {
		t.Fatal(err)
	}
	return set
}

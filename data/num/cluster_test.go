package num

import (
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
)

// clouds returns n points about each of some centres.
func clouds(n int, centres ...[3]float64) (x [][]float32, of []int) {
	r := rand.New(rand.NewPCG(7, 7))
	for i := range n * len(centres) {
		c := centres[i%len(centres)]
		x = append(x, []float32{float32(c[0] + 0.1*r.NormFloat64()), float32(c[1] + 0.1*r.NormFloat64()), float32(c[2])})
		of = append(of, i%len(centres))
	}
	return x, of
}

// Points along a line at (3, 4)/5 have one axis, that one, and their distances along it.
func TestPrincipalFindsALine(t *testing.T) {
	x := [][]float32{{3, 4}, {-3, -4}, {6, 8}, {-6, -8}}
	got, share := Principal(x, 2)
	for i, want := range []float64{5, -5, 10, -10} {
		if math.Abs(got[i][0]-want) > 1e-9 || math.Abs(got[i][1]) > 1e-9 {
			t.Errorf("point %d is at %v, want %v 0", i, got[i], want)
		}
	}
	if math.Abs(share[0]-1) > 1e-12 || math.Abs(share[1]) > 1e-12 {
		t.Errorf("shares %v, want 1 and 0", share)
	}
}

// Along all of their axes points are as far apart as they were.
func TestPrincipalKeepsDistances(t *testing.T) {
	x, _ := clouds(20, [3]float64{0, 0, 0}, [3]float64{1, 2, 3})
	got, share := Principal(x, 3)
	for i := range x {
		want := 0.0
		for j := range x[i] {
			want += float64(x[i][j]-x[0][j]) * float64(x[i][j]-x[0][j])
		}
		if d := Apart(got[i], got[0]); math.Abs(d-want) > 1e-5 {
			t.Errorf("point %d is %v from the first, want %v", i, d, want)
		}
	}
	if sum := share[0] + share[1] + share[2]; math.Abs(sum-1) > 1e-9 || !slices.IsSortedFunc(share, func(a, b float64) int { return int(math.Copysign(1, b-a)) }) {
		t.Errorf("shares %v", share)
	}
}

func TestPrincipalOfLittle(t *testing.T) {
	if got, share := Principal(nil, 2); got != nil || share != nil {
		t.Errorf("of nothing: %v, %v", got, share)
	}
	got, share := Principal([][]float32{{1, 2}, {1, 2}}, 5)
	if !reflect.DeepEqual(got, [][]float64{{0, 0}, {0, 0}}) || !reflect.DeepEqual(share, []float64{0, 0}) {
		t.Errorf("of two that are alike: %v, %v", got, share)
	}
}

func TestClusterFindsClouds(t *testing.T) {
	x, of := clouds(40, [3]float64{0, 0, 0}, [3]float64{5, 0, 0}, [3]float64{0, 5, 1})
	points, _ := Principal(x, 3)
	group, means := Cluster(points, 3)
	name := map[int]int{}
	for i, g := range group {
		if was, seen := name[g]; seen && was != of[i] {
			t.Fatalf("group %d has points of clouds %d and %d", g, was, of[i])
		}
		name[g] = of[i]
	}
	if len(name) != 3 || len(means) != 3 {
		t.Errorf("%d groups, %d means, want 3", len(name), len(means))
	}
	again, _ := Cluster(points, 3)
	if !reflect.DeepEqual(group, again) {
		t.Error("the same points give other groups")
	}
}

// The largest group is the first, and there are no more groups than points that differ.
func TestClusterSizes(t *testing.T) {
	x := [][]float64{{1}, {9}, {9}, {9}, {1}}
	group, means := Cluster(x, 4)
	if !reflect.DeepEqual(group, []int{1, 0, 0, 0, 1}) || !reflect.DeepEqual(means, [][]float64{{9}, {1}}) {
		t.Errorf("groups %v, means %v", group, means)
	}
	if group, means := Cluster(nil, 3); len(group)+len(means) != 0 {
		t.Errorf("of nothing: %v, %v", group, means)
	}
}

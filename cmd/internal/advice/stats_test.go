package advice

import (
	"reflect"
	"testing"
	"time"

	"prep/cmd/internal/desk"
	"prep/data"
	"prep/data/datatest"
)

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestCount(t *testing.T) {
	set := datatest.NewBursts(t, 4)
	check(t, set.AppendLabels(data.Label{Recording: "0000000000000001", Onset: 4 * datatest.BurstSpacing, Class: "snare", By: data.ByImport}))
	d, err := desk.New(set, "ada")
	check(t, err)
	var pace Pace
	at := 100
	for _, a := range []desk.Act{
		{Do: "label", IDs: []string{datatest.BurstID(1), datatest.BurstID(2)}, Class: "kick"},
		{Do: "label", IDs: []string{datatest.BurstID(2)}, Class: "hat"}, // a correction
		{Do: "reject", IDs: []string{datatest.BurstID(3)}},
		{Do: "add", Recording: "0000000000000001", Onset: &at, Class: "kick"},
	} {
		c, err := d.Do(a)
		check(t, err)
		pace.Add(c.Labelled)
	}
	got := Count(d, &pace)
	if got.PerMinute < 100 { // three more, at once, in less than a second
		t.Errorf("the pace is %g a minute", got.PerMinute)
	}
	got.PerMinute = 0
	want := Stats{Hits: 5, Labelled: 4, Left: 1, Rejected: 1, Moved: 1, Classes: map[string]int{"kick": 2, "hat": 1, "snare": 1},
		Corrections: 0.25, Undo: 4}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("counted %+v, want %+v", got, want)
	}
}

// The pace is of the last five minutes, over a second at least.
func TestThePaceIsOfTheLastFiveMinutes(t *testing.T) {
	var p Pace
	begin := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, tc := range []struct {
		after time.Duration
		n     int
		want  float64
	}{{0, 1, 0}, {0, 1, 60}, {time.Minute, 1, 2}, {4 * time.Minute, 1, 0.75}, {5*time.Minute + time.Second, 0, 1.0 / (241.0 / 60)}, {time.Hour, 0, 0}} {
		p.add(tc.n, begin.Add(tc.after))
		if got := p.perMinute(begin.Add(tc.after)); got != tc.want {
			t.Errorf("after %v: %g a minute, want %g", tc.after, got, tc.want)
		}
	}
}

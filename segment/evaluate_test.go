package segment

import (
	"bufio"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"strconv"
	"testing"
)

const mirEval = "../../shared/onsets/mir_eval"

// readOnsets reads a file of one onset in seconds a line.
func readOnsets(t *testing.T, path string) []float64 {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var onsets []float64
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if lines.Text() == "" || lines.Text()[0] == '#' {
			continue
		}
		v, err := strconv.ParseFloat(lines.Text(), 64)
		if err != nil {
			t.Fatal(err)
		}
		onsets = append(onsets, v)
	}
	return onsets
}

func TestCompareAgreesWithMirEval(t *testing.T) {
	if _, err := os.Stat(mirEval); err != nil {
		t.Skipf("mir_eval's reference results are not here: %v", err)
	}
	for i := range 10 {
		raw, err := os.ReadFile(fmt.Sprintf("%s/output%02d.json", mirEval, i))
		if err != nil {
			t.Fatal(err)
		}
		var want map[string]float64
		if err := json.Unmarshal(raw, &want); err != nil {
			t.Fatal(err)
		}
		got := Compare(readOnsets(t, fmt.Sprintf("%s/ref%02d.txt", mirEval, i)),
			readOnsets(t, fmt.Sprintf("%s/est%02d.txt", mirEval, i))).Scores().Tolerances[0]
		for name, v := range map[string]float64{"F-measure": got.F, "Precision": got.Precision, "Recall": got.Recall} {
			if math.Abs(v-want[name]) > 1e-9 {
				t.Errorf("%02d: %s = %v, want %v", i, name, v, want[name])
			}
		}
	}
}

func TestScores(t *testing.T) {
	c := Compare([]float64{1, 2, 3, 4}, []float64{1.004, 1.996, 3.020, 5})
	c.Add(Compare(nil, []float64{1}))
	s := c.Scores()
	for i, want := range []float64{3, 3, 2, 2, 0} {
		if got := s.Tolerances[i].Recall * 4; math.Abs(got-want) > 1e-12 {
			t.Errorf("at %v ms %v found, want %v", s.Tolerances[i].Ms, got, want)
		}
	}
	if got := s.Tolerances[0].Precision; math.Abs(got-0.6) > 1e-12 {
		t.Errorf("precision %v, want 0.6", got)
	}
	if got := s.ErrorMs; math.Abs(got.Median-4) > 1e-9 || math.Abs(got.P95Abs-18.4) > 1e-9 {
		t.Errorf("errors %+v, want median 4, p95 18.4", got)
	}
	if empty := (Comparison{}).Scores(); empty.Tolerances[0].F != 0 || math.IsNaN(empty.ErrorMs.Median) {
		t.Errorf("of nothing: %+v", empty)
	}
}

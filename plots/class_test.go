package plots

import (
	"math"
	"testing"

	"prep/data"
)

func TestMomentsLeaveOutWhatIsNotFinite(t *testing.T) {
	nan := float32(math.NaN())
	patches := []data.Patch{
		{Channels: 1, Bands: 1, Frames: 2, Values: []float32{1, 5}},
		{Channels: 1, Bands: 1, Frames: 2, Values: []float32{3, nan}},
		{Channels: 1, Bands: 9, Frames: 9},
	}
	mean, spread := moments(patches)
	if mean.Values[0] != 2 || mean.Values[1] != 5 || spread.Values[0] != 1 || spread.Values[1] != 0 {
		t.Errorf("mean %v, spread %v", mean.Values, spread.Values)
	}
}

func TestClassSheetPicksTheLargestGroups(t *testing.T) {
	v := ClassView{}
	for i := range 300 {
		v.Patches = append(v.Patches, data.Patch{})
		v.Groups = append(v.Groups, string(rune('a'+min(i%26, i%40))))
	}
	rows := pick(v)
	if len(rows) != sheetRows {
		t.Fatalf("%d rows, want %d", len(rows), sheetRows)
	}
	for i, row := range rows {
		if len(row.patches) > sheetColumns || i > 0 && rows[i-1].group >= row.group {
			t.Errorf("row %d: group %q with %d patches", i, row.group, len(row.patches))
		}
	}
}

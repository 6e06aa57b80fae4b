package page

import (
	"encoding/binary"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"prep/data/datatest"
)

func TestAudioIsExact(t *testing.T) {
	c := serve(t, datatest.NewBursts(t, 3), Settings{})
	want := append(make([]float32, 10), datatest.Bursts(3)[:spacing+500]...)
	_, text := c.do("GET", fmt.Sprintf("/token/audio?rec=0000000000000001&from=-10&to=%d", spacing+500), "")
	got := make([]float32, len(text)/4)
	check(t, binary.Read(strings.NewReader(text), binary.LittleEndian, got))
	if !reflect.DeepEqual(got, want) {
		t.Error("the samples are not those of the recording")
	}
	for _, to := range []int{2000, 4 * spacing} { // sample by sample, and by blocks
		_, text = c.do("GET", fmt.Sprintf("/token/peaks?rec=0000000000000001&from=0&to=%d&n=10", to), "")
		pairs := make([]float32, len(text)/4)
		check(t, binary.Read(strings.NewReader(text), binary.LittleEndian, pairs))
		lo, hi := extremes(datatest.Bursts(3)[:to])
		if gotLo, gotHi := extremes(pairs); len(pairs) != 20 || gotLo != lo || gotHi != hi {
			t.Errorf("peaks to %d: %d values from %g to %g, want 20 from %g to %g", to, len(pairs), gotLo, gotHi, lo, hi)
		}
	}
}

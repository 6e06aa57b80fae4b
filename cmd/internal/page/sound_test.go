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

// What is asked of a picture is what is drawn, or told to be nothing.
func TestSpectrogramIsAsAskedFor(t *testing.T) {
	c := serve(t, datatest.NewBursts(t, 3), Settings{})
	at := "/token/spectrogram?rec=0000000000000001&from=4000&to=8000&w=20&h=16"
	_, usual := c.do("GET", at, "")
	if _, same := c.do("GET", at+"&window=256&range=70&scale=mel", ""); same != usual || len(usual) != 320 {
		t.Errorf("%d bytes are not the usual picture", len(same))
	}
	for _, other := range []string{"&window=1024", "&range=40", "&scale=linear", "&scale=log"} {
		if code, got := c.do("GET", at+other, ""); code != 200 || len(got) != 320 || got == usual {
			t.Errorf("%s: %d, %d bytes, or the usual picture", other, code, len(got))
		}
	}
	for _, wrong := range []string{"&window=100", "&window=8192", "&window=0", "&range=0", "&range=121", "&scale=bark"} {
		if code, text := c.do("GET", at+wrong, ""); code != 400 {
			t.Errorf("%s: %d %s", wrong, code, text)
		}
	}
}

package augment

import (
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"

	"prep/data"
)

var background = Transform{
	Name: "background", Unit: "snr_db", Lo: -10, Hi: 80, Identity: math.Inf(1),
	About: "Another recording of the training groups, hits and all, behind this one. " +
		"Salamon and Bello (2017) mix scenes with weights of 0.1 to 0.5, 19 to 0 dB; below 10 dB another's hit may drown this one.",
	also:     []amount{{"place", 0, 1, false}}, // in the other recording
	material: readBackground,
	apply: func(w *window, a amounts, _ span, _ *rand.Rand) {
		// The level is that of the whole window: if it is quiet behind the
		// hit, let it be.
		w.addAt(w.material, rms(w.material), a["snr_db"])
	},
}

// readBackground reads n samples of the recording that the step names.
func readBackground(s source, step data.Transform, n int) ([]float32, error) {
	_, id := step.Parts()
	if s.open == nil {
		return nil, errors.New("no other recording is at hand")
	}
	r, err := s.open(id)
	if err != nil {
		return nil, err
	}
	if c, ok := r.(io.Closer); ok {
		defer c.Close()
	}
	if r.SampleRate() != s.recording.SampleRate() {
		return nil, fmt.Errorf("its rate is %d, the recording's %d", r.SampleRate(), s.recording.SampleRate())
	}
	from := int(step.Amounts["place"] * float64(max(r.Len()-n, 0)))
	return data.ReadSpan(r, from, from+n)
}

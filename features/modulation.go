package features

import (
	"fmt"
	"math/bits"

	"prep/data"
	"prep/features/stft"
)

// modulation is the modulation spectrum of each mel band: how fast its
// envelope moves (Greenberg and Kingsbury, The modulation spectrogram, ICASSP
// 1997). Column q of row b is the power
//
//	P[b,q] = |sum over t of a[b,t] exp(-2 pi i q t / n)|^2,  a = sqrt(mel power)
//
// in decibels, at q rate / (hop n) Hz. n is the power of two at or above twice
// the frames: the FFT is zero-padded. What is told apart is no finer than one
// over the patch's duration, 20 Hz for 50 ms, whatever the step; and what is
// faster than the window's own bandwidth is smoothed away.
type modulation struct {
	*banded
	plan     *stft.Plan
	spectrum []float32
}

func newModulation(c Config, rate data.Rate) (transform, error) {
	b, err := newMelBanded(&c, rate)
	if err != nil {
		return nil, err
	}
	n := max(4, 1<<bits.Len(uint(2*c.Frames-1)))
	return (&modulation{banded: b, plan: stft.NewPlan(n)}).clone(), nil
}

func (m *modulation) clone() transform {
	return &modulation{banded: m.copy(), plan: m.plan.Clone(), spectrum: make([]float32, m.plan.Bins())}
}

func (m *modulation) plane(dst []float32, r data.Reader, at place) error {
	if err := m.banded.plane(dst, r, at); err != nil {
		return err
	}
	stft.Sqrt(dst)
	frames := m.config.Frames
	for b := range m.config.Bands {
		row := dst[b*frames:][:frames]
		m.plan.Power(m.spectrum, row)
		copy(row, m.spectrum)
	}
	m.config.toDecibels(dst)
	return nil
}

func (m *modulation) describe(ch *Channel) {
	m.banded.describe(ch)
	c := m.config
	stepHz := 1000 / ch.ColumnStep / float64(m.plan.Len())
	resolvedHz := 1000 / ch.ColumnStep / float64(c.Frames)
	ch.Columns, ch.ColumnFirst, ch.ColumnStep = "modulation Hz", 0, stepHz
	ch.Note = fmt.Sprintf("columns lie %.4g Hz apart, the patch resolves %.4g Hz; modulation faster than about %.4g Hz is smoothed away by the window",
		stepHz, resolvedHz, ch.Lowest.noiseHz())
}

// noiseHz is the window's own bandwidth.
func (c Cell) noiseHz() float64 { return 1000 / c.Ms }

package features

import (
	"math"

	"prep/data"
	"prep/features/stft"
)

// mfcc is librosa.feature.mfcc: the orthonormal DCT-II of the mel spectrogram
// in decibels re 1, as many coefficients as there are mel filters (Bands),
//
//	C[i,t] = n[i] sum over b of L[b,t] cos(pi i (2b+1) / (2 bands))
//
// with n[0] = sqrt(1/bands), else sqrt(2/bands) (Davis and Mermelstein, IEEE
// TASSP 28, 1980; scipy.fft.dct with type 2 and norm "ortho"). No lifter.
type mfcc struct {
	*banded
	dct   []float32 // bands x bands, coefficient by band
	mel   []float32 // bands x frames
	eight []float32 // eight of its columns in lanes
}

func newMFCC(c Config, rate data.Rate) (transform, error) {
	b, err := newMelBanded(&c, rate)
	if err != nil {
		return nil, err
	}
	return (&mfcc{banded: b, dct: dctMatrix(c.Bands)}).clone(), nil
}

func (m *mfcc) clone() transform {
	c := m.config
	return &mfcc{
		banded: m.copy(), dct: m.dct,
		mel: make([]float32, c.Bands*c.Frames), eight: make([]float32, c.Bands*stft.Lanes),
	}
}

func dctMatrix(n int) []float32 {
	d := make([]float32, 0, n*n)
	for i := range n {
		norm := math.Sqrt(2 / float64(n))
		if i == 0 {
			norm = math.Sqrt(1 / float64(n))
		}
		for b := range n {
			d = append(d, float32(norm*math.Cos(math.Pi*float64(i*(2*b+1))/float64(2*n))))
		}
	}
	return d
}

func (m *mfcc) plane(dst []float32, r data.Reader, at place) error {
	if err := m.banded.plane(m.mel, r, at); err != nil {
		return err
	}
	c := *m.config
	c.Ref = refOne
	c.toDecibels(m.mel)
	m.transform(dst)
	return nil
}

// transform writes the DCT of each column of m.mel, eight columns at a time.
func (m *mfcc) transform(dst []float32) {
	bands, frames := m.config.Bands, m.config.Frames
	for t := 0; t < frames; t += stft.Lanes {
		count := min(stft.Lanes, frames-t)
		for b := range bands {
			copy(m.eight[b*stft.Lanes:][:stft.Lanes], m.mel[b*frames+t:][:count])
		}
		for i := range bands {
			var sums [stft.Lanes]float32
			stft.Dot(&sums, m.dct[i*bands:][:bands], m.eight)
			copy(dst[i*frames+t:][:count], sums[:])
		}
	}
}

func (m *mfcc) describe(ch *Channel) {
	m.banded.describe(ch)
	ch.Unit, ch.Rows, ch.RowHz = "dB (orthonormal DCT-II)", "cepstral coefficient", nil
	ch.Note = "resolution and independent cells are those of the mel spectrogram underneath"
}

package features

import (
	"math"

	"prep/data"
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
	dct []float32 // bands x bands, coefficient by band
	mel []float32
}

func newMFCC(c Config, rate data.Rate) (transform, error) {
	b, err := newMelBanded(&c, rate)
	if err != nil {
		return nil, err
	}
	return &mfcc{banded: b, dct: dctMatrix(c.Bands)}, nil
}

func (m *mfcc) clone() transform { return &mfcc{banded: m.copy(), dct: m.dct} }

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
	if len(m.mel) < len(dst) {
		m.mel = make([]float32, len(dst))
	}
	if err := m.banded.plane(m.mel, r, at); err != nil {
		return err
	}
	c := *m.config
	c.Ref = RefOne
	c.toDecibels(m.mel)
	clear(dst)
	for i := range c.Bands {
		out := dst[i*c.Frames:][:c.Frames]
		for b, w := range m.dct[i*c.Bands:][:c.Bands] {
			axpy(out, w, m.mel[b*c.Frames:])
		}
	}
	return nil
}

// axpy adds a*x to dst.
func axpy(dst []float32, a float32, x []float32) {
	x = x[:len(dst)]
	for i, v := range x {
		dst[i] += a * v
	}
}

func (m *mfcc) describe(ch *Channel) {
	m.banded.describe(ch)
	ch.Unit, ch.Rows, ch.RowHz = "dB (orthonormal DCT-II)", "cepstral coefficient", nil
	ch.Note = "resolution and independent cells are those of the mel spectrogram underneath"
}

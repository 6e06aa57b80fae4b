package features

import (
	"fmt"

	"prep/data"
)

// linear is the spectrogram in equal bands, the mean power of the bins in each:
//
//	P[b,t] = mean of |X[k,t]|^2 over the bins k with lo[b] <= f[k] < lo[b+1]
//	lo[b]  = fmin + b (fmax - fmin) / bands
//
// in decibels. With 64 bands at an FFT of 512 it is librosa's
// power_to_db((abs(stft(y))**2)[:256].reshape(64, 4, -1).mean(axis=1)).
type linear struct{ *banded }

func newLinear(c Config, rate data.Rate) (transform, error) {
	fmax, err := c.fmaxHz(rate)
	if err != nil {
		return nil, err
	}
	k, rows := &bank{}, []band{}
	width := (fmax - c.FMin) / float64(c.Bands)
	for b := range c.Bands {
		lo := firstBin(c.FMin+float64(b)*width, c.FFT, rate)
		hi := firstBin(c.FMin+float64(b+1)*width, c.FFT, rate)
		if lo == hi {
			return nil, fmt.Errorf("fft: %d: bins of %.4g Hz leave linear band %d of %.4g Hz empty: raise fft or lower bands",
				c.FFT, hzAt(1, c.FFT, rate), b, width)
		}
		k.first, k.weights = append(k.first, lo), append(k.weights, means(hi-lo))
		rows = append(rows, band{c.FMin + (float64(b)+0.5)*width, width, c.Window})
	}
	return linear{newBanded(&c, k, rows)}, nil
}

// means returns the weights of a mean of n values.
func means(n int) []float32 {
	w := make([]float32, n)
	for i := range w {
		w[i] = 1 / float32(n)
	}
	return w
}

func (l linear) plane(dst []float32, r data.Reader, at place) error {
	if err := l.banded.plane(dst, r, at); err != nil {
		return err
	}
	l.config.toDecibels(dst)
	return nil
}

func (l linear) clone() transform { return linear{l.copy()} }

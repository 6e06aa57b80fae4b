package features

import (
	"math"

	"prep/data"
)

// mel is librosa.feature.melspectrogram in decibels: the powers of triangular
// filters, evenly spaced and half overlapping on the mel scale,
//
//	P[b,t] = sum over k of w[b,k] |X[k,t]|^2
//	w[b,k] = norm[b] max(0, min((f[k]-f[b-1]) / (f[b]-f[b-1]), (f[b+1]-f[k]) / (f[b+1]-f[b])))
//
// with f[k] the bins' and f[b] the filters' frequencies in Hz. norm[b] is
// 2 / (f[b+1]-f[b-1]) for Slaney's norm (unit area; Auditory Toolbox, 1998), 1
// for none.
type mel struct{ *banded }

func newMel(c Config, rate data.Rate) (transform, error) {
	b, err := newMelBanded(&c, rate)
	return mel{b}, err
}

func newMelBanded(c *Config, rate data.Rate) (*banded, error) {
	fmax, err := c.fmaxHz(rate)
	if err != nil {
		return nil, err
	}
	edges := melEdges(c, fmax)
	k, rows := &bank{}, []band{}
	for b := range c.Bands {
		lo, centre, hi := edges[b], edges[b+1], edges[b+2]
		first, w := triangle(edges[b:b+3], c, rate)
		k.first, k.weights = append(k.first, first), append(k.weights, w)
		rows = append(rows, band{centre, (hi - lo) / 2, c.Window})
	}
	return newBanded(c, k, rows), nil
}

// triangle returns the weights of a filter that rises from edges[0] to
// edges[1] and falls to edges[2], in Hz, and the bin of the first.
func triangle(edges []float64, c *Config, rate data.Rate) (first int, w []float32) {
	norm := 1.0
	if c.MelNorm == normSlaney {
		norm = 2 / (edges[2] - edges[0])
	}
	for k := firstBin(edges[0], c.FFT, rate); k <= c.FFT/2; k++ {
		f := hzAt(float64(k), c.FFT, rate)
		height := min((f-edges[0])/(edges[1]-edges[0]), (edges[2]-f)/(edges[2]-edges[1]))
		switch {
		case height > 0:
			w = append(w, float32(height*norm))
		case len(w) > 0 || f >= edges[2]:
			return first, w
		}
		if len(w) == 1 {
			first = k
		}
	}
	return first, w
}

// melEdges returns bands+2 frequencies in Hz, evenly spaced in mel from fmin
// to fmax.
func melEdges(c *Config, fmax float64) []float64 {
	toMel, toHz := slaneyMel, slaneyHz
	if c.HTK {
		toMel, toHz = htkMel, htkHz
	}
	edges := make([]float64, c.Bands+2)
	lo, hi := toMel(c.FMin), toMel(fmax)
	for i := range edges {
		edges[i] = toHz(lo + (hi-lo)*float64(i)/float64(c.Bands+1))
	}
	return edges
}

// Slaney's scale is linear below 1 kHz, 15 mel there, and logarithmic above,
// 27 mel for each factor of 6.4 (Auditory Toolbox, Interval Research TR
// 1998-010, as in librosa.hz_to_mel).
const (
	slaneyHzPerMel = 200.0 / 3
	slaneyBreakHz  = 1000.0
	slaneyBreak    = slaneyBreakHz / slaneyHzPerMel
)

var slaneyStep = math.Log(6.4) / 27

func slaneyMel(hz float64) float64 {
	if hz < slaneyBreakHz {
		return hz / slaneyHzPerMel
	}
	return slaneyBreak + math.Log(hz/slaneyBreakHz)/slaneyStep
}

func slaneyHz(mel float64) float64 {
	if mel < slaneyBreak {
		return mel * slaneyHzPerMel
	}
	return slaneyBreakHz * math.Exp(slaneyStep*(mel-slaneyBreak))
}

// HTK's scale is 2595 log10(1 + f/700) (O'Shaughnessy, Speech Communication,
// 1987; The HTK Book, section 5.4).
func htkMel(hz float64) float64 { return 2595 * math.Log10(1+hz/700) }

func htkHz(mel float64) float64 { return 700 * (math.Pow(10, mel/2595) - 1) }

func (m mel) plane(dst []float32, r data.Reader, at place) error {
	if err := m.banded.plane(dst, r, at); err != nil {
		return err
	}
	m.config.toDecibels(dst)
	return nil
}

func (m mel) clone() transform { return mel{m.copy()} }

package features

import (
	"fmt"
	"math"
	"math/bits"
	"time"

	"prep/data"
	"prep/features/stft"
)

// constantQ is the constant-Q and the variable-Q spectrogram:
//
//	C[b,t] = sqrt(N[b]) / (sum over n of w[b,n]) * sum over n of x[m(t) + n] w[b,n] exp(-2 pi i f[b] n / rate)
//
// in decibels of |C|^2, with m(t) the moment of frame t, w a Hann window
//
//	w[b,n] = 0.5 + 0.5 cos(2 pi (n - d/2) / L),  |n - d/2| < L/2,  L = d (2 floor(N[b] / 2d) + 1)
//
// and
//
//	f[b] = fmin 2^(b/B),  N[b] = rate / (alpha f[b] + gamma),  alpha = (2^(2/B)-1) / (2^(2/B)+1)
//
// with B bins an octave: N is Q rate / f for gamma = 0, Q = 1/alpha (Brown, An
// Efficient Algorithm for the Calculation of a Constant Q Transform, JASA 92,
// 1992; Schörkhuber et al., A Matlab Toolbox for Efficient Perfect
// Reconstruction Time-Frequency Transforms, AES 2014, equation 4 for gamma;
// scaling and bandwidth as librosa.cqt and vqt). librosa halves the rate for
// each octave below the top one while the hop allows: d is that reduction. Its
// windows have an odd number of samples at that rate and peak half of one
// late; these are the same windows at the full rate, so that the two agree
// also where a sound begins.
//
// No filter is longer than 50 ms. cqt refuses an fmin whose filter would be;
// vqt widens the low filters by the least gamma that fits. The recipe has the
// lengths.
//
// The sums are computed by their spectra: one FFT of the samples under the
// patch, its product with each filter's spectrum, folded to the rate of the
// frames before the inverse transform, since only every hop-th sample of a
// filter's output is wanted.
type constantQ struct {
	config  *Config
	rate    data.Rate
	rows    []band
	waves   []wave
	before  int // samples before a frame's moment
	after   int // samples from a frame's moment on
	fold    int // power of two, divides the hop
	kernels []kernel
	forward *stft.Plan // of the samples
	inverse *stft.Plan // of the folded spectrum
	samples []float32
	all     stft.Sequence // spectrum of the samples, all bins
	folded  stft.Sequence
	gammaHz float64
}

// wave is a filter: its frequency, its nominal and its effective length, and
// where it peaks, in samples.
type wave struct{ hz, nominal, length, peak float64 }

// kernel is the part of a filter's spectrum that matters, from bin first on,
// indices modulo the FFT.
type kernel struct {
	first int
	stft.Sequence
}

// longestFilter is the length of a hit in seconds, which no filter exceeds.
const longestFilter = float64(data.MaxHit) / float64(time.Second)

// Bins an octave where the Config has none: 64 bins of 12 end at 13 kHz above
// the lowest cqt filter that fits; 64 of 8 go from 65 Hz (C2) to 15 kHz.
const (
	cqtPerOctave = 12
	vqtPerOctave = 8
	vqtMinHz     = 65.40639132514966
)

func newCQT(c Config, rate data.Rate) (transform, error) {
	c.BinsPerOctave = orElse(c.BinsPerOctave, cqtPerOctave)
	q := qOf(c.BinsPerOctave)
	lowest := q / longestFilter
	if c.FMin == 0 {
		c.FMin = lowest
	}
	if c.FMin < lowest {
		return nil, fmt.Errorf("fmin: %v: at %d bins an octave the lowest constant-Q filter would last %.4g ms: from %.1f Hz it fits in %.0f ms, or take vqt",
			c.FMin, c.BinsPerOctave, 1000*q/c.FMin, math.Ceil(lowest*10)/10, 1000*longestFilter)
	}
	return newConstantQ(c, rate, 0)
}

func newVQT(c Config, rate data.Rate) (transform, error) {
	c.BinsPerOctave = orElse(c.BinsPerOctave, vqtPerOctave)
	if c.FMin == 0 {
		c.FMin = vqtMinHz
	}
	return newConstantQ(c, rate, max(0, 1/longestFilter-c.FMin/qOf(c.BinsPerOctave)))
}

func orElse(n, other int) int {
	if n == 0 {
		return other
	}
	return n
}

// qOf returns Q, the ratio of centre frequency to bandwidth.
func qOf(binsPerOctave int) float64 {
	ratio := math.Exp2(2 / float64(binsPerOctave))
	return (ratio + 1) / (ratio - 1)
}

func newConstantQ(c Config, rate data.Rate, gammaHz float64) (transform, error) {
	p := &constantQ{config: &c, rate: rate, gammaHz: gammaHz}
	for b := range c.Bands {
		w := p.wave(b)
		p.waves = append(p.waves, w)
		p.rows = append(p.rows, band{w.hz, w.hz * math.Ln2 / float64(c.BinsPerOctave), int(math.Round(w.nominal))})
	}
	top := p.waves[c.Bands-1]
	// A Hann window's main lobe reaches two bins of 1/N to either side.
	if edge := top.hz + 2*float64(rate)/top.nominal; edge > float64(rate)/2 {
		return nil, fmt.Errorf("bands: %d: at %d an octave from %.4g Hz the highest filter reaches %.5g Hz, above half the rate, %v Hz",
			c.Bands, c.BinsPerOctave, c.FMin, edge, float64(rate)/2)
	}
	if err := p.plan(); err != nil {
		return nil, err
	}
	return p.clone(), nil
}

// wave returns the filter of a row.
func (p *constantQ) wave(b int) wave {
	c := p.config
	hz := c.FMin * math.Exp2(float64(b)/float64(c.BinsPerOctave))
	nominal := float64(p.rate) / (hz/qOf(c.BinsPerOctave) + p.gammaHz)
	octave := (c.Bands - 1 - b) / c.BinsPerOctave
	d := float64(min(1<<min(octave, 30), c.Hop&-c.Hop))
	return wave{hz, nominal, d * (2*math.Floor(nominal/2/d) + 1), d / 2}
}

// span returns the first sample of a filter and the one after its last,
// counted from a frame's moment.
func (w wave) span() (lo, hi int) {
	return int(math.Ceil(w.peak - w.length/2)), int(math.Floor(w.peak+w.length/2)) + 1
}

// maxKernels bounds the tables to 256 MiB.
const maxKernels = 1 << 25

// plan makes the tables.
func (p *constantQ) plan() error {
	c := p.config
	for _, w := range p.waves {
		lo, hi := w.span()
		p.before, p.after = max(p.before, -lo), max(p.after, hi)
	}
	n := max(8, nextPower((c.Frames-1)*c.Hop+p.before+p.after))
	if n*c.Bands > maxKernels {
		return fmt.Errorf("%d bands of %d frames with a hop of %d: too large for constant-Q tables of 256 MiB", c.Bands, c.Frames, c.Hop)
	}
	p.fold = min(c.Hop&-c.Hop, n/4)
	p.forward, p.inverse = stft.NewPlan(n), stft.NewPlan(2*n/p.fold)
	table := stft.NewPlan(2 * n)
	for _, w := range p.waves {
		p.kernels = append(p.kernels, p.kernel(w, table))
	}
	return nil
}

// nextPower returns the power of two at or above n.
func nextPower(n int) int { return 1 << bits.Len(uint(n-1)) }

// taps returns a filter, scale * w[n] exp(2 pi i f n / rate), from the first
// sample of its span on.
func (w wave) taps(rate data.Rate) (re, im []float64) {
	sum := 0.0
	lo, hi := w.span()
	for n := lo; n < hi; n++ {
		v := 0.5 + 0.5*math.Cos(2*math.Pi*(float64(n)-w.peak)/w.length)
		sin, cos := math.Sincos(2 * math.Pi * w.hz * float64(n) / float64(rate))
		re, im = append(re, v*cos), append(im, v*sin)
		sum += v
	}
	scale := math.Sqrt(w.nominal) / sum
	for i := range re {
		re[i], im[i] = scale*re[i], scale*im[i]
	}
	return re, im
}

// kernel returns the conjugate spectrum of a filter: a product with it is a
// correlation. The 1/n of the inverse transform is in it.
func (p *constantQ) kernel(w wave, plan *stft.Plan) kernel {
	n := p.forward.Len()
	re, im := make([]float32, n), make([]float32, n)
	tapRe, tapIm := w.taps(p.rate)
	lo, _ := w.span()
	for i := range tapRe {
		re[p.before+lo+i], im[p.before+lo+i] = float32(tapRe[i]/float64(n)), float32(tapIm[i]/float64(n))
	}
	plan.Complex(re, im)
	for i := range im {
		im[i] = -im[i]
	}
	return crop(re, im, int(math.Round(binFor(w.hz, n, p.rate))))
}

// crop keeps the bins around a peak up to the last above kernelFloor.
func crop(re, im []float32, peak int) kernel {
	n, reach := len(re), 0
	floor := kernelFloor * math.Hypot(float64(re[peak]), float64(im[peak]))
	for d := range n / 2 {
		for _, k := range []int{(peak + d) % n, (peak - d + n) % n} {
			if math.Hypot(float64(re[k]), float64(im[k])) > floor {
				reach = d
			}
		}
	}
	k := kernel{first: (peak - reach + n) % n}
	for i := range min(2*reach+1, n) {
		at := (k.first + i) % n
		k.Re, k.Im = append(k.Re, re[at]), append(k.Im, im[at])
	}
	return k
}

// kernelFloor is where a filter's spectrum is cut: what is left out stays
// below 1e-6 of the largest value of a patch, which the tests hold.
const kernelFloor = 1e-7

func (p *constantQ) clone() transform {
	c := *p
	c.forward, c.inverse = p.forward.Clone(), p.inverse.Clone()
	n := p.forward.Len()
	c.samples = make([]float32, n)
	c.all = stft.Sequence{Re: make([]float32, n), Im: make([]float32, n)}
	c.folded = stft.Sequence{Re: make([]float32, n/p.fold), Im: make([]float32, n/p.fold)}
	return &c
}

func (p *constantQ) plane(dst []float32, r data.Reader, at place) error {
	if err := p.powers(dst, r, at.moment); err != nil {
		return err
	}
	silence(dst, p.config.Frames, at.silent)
	p.config.toDecibels(dst)
	return nil
}

// powers writes |C|^2, bands x frames.
func (p *constantQ) powers(dst []float32, r data.Reader, moment int) error {
	frames, hop := p.config.Frames, p.config.Hop
	x := p.samples[:(frames-1)*hop+p.before+p.after]
	if err := r.ReadAt(x, moment-p.before); err != nil {
		return err
	}
	p.spectrum(x)
	for b := range p.kernels {
		p.filter(&p.kernels[b])
		for t := range frames {
			i := t * hop / p.fold
			re, im := p.folded.Re[i], p.folded.Im[i]
			dst[b*frames+t] = re*re + im*im
		}
	}
	return nil
}

// spectrum writes all n bins of the spectrum of x, whose upper half mirrors
// the lower.
func (p *constantQ) spectrum(x []float32) {
	n, re, im := p.forward.Len(), p.all.Re, p.all.Im
	p.forward.Spectrum(re[:n/2+1], im[:n/2+1], x)
	for k := 1; k < n/2; k++ {
		re[n-k], im[n-k] = re[k], -im[k]
	}
}

// filter leaves every fold-th sample of a filter's output in folded.
func (p *constantQ) filter(k *kernel) {
	clear(p.folded.Re)
	clear(p.folded.Im)
	n, m := len(p.all.Re), len(p.folded.Re)
	for i := 0; i < len(k.Re); {
		from := (k.first + i) % n
		count := min(len(k.Re)-i, n-from, m-from%m)
		into := stft.Sequence{Re: p.folded.Re[from%m:][:count], Im: p.folded.Im[from%m:][:count]}
		into.AddProduct(p.all.Tail(from), k.Tail(i))
		i += count
	}
	p.inverse.Complex(p.folded.Im, p.folded.Re)
}

func (p *constantQ) bands() []band { return p.rows }

func (p *constantQ) describe(ch *Channel) {
	ch.Note = fmt.Sprintf("%d bins an octave, filters of %.4g ms (lowest) to %.4g ms (highest), gamma %.4g Hz; always centred",
		p.config.BinsPerOctave, ch.Lowest.WindowMs, ch.Highest.WindowMs, p.gammaHz)
	ch.FirstSample = -p.before - p.rate.N(p.config.PreRoll)
	ch.SupportSamples = (p.config.Frames-1)*p.config.Hop + p.before + p.after
	ch.SupportMs = p.rate.Ms(ch.SupportSamples)
}

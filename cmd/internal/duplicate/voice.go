package duplicate

import (
	"context"
	"fmt"
	"math"
	"math/bits"
	"runtime"
	"time"

	"gonum.org/v1/gonum/mat"

	"prep/data"
	"prep/data/num"
	"prep/data/work"
	"prep/features/stft"
)

// A voice is told by the spectra of two parts of a hit, in bands of a third of
// an octave and wider.
const (
	voiceBands = 20
	voiceLowHz = 80
	early      = 10 * time.Millisecond // of the onset: the first part
	floorDB    = -60                   // below the loudest band
	shrinkage  = 0.1                   // of the covariance towards its diagonal's mean
)

// spectra returns a row a hit: the bands of its two parts.
func spectra(ctx context.Context, set *data.Set, examples []data.Example) ([][]float64, error) {
	longest := 2
	for _, e := range examples {
		longest = max(longest, e.Len())
	}
	plan := stft.NewPlan(1 << bits.Len(uint(longest-1)))
	all := make([]int, len(examples))
	for i := range all {
		all[i] = i
	}
	spectrum := func(_ context.Context, i int) ([]float64, error) { return voiceOf(set, examples[i], plan.Clone()) }
	var rows [][]float64
	for i, r := range work.Map(ctx, all, runtime.GOMAXPROCS(0), spectrum) {
		if r.Err != nil {
			return nil, fmt.Errorf("hit %s: %w", examples[i].ID, r.Err)
		}
		rows = append(rows, r.Value)
	}
	return rows, nil
}

// voiceOf returns the bands of a hit's two parts, dB.
func voiceOf(set *data.Set, e data.Example, plan *stft.Plan) ([]float64, error) {
	audio, err := set.Audio(e.Recording)
	if err != nil {
		return nil, err
	}
	defer audio.Close()
	samples, err := data.ReadSpan(audio, e.Start, e.End)
	if err != nil {
		return nil, err
	}
	rate := audio.SampleRate()
	cut := min(e.Onset-e.Start+rate.N(early), len(samples))
	return append(bandsOf(samples[:cut], rate, plan), bandsOf(samples[cut:], rate, plan)...), nil
}

// bandsOf returns the mean power of each band, dB less the mean of all.
func bandsOf(x []float32, rate data.Rate, plan *stft.Plan) []float64 {
	power, padded := make([]float32, plan.Bins()), make([]float32, plan.Len())
	copy(padded, x)
	plan.Power(power, padded)
	bands := make([]float64, voiceBands)
	width := math.Log(min(topHz, float64(rate)/2)/voiceLowHz) / voiceBands
	count := make([]float64, voiceBands)
	for k := 1; k < len(power); k++ {
		b := int(math.Floor(math.Log(float64(k)*float64(rate)/float64(plan.Len())/voiceLowHz) / width))
		if b >= 0 && b < voiceBands {
			bands[b] += float64(power[k])
			count[b]++
		}
	}
	var loudest, mean float64
	for b := range bands {
		bands[b] /= max(count[b], 1)
		loudest = max(loudest, bands[b])
	}
	if loudest == 0 {
		return bands
	}
	for b := range bands {
		bands[b] = num.DB(bands[b]/loudest, floorDB)
		mean += bands[b] / voiceBands // level does not matter
	}
	for b := range bands {
		bands[b] -= mean
	}
	return bands
}

// whiten returns a vector a row in which the squared distance counts what two
// hits differ by against how much hits of one group and class differ: the rows
// times the inverse of the Cholesky factor of their covariance within groups and
// classes (Hatch, Kajarekar and Stolcke, "Within-class covariance normalization
// for SVM-based speaker recognition", Interspeech 2006).
func whiten(rows [][]float64, examples []data.Example) [][]float64 {
	cov := covariance(rows, examples)
	d := cov.SymmetricDim()
	mean := mat.Trace(cov) / float64(d)
	if mean == 0 {
		mean = 1
	}
	cov.ScaleSym(1-shrinkage, cov)
	for j := range d {
		cov.SetSym(j, j, cov.At(j, j)+shrinkage*mean)
	}
	var factor mat.Cholesky
	factor.Factorize(cov) // positive definite: its diagonal was raised
	var lower mat.TriDense
	factor.LTo(&lower)
	white := make([][]float64, len(rows))
	for i, x := range rows {
		v := mat.NewVecDense(d, nil)
		if err := v.SolveVec(&lower, mat.NewVecDense(d, x)); err != nil && v.Len() != d {
			continue // cannot be: see Factorize
		}
		white[i] = v.RawVector().Data
	}
	return white
}

// covariance returns the covariance of rows about the mean of their group and class.
func covariance(rows [][]float64, examples []data.Example) *mat.SymDense {
	type cell struct{ group, class string }
	d := len(rows[0])
	sums, counts := map[cell]*mat.VecDense{}, map[cell]float64{}
	for i, e := range examples {
		c := cell{e.Group, e.Class}
		if sums[c] == nil {
			sums[c] = mat.NewVecDense(d, nil)
		}
		sums[c].AddVec(sums[c], mat.NewVecDense(d, rows[i]))
		counts[c]++
	}
	cov := mat.NewSymDense(d, nil)
	for i, e := range examples {
		c := cell{e.Group, e.Class}
		v := mat.NewVecDense(d, nil)
		v.AddScaledVec(mat.NewVecDense(d, rows[i]), -1/counts[c], sums[c])
		cov.SymRankOne(cov, 1/float64(len(rows)), v)
	}
	return cov
}

package segment

import (
	"cmp"
	"maps"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat"

	"prep/data"
	"prep/data/num"
	"prep/features/stft"
)

const (
	// rounds of exchanged classes say what chance would make of the sounds.
	rounds = 200
	// surelyHeard is how many standard deviations of chance the classes of the
	// right reading stand out at least, and above any other reading's.
	surelyHeard = 3.5
)

// What is heard of an onset: the power in bands of half an octave or so, at its
// attack and behind it.
const (
	soundFFT   = 1024
	soundBands = 12
	soundLowHz = 60
)

// soundFramesS are where its two frames begin, in seconds from the onset.
var soundFramesS = []float64{-0.003, 0.015}

// soundsOf returns what each onset sounds like, whatever its level: each number
// less its mean over the onsets, in standard deviations.
func soundsOf(r data.Reader, onsets []int) ([][]float64, error) {
	plan, window := stft.NewPlan(soundFFT), stft.Hann(soundFFT)
	frame, power := make([]float32, soundFFT), make([]float32, plan.Bins())
	all := make([][]float64, len(onsets))
	for i, onset := range onsets {
		for _, at := range soundFramesS {
			if err := r.ReadAt(frame, onset+int(at*float64(r.SampleRate()))); err != nil {
				return nil, err
			}
			for k, w := range window {
				frame[k] *= w
			}
			plan.Power(power, frame)
			all[i] = append(all[i], bandsOf(power, r.SampleRate())...)
		}
		level := stat.Mean(all[i], nil)
		for j := range all[i] {
			all[i][j] -= level
		}
	}
	standardize(all)
	return all, nil
}

// bandsOf returns the level of each band in dB.
func bandsOf(power []float32, rate data.Rate) []float64 {
	levels := make([]float64, soundBands)
	top := min(float64(rate)/2, 16000)
	edge := func(i int) int {
		hz := soundLowHz * math.Pow(top/soundLowHz, float64(i)/soundBands)
		return int(hz / float64(rate) * soundFFT)
	}
	for i := range levels {
		sum := 0.0
		for _, v := range power[edge(i):max(edge(i+1), edge(i)+1)] {
			sum += float64(v)
		}
		levels[i] = num.DB(sum, -120)
	}
	return levels
}

// standardize takes its mean from each column and divides it by its deviation.
func standardize(rows [][]float64) {
	if len(rows) == 0 {
		return
	}
	column := make([]float64, len(rows))
	for j := range rows[0] {
		for i := range rows {
			column[i] = rows[i][j]
		}
		mean, deviation := stat.MeanStdDev(column, nil)
		for i := range rows {
			rows[i][j] = (rows[i][j] - mean) / max(deviation, 1e-9)
		}
	}
}

// heard returns the reading under which hits of one class sound alike, if that
// is beyond chance and more so than under any other.
func (p pairer) heard(readings []reading) (chosen reading, sure bool, err error) {
	if p.sounds == nil {
		return readings[0], false, nil
	}
	sounds, err := p.sounds()
	if err != nil {
		return readings[0], false, err
	}
	beyond := make([]float64, len(readings))
	order := make([]int, len(readings))
	for i, r := range readings {
		beyond[i], order[i] = p.beyondChance(r, sounds), i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(beyond[b], beyond[a]) })
	first, second := order[0], order[1]
	return readings[first], beyond[first] > surelyHeard && beyond[first] > beyond[second]+surelyHeard, nil
}

// beyondChance returns how much less the sounds of one class differ from their
// mean than those of exchanged classes do, in standard deviations of chance.
func (p pairer) beyondChance(r reading, sounds [][]float64) float64 {
	var x [][]float64
	var classes []string
	for i, k := range r.of {
		if k >= 0 {
			x, classes = append(x, sounds[k]), append(classes, p.spans[i].class)
		}
	}
	random := data.Rand(1, "heard")
	exchanged := slices.Clone(classes)
	var sum, squares float64
	for range rounds {
		random.Shuffle(len(exchanged), func(i, j int) { exchanged[i], exchanged[j] = exchanged[j], exchanged[i] })
		s := scatter(x, exchanged)
		sum, squares = sum+s, squares+s*s
	}
	mean := sum / rounds
	deviation := math.Sqrt(max(squares/rounds-mean*mean, 0))
	if deviation == 0 {
		return 0 // one class, or one hit of each
	}
	return (mean - scatter(x, classes)) / deviation
}

// scatter returns the sum of squared distances of sounds from the means of
// their classes.
func scatter(x [][]float64, classes []string) (sum float64) {
	of := map[string][][]float64{}
	for i, c := range classes {
		of[c] = append(of[c], x[i])
	}
	for _, c := range slices.Sorted(maps.Keys(of)) {
		for j := range of[c][0] {
			var s, q float64
			for _, v := range of[c] {
				s, q = s+v[j], q+v[j]*v[j]
			}
			sum += q - s*s/float64(len(of[c]))
		}
	}
	return sum
}

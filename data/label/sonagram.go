package label

import (
	"math"

	"prep/data"
	"prep/features/stft"
)

// The range of what is drawn, in Hz and in dB below the loudest cell. The
// bands are evenly spaced in mel, 2595 log10(1 + f/700) (O'Shaughnessy, Speech
// Communication, 1987), which page/draw.js repeats for its axis.
const (
	lowHz   = 50
	highHz  = 16000
	rangeDB = 70
)

func mel(hz float64) float64    { return 2595 * math.Log10(1+hz/700) }
func melHz(mel float64) float64 { return 700 * (math.Pow(10, mel/2595) - 1) }

// sonagram draws spectrograms for the eye: as many columns as pixels, however
// long or short the stretch. It is not safe for concurrent use.
type sonagram struct {
	plan   *stft.Plan
	window []float32
	edges  []float64 // of the rows, in bins: rows + 1
	frame  []float32
	power  []float32
}

// windowFor returns the window, in samples, for a stretch: the shorter the
// stretch, the sharper in time.
func windowFor(v span) int {
	switch n := v.to - v.from; {
	case n < 1<<10:
		return 128
	case n < 1<<12:
		return 256
	case n < 1<<14:
		return 512
	}
	return 1024
}

// newSonagram draws so many rows with frames of window samples, zero-padded to
// fft of them.
func newSonagram(rate data.Rate, rows, window, fft int) *sonagram {
	s := &sonagram{plan: stft.NewPlan(fft), window: stft.Hann(window), frame: make([]float32, fft)[:window]}
	s.power = make([]float32, s.plan.Bins())
	top := min(highHz, float64(rate)/2)
	for i := range rows + 1 {
		hz := melHz(mel(lowHz) + (mel(top)-mel(lowHz))*float64(i)/float64(rows))
		s.edges = append(s.edges, hz/float64(rate)*float64(fft))
	}
	return s
}

// draw returns rows x cols bytes, row 0 the lowest: 255 is the loudest cell, 0
// is rangeDB below it or less. Column i is centred on its part of the stretch.
func (s *sonagram) draw(r data.Reader, v span, cols int) ([]byte, error) {
	rows := len(s.edges) - 1
	db := make([]float64, rows*cols)
	r, begin, err := inMemory(r, span{v.from - len(s.frame), v.to + len(s.frame)})
	if err != nil {
		return nil, err
	}
	peak := math.Inf(-1)
	for i := range cols {
		centre := v.from + int(float64(v.to-v.from)*(float64(i)+0.5)/float64(cols))
		if err := r.ReadAt(s.frame, centre-len(s.frame)/2-begin); err != nil {
			return nil, err
		}
		for k, w := range s.window {
			s.frame[k] *= w
		}
		s.plan.Power(s.power, s.frame)
		for j := range rows {
			d := 10 * math.Log10(float64(s.cell(j))+1e-12)
			db[j*cols+i], peak = d, max(peak, d)
		}
	}
	grid := make([]byte, len(db))
	for i, d := range db {
		grid[i] = byte(255 * max(0, 1-(peak-d)/rangeDB))
	}
	return grid, nil
}

// inMemory reads a stretch of r at once if it is short. Sample 0 of what it
// returns is sample begin of r.
func inMemory(r data.Reader, v span) (_ data.Reader, begin int, err error) {
	if v.to-v.from > 1<<15 {
		return r, 0, nil
	}
	x, err := data.ReadSpan(r, v.from, v.to)
	return data.Clip{Rate: r.SampleRate(), Samples: x}, v.from, err
}

// cell returns the power of a row: the greatest of its bins, or, where it is
// narrower than one, between the two around its middle.
func (s *sonagram) cell(row int) float32 {
	a, b := s.edges[row], s.edges[row+1]
	if b-a < 2 {
		mid := (a + b) / 2
		k := min(int(mid), len(s.power)-2)
		f := float32(mid - float64(k))
		return (1-f)*s.power[k] + f*s.power[k+1]
	}
	_, hi := extremes(s.power[int(a):min(int(b)+1, len(s.power))])
	return hi
}

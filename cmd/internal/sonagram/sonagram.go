// Package sonagram draws spectrograms for the eye: as many columns as pixels,
// however long or short the stretch.
package sonagram

import (
	"math"
	"slices"

	"prep/data"
	"prep/features/stft"
)

// The range of what is drawn, in Hz and, unless a Config says otherwise, in dB
// below the loudest cell.
const (
	lowHz   = 50
	highHz  = 16000
	rangeDB = 70
)

// Scale is how bands lie over frequency. page/assets/draw.js repeats them for its axis.
type Scale string

// The scales: bands evenly spaced in mel, 2595 log10(1 + f/700) (O'Shaughnessy, Speech
// Communication, 1987), in Hz, and in octaves.
const (
	Mel    Scale = "mel"
	Linear Scale = "linear"
	Log    Scale = "log"
)

// hz returns the frequency a part of the way from low to high.
func (s Scale) hz(low, high, part float64) float64 {
	switch s {
	case Linear:
		return low + part*(high-low)
	case Log:
		return low * math.Pow(high/low, part)
	}
	mel := func(hz float64) float64 { return 2595 * math.Log10(1+hz/700) }
	return 700 * (math.Pow(10, (mel(low)+(mel(high)-mel(low))*part)/2595) - 1)
}

// Span is a stretch [From, To) of a recording, in samples.
type Span struct{ From, To int }

// Config is the shape of a picture.
type Config struct {
	Rows   int
	Window int     // samples of a frame
	FFT    int     // samples that a frame is zero-padded to: a power of two
	Scale  Scale   // Mel where it is empty
	Range  float64 // dB below the loudest cell that are told apart; 70 where it is 0
}

// For returns the shape of so many rows for a stretch: the shorter it is, the
// sharper in time.
func For(v Span, rows int) Config {
	window := 1024
	switch n := v.To - v.From; {
	case n < 1<<10:
		window = 128
	case n < 1<<12:
		window = 256
	case n < 1<<14:
		window = 512
	}
	return Config{Rows: rows}.Windowed(window)
}

// Windowed returns the shape with frames of so many samples, a power of two.
func (c Config) Windowed(samples int) Config {
	c.Window, c.FFT = samples, max(2*samples, 1024)
	return c
}

// Plan draws pictures of one shape at one rate. It is not safe for concurrent
// use.
type Plan struct {
	fft     *stft.Plan
	window  []float32
	edges   []float64 // of the rows, in bins: rows + 1
	frame   []float32
	power   []float32
	rangeDB float64
}

// NewPlan returns a plan of a shape.
func (c Config) NewPlan(rate data.Rate) *Plan {
	p := &Plan{fft: stft.NewPlan(c.FFT), window: stft.Hann(c.Window), frame: make([]float32, c.FFT)[:c.Window]}
	p.power = make([]float32, p.fft.Bins())
	if p.rangeDB = c.Range; p.rangeDB == 0 {
		p.rangeDB = rangeDB
	}
	top := min(highHz, float64(rate)/2)
	for i := range c.Rows + 1 {
		p.edges = append(p.edges, c.Scale.hz(lowHz, top, float64(i)/float64(c.Rows))/float64(rate)*float64(c.FFT))
	}
	return p
}

// Draw returns rows x cols bytes, row-major, row 0 the lowest: 255 is the
// loudest cell, 0 is the range below it or less. Column i is centred on its part of
// the stretch; what lies outside of the recording is silent. It fails only when
// r does.
func (p *Plan) Draw(r data.Reader, v Span, cols int) ([]byte, error) {
	rows := len(p.edges) - 1
	db := make([]float64, rows*cols)
	r, begin, err := inMemory(r, Span{v.From - len(p.frame), v.To + len(p.frame)})
	if err != nil {
		return nil, err
	}
	peak := math.Inf(-1)
	for i := range cols {
		centre := v.From + int(float64(v.To-v.From)*(float64(i)+0.5)/float64(cols))
		if err := r.ReadAt(p.frame, centre-len(p.frame)/2-begin); err != nil {
			return nil, err
		}
		for k, w := range p.window {
			p.frame[k] *= w
		}
		p.fft.Power(p.power, p.frame)
		for j := range rows {
			d := 10 * math.Log10(float64(p.cell(j))+1e-12)
			db[j*cols+i], peak = d, max(peak, d)
		}
	}
	grid := make([]byte, len(db))
	for i, d := range db {
		grid[i] = byte(255 * max(0, 1-(peak-d)/p.rangeDB))
	}
	return grid, nil
}

// inMemory reads a stretch of r at once if it is short. Sample 0 of what it
// returns is sample begin of r.
func inMemory(r data.Reader, v Span) (_ data.Reader, begin int, err error) {
	if v.To-v.From > 1<<15 {
		return r, 0, nil
	}
	x, err := data.ReadSpan(r, v.From, v.To)
	return data.Clip{Rate: r.SampleRate(), Samples: x}, v.From, err
}

// cell returns the power of a row: the greatest of its bins, or, where it is
// narrower than one, between the two around its middle.
func (p *Plan) cell(row int) float32 {
	a, b := p.edges[row], p.edges[row+1]
	if b-a < 2 {
		mid := (a + b) / 2
		k := min(int(mid), len(p.power)-2)
		f := float32(mid - float64(k))
		return (1-f)*p.power[k] + f*p.power[k+1]
	}
	return slices.Max(p.power[int(a):min(int(b)+1, len(p.power))])
}

package layer3

import "math"

const (
	subbands = 32
	slots    = Lines / subbands // lines of a subband, and samples of it in time
)

// state is what one channel keeps from frame to frame.
type state struct {
	overlap [subbands][slots]float32
	v       [1024]float32 // the last vectors that the synthesis filter works on
	at      int           // the newest
}

// render turns a frame's lines, which it changes, into samples at dst[0],
// dst[stride], ...
func (s *state) render(dst []float32, stride int, x *[Lines]float32, g granule) {
	long := subbands // how many subbands have long blocks
	if g.block == shortBlock {
		long = 0
		if g.mixed {
			long = 2
		}
	}
	smooth(x, long)
	var time [slots][subbands]float32
	for b := range subbands {
		block := g.block
		if g.mixed && b < 2 {
			block = longBlock
		}
		s.hybrid(&time, b, (*[slots]float32)(x[b*slots:]), block)
	}
	for t := range time {
		s.synthesize(dst[t*subbands*stride:], stride, &time[t])
	}
}

// alias are the coefficients cs and ca of 11172-3, table B.9.
var alias = func() (a [8][2]float32) {
	for i, c := range []float64{-0.6, -0.535, -0.33, -0.185, -0.095, -0.041, -0.0142, -0.0037} {
		a[i] = [2]float32{float32(1 / math.Hypot(1, c)), float32(c / math.Hypot(1, c))}
	}
	return a
}()

// smooth takes the aliases out of the edges between long subbands.
func smooth(x *[Lines]float32, long int) {
	for edge := slots; edge < long*slots; edge += slots {
		for i, c := range alias {
			u, d := x[edge-1-i], x[edge+i]
			x[edge-1-i], x[edge+i] = u*c[0]-d*c[1], d*c[0]+u*c[1]
		}
	}
}

// windows are those of the four types of blocks (11172-3, 2.4.3.4); that of short
// ones has 12 values.
var windows = func() (w [4][2 * slots]float32) {
	for i := range 18 {
		w[longBlock][i] = sine(i, 36)
		w[startBlock][i] = sine(i, 36)
		w[stopBlock][i] = float32(min(max(i-5, 0), 1))
	}
	for i := range 6 {
		w[stopBlock][6+i] = sine(i, 12)
		w[shortBlock][i] = sine(i, 12)
	}
	for i := range 18 { // the second halves: the first backwards, start's is stop's
		w[longBlock][18+i] = w[longBlock][17-i]
		w[startBlock][18+i] = w[stopBlock][17-i]
		w[stopBlock][18+i] = w[startBlock][17-i]
	}
	for i := range 6 {
		w[shortBlock][6+i] = w[shortBlock][5-i]
	}
	return w
}()

func sine(i, n int) float32 { return float32(math.Sin(math.Pi / float64(n) * (float64(i) + 0.5))) }

// cosines returns the matrix of an inverse MDCT from n/2 lines to n values.
func cosines(n int) [][]float32 {
	m := make([][]float32, n)
	for i := range m {
		m[i] = make([]float32, n/2)
		for k := range m[i] {
			m[i][k] = float32(math.Cos(math.Pi / float64(2*n) * float64((2*i+1+n/2)*(2*k+1))))
		}
	}
	return m
}

var longCosines, shortCosines = cosines(36), cosines(12)

// hybrid turns the lines of subband b into its samples in time, every second of
// every second subband negated.
func (s *state) hybrid(time *[slots][subbands]float32, b int, x *[slots]float32, block int) {
	var y [2 * slots]float32
	if block == shortBlock {
		for w := range 3 {
			for i, row := range shortCosines {
				sum := float32(0)
				for k, c := range row {
					sum += c * x[3*k+w]
				}
				y[6+6*w+i] += sum * windows[block][i]
			}
		}
	} else {
		for i, row := range longCosines {
			sum := float32(0)
			for k, c := range row {
				sum += c * x[k]
			}
			y[i] = sum * windows[block][i]
		}
	}
	for t := range slots {
		v := y[t] + s.overlap[b][t]
		s.overlap[b][t] = y[slots+t]
		if b&t&1 == 1 {
			v = -v
		}
		time[t][b] = v
	}
}

// matrix is that of the synthesis filter bank (11172-3, annex A, figure A.2): 64
// phases of each subband.
var matrix = func() (m [64][subbands]float32) {
	for i := range m {
		for k := range m[i] {
			m[i][k] = float32(math.Cos(math.Pi / 64 * float64((16+i)*(2*k+1))))
		}
	}
	return m
}()

// window is that of the synthesis filter bank: D of 11172-3, table B.3.
var window = func() (d [512]float32) {
	for i, v := range prototype {
		d[i] = float32(v) / 65536
		switch {
		case i == 0:
		case i%64 == 0:
			d[512-i] = d[i]
		default:
			d[512-i] = -d[i]
		}
	}
	return d
}()

// synthesize makes 32 samples of one of each subband.
func (s *state) synthesize(dst []float32, stride int, x *[subbands]float32) {
	s.at = (s.at - 64) & 1023
	for i, row := range matrix {
		sum := float32(0)
		for k, c := range row {
			sum += c * x[k]
		}
		s.v[s.at+i] = sum
	}
	for j := range subbands {
		sum := float32(0)
		for i := 0; i < 512; i += 64 {
			sum += s.v[(s.at+2*i+j)&1023]*window[i+j] + s.v[(s.at+2*i+96+j)&1023]*window[i+32+j]
		}
		dst[j*stride] = sum
	}
}

package layer3

import "math"

const (
	subbands = 32
	slots    = Lines / subbands // lines of a subband, and samples of it in time
)

// subbandRows are lines, or samples, slots x subbands.
type subbandRows [slots * subbands]float32

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
		below, above := x[edge-8:edge], x[edge:edge+8]
		for i, c := range alias {
			u, d := below[7-i], above[i]
			below[7-i] = float32(u*c[0]) - float32(d*c[1])
			above[i] = float32(d*c[0]) + float32(u*c[1])
		}
	}
}

// windows are those of the four types of blocks (11172-3, 2.4.3.4); that of short
// ones has 12 values.
var windows = func() (w [4][2 * slots]float64) {
	sine := func(i, n int) float64 { return math.Sin(math.Pi / float64(n) * (float64(i) + 0.5)) }
	for i := range 18 {
		w[longBlock][i] = sine(i, 36)
		w[startBlock][i] = sine(i, 36)
		w[stopBlock][i] = float64(min(max(i-5, 0), 1))
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

// inverses are the inverse MDCT of each type of block with its window, 2*slots
// values by slots lines.
var inverses = func() (m [4][2 * slots * slots]float32) {
	cosine := func(i, k, n int) float64 { // of an inverse MDCT to n values
		return math.Cos(math.Pi / float64(2*n) * float64((2*i+1+n/2)*(2*k+1)))
	}
	for _, block := range []int{longBlock, startBlock, stopBlock} {
		for i, w := range windows[block] {
			for k := range slots {
				m[block][i*slots+k] = float32(w * cosine(i, k, 36))
			}
		}
	}
	for line := range slots { // of window line%3
		var y [2 * slots]float64
		for i, w := range windows[shortBlock][:12] {
			y[6+6*(line%3)+i] = w * cosine(i, line/3, 12)
		}
		for i, v := range y {
			m[shortBlock][i*slots+line] = float32(v)
		}
	}
	return m
}()

// hybrid turns a granule's lines, which it changes, into samples of the
// subbands, every second of every second subband negated.
func (s *state) hybrid(time *subbandRows, c *content) {
	smooth(&c.lines, c.longSubbands())
	*time, s.overlap = s.overlap, subbandRows{}
	low := 0 // subbands of mixed blocks, which have long ones whatever the others have
	if c.mixed {
		low = 2
		s.overlapAdd(time, longBlock, c.lines[:low*slots], 0)
	}
	s.overlapAdd(time, c.block, c.lines[low*slots:], low)
	for t := subbands; t < len(time); t += 2 * subbands {
		row := time[t : t+subbands]
		for b := 1; b < subbands; b += 2 {
			row[b] = -row[b]
		}
	}
}

// overlapAdd adds the first half of blocks, of the subbands from first on, to time
// and the second to what is kept for the next granule.
func (s *state) overlapAdd(time *subbandRows, block int, lines []float32, first int) {
	var x subbandRows
	for b := first; len(lines) >= slots; b++ {
		for i, v := range lines[:slots] {
			x[i*subbands+b&(subbands-1)] = v
		}
		lines = lines[slots:]
	}
	inverse := &inverses[block]
	multiply(time[:], subbands, inverse[:slots*slots], x[:], slots)
	multiply(s.overlap[:], subbands, inverse[slots*slots:], x[:], slots)
}

package layer3

import "math"

// phases is how many values the synthesis filter bank makes of a sample of each
// subband, and history how many such rows it works on besides the newest.
const (
	phases  = 2 * subbands
	history = 15
)

// state is what one channel keeps from granule to granule.
type state struct {
	overlap subbandRows
	rows    [(history + slots) * phases]float32 // the newest last
}

// render turns a granule into samples at dst[0], dst[stride], ...
func (s *state) render(dst []float32, stride int, c *content) {
	var time, out subbandRows
	s.hybrid(&time, c)
	copy(s.rows[:history*phases], s.rows[slots*phases:])
	fresh := s.rows[history*phases:]
	clear(fresh)
	multiply(fresh, phases, time[:], matrix[0][:], subbands)
	multiply(fresh[subbands:], phases, time[:], matrix[1][:], subbands)
	filter(&out, &s.rows)
	for i, v := range out {
		dst[i*stride] = v
	}
}

// matrix is that of the synthesis filter bank (11172-3, annex A, figure A.2):
// subbands by phases, in two halves of these.
var matrix = func() (m [2][subbands * subbands]float32) {
	for i := range phases {
		for k := range subbands {
			m[i/subbands][k*subbands+i%subbands] = float32(math.Cos(math.Pi / 64 * float64((16+i)*(2*k+1))))
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

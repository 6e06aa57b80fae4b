package layer3

import "math"

// stereo makes left and right of what joint stereo coded (11172-3, 2.4.3.4, and
// 13818-3, 2.4.3.2), by the bands of the right channel.
func (d *Decoder) stereo(joint int, pair *[2]content) {
	left, right := &pair[0].lines, &pair[1].lines
	if joint&intensity == 0 {
		if joint&midSide != 0 {
			turn(left[:], right[:], 1)
		}
		return
	}
	g := &pair[1].granule
	last := g.lastSounding(right)
	for i, b := range g.bands {
		if i > last[b.window+1] {
			if l, r, ok := d.pan(g, i); ok {
				for at := b.start; at < b.end; at += b.step {
					left[at], right[at] = left[at]*l, left[at]*r
				}
				continue
			}
		}
		if joint&midSide != 0 {
			turn(left[b.start:b.end], right[b.start:b.end], b.step)
		}
	}
}

// turn makes left and right of mid and side, every step-th line.
func turn(left, right []float32, step int) {
	right = right[:len(left)]
	for i := 0; i < len(left); i += step {
		mid, side := left[i], right[i]
		left[i], right[i] = (mid+side)*(math.Sqrt2/2), (mid-side)*(math.Sqrt2/2)
	}
}

// lastSounding returns, by 1 + window, the last band in which x is not zero. It
// is one for all windows where there are long bands.
func (g *granule) lastSounding(x *[Lines]float32) (last [4]int) {
	last = [4]int{-1, -1, -1, -1}
	for i, b := range g.bands {
		for at := b.start; at < b.end; at += b.step {
			if x[at] != 0 {
				last[b.window+1] = i
			}
		}
	}
	if g.bands[0].window < 0 {
		all := max(last[0], last[1], last[2], last[3])
		last = [4]int{all, all, all, all}
	}
	return last
}

// pan returns how much of the left channel's band i goes to the left and to the
// right, by the position that stands for the right one's factor; ok is false
// where it has none. The last band, without a factor, has that of the one before.
// Which positions mean none in MPEG-2 decoders do not agree upon (the largest of
// its length in 13818-3, 7 in mpg123): here as in ffmpeg.
func (d *Decoder) pan(g *granule, i int) (left, right float32, ok bool) {
	windows := 1
	if g.block == shortBlock {
		windows = 3
	}
	if i >= len(g.bands)-windows {
		i -= windows
	}
	position := int(g.factors[i])
	switch {
	case d.low && position < 16:
		left, right = lowRatios(position, g.compress&1)
		return left, right, true
	case !d.low && position < len(ratios):
		return ratios[position], ratios[len(ratios)-1-position], true
	}
	return 0, 0, false
}

// ratios are the left channel's shares in MPEG-1, by the position (11172-3,
// 2.4.3.4): of the tangents of twelfths of half a turn.
var ratios = func() (r [7]float32) {
	for i := range r {
		sin, cos := math.Sincos(math.Pi / 12 * float64(i))
		r[i] = float32(sin / (sin + cos))
	}
	return r
}()

// lowRatios returns the shares in MPEG-2 (13818-3, 2.4.3.2): an odd position makes
// the left channel softer, an even one the right, in steps of a quarter of an
// octave or of half of one.
func lowRatios(position, scale int) (left, right float32) {
	softer := float32(math.Exp2(-float64((position+1)/2*(1+scale)) / 4))
	if position%2 == 1 {
		return softer, 1
	}
	return 1, softer
}

package layer3

import "math"

// stereo makes left and right of what joint stereo coded (11172-3, 2.4.3.4, and
// 13818-3, 2.4.3.2). g is the right channel's granule.
func stereo(joint int, left, right *[Lines]float32, g *granule) {
	last := g.lastSounding(right)
	for i, b := range g.bands {
		if joint&intensity != 0 && i > last[b.window+1] {
			if position, ok := g.position(i, last); ok {
				g.pan(position, b, left, right)
				continue
			}
		}
		if joint&midSide == 0 {
			continue
		}
		for at := b.start; at < b.end; at += b.step {
			mid, side := left[at], right[at]
			left[at], right[at] = (mid+side)*(math.Sqrt2/2), (mid-side)*(math.Sqrt2/2)
		}
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

// position returns the intensity position of band i; ok is false where it has
// none. The last band, without a factor, has that of the one before, which is 0
// where that is no band of intensity stereo.
func (g *granule) position(i int, last [4]int) (position int, ok bool) {
	windows := 1
	if g.block == shortBlock {
		windows = 3
	}
	if i >= len(g.bands)-windows {
		if last[g.bands[i].window+1] >= i-windows {
			return 0, true
		}
		i -= windows
	}
	return g.factors[i], !g.illegal[i]
}

// pan spreads a band of the left channel over both: an odd position makes the
// left one softer, an even one the right (13818-3, 2.4.3.2).
func (g *granule) pan(position int, b band, left, right *[Lines]float32) {
	l, r := float32(1), float32(math.Exp2(-float64((position+1)/2*(1+g.compress&1))/4))
	if position%2 == 1 {
		l, r = r, l
	}
	for at := b.start; at < b.end; at += b.step {
		left[at], right[at] = left[at]*l, left[at]*r
	}
}

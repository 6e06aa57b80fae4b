package aac

import "math"

// noise makes random numbers by the linear congruential sequence of Numerical
// Recipes. Where the standard asks for noise it asks for an energy only (4.6.13), so that
// decoders may differ; this sequence, from this seed, is also ffmpeg's, so that what
// is decoded here and what ffmpeg converts are the same, and can be compared.
type noise uint32

const noiseSeed noise = 0x1f2e3d4c

func (n *noise) next() float32 {
	*n = *n*1664525 + 1013904223
	return float32(int32(*n))
}

// makeNoise fills the bands that are noise. Where those of a pair's left channel
// are noise as well and are marked, both have the same.
func (c *channel) makeNoise(n *noise, left *channel, p *pair) {
	start := 0
	for g, windows := range c.groups[:c.grouped] {
		for b, book := range c.books[g][:c.count] {
			if book != noisy {
				continue
			}
			same := left != nil && p.mask > 0 && p.used[g][b] && left.books[g][b] == noisy
			for w := start; w < start+windows; w++ {
				from, to := w*short+c.edges[b], w*short+c.edges[b+1]
				if same {
					copy(c.lines[from:to], left.lines[from:to])
				} else {
					for i := from; i < to; i++ {
						c.lines[i] = n.next()
					}
				}
				level(c.lines[from:to], c.factors[g][b])
			}
		}
		start += windows
	}
}

// level gives lines the energy that a factor says.
func level(x []float32, factor int) {
	sum := 0.0
	for _, v := range x {
		sum += float64(v) * float64(v)
	}
	if sum == 0 {
		return
	}
	gain := float32(math.Exp2(float64(max(min(factor, 155), -100))/4) / math.Sqrt(sum))
	for i := range x {
		x[i] *= gain
	}
}

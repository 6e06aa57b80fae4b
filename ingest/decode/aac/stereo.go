package aac

import "math"

// pair is what two channels of one element share (channel_pair_element, table
// 4.5).
type pair struct {
	mask int               // ms_mask_present: 1 by band, 2 all
	used [8][maxBands]bool // ms_used
}

// readPair reads two channels that belong together.
func (d *Decoder) readPair(r *bitReader, left, right *channel) error {
	r.read(4) // element_instance_tag
	p := &d.pair
	shared := r.flag()
	p.mask = 0
	if shared {
		if err := left.info.read(r, &d.bands); err != nil {
			return err
		}
		right.info = left.info
		if err := p.read(r, &left.info); err != nil {
			return err
		}
	}
	if err := d.readChannel(r, left, shared); err != nil {
		return err
	}
	if err := d.readChannel(r, right, shared); err != nil {
		return err
	}
	left.makeNoise(&d.noise, nil, nil)
	right.makeNoise(&d.noise, left, p)
	p.mix(left, right)
	left.shapeNoise(&d.bands)
	right.shapeNoise(&d.bands)
	return nil
}

// read reads which bands are mid and side.
func (p *pair) read(r *bitReader, i *info) error {
	if p.mask = r.read(2); p.mask == 3 {
		return ErrDamaged
	}
	for g := range i.grouped {
		for b := range i.count {
			p.used[g][b] = p.mask == 2 || p.mask == 1 && r.flag()
		}
	}
	return nil
}

// mix turns mid and side (4.6.8.1) and intensity (4.6.8.2) into left and right. The
// former only channels that share their windows have.
func (p *pair) mix(left, right *channel) {
	start := 0
	for g, windows := range right.groups[:right.grouped] {
		for b := range right.count {
			gain := float32(0)
			switch {
			case right.books[g][b] >= outOfPhase:
				gain = p.intensity(right, g, b)
			case p.mask == 0 || !p.used[g][b] || left.books[g][b] >= noisy || right.books[g][b] >= noisy:
				continue
			}
			for w := start; w < start+windows; w++ {
				from, to := w*short+right.edges[b], w*short+right.edges[b+1]
				l, r := left.lines[from:to], right.lines[from:to]
				if gain != 0 {
					spread(l, r, gain)
				} else {
					turn(l, r)
				}
			}
		}
		start += windows
	}
}

// intensity returns what a band of the left channel is times in the right one.
func (p *pair) intensity(right *channel, g, b int) float32 {
	gain := float32(math.Exp2(-float64(right.factors[g][b]) / 4))
	if (right.books[g][b] == outOfPhase) != (p.mask == 1 && p.used[g][b]) {
		return -gain
	}
	return gain
}

func spread(l, r []float32, gain float32) {
	for i, v := range l {
		r[i] = gain * v
	}
}

func turn(l, r []float32) {
	r = r[:len(l)]
	for i, m := range l {
		s := r[i]
		l[i], r[i] = m+s, m-s
	}
}

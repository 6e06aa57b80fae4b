package aac

import (
	"math"
	"testing"
)

// bandOf returns a long channel of one coded band of four lines.
func bandOf(book uint8, factor int, lines ...float32) *channel {
	c := &channel{info: info{groups: [8]int{1}, grouped: 1, count: 1, edges: long48}}
	c.books[0][0], c.factors[0][0] = book, factor
	copy(c.lines[:], lines)
	return c
}

// TestMix holds mid and side, and intensity in both phases, which a mask turns.
func TestMix(t *testing.T) {
	tests := []struct {
		name        string
		mask        int
		used        bool
		left, right *channel
		l, r        float32 // of the first line
	}{
		{"left and right", 1, false, bandOf(1, 0, 3), bandOf(1, 0, 1), 3, 1},
		{"mid and side", 1, true, bandOf(1, 0, 3), bandOf(1, 0, 1), 4, 2},
		{"side is silent", 2, true, bandOf(1, 0, 3), bandOf(0, 0), 3, 3},
		{"intensity", 0, false, bandOf(1, 0, 3), bandOf(inPhase, 4), 3, 1.5},
		{"intensity, louder", 1, false, bandOf(1, 0, 3), bandOf(inPhase, -4), 3, 6},
		{"intensity, turned", 1, true, bandOf(1, 0, 3), bandOf(inPhase, 4), 3, -1.5},
		{"intensity, out of phase", 1, false, bandOf(1, 0, 3), bandOf(outOfPhase, 4), 3, -1.5},
		{"intensity, out of phase and turned", 1, true, bandOf(1, 0, 3), bandOf(outOfPhase, 4), 3, 1.5},
		{"intensity, all mid and side", 2, true, bandOf(1, 0, 3), bandOf(inPhase, 4), 3, 1.5},
		{"noise", 1, true, bandOf(noisy, 0, 3), bandOf(noisy, 0, 1), 3, 1},
	}
	for _, test := range tests {
		p := pair{mask: test.mask}
		p.used[0][0] = test.used
		p.mix(test.left, test.right)
		if l, r := test.left.lines[0], test.right.lines[0]; l != test.l || r != test.r {
			t.Errorf("%s: %g and %g, want %g and %g", test.name, l, r, test.l, test.r)
		}
	}
}

// TestNoise holds its energy, and that two channels have the same where a mask
// says so, at their own levels.
func TestNoise(t *testing.T) {
	n := noiseSeed
	left, right, other := bandOf(noisy, 40), bandOf(noisy, 48), bandOf(noisy, 40)
	p := pair{mask: 1}
	p.used[0][0] = true
	left.makeNoise(&n, nil, nil)
	right.makeNoise(&n, left, &p)
	other.makeNoise(&n, left, &pair{})
	energy := func(c *channel) (e float64) {
		for _, v := range c.lines {
			e += float64(v) * float64(v)
		}
		return e
	}
	if l, r := energy(left), energy(right); math.Abs(math.Log2(l)-20) > 1e-5 || math.Abs(math.Log2(r)-24) > 1e-5 {
		t.Errorf("energies %g and %g", l, r)
	}
	for i := range 4 {
		if l, r := left.lines[i], right.lines[i]; math.Abs(float64(r/l-4)) > 1e-5 {
			t.Errorf("line %d: %g and %g are not the same noise", i, l, r)
		}
	}
	if other.lines[0] == left.lines[0] {
		t.Error("noise that is not shared is the same")
	}
}

// TestUnlikePair holds that a pair without common windows is decoded as two
// channels, and one with a mask of 3 is none.
func TestUnlikePair(t *testing.T) {
	d := NewDecoder(Config{Rate: 48000, Channels: 2})
	w := &bitWriter{}
	w.put(couple, 3)
	w.put(0, 4+1)
	for range 2 {
		one := longBlock(0, 100)
		one.put(0, 3)
		for i := range one.at {
			w.put(int(one.b[i/8]>>(7-i%8)&1), 1)
		}
	}
	w.put(end, 3)
	dst := make([]float32, 2*Frame)
	if n, err := d.Decode(dst, w.b); err != nil || n != len(w.b) {
		t.Errorf("%d bytes of %d, %v", n, len(w.b), err)
	}
	w = &bitWriter{}
	w.put(couple, 3)
	w.put(0, 4)
	w.put(1, 1)
	w.put(0, 4+6+1)
	w.put(3, 2)
	if _, err := d.Decode(dst, w.b); err != ErrDamaged {
		t.Errorf("mask 3: %v", err)
	}
}

package layer3

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"
)

func TestRates(t *testing.T) {
	for _, test := range []struct {
		rate, channels int
		ok             bool
	}{{8000, 1, true}, {11025, 2, true}, {16000, 1, true}, {44100, 2, true}, {96000, 1, false}, {8000, 3, false}, {8000, 0, false}} {
		if got := NewDecoder(test.rate, test.channels) != nil; got != test.ok {
			t.Errorf("a decoder of %d Hz, %d channels: %v", test.rate, test.channels, got)
		}
	}
}

// TestCodes holds that every code is complete, each word has its value, found by
// its bits, and that there are as many as a square.
func TestCodes(t *testing.T) {
	for table, code := range codes {
		leaves, seen := 0.0, map[int]bool{}
		var walk func(i int16, word uint64, n int)
		walk = func(i int16, word uint64, n int) {
			if v := code.tree[i]; v < 0 {
				leaves += math.Exp2(-float64(n))
				seen[int(^v)] = true
				if value, used := code.find(word); value != int(^v) || used != n {
					t.Errorf("table %d: %b of %d bits is %d in %d", table, word>>(64-n), n, value, used)
				}
				return
			}
			walk(i+1, word, n+1)
			walk(code.tree[i], word|1<<(63-n), n+1)
		}
		if code == nil {
			continue
		}
		walk(0, 0, 0)
		side := int(math.Sqrt(float64(len(seen))))
		if leaves != 1 || side*side != len(seen) || len(code.tree) != 2*len(seen)-1 {
			t.Errorf("table %d: %d values, %d nodes, weight %v", table, len(seen), len(code.tree), leaves)
		}
	}
}

// TestBands holds that the bands of every kind cover each line once.
func TestBands(t *testing.T) {
	for rate, b := range bandsOf {
		for kind, list := range map[string][]band{"long": b.long, "short": b.short, "mixed": b.mixed} {
			lines := map[int]bool{}
			for _, b := range list {
				for at := b.start; at < b.end; at += b.step {
					lines[at] = true
				}
			}
			if len(lines) != Lines && list != nil {
				t.Errorf("%d Hz: %s bands cover %d lines", rate, kind, len(lines))
			}
		}
	}
}

// TestFilterBank puts one line into every second frame, with the sign that a
// tone in its middle would give it. The windows do not overlap, so the tone comes
// out under an envelope of |sin|, which leaves 8/pi^2 of its power at its frequency.
func TestFilterBank(t *testing.T) {
	for _, line := range []int{10, 100, 300} {
		var s state
		var y []float32
		for frame := range 12 {
			var c content
			c.lines[line] = float32(math.Cos(math.Pi / 2 * float64(frame) * float64(2*line+1)))
			out := make([]float32, Lines)
			s.render(out, 1, &c)
			y = append(y, out...)
		}
		power, tone := 0.0, [2]float64{}
		const from, n = 4 * Lines, 8 * Lines
		for i, v := range y[from:] {
			sin, cos := math.Sincos(math.Pi / Lines * (float64(line) + 0.5) * float64(i))
			power += float64(v) * float64(v)
			tone[0] += float64(v) * sin
			tone[1] += float64(v) * cos
		}
		if share := (tone[0]*tone[0] + tone[1]*tone[1]) * 2 / n / power; math.Abs(share-8/(math.Pi*math.Pi)) > 1e-3 {
			t.Errorf("line %d: %.4f of the power is at its frequency", line, share)
		}
	}
}

// TestDamaged gives frames that contradict themselves: silence, with an error.
func TestDamaged(t *testing.T) {
	tests := map[string][]byte{
		"more bits than data":  {0, 0x7f, 0xff, 0, 0, 0, 0, 0, 0},
		"more pairs than fit":  {0, 0, 0x07, 0xfc, 0, 0, 0, 0, 0},
		"a table there is not": {0, 0, 0x00, 0x04, 0, 0, 0x48, 0, 0},
	}
	for name, side := range tests {
		d := NewDecoder(8000, 1)
		out := make([]float32, Lines)
		out[0] = 1
		if err := d.Decode(out, Frame{Channels: 1, Side: side}); !errors.Is(err, errDamaged) || out[0] != 0 {
			t.Errorf("%s: %v, first sample %v", name, err, out[0])
		}
	}
}

// TestTooLoud holds that a line which no recording has is damage.
func TestTooLoud(t *testing.T) {
	for gain, ok := range map[int]bool{180: true, 210: true, 222: true, 223: false, 255: false} {
		var side bitWriter
		for _, field := range [][2]int{{0, 9}, {6, 12}, {1, 9}, {gain, 8}, {0, 9}, {0, 1}, {1, 5}, {0, 30}} {
			side.write(field[0], field[1])
		}
		d := NewDecoder(16000, 1)
		f := Frame{Channels: 1, Side: side.b, Main: []byte{0}} // two lines of 1
		if err := d.Decode(make([]float32, Lines), f); (err == nil) != ok {
			t.Errorf("gain %d: %v", gain, err)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(8000, 2, make([]byte, 17), make([]byte, 100))
	f.Add(12000, 1, []byte{0, 0x20, 0x10, 0x40, 0x80, 0, 0, 0, 0}, make([]byte, 300))
	for _, rate := range []int{44100, 22050} {
		s := &stream{Rand: rand.New(rand.NewPCG(1, 1)), d: NewDecoder(rate, 2), rate: rate, channels: 2, joint: 3}
		frame, end := s.frame(), 4+s.sideLen()
		f.Add(rate, 3, frame[4:end], frame[end:])
	}
	f.Fuzz(func(t *testing.T, rate, joint int, side, main []byte) {
		for channels := 1; channels <= 2; channels++ {
			d := NewDecoder(rate, channels)
			if d == nil {
				return
			}
			out := make([]float32, d.FrameLen()*channels)
			for range 2 {
				d.Decode(out, Frame{channels, joint & 3, side, main})
			}
			for _, v := range out {
				if math.IsNaN(float64(v)) || math.IsInf(float64(v), 0) {
					t.Fatalf("%v came out", v)
				}
			}
		}
	})
}

package resample

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

var pairs = [][2]int{
	{44100, 48000}, {48000, 44100}, {22050, 44100}, {44100, 22050}, {96000, 44100}, {37800, 44100},
	{8000, 44100}, {44100, 8000}, {44101, 44100}, {384000, 4001}, {4001, 384000}, {192000, 44100},
}

var plans = map[[2]int]*Plan{}

func plan(t testing.TB, from, to int) *Plan {
	p, err := NewPlan(from, to)
	if err != nil {
		t.Fatal(err)
	}
	plans[[2]int{from, to}] = p
	return p
}

func convert(t testing.TB, from, to int, x []float32) []float32 {
	p := plans[[2]int{from, to}]
	if p == nil {
		p = plan(t, from, to)
	}
	s := p.New()
	y := s.Close(s.Append(nil, x))
	if len(y) != p.length(len(x)) {
		t.Fatalf("%d -> %d: %d samples became %d, length says %d", from, to, len(x), len(y), p.length(len(x)))
	}
	return y
}

func tone(hz float64, rate, n int) []float32 {
	x := make([]float32, n)
	for i := range x {
		x[i] = float32(math.Sin(2 * math.Pi * hz / float64(rate) * float64(i)))
	}
	return x
}

// fit returns the amplitude of the sine and cosine at hz in the middle half of
// y, and the root mean square of what else is there, by least squares.
func fit(y []float32, hz float64, rate int) (amplitude, phase, rest float64) {
	lo, hi := len(y)/4, len(y)*3/4
	var ss, cc, sc, ys, yc float64
	for i := lo; i < hi; i++ {
		s, c := math.Sincos(2 * math.Pi * hz / float64(rate) * float64(i))
		ss, cc, sc = ss+s*s, cc+c*c, sc+s*c
		ys, yc = ys+float64(y[i])*s, yc+float64(y[i])*c
	}
	det := ss*cc - sc*sc
	a, b := (ys*cc-yc*sc)/det, (yc*ss-ys*sc)/det
	sum := 0.0
	for i := lo; i < hi; i++ {
		s, c := math.Sincos(2 * math.Pi * hz / float64(rate) * float64(i))
		d := float64(y[i]) - a*s - b*c
		sum += d * d
	}
	return math.Hypot(a, b), math.Atan2(b, a), math.Sqrt(sum / float64(hi-lo))
}

func db(x float64) float64 { return 20 * math.Log10(x) }

func TestThePassbandIsFlatAndTheRestIsGone(t *testing.T) {
	for _, pair := range pairs {
		from, to := pair[0], pair[1]
		nyquist := float64(min(from, to)) / 2
		n := from * 600 / min(from, to) * 4
		ripple, noise, delay := 0.0, math.Inf(-1), 0.0
		for f := 0.02; f <= 0.9; f += 0.176 {
			y := convert(t, from, to, tone(f*nyquist, from, n))
			a, phase, rest := fit(y, f*nyquist, to)
			ripple = max(ripple, math.Abs(db(a)))
			noise = max(noise, db(rest*math.Sqrt2/a))
			delay = max(delay, math.Abs(phase)/(2*math.Pi*f*nyquist)*float64(to))
		}
		t.Logf("%d -> %d: ripple %.5f dB, everything else %.1f dB, delay %.1e output samples", from, to, ripple, noise, delay)
		if ripple > 0.1 || noise > -100 || delay > 1e-3 {
			t.Errorf("%d -> %d: want ripple < 0.1 dB, rest < -100 dB, delay 0", from, to)
		}
	}
}

func TestStopband(t *testing.T) {
	for _, pair := range pairs {
		from, to := pair[0], pair[1]
		if from < to {
			continue // images are what TestThePassbandIsFlatAndTheRestIsGone finds beside the tone
		}
		worst := math.Inf(-1)
		top := float64(from) / float64(to)
		for i := range 6 {
			f := 1 + (top-1)*float64(i)/6
			y := convert(t, from, to, tone(f*float64(to)/2+1, from, from*2400/to))
			_, _, rest := fit(y, 1, to)
			worst = max(worst, db(rest*math.Sqrt2))
		}
		t.Logf("%d -> %d: aliases %.1f dB", from, to, worst)
		if worst > -100 {
			t.Errorf("%d -> %d: aliases at %.1f dB, want below -100", from, to, worst)
		}
	}
}

func TestImpulseStays(t *testing.T) {
	for _, pair := range pairs {
		from, to := pair[0], pair[1]
		x := make([]float32, 3*from/100)
		for _, at := range []int{0, 1, len(x) / 2, len(x)/2 + 1, len(x) - 1} {
			clear(x)
			x[at] = 1
			y := convert(t, from, to, x)
			peak := 0
			for i, v := range y {
				if v > y[peak] {
					peak = i
				}
			}
			want := min(float64(at)*float64(to)/float64(from), float64(len(y)-1))
			if math.Abs(float64(peak)-want) > 0.5 {
				t.Errorf("%d -> %d: impulse at %d came out at %d, want %.2f within half a sample", from, to, at, peak, want)
			}
		}
	}
}

func TestConstantStays(t *testing.T) {
	for _, pair := range pairs {
		x := make([]float32, pair[0]/10)
		for i := range x {
			x[i] = 0.5
		}
		y := convert(t, pair[0], pair[1], x)
		for _, v := range y[len(y)/3 : len(y)*2/3] {
			if math.Abs(float64(v)-0.5) > 1e-6 {
				t.Fatalf("%v: constant 0.5 came out as %v", pair, v)
			}
		}
	}
}

func TestBlocksDoNotMatter(t *testing.T) {
	for _, pair := range pairs {
		x := tone(440, pair[0], 5000)
		want := convert(t, pair[0], pair[1], x)
		for _, block := range []int{1, 7, 1024} {
			p, _ := NewPlan(pair[0], pair[1])
			s := p.New()
			var got []float32
			for part := range slices.Chunk(x, block) {
				got = s.Append(got, part)
			}
			if got = s.Close(got); !slices.Equal(got, want) {
				t.Errorf("%v: blocks of %d give other samples than one block", pair, block)
			}
		}
	}
}

func TestLen(t *testing.T) {
	for _, pair := range pairs {
		for _, n := range []int{0, 1, 2, 147, 1000} {
			convert(t, pair[0], pair[1], make([]float32, n))
		}
	}
	p, _ := NewPlan(48000, 44100)
	for n, want := range map[int]int{0: 0, 1: 1, 160: 147, 161: 148, 10 * 3600 * 48000: 10 * 3600 * 44100} {
		if got := p.length(n); got != want {
			t.Errorf("Len(%d) = %d, want %d", n, got, want)
		}
	}
}

func TestEqualRatesCopy(t *testing.T) {
	x := tone(440, 44100, 1000)
	if y := convert(t, 44100, 44100, x); !slices.Equal(x, y) {
		t.Error("equal rates changed the samples")
	}
}

func TestRatesOutside(t *testing.T) {
	for _, pair := range [][2]int{{0, 44100}, {44100, -1}, {3999, 44100}, {44100, 384001}} {
		if _, err := NewPlan(pair[0], pair[1]); err == nil {
			t.Errorf("NewPlan(%d, %d) did not fail", pair[0], pair[1])
		}
	}
}

func BenchmarkNewPlan(b *testing.B) {
	for b.Loop() {
		NewPlan(48000, 44100)
	}
}

func BenchmarkAppend(b *testing.B) {
	for _, pair := range [][2]int{{48000, 44100}, {96000, 44100}, {22050, 44100}, {44101, 44100}} {
		b.Run(fmt.Sprintf("%d-%d", pair[0], pair[1]), func(b *testing.B) {
			p, _ := NewPlan(pair[0], pair[1])
			s := p.New()
			x := tone(440, pair[0], 4096)
			var y []float32
			b.SetBytes(int64(4 * len(x)))
			for b.Loop() {
				y = s.Append(y[:0], x)
			}
			b.ReportMetric(float64(len(x))/float64(pair[0])*float64(b.N)/b.Elapsed().Seconds(), "x-realtime")
		})
	}
}

// noise returns n values of either sign and many magnitudes.
func noise(n int) []float32 {
	r := rand.New(rand.NewPCG(1, uint64(n)))
	x := make([]float32, n)
	for i := range x {
		x[i] = float32(r.NormFloat64() * math.Pow(10, 4*r.Float64()-4))
	}
	return x
}

func TestRows(t *testing.T) {
	starts := []int32{3, 3, 4, 9, 24}
	for _, n := range []int{16, 32, 48, 160, 4096} {
		taps, x := noise(n*len(starts)), noise(n + 22)[1:]
		got, want := make([]float32, len(starts)), make([]float32, len(starts))
		rows(got, taps, x, n, starts)
		rowsGo(want, taps, x, n, starts)
		if !slices.Equal(got, want) {
			t.Errorf("rows of %d: %v, want %v", n, got, want)
		}
		for i, h := range slices.Collect(slices.Chunk(taps, n)) {
			sum, size := 0.0, 0.0
			for j, v := range x[starts[i]-starts[0]:][:n] {
				sum += float64(h[j]) * float64(v)
				size += math.Abs(float64(h[j]) * float64(v))
			}
			if math.Abs(float64(want[i])-sum) > 1e-6*size {
				t.Errorf("row %d of %d: %v, want %v", i, n, want[i], sum)
			}
		}
	}
}

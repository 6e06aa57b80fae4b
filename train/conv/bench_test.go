package conv

import (
	"fmt"
	"testing"
)

// benchLayer is one convolution of a network, for a batch of 32.
type benchLayer struct {
	size, cin, cout, kh, kw, stride int
}

func (l benchLayer) String() string {
	return fmt.Sprintf("%dx%d-%dto%d@%dx%ds%d", l.size, l.size, l.cin, l.cout, l.kh, l.kw, l.stride)
}

var benchLayers = []benchLayer{
	// seed
	{64, 1, 64, 5, 5, 1}, {64, 64, 64, 5, 5, 1}, {32, 64, 128, 5, 5, 1}, {32, 128, 128, 5, 5, 1},
	{16, 128, 256, 3, 3, 1}, {16, 256, 256, 3, 3, 1},
	// tall, wide, large-kernel
	{64, 64, 64, 9, 3, 1}, {64, 64, 64, 3, 9, 1}, {16, 256, 256, 7, 1, 1}, {16, 256, 256, 1, 7, 1},
	{64, 1, 32, 11, 11, 1}, {64, 32, 32, 9, 9, 1}, {16, 256, 256, 5, 5, 1},
	// strided and compact
	{64, 64, 64, 5, 5, 2}, {16, 256, 256, 3, 3, 2},
	{64, 1, 16, 5, 5, 2}, {32, 16, 48, 3, 3, 2}, {16, 48, 96, 3, 3, 2},
}

// BenchmarkConv times the three passes of one layer. GFLOP/s counts the multiplications and additions
// of the definition, which Winograd does not all do.
func BenchmarkConv(b *testing.B) {
	for _, l := range benchLayers {
		window := Window{l.kh, l.kw, l.stride, l.stride, true}
		g, _ := window.geometry(32, l.size, l.size, l.cin)
		g.cout = l.cout
		x, w, bias := random(1, g.n*g.h*g.w*g.cin), random(2, g.kh*g.kw*g.cin*g.cout), random(3, g.cout)
		y, dx, dw := make([]float32, g.n*g.oh*g.ow*g.cout), make([]float32, len(x)), make([]float32, len(w))
		flop := 2 * float64(len(y)) * float64(g.kh*g.kw*g.cin)
		pass := func(name string, f func()) {
			b.Run(l.String()+"/"+name, func(b *testing.B) {
				for b.Loop() {
					f()
				}
				b.ReportMetric(flop*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
			})
		}
		pass("forward", func() { forward(g, x, w, bias, y, ReLU) })
		pass("weights", func() { weightGradient(g, x, y, dw) })
		if g.cin > 1 {
			pass("input", func() { inputGradient(g, y, w, dx) })
		}
	}
}

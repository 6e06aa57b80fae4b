package conv

import (
	"math"
	"strings"
	"testing"

	"gorgonia.org/gorgonia"
)

// pcenReference is the sum of weighting times PCEN of one channel, from the equations.
func pcenReference(x, weighting []float64, levels Levels, theta [4][]float64, bands, frames int) (y []float64, sum float64) {
	e := make([]float64, len(x))
	start := 0.0
	for i, v := range x {
		b := i / frames % bands
		e[i] = math.Exp(float64(levels.Mean[b]) + float64(levels.Scale[b])*v)
	}
	for i := range x {
		if i%(bands*frames) == 0 {
			start = 0
			for _, v := range e[i:][:bands*frames] {
				start += v / float64(bands*frames)
			}
		}
		if i%frames > 0 {
			continue
		}
		b, level := i/frames%bands, start
		gain, bias, power := math.Exp(theta[0][b]), math.Exp(theta[1][b]), math.Exp(theta[2][b])
		s := 1 / (1 + math.Exp(-theta[3][b]))
		for t := range frames {
			level = (1-s)*level + s*e[i+t]
			v := math.Pow(e[i+t]/math.Pow(1e-6+level, gain)+bias, power) - math.Pow(bias, power)
			y, sum = append(y, v), sum+v*weighting[i+t]
		}
	}
	return y, sum
}

// The output is that of the equations, and the gradients of all four parameters are its central
// differences; a second channel is that of a patch by itself.
func TestPCEN(t *testing.T) {
	const n, bands, frames = 3, 4, 7
	theta := [4][]float64{{-0.1, -0.5, 0.1, -1}, {0.7, -2, 1, 0}, {-0.7, -1, 0, -2}, {-3, -1, 0, 1}}
	levels := Levels{Mean: []float32{-3, -5, -4, -2}, Scale: []float32{1, 2, 1.5, 0.5}}
	graph := gorgonia.NewGraph()
	x := input(graph, "x", 1, n, bands, frames, 1)
	var params gorgonia.Nodes
	for k, name := range []string{"gain", "bias", "power", "smoothing"} {
		params = append(params, inputOf(graph, name, floats32(theta[k]), bands))
	}
	out := gorgonia.Must(PCEN(x, params[0], params[1], params[2], params[3], levels))
	dy := random(2, n*bands*frames)
	y, grads := run(t, out, dy, params...)
	values, weighting := wide(elements(x.Value())), wide(dy)
	want, _ := pcenReference(values, weighting, levels, theta, bands, frames)
	near(t, "output", y, want, 1e-6)
	for k := range theta {
		slopes := make([]float64, bands)
		for b := range slopes {
			const h = 1e-5
			was := theta[k][b]
			theta[k][b] = was + h
			_, up := pcenReference(values, weighting, levels, theta, bands, frames)
			theta[k][b] = was - h
			_, down := pcenReference(values, weighting, levels, theta, bands, frames)
			theta[k][b], slopes[b] = was, (up-down)/(2*h)
		}
		near(t, params[k].Name()+" gradient", grads[k], slopes, 1e-5)
	}
}

// Two channels are two patches side by side.
func TestPCENChannels(t *testing.T) {
	const bands, frames = 3, 5
	both := random(3, bands*frames*2)
	theta := []float32{-0.1, -0.2, -0.3, -0.4, -0.5, -0.6}
	levels := Levels{Mean: random(4, 6), Scale: []float32{1, 2, 1, 2, 1, 2}}
	result := func(channels, from int) []float32 {
		pick := func(all []float32) (some []float32) {
			for i := from; i < len(all); i += 3 - channels {
				some = append(some, all[i])
			}
			return some
		}
		g := gorgonia.NewGraph()
		p := func(name string) *gorgonia.Node { return inputOf(g, name, pick(theta), bands*channels) }
		x := inputOf(g, "x", pick(both), 1, bands, frames, channels)
		out := gorgonia.Must(PCEN(x, p("gain"), p("bias"), p("power"), p("smoothing"), Levels{pick(levels.Mean), pick(levels.Scale)}))
		vm := gorgonia.NewTapeMachine(g)
		defer vm.Close()
		if err := vm.RunAll(); err != nil {
			t.Fatal(err)
		}
		return append([]float32(nil), elements(out.Value())...)
	}
	y := result(2, 0)
	for c := range 2 {
		for i, want := range result(1, c) {
			if got := y[2*i+c]; got != want {
				t.Errorf("channel %d, value %d: got %g, want %g", c, i, got, want)
			}
		}
	}
}

func TestPCENRefuses(t *testing.T) {
	g := gorgonia.NewGraph()
	x, p, long := input(g, "x", 1, 2, 3, 4, 1), input(g, "p", 2, 3), input(g, "long", 3, 4)
	whole := Levels{make([]float32, 3), make([]float32, 3)}
	for want, try := range map[string]func() (*gorgonia.Node, error){
		"that are read":     func() (*gorgonia.Node, error) { return PCEN(computed(t, x), p, p, p, p, whole) },
		"bias has shape":    func() (*gorgonia.Node, error) { return PCEN(x, p, long, p, p, whole) },
		"levels of 0 and 0": func() (*gorgonia.Node, error) { return PCEN(x, p, p, p, p, Levels{}) },
	} {
		if _, err := try(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}

func floats32(x []float64) []float32 {
	y := make([]float32, len(x))
	for i, v := range x {
		y[i] = float32(v)
	}
	return y
}

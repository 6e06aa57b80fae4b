package augment

import (
	"testing"

	"prep/data"
)

// usual returns a step with an amount as plans have it.
func usual(tr Transform) data.Transform {
	v := map[string]float64{"pitch": 2, "pitch_formant": 2, "stretch": 1.1, "reverb": 0.3, "gain": -6, "shift": 2}
	if _, ok := v[tr.Name]; !ok {
		v[tr.Name] = middle(tr)
	}
	return drawn(tr, v[tr.Name])
}

// BenchmarkRender renders whole copies: reads the window, checks the lineage,
// transforms, looks for what is silent, clipped or not finite.
func BenchmarkRender(b *testing.B) {
	rec, h := recording(20000, kick), strike(20000)
	for _, tr := range transforms() {
		copy := copyOf(h, usual(tr))
		b.Run(tr.Name, func(b *testing.B) {
			for b.Loop() {
				if err := renderer.Render(rec, h, copy, func(data.Reader, data.Hit) error { return nil }); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkTransform does the transform alone, on a fresh copy of samples in
// memory.
func BenchmarkTransform(b *testing.B) {
	rec, h := recording(20000, kick), strike(20000)
	for _, tr := range transforms() {
		l := usual(tr)
		spans := plan(rate, h, []data.Transform{l}, []Transform{tr})
		in, err := new(buffer).read(rec, h, spans[0])
		if err != nil {
			b.Fatal(err)
		}
		if tr.material != nil {
			if in.material, err = tr.material(source{rec, renderer.Open}, l, len(in.samples)); err != nil {
				b.Fatal(err)
			}
		}
		scratch := make([]float32, len(in.samples))
		b.Run(tr.Name, func(b *testing.B) {
			for b.Loop() {
				w := in
				w.samples = scratch[:copy(scratch, in.samples)]
				tr.apply(&w, l.Amounts, spans[1], data.Rand(1, "benchmark"))
			}
		})
	}
}

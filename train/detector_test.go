package train

import (
	"bytes"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"prep/data"
	"prep/data/tcn"
)

// smallDetector is a network of the shape of the real one.
func smallDetector() tcn.Network {
	return tcn.Network{Bands: 8, Channels: 2, Layers: []tcn.Layer{
		{Frames: 3, Bands: 3, Inputs: 2, Filters: 4, Stride: 2},
		{Frames: 1, Bands: 4, Inputs: 4, Filters: 8, Whole: true},
		{Frames: 5, Bands: 1, Inputs: 8, Filters: 8, Dilation: 2},
		{Frames: 1, Bands: 1, Inputs: 8, Filters: 1, Linear: true},
	}}
}

// ticks are sequences that rise by 40 dB at their onsets and fall again, over noise.
func ticks(n tcn.Network) (all []Sequence) {
	random := rand.New(rand.NewPCG(5, 6))
	for range 6 {
		s := Sequence{Frames: 600}
		values := n.Bands * n.Channels
		s.Levels = make([]float32, s.Frames*values)
		level := -1.0
		for t := range s.Frames {
			if t%50 == 20+random.IntN(3) && (len(s.Onsets) == 0 || float64(t)-s.Onsets[len(s.Onsets)-1] > 5) {
				s.Onsets, level = append(s.Onsets, float64(t)), 1
			}
			for i := range values {
				s.Levels[t*values+i] = float32(level + 0.1*random.NormFloat64())
			}
			level = max(level-0.1, -1)
		}
		all = append(all, s)
	}
	return all
}

func smallTraining() DetectorConfig {
	c := DefaultDetector()
	c.Steps, c.Batch, c.Crop = 200, 4, 128
	return c
}

// What is learned runs on tcn: its outputs stand out at the onsets. Twice is the same.
func TestDetectorLearns(t *testing.T) {
	n := smallDetector()
	from := ticks(n)
	learned, err := TrainDetector(t.Context(), smallTraining(), n, from, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := learned.Validate(); err != nil {
		t.Fatal(err)
	}
	s, values := from[0], n.Bands*n.Channels
	reach := learned.Reach()
	out := learned.NewRunner().Run(s.Frames-2*reach, func(rows []float32, stride int) {
		for i := range values {
			for f := range s.Frames {
				rows[i*stride+f] = s.Levels[f*values+i]
			}
		}
	})
	for _, o := range s.Onsets {
		if at := int(o) - reach; at >= 0 && at < len(out) && out[at] < -0.5 {
			t.Errorf("at the onset in frame %v the output is %v", o, out[at])
		}
		if at := int(o) + 15 - reach; at >= 0 && at < len(out) && out[at] > -1 {
			t.Errorf("15 frames behind the onset in frame %v the output is %v", o, out[at])
		}
	}
	again, err := TrainDetector(t.Context(), smallTraining(), n, from, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i, l := range learned.Layers {
		if !bytes.Equal(data.AppendFloats(nil, l.Kernel), data.AppendFloats(nil, again.Layers[i].Kernel)) {
			t.Errorf("layer %d: two trainings differ", i+1)
		}
	}
}

// A folded network says what convolution, batch norm and ReLU say one after the other.
func TestBatchNormFolds(t *testing.T) {
	n := tcn.Network{Bands: 1, Channels: 2, Layers: []tcn.Layer{
		{Frames: 3, Bands: 1, Inputs: 2, Filters: 3, Whole: true}, {Frames: 1, Bands: 1, Inputs: 3, Filters: 1, Linear: true}}}
	random := rand.New(rand.NewPCG(7, 8))
	w := newSequenceWeights(n, random)
	for _, b := range w.list() {
		for i := range b.Data {
			b.Data[i] = float32(0.5 + random.Float64())
		}
	}
	const frames = 20
	x := make([]float32, 2*(frames+2))
	for i := range x {
		x[i] = float32(random.NormFloat64())
	}
	got := w.folded(n).NewRunner().Run(frames, func(rows []float32, stride int) {
		copy(rows, x[:frames+2])
		copy(rows[stride:], x[frames+2:])
	})
	part := func(i, j int) float64 { return float64(w.trained[i].Data[j]) }
	for f := range frames {
		want := part(5, 0)
		for k := range 3 {
			sum := part(1, k)
			for d := range 3 {
				for c := range 2 {
					sum += part(0, (d*2+c)*3+k) * float64(x[c*(frames+2)+f+d])
				}
			}
			norm := (sum-float64(w.stats[0].Data[k]))/math.Sqrt(float64(w.stats[1].Data[k])+1e-5)*part(2, k) + part(3, k)
			want += max(norm, 0) * part(4, k)
		}
		if math.Abs(float64(got[f])-want) > 1e-5 {
			t.Errorf("frame %d: %v, want %v", f, got[f], want)
		}
	}
}

func TestDetectorRefuses(t *testing.T) {
	c := smallTraining()
	if _, err := TrainDetector(t.Context(), c, smallDetector(), []Sequence{{Frames: 10, Levels: make([]float32, 160)}}, nil); err == nil || !strings.Contains(err.Error(), "no onsets") {
		t.Errorf("without onsets: %v", err)
	}
	c.Crop = 100
	if _, err := TrainDetector(t.Context(), c, smallDetector(), ticks(smallDetector()), nil); err == nil || !strings.Contains(err.Error(), "multiple of 16") {
		t.Errorf("a crop of 100: %v", err)
	}
}

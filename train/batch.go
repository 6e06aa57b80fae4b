package train

import (
	"context"
	"fmt"
	"iter"
	"math/rand/v2"
	"sync"

	"gonum.org/v1/gonum/stat/distuv"

	"prep/data"
	"prep/data/work"
	"prep/train/conv"
)

// batch is what one training step reads: see graph.
type batch struct {
	x, targets, counts []float32
	real               int // samples; the rest of the batch is filled up and counts 0
}

// feeder makes the batches of one fit.
type feeder struct {
	c       Config
	s       *samples
	id      string // of the fit: part of every seed
	part    []int
	size    int // of a batch
	norm    Normalization
	augment Augment   // nil for none
	weight  []float32 // of each class
	spare   sync.Pool // of batches that were read
}

// newFeeder measures the part that is learnt from.
func newFeeder(c Config, s *samples, id string, part []int) (*feeder, error) {
	norm, err := s.normalization(part)
	if err != nil {
		return nil, err
	}
	f := &feeder{c: c, s: s, id: id, part: part, size: min(c.Batch, len(part)), norm: norm}
	if c.Jitter != (Jitter{}) {
		f.augment = c.Jitter.apply
	}
	f.weight = f.classWeights()
	return f, nil
}

// classWeights returns 1 for every class or, where they are to be balanced,
// what makes their hits sum to the same.
func (f *feeder) classWeights() []float32 {
	counts := make([]int, len(f.s.classes))
	for _, i := range f.part {
		counts[f.s.class[i]]++
	}
	weights := make([]float32, len(counts))
	for k, n := range counts {
		weights[k] = 1
		if f.c.BalanceClasses && n > 0 {
			weights[k] = float32(len(f.part)) / float32(len(counts)*n)
		}
	}
	return weights
}

// steps returns the number of batches an epoch.
func (f *feeder) steps() int { return ceil(len(f.part), f.size) }

// epoch yields the batches of an epoch in their order, some made ahead.
func (f *feeder) epoch(ctx context.Context, epoch int) iter.Seq2[batch, error] {
	random := data.Rand(f.c.Seed, fmt.Sprintf("%s/epoch %d", f.id, epoch))
	order := random.Perm(len(f.part))
	steps := make([]int, f.steps())
	for i := range steps {
		steps[i] = i
	}
	return func(yield func(batch, error) bool) {
		made := work.Map(ctx, steps, conv.Threads(), func(_ context.Context, i int) (batch, error) {
			return f.batch(order, i, epoch)
		})
		for _, r := range made {
			if !yield(r.Value, r.Err) {
				return
			}
		}
	}
}

// batch makes batch i of an epoch. The tail of the last one is filled up with
// the epoch's first samples, which batch norm sees and the loss does not.
func (f *feeder) batch(order []int, i, epoch int) (batch, error) {
	classes, length := len(f.s.classes), f.s.patches.Size()
	var b batch
	spare, ok := f.spare.Get().(*batch)
	if ok {
		b = *spare
	}
	if !ok {
		b = batch{x: make([]float32, f.size*length), targets: make([]float32, f.size*classes), counts: make([]float32, f.size)}
	}
	b.real = min(f.size, len(order)-i*f.size)
	for j := range f.size {
		sample := f.part[order[(i*f.size+j)%len(order)]]
		if err := f.read(b.x[j*length:][:length], sample, epoch); err != nil {
			return b, err
		}
		f.target(b.targets[j*classes:][:classes], f.s.class[sample])
		b.counts[j] = 0
		if j < b.real {
			b.counts[j] = f.weight[f.s.class[sample]]
		}
	}
	if f.c.Mixup > 0 {
		b.mix(f.c.Mixup, data.Rand(f.c.Seed, fmt.Sprintf("%s/epoch %d/mixup %d", f.id, epoch, i)))
	}
	return b, nil
}

// read writes one normalized and augmented patch to dst, channel innermost.
func (f *feeder) read(dst []float32, sample, epoch int) error {
	row, in := f.s.rows[sample], f.s.shape()
	p := data.Patch{Hit: f.s.patches.Hits[row], Channels: in.Channels, Bands: in.Bands, Frames: in.Frames, Values: dst}
	if in.Channels > 1 {
		p.Values = make([]float32, len(dst))
	}
	if err := f.s.patches.Read(row, p.Values); err != nil {
		return err
	}
	random := data.Rand(f.c.Seed, fmt.Sprintf("%s/epoch %d/%s", f.id, epoch, p.Hit))
	f.c.Jitter.limit(random, p)
	f.norm.apply(p)
	if f.augment != nil {
		f.augment(random, p)
	}
	if in.Channels > 1 {
		place(dst, p)
	}
	return nil
}

// target writes the smoothed distribution of a class.
func (f *feeder) target(dst []float32, class int) {
	for k := range dst {
		dst[k] = float32(f.c.LabelSmoothing / float64(len(dst)))
	}
	dst[class] += float32(1 - f.c.LabelSmoothing)
}

// mix blends each sample with its mirror in the batch, all by the same share.
func (b batch) mix(alpha float64, random *rand.Rand) {
	keep := float32(distuv.Beta{Alpha: alpha, Beta: alpha, Src: random}.Rand())
	for _, rows := range [][]float32{b.x, b.targets, b.counts} {
		width := len(rows) / len(b.counts)
		for i, j := 0, b.real-1; i < j; i, j = i+1, j-1 {
			blend(rows[i*width:][:width], rows[j*width:][:width], keep)
		}
	}
}

// blend makes a and b keep a share of themselves and take the rest from the
// other.
func blend(a, b []float32, keep float32) {
	for i, v := range a {
		w := b[i]
		a[i] = keep*v + (1-keep)*w
		b[i] = keep*w + (1-keep)*v
	}
}

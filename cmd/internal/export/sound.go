package export

import (
	"context"
	"fmt"
	"math"
	"runtime"

	"prep/cmd/internal/duplicate"
	"prep/data"
	"prep/data/pcm"
	"prep/data/work"
)

// sounds cuts the sounds of a selection, all in one format.
type sounds struct {
	*selection
	render data.RenderFunc
	format pcm.Format
	gain   float64
	length int // 0 is that of each hit
	lead   int // samples before the onset, where all have one length
}

// open prepares the sounds of a selection: it listens to all of them where the format or
// the gain depends on them, and notes what the format does not keep.
func (c Config) open(ctx context.Context, s *selection, render data.RenderFunc) (*sounds, error) {
	x := &sounds{selection: s, render: render, format: c.Bits, gain: 1, length: c.Length}
	if c.Length > 0 {
		x.align()
	}
	if c.Gain {
		peak, err := x.peak(ctx)
		if err != nil {
			return nil, err
		}
		if peak > 0 {
			x.gain = (1 - 1.0/(1<<15)) / peak
		}
		s.note("all sounds are multiplied by %.6g (%+.2f dB): the loudest sample is at full scale", x.gain, x.gainDB())
	}
	return x, x.settle(ctx)
}

// listenForTwins says in words how many sounds are in two groups.
func (x *sounds) listenForTwins(ctx context.Context) error {
	copies, err := duplicate.Find(ctx, x.set, nil)
	x.leakage = copies.Word()
	return err
}

// gainDB returns the gain in decibels.
func (x *sounds) gainDB() float64 { return 20 * math.Log10(x.gain) }

// settle chooses the format and notes what it does not keep.
func (x *sounds) settle(ctx context.Context) error {
	chosen := x.format
	if chosen == 0 {
		x.format = pcm.Int16
	}
	if x.format == pcm.Float {
		return nil
	}
	var beyond, coarse []row
	worst := 0.0
	err := x.each(ctx, func(r row, samples []float32) {
		l := x.format.Loss(samples)
		switch {
		case l.Beyond > 0:
			beyond, worst = append(beyond, r), max(worst, l.Worst)
		case l.Worst > l.Peak/leastSteps:
			coarse = append(coarse, r)
		}
	})
	if err != nil || len(beyond)+len(coarse) == 0 {
		return err
	}
	if chosen == 0 {
		x.format = pcm.Float
		x.note("samples are 32-bit floats, because 16 bits do not hold them all; --bits 16 writes integers all the same")
	}
	if len(beyond) > 0 {
		if chosen == 0 {
			x.note("%d hits go beyond full scale, which floats keep: %s", len(beyond), x.name(beyond))
		} else {
			x.note("%d hits go beyond full scale and are clipped, the worst sample by %.3g; --bits float keeps them, --gain brings them below: %s", len(beyond), worst, x.name(beyond))
		}
	}
	if len(coarse) > 0 {
		if chosen == 0 {
			x.note("%d hits are so quiet that 16 bits would leave them less than 8, which floats keep: %s", len(coarse), x.name(coarse))
		} else {
			x.note("%d hits are so quiet that %d bits leave them less than 8; --bits float keeps them: %s", len(coarse), x.format, x.name(coarse))
		}
	}
	return nil
}

// leastSteps is how many times a hit's peak stands above the error of rounding, at least:
// 8 bits with their sign, whose error is half a step.
const leastSteps = 256

// peak returns the largest magnitude of all sounds.
func (x *sounds) peak(ctx context.Context) (most float64, err error) {
	err = x.each(ctx, func(_ row, samples []float32) { most = max(most, pcm.Float.Loss(samples).Peak) })
	return most, err
}

// each calls use with the samples of every row, in their order.
func (x *sounds) each(ctx context.Context, use func(row, []float32)) error {
	for r, clip := range work.Map(ctx, x.rows, runtime.GOMAXPROCS(0), x.clip) {
		if clip.Err != nil {
			return clip.Err
		}
		use(r, clip.Value.Samples)
	}
	return nil
}

// align puts the onset of every sound where it lies in those that begin the earliest, and
// notes how many sounds hold more than their hit.
func (x *sounds) align() {
	for _, r := range x.rows {
		x.lead = max(x.lead, r.Onset-r.Start)
	}
	x.lead = min(x.lead, x.length-1)
	past := 0
	for _, r := range x.rows {
		if r.Onset-x.lead+x.length > r.End {
			past++
		}
	}
	x.note("every sound has %d samples, its onset at sample %d; %d of %d go on past the end of their hit, with what was recorded there", x.length, x.lead, past, len(x.rows))
}

// clip returns the samples of a row.
func (x *sounds) clip(_ context.Context, r row) (clip data.Clip, err error) {
	a, err := x.set.Audio(r.Recording)
	if err != nil {
		return clip, fmt.Errorf("hit %s: %w", r.ID, err)
	}
	defer a.Close()
	cut := func(from data.Reader, h data.Hit) (err error) {
		clip.Rate = from.SampleRate()
		start, end := h.Start, h.End
		if x.length > 0 {
			start = h.Onset - x.lead
			end = start + x.length
		}
		clip.Samples, err = data.ReadSpan(from, start, end)
		return err
	}
	if r.Parent != "" {
		err = x.render(a, r.Hit, cut)
	} else {
		err = cut(a, r.Hit)
	}
	if err != nil {
		return clip, fmt.Errorf("hit %s: %w", r.ID, err)
	}
	if x.gain != 1 {
		for i := range clip.Samples {
			clip.Samples[i] = float32(float64(clip.Samples[i]) * x.gain)
		}
	}
	return clip, nil
}

// file returns the bytes of a row's WAV file.
func (x *sounds) file(ctx context.Context, r row) ([]byte, error) {
	clip, err := x.clip(ctx, r)
	if err != nil {
		return nil, err
	}
	return x.format.Encode(clip)
}

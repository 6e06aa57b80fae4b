package ingest

import (
	"context"
	"io"

	"prep/ingest/decode"
	"prep/ingest/resample"
)

// What is decoded becomes mono at the rate of the set, block by block.

// pass is one decoding of a recording.
type pass struct {
	audio *decode.Audio
	plan  *resample.Plan
	choice
	heard *levels // nil where nobody asks
}

// stream decodes to one channel at the plan's rate and hands the samples to
// sink, block by block. It returns their number.
func (p pass) stream(ctx context.Context, sink func([]float32) error) (n int, err error) {
	a := p.audio
	s := p.plan.New()
	in := make([]float32, decode.BlockFrames*a.Channels)
	var out []float32
	for end := false; !end; {
		if err := ctx.Err(); err != nil {
			return n, err
		}
		frames, err := a.Read(in)
		if end = err == io.EOF; err != nil && !end {
			return n, err
		}
		if p.heard != nil {
			p.heard.add(in[:frames*a.Channels])
		}
		out = s.Append(out[:0], p.mix.apply(in[:frames*a.Channels], a.Channels))
		if end {
			if p.heard != nil {
				p.heard.closeMoment()
			}
			out = s.Close(out)
		}
		n += len(out)
		if err := sink(out); err != nil {
			return n, err
		}
	}
	return n, nil
}

// mono replaces interleaved frames by the means of their channels, in place.
func mono(x []float32, channels int) []float32 {
	n := len(x) / channels
	switch channels {
	case 1:
	case 2:
		for i := range n {
			frame := x[2*i : 2*i+2]
			x[i] = frame[0]/2 + frame[1]/2 // the sum may lie beyond float32
		}
	default:
		for i := range n {
			sum := 0.0
			for _, v := range x[i*channels : (i+1)*channels] {
				sum += float64(v)
			}
			x[i] = float32(sum / float64(channels))
		}
	}
	return x[:n]
}

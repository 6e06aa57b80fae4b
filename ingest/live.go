package ingest

import (
	"fmt"
	"io"
	"math"
	"slices"

	"prep/data"
	"prep/ingest/decode"
	"prep/ingest/resample"
)

// liveSeconds is how much of a live recording is kept: 25 times as long as
// pcen's level remembers (0.4 s).
const liveSeconds = 10

// endless is longer than any recording, and short enough to count on from.
const endless = math.MaxInt / 4

// Live is a recording that is still going on, a data.Reader over a stream of
// samples. ReadAt waits for those that have not come yet; those more than ten
// seconds old are forgotten, and asking for them fails. Until the stream has
// ended Len is larger than any recording. It is not safe for concurrent use.
type Live struct {
	audio    *decode.Audio
	rate     data.Rate
	in       []float32
	resample *resample.Stream
	samples  []float32 // those that are kept
	first    int       // the sample at their start
	ended    bool
}

// NewLive reads samples from r, mixes them to mono and resamples them to the
// given rate. It fails when p is none that can be read.
func NewLive(r io.Reader, p decode.PCM, rate data.Rate) (*Live, error) {
	a, err := decode.OpenRaw(r, p)
	if err != nil {
		return nil, err
	}
	plan, err := resample.NewPlan(int(p.Rate), int(rate))
	if err != nil {
		return nil, err
	}
	return &Live{audio: a, rate: rate, resample: plan.New(), in: make([]float32, decode.BlockFrames*a.Channels)}, nil
}

// SampleRate returns the rate of the samples.
func (l *Live) SampleRate() data.Rate { return l.rate }

// Len returns the number of samples, or the largest that can be counted with
// while there may be more.
func (l *Live) Len() int {
	if !l.ended {
		return endless
	}
	return l.first + len(l.samples)
}

// ReadAt implements data.Reader; it waits for samples that are yet to come.
func (l *Live) ReadAt(dst []float32, pos int) error {
	for !l.ended && pos+len(dst) > l.first+len(l.samples) {
		if err := l.takeMore(); err != nil {
			return err
		}
	}
	if pos < l.first && pos+len(dst) > 0 && l.first > 0 {
		return fmt.Errorf("sample %d of a live recording is forgotten, the last %d s are kept", pos, liveSeconds)
	}
	return data.Clip{Rate: l.rate, Samples: l.samples}.ReadAt(dst, pos-l.first)
}

// takeMore takes in what has come, and waits when that is nothing.
func (l *Live) takeMore() error {
	frames, err := l.audio.Read(l.in)
	if err != nil && err != io.EOF {
		return err
	}
	l.forget()
	channels := l.audio.Channels
	l.samples = l.resample.Append(l.samples, mono(l.in[:frames*channels], channels))
	if l.ended = err == io.EOF; l.ended {
		l.samples = l.resample.Close(l.samples)
	}
	return nil
}

// forget drops the samples that are too old once there are as many again.
func (l *Live) forget() {
	keep := liveSeconds * int(l.rate)
	if old := len(l.samples) - keep; old > keep {
		l.samples = slices.Delete(l.samples, 0, old)
		l.first += old
	}
}

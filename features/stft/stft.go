package stft

import (
	"fmt"

	"prep/data"
)

// STFT turns samples into power spectra, a frame every hop samples, eight
// frames at a time. It is not safe for concurrent use; Clone is cheap.
type STFT struct {
	plan   *Plan // of eight transforms
	window []float32
	hop    int
	block  []float32 // samples read from a Reader, grown once
	eight  []float32 // bins x Lanes
}

// New returns a transform with the given window, zero-padded to fft samples,
// and hop, both in samples. It panics when fft is not a power of two or is
// shorter than the window, when the window is empty, or when hop < 1.
func New(window []float32, fft, hop int) *STFT {
	if len(window) == 0 || len(window) > fft || hop < 1 {
		panic(fmt.Sprintf("stft: window of %d samples, FFT of %d, hop of %d", len(window), fft, hop))
	}
	return (&STFT{plan: NewEight(fft), window: window, hop: hop}).Clone()
}

// Clone returns a transform that shares s's tables and has scratch of its own.
func (s *STFT) Clone() *STFT {
	return &STFT{
		plan: s.plan.Clone(), window: s.window, hop: s.hop,
		eight: make([]float32, s.Bins()*Lanes),
	}
}

// Bins returns the number of bins of a frame, fft/2 + 1; bin k lies at k *
// rate / fft Hz.
func (s *STFT) Bins() int { return s.plan.Bins() }

// span returns how many samples the given number of frames covers.
func (s *STFT) span(frames int) int {
	if frames < 1 {
		return 0
	}
	return (frames-1)*s.hop + len(s.window)
}

// frames returns how many whole frames fit into n samples.
func (s *STFT) frames(n int) int {
	if n < len(s.window) {
		return 0
	}
	return 1 + (n-len(s.window))/s.hop
}

// power writes the power spectra of all whole frames of samples to dst, frames
// x bins, row-major, and returns their number. Frame t holds the samples
// [t*hop, t*hop + window); nothing is centred and nothing padded. The unit is
// |X|^2 of the windowed samples, as librosa's abs(stft)**2. It panics when dst
// is too short.
func (s *STFT) power(dst, samples []float32) int {
	frames, bins := s.frames(len(samples)), s.Bins()
	dst = dst[:frames*bins]
	for t := 0; t < frames; t += Lanes {
		count := min(Lanes, frames-t)
		s.plan.power8(s.eight, s.window, samples[t*s.hop:], s.hop, count)
		for l := range count {
			row := dst[(t+l)*bins:][:bins]
			for k := range row {
				row[k] = s.eight[k*Lanes+l]
			}
		}
	}
	return frames
}

// Read writes the power spectra of the given number of frames of r to dst,
// frames x bins, row-major. Frame t begins at sample start + t*hop, so for
// frames centred on a sample pass it less half the window. Samples beyond the
// recording's edges are zero. It fails when r does.
func (s *STFT) Read(dst []float32, r data.Reader, start, frames int) error {
	x, err := s.read(r, start, frames)
	if err != nil {
		return err
	}
	s.power(dst, x)
	return nil
}

// ReadLanes is Read with another layout: dst holds groups of eight frames, each
// bins x Lanes, the last one filled up with zeros.
func (s *STFT) ReadLanes(dst []float32, r data.Reader, start, frames int) error {
	x, err := s.read(r, start, frames)
	if err != nil {
		return err
	}
	group := s.Bins() * Lanes
	for t := 0; t < frames; t += Lanes {
		s.plan.power8(dst[t/Lanes*group:], s.window, x[t*s.hop:], s.hop, min(Lanes, frames-t))
	}
	return nil
}

// read returns the samples under the frames, until the next call.
func (s *STFT) read(r data.Reader, start, frames int) ([]float32, error) {
	n := s.span(frames)
	if cap(s.block) < n {
		s.block = make([]float32, n)
	}
	return s.block[:n], r.ReadAt(s.block[:n], start)
}

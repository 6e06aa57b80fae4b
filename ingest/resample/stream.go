package resample

import "slices"

// Stream resamples one recording, block by block. How the input is cut into
// blocks does not change the output. A Stream is for one goroutine.
type Stream struct {
	*Plan
	buf     []float32 // input not yet done with, from sample first on
	first   int       // may be negative: zeros stand before the recording
	start   int       // where the period began, in input samples
	k       int       // the next output of the period
	read    int       // input samples so far
	written int       // output samples so far
}

// New returns a stream at the start of a recording.
func (p *Plan) New() *Stream {
	s := &Stream{Plan: p}
	if p.in != p.out {
		s.first = 1 - p.half
		s.buf = make([]float32, p.half-1, 2*p.half)
	}
	return s
}

// Append appends to dst the output that the samples of src complete, and
// returns the extended slice. It keeps no reference to either.
func (s *Stream) Append(dst, src []float32) []float32 {
	s.read += len(src)
	if s.in == s.out {
		s.written += len(src)
		return append(dst, src...)
	}
	s.buf = append(s.buf, src...)
	for end := s.readyEnd(); end > s.k; end = s.readyEnd() {
		dst = s.produce(dst, end)
		if s.k == s.out {
			s.start, s.k = s.start+s.in, 0
		}
	}
	s.forget()
	return dst
}

// readyEnd returns the end of those outputs of the period whose input is all there.
func (s *Stream) readyEnd() int {
	whole := s.first + len(s.buf) - s.half - s.start // those with fewer input samples before them
	return min(s.out, (whole*s.out+s.in-1)/s.in)
}

// produce appends the outputs from k to end to dst.
func (s *Stream) produce(dst []float32, end int) []float32 {
	n := len(dst)
	dst = slices.Grow(dst, end-s.k)[:n+end-s.k]
	if s.exact {
		rows(dst[n:], s.taps[s.k*2*s.half:], s.buf[s.begin():], 2*s.half, s.starts[s.k:end])
		s.k = end
	}
	for i := n; s.k < end; i++ {
		dst[i] = s.interpolate(s.k, s.buf[s.begin():])
		s.k++
	}
	s.written += len(dst) - n
	return dst
}

// begin returns where in buf the taps of output k begin.
func (s *Stream) begin() int {
	whole, _ := s.position(s.k)
	return s.start + whole - s.half + 1 - s.first
}

// interpolate returns output k of a period by linear interpolation between what two
// rows make of x.
func (p *Plan) interpolate(k int, x []float32) float32 {
	_, rem := p.position(k)
	pos := float64(rem) / float64(p.out) * float64(p.rows)
	r := int(pos)
	var y [2]float32
	rows(y[:], p.taps[r*2*p.half:(r+2)*2*p.half], x, 2*p.half, []int32{0, 0})
	return y[0] + float32(pos-float64(r))*(y[1]-y[0])
}

// Close appends to dst the output that remains at the end of the recording, so
// that n samples become n*to/from, rounded up. The stream is spent.
func (s *Stream) Close(dst []float32) []float32 {
	end := s.length(s.read)
	silence := make([]float32, 2*s.half)
	for s.written < end {
		dst = s.Append(dst, silence)
	}
	return dst[:len(dst)-(s.written-end)]
}

// forget drops the input that no later output needs.
func (s *Stream) forget() {
	done := min(max(s.begin(), 0), len(s.buf))
	s.buf = s.buf[:copy(s.buf, s.buf[done:])]
	s.first += done
}

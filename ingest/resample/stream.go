package resample

// Stream resamples one recording, block by block. How the input is cut into
// blocks does not change the output. A Stream is for one goroutine.
type Stream struct {
	*Plan
	buf     []float32 // input not yet done with, from sample first on
	first   int       // may be negative: zeros stand before the recording
	at, rem int       // the next output lies at + rem/out input samples in
	read    int       // input samples so far
	written int       // output samples so far
	row     []float32 // scratch for an interpolated row
}

// New returns a stream at the start of a recording.
func (p *Plan) New() *Stream {
	s := &Stream{Plan: p}
	if p.in != p.out {
		s.first = 1 - p.half
		s.buf = make([]float32, p.half-1, 2*p.half)
		s.row = make([]float32, 2*p.half)
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
	last := s.first + len(s.buf) - 1
	for s.at+s.half <= last {
		dst = append(dst, s.next())
	}
	s.forget()
	return dst
}

// Close appends to dst the output that remains at the end of the recording, so
// that all output together is Len samples of the input. The stream is spent.
func (s *Stream) Close(dst []float32) []float32 {
	end := s.Len(s.read)
	silence := make([]float32, 2*s.half)
	for s.written < end {
		dst = s.Append(dst, silence)
	}
	return dst[:len(dst)-(s.written-end)]
}

// next returns the next output sample and moves on by in/out input samples.
func (s *Stream) next() float32 {
	lo := s.at - s.half + 1 - s.first
	y := dot(s.filter(s.rem), s.buf[lo:lo+2*s.half])
	s.at += s.in / s.out
	s.rem += s.in % s.out
	if s.rem >= s.out {
		s.rem -= s.out
		s.at++
	}
	s.written++
	return y
}

// filter returns the taps for an output that lies rem/out after an input sample.
func (s *Stream) filter(rem int) []float32 {
	n := 2 * s.half
	if s.exact {
		return s.taps[rem*n : rem*n+n]
	}
	pos := float64(rem) / float64(s.out) * float64(s.rows)
	r := int(pos)
	w := float32(pos - float64(r))
	a, b := s.taps[r*n:r*n+n], s.taps[r*n+n:r*n+2*n]
	for i := range s.row {
		s.row[i] = a[i] + w*(b[i]-a[i])
	}
	return s.row
}

// forget drops the input that no later output needs.
func (s *Stream) forget() {
	done := s.at - s.half + 1 - s.first
	if done <= 0 {
		return
	}
	done = min(done, len(s.buf))
	s.buf = s.buf[:copy(s.buf, s.buf[done:])]
	s.first += done
}

// dot returns the inner product of two slices whose length is a multiple of 8.
func dot(h, x []float32) float32 {
	x = x[:len(h)]
	var a, b, c, d float32
	for len(h) >= 8 && len(x) >= 8 {
		a += h[0]*x[0] + h[4]*x[4]
		b += h[1]*x[1] + h[5]*x[5]
		c += h[2]*x[2] + h[6]*x[6]
		d += h[3]*x[3] + h[7]*x[7]
		h, x = h[8:], x[8:]
	}
	return (a + b) + (c + d)
}

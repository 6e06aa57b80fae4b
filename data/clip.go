package data

// Clip is mono audio in memory. Full scale is 1.
type Clip struct {
	Rate    Rate
	Samples []float32
}

// Reader reads a recording at any position without holding all of it.
// Its implementations are Clip and AudioFile.
type Reader interface {
	// SampleRate returns the rate of the samples.
	SampleRate() Rate
	// Len returns the number of samples in the recording.
	Len() int
	// ReadAt fills dst with the samples [pos, pos+len(dst)). What lies
	// outside the recording reads as zero; pos may be negative. It fails
	// only when the medium does.
	ReadAt(dst []float32, pos int) error
}

// SampleRate returns c.Rate.
func (c Clip) SampleRate() Rate { return c.Rate }

// Len returns the number of samples in c.
func (c Clip) Len() int { return len(c.Samples) }

// ReadAt implements Reader; it never fails.
func (c Clip) ReadAt(dst []float32, pos int) error {
	lo, hi := Overlap(pos, len(dst), len(c.Samples))
	clear(dst[:lo])
	copy(dst[lo:hi], c.Samples[min(max(pos, 0), len(c.Samples)):])
	clear(dst[hi:])
	return nil
}

// Overlap returns which part [lo, hi) of a window of n samples that starts at
// pos lies inside a recording of the given length; lo == hi when none does.
func Overlap(pos, n, length int) (lo, hi int) {
	lo = min(max(-pos, 0), n)
	hi = max(min(length-pos, n), lo)
	return lo, hi
}

// ReadSpan returns the samples [start, end) of r in a new slice, zero where
// they lie outside the recording.
func ReadSpan(r Reader, start, end int) ([]float32, error) {
	dst := make([]float32, max(end-start, 0))
	return dst, r.ReadAt(dst, start)
}

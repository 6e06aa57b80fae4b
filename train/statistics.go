package train

import (
	"math"

	"prep/data"
)

// A head reads the first coefficients of a patch's rows, as of MFCC, in a few spans of time.
const (
	mostCoefficients = 16
	mostSpans        = 8
)

// statistics are what a head reads of a patch besides the network's embedding: for each
// channel the first coefficients of the orthonormal DCT-II over bands (Ahmed, Natarajan and
// Rao, "Discrete Cosine Transform", 1974), which of log-mel bands are MFCC, averaged
// over spans of frames. They know nothing of classes, so that they serve new ones too.
type statistics struct {
	in      Shape
	cosines [][]float32 // coefficients x bands
	spans   []int       // where each begins; the last element is the number of frames
}

// newStatistics prepares the statistics of patches of a shape.
func newStatistics(in Shape) statistics {
	s := statistics{in: in}
	for i := range min(mostCoefficients, in.Bands) {
		norm := math.Sqrt(2 / float64(in.Bands))
		if i == 0 {
			norm = math.Sqrt(1 / float64(in.Bands))
		}
		row := make([]float32, in.Bands)
		for b := range row {
			row[b] = float32(norm * math.Cos(math.Pi*float64(i*(2*b+1))/float64(2*in.Bands)))
		}
		s.cosines = append(s.cosines, row)
	}
	n := min(mostSpans, in.Frames)
	for i := range n + 1 {
		s.spans = append(s.spans, i*in.Frames/n)
	}
	return s
}

// size returns the number of values: channels x coefficients x spans.
func (s statistics) size() int { return s.in.Channels * len(s.cosines) * (len(s.spans) - 1) }

// levels returns how many values at the beginning are a level: the first coefficient of the
// first channel in each span.
func (s statistics) levels() int { return len(s.spans) - 1 }

// means returns the matrix that averages frames over spans, frames x spans.
func (s statistics) means() []float32 {
	n := len(s.spans) - 1
	m := make([]float32, s.in.Frames*n)
	for i := range n {
		for f := s.spans[i]; f < s.spans[i+1]; f++ {
			m[f*n+i] = 1 / float32(s.spans[i+1]-s.spans[i])
		}
	}
	return m
}

// of writes the statistics of a patch, channels x coefficients x spans, to dst.
func (s statistics) of(p data.Patch, dst []float32) {
	n := len(s.spans) - 1
	means := make([]float32, p.Bands*n)
	for c := range p.Channels {
		for b := range p.Bands {
			row := p.Values[(c*p.Bands+b)*p.Frames:][:p.Frames]
			for i := range n {
				var sum float32
				for _, v := range row[s.spans[i]:s.spans[i+1]] {
					sum += v
				}
				means[b*n+i] = sum / float32(s.spans[i+1]-s.spans[i])
			}
		}
		for q, cosines := range s.cosines {
			out := dst[(c*len(s.cosines)+q)*n:][:n]
			clear(out)
			for b, w := range cosines {
				for i := range out {
					out[i] += w * means[b*n+i]
				}
			}
		}
	}
}

package train

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"prep/data"
)

// Augment changes the values of a normalized patch (mean 0, deviation 1 in
// every band) in place: what training does to each patch each time it is met.
type Augment func(*rand.Rand, data.Patch)

// Jitter is small random changes of normalized patches, drawn anew for every
// patch in every epoch. Zero turns a change off.
type Jitter struct {
	// TimeShift and BandShift are the largest shifts, in frames and in bands,
	// to either side; the edge is repeated.
	TimeShift int `yaml:"time_shift" json:"time_shift"`
	BandShift int `yaml:"band_shift" json:"band_shift"`
	// TimeMask and BandMask are the widest strips, in frames and in bands, that
	// are set to the mean (Park et al., "SpecAugment", Interspeech 2019).
	TimeMask int `yaml:"time_mask" json:"time_mask"`
	BandMask int `yaml:"band_mask" json:"band_mask"`
	// Gain and Tilt are standard deviations, in deviations of a band, of what
	// is added to all values, and to the highest band while it is taken from
	// the lowest: another level, another microphone.
	Gain float64 `yaml:"gain" json:"gain"`
	Tilt float64 `yaml:"tilt" json:"tilt"`
	// BandLimit is the share of patches whose bands from some band of the upper half on are
	// as empty as the patch gets, as recorders of a low rate leave them. It is done before
	// the patch is normalized.
	BandLimit float64 `yaml:"band_limit" json:"band_limit,omitempty"`
}

func (j Jitter) validate() error {
	if min(j.TimeShift, j.BandShift, j.TimeMask, j.BandMask) < 0 || !(min(j.Gain, j.Tilt, j.BandLimit) >= 0) || j.BandLimit > 1 {
		return fmt.Errorf("jitter is %+v: want nothing below 0, and of band_limit a share", j)
	}
	return nil
}

// limit empties the upper bands of a share of patches, which are not normalized yet.
func (j Jitter) limit(r *rand.Rand, p data.Patch) {
	if j.BandLimit == 0 || r.Float64() >= j.BandLimit {
		return
	}
	first := p.Bands/2 + r.IntN(p.Bands-p.Bands/2)
	for c := range p.Channels {
		plane := p.Values[c*p.Bands*p.Frames:][:p.Bands*p.Frames]
		empty := slices.Min(plane)
		for i := range plane[first*p.Frames:] {
			plane[first*p.Frames+i] = empty
		}
	}
}

// apply is j's Augment.
func (j Jitter) apply(r *rand.Rand, p data.Patch) {
	shift(p, drawOffset(r, j.BandShift), drawOffset(r, j.TimeShift))
	gain, tilt := j.Gain*r.NormFloat64(), j.Tilt*r.NormFloat64()
	b0, b1 := strip(r, j.BandMask, p.Bands)
	f0, f1 := strip(r, j.TimeMask, p.Frames)
	for c := range p.Channels {
		for b := range p.Bands {
			row := p.Values[(c*p.Bands+b)*p.Frames:][:p.Frames]
			slope := 2*float64(b)/float64(max(p.Bands-1, 1)) - 1
			add := float32(gain + tilt*slope)
			for f := range row {
				row[f] += add
			}
			if b0 <= b && b < b1 {
				clear(row)
			}
			clear(row[f0:f1])
		}
	}
}

// drawOffset draws from -n to n.
func drawOffset(r *rand.Rand, n int) int { return r.IntN(2*n+1) - n }

// strip draws a span [lo, hi) of 0 to most cells, inside n.
func strip(r *rand.Rand, most, n int) (lo, hi int) {
	width := min(r.IntN(most+1), n)
	lo = r.IntN(n - width + 1)
	return lo, lo + width
}

// shift moves a patch up and later, repeating its edges. Rows are taken in the order in which none is
// written before it is read.
func shift(p data.Patch, bands, frames int) {
	if bands == 0 && frames == 0 {
		return
	}
	for c := range p.Channels {
		row := func(b int) []float32 { return p.Values[(c*p.Bands+b)*p.Frames:][:p.Frames] }
		for i := range p.Bands {
			b := i
			if bands > 0 {
				b = p.Bands - 1 - i
			}
			shiftRow(row(b), row(clamp(b-bands, p.Bands)), frames)
		}
	}
}

// shiftRow sets dst, which may be src, to src moved by so many frames, repeating its edge.
func shiftRow(dst, src []float32, frames int) {
	n := len(src)
	if frames >= 0 {
		frames, edge := min(frames, n), src[0]
		copy(dst[frames:], src)
		repeat(dst[:frames], edge)
		return
	}
	left, edge := max(n+frames, 0), src[n-1]
	copy(dst, src[n-left:])
	repeat(dst[left:], edge)
}

// repeat sets all of x to v.
func repeat(x []float32, v float32) {
	for i := range x {
		x[i] = v
	}
}

// clamp returns i clamped to [0, n).
func clamp(i, n int) int { return min(max(i, 0), n-1) }

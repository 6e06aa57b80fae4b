package augment

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"prep/data"
)

// maskShare is the widest mask, as a share of the patch. Park et al.
// ("SpecAugment", Interspeech 2019) mask up to 27 of 80 bands, on utterances
// of seconds; a patch of 50 ms has its whole attack in an eighth of its frames.
const maskShare = 8

// Masks returns p with one band of frequencies and one stretch of frames, each
// up to an eighth of the patch and possibly none, set to the patch's mean, in
// all channels alike. p is not changed.
func Masks(p data.Patch, rng *rand.Rand) data.Patch {
	band, bands := stripe(p.Bands, rng)
	frame, wide := stripe(p.Frames, rng)
	p.Values = slices.Clone(p.Values)
	size := p.Bands * p.Frames
	for c := range p.Channels {
		plane := p.Values[c*size : (c+1)*size]
		fill := mean(plane)
		for b := range p.Bands {
			row := plane[b*p.Frames : (b+1)*p.Frames]
			if b < band || b >= band+bands {
				row = row[frame : frame+wide]
			}
			for i := range row {
				row[i] = fill
			}
		}
	}
	return p
}

// stripe draws a stretch of up to an eighth of n.
func stripe(n int, rng *rand.Rand) (from, width int) {
	width = rng.IntN(n/maskShare + 1)
	return rng.IntN(n - width + 1), width
}

func mean(x []float32) float32 {
	var sum float64
	for _, v := range x {
		sum += float64(v)
	}
	return float32(sum / float64(max(len(x), 1)))
}

// Mixup returns share*a + (1-share)*b, to be trained towards the same mixture
// of their classes (Zhang et al., "mixup: Beyond Empirical Risk Minimization",
// ICLR 2018). It fails when their shapes differ.
func Mixup(a, b data.Patch, share float32) (data.Patch, error) {
	if a.Channels != b.Channels || a.Bands != b.Bands || a.Frames != b.Frames {
		return data.Patch{}, fmt.Errorf("augment: mixup of %dx%dx%d and %dx%dx%d",
			a.Channels, a.Bands, a.Frames, b.Channels, b.Bands, b.Frames)
	}
	mixed := a
	mixed.Values = make([]float32, len(a.Values))
	for i, v := range a.Values {
		mixed.Values[i] = share*v + (1-share)*b.Values[i]
	}
	return mixed, nil
}

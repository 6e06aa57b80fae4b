package num

import "math"

// calibrationBins is fewer than the 15 of Guo et al., who had 10,000 images.
const calibrationBins = 10

// Calibration compares how sure a classifier was with how often it was right.
type Calibration struct {
	// ECE is the expected calibration error: the mean distance between
	// confidence and accuracy, weighted by the bins' hits (Guo et al., "On
	// Calibration of Modern Neural Networks", ICML 2017, eq. 3).
	ECE  float64          `json:"ece"`
	Bins []ReliabilityBin `json:"bins"`
}

// ReliabilityBin is the hits whose confidence lies in (Low, High].
type ReliabilityBin struct {
	Low        float64 `json:"low"`
	High       float64 `json:"high"`
	Hits       int     `json:"hits"`
	Confidence float64 `json:"confidence"` // mean over the bin
	Accuracy   float64 `json:"accuracy"`
}

// Calibrate sorts hits into ten equal bins of confidence: confidence[i], in
// [0, 1], is that of the class that was called, right[i] whether that was so. A
// bin has its upper edge and not its lower one, as in Guo et al.; 0 is in the
// first bin.
func Calibrate(confidence []float64, right []bool) Calibration {
	var sums [calibrationBins]struct {
		hits, right int
		confidence  float64
	}
	for i, p := range confidence {
		s := &sums[bin(p)]
		s.hits++
		s.confidence += p
		if right[i] {
			s.right++
		}
	}
	var c Calibration
	for i, s := range sums {
		b := ReliabilityBin{Low: float64(i) / calibrationBins, High: float64(i+1) / calibrationBins, Hits: s.hits}
		if s.hits > 0 {
			b.Confidence, b.Accuracy = s.confidence/float64(s.hits), Share(s.right, s.hits)
		}
		c.ECE += Share(s.hits, len(confidence)) * math.Abs(b.Confidence-b.Accuracy)
		c.Bins = append(c.Bins, b)
	}
	return c
}

// bin returns the bin of a confidence.
func bin(p float64) int {
	for i := range calibrationBins {
		if p <= float64(i+1)/calibrationBins {
			return i
		}
	}
	return calibrationBins - 1
}

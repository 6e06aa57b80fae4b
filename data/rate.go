package data

import (
	"math"
	"time"
)

// Rate is a sampling rate in samples per second.
type Rate int

// D returns the duration of n samples, rounded to the nearest nanosecond.
// N inverts it for every n up to 2^31 at any rate up to 1 GHz.
func (r Rate) D(n int) time.Duration {
	whole, rest := n/int(r), n%int(r)
	return time.Duration(whole)*time.Second +
		time.Duration(math.Round(float64(rest)*float64(time.Second)/float64(r)))
}

// N returns the number of samples in d, rounded to the nearest.
func (r Rate) N(d time.Duration) int {
	whole, rest := int(d/time.Second), d%time.Second
	return whole*int(r) + int(math.Round(float64(rest)*float64(r)/float64(time.Second)))
}

// Ms returns n samples in milliseconds, for people to read.
func (r Rate) Ms(n int) float64 { return 1000 * float64(n) / float64(r) }

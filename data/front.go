package data

// Front says how samples around an onset become a patch, as convolutions and matrices: what
// features compute, for a file that another program runs. A patch is made of Samples samples
// from First on, counted from the onset.
type Front struct {
	First, Samples int
	Bands, Frames  int
	Planes         []Plane // the channels of the patch
}

// Plane is one channel of a Front. With x the samples from Offset on,
//
//	P[b,t] = sum over f of Bank[b,f] |sum over n of x[t Hop + n] (Re[f,n] + i Im[f,n])|^2
//
// in decibels if Decibels is there, and then multiplied by Last, if it is there.
type Plane struct {
	Offset, Hop   int
	Filters, Taps int
	Re, Im        []float32 // Filters x Taps, row-major
	Bank          []float32 // Bands x Filters
	Decibels      *Decibels
	Last          []float32 // Bands x Bands, or nil
}

// Decibels are 10 log10(max(AMin, P)), less the largest of the plane where Max is true, and no
// less than TopDB below the largest where TopDB is not 0.
type Decibels struct {
	Max         bool
	AMin, TopDB float64
}

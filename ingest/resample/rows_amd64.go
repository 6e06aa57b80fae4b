package resample

// rowsAVX is rowsGo for count rows, to the bit: it does not fuse multiplication
// and addition.
//
//go:noescape
func rowsAVX(dst, taps, x *float32, starts *int32, n, count int)

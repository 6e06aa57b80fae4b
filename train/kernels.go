package train

import "prep/train/conv"

// Kernels names the convolution kernels in force on this machine, which a model
// records: "avx512", "avx2" or "generic". Results of different ones agree but
// for rounding.
func Kernels() string { return conv.Path() }

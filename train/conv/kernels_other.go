//go:build !amd64

package conv

func vectorKernels() []*kernels { return nil }

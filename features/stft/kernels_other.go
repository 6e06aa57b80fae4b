//go:build !amd64

package stft

func (p *pass) vectorPass(dst, src Sequence) bool { return false }

func vectorRadix2(z Sequence) int { return 0 }

func (p *Plan) vectorSplit(dst []float32, z Sequence) bool { return false }

func vectorPack(z Sequence, window, x []float32, hop int) int { return 0 }

func vectorDot(dst *[Lanes]float32, w, x []float32) bool { return false }

func vectorSqrt(x []float32) int { return 0 }

func vectorAddProduct(z, x, k Sequence) int { return 0 }

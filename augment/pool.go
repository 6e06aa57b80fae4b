package augment

import (
	"math/bits"
	"sync"
)

// pool keeps what has scratch memory of a size, a power of two, for reuse.
type pool[T any] struct {
	make func(n int) T
	kept [bits.UintSize]sync.Pool // by the logarithm of the size
}

// get returns one of a size, and a function to give it back with.
func (p *pool[T]) get(n int) (T, func()) {
	kept := &p.kept[bits.TrailingZeros(uint(n))]
	v, ok := kept.Get().(T)
	if !ok {
		v = p.make(n)
	}
	return v, func() { kept.Put(v) }
}

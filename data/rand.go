package data

import (
	"crypto/sha256"
	"encoding/binary"
	"math/rand/v2"
)

// Rand returns the random stream of one item: a PCG seeded by the seed and the
// item's ID, so that worker count, order and sharding change nothing.
func Rand(seed uint64, id string) *rand.Rand {
	sum := sha256.Sum256([]byte(id))
	return rand.New(rand.NewPCG(seed, binary.LittleEndian.Uint64(sum[:8])))
}

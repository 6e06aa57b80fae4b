package conv

import (
	"runtime"
	"sync/atomic"
)

var workers atomic.Int64

// limitWorkers bounds the goroutines that one Op uses; 0 (the start value) means Threads. It returns
// the bound before. Results do not depend on it.
func limitWorkers(n int) int { return int(workers.Swap(int64(max(n, 0)))) }

var claims atomic.Int64

// Claim says that the caller runs graphs beside others who say so, until release is called: each then has
// its share of the processors, and Ops that would wait for each other's threads do not.
func Claim() (release func()) {
	claims.Add(1)
	return func() { claims.Add(-1) }
}

// Threads returns how many threads an Op uses: GOMAXPROCS shared by those who claimed.
func Threads() int { return max(runtime.GOMAXPROCS(0)/max(int(claims.Load()), 1), 1) }

func workerCount(pieces int) int {
	n := int(workers.Load())
	if n == 0 {
		n = Threads()
	}
	return min(n, pieces)
}

// parallel calls f once for each piece in [0, pieces). Which goroutine takes which piece is chance,
// so a piece must write only what no other piece writes. A panic in f comes out of parallel.
func parallel(pieces int, f func(piece int)) {
	n := workerCount(pieces)
	if n <= 1 {
		for i := range pieces {
			f(i)
		}
		return
	}
	j := &job{pieces: pieces, f: f, done: make(chan struct{}, n)}
	j.share(n - 1)
	if r := j.fault.Load(); r != nil {
		panic(*r)
	}
}

// span is how many elements of a flat array one piece of elementwise work takes.
const span = 1 << 14

// parallelSpans calls f for consecutive ranges [lo, hi) that cover [0, n).
func parallelSpans(n int, f func(lo, hi int)) {
	parallel((n+span-1)/span, func(i int) { f(i*span, min((i+1)*span, n)) })
}

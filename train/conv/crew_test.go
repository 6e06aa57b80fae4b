package conv

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// Jobs given by many at once, some from within others and some after a pause in which helpers sleep, do each of
// their pieces once.
func TestSharedJobsDoEachPieceOnce(t *testing.T) {
	var all sync.WaitGroup
	for giver := range 4 {
		all.Go(func() {
			for round := range 300 {
				if round%100 == 99 {
					time.Sleep(2 * time.Millisecond)
				}
				var pieces [7]atomic.Int64
				j := &job{pieces: len(pieces), done: make(chan struct{}, 1)}
				j.f = func(i int) {
					if giver == 0 && i == 3 {
						inner := &job{pieces: 2, f: func(int) { pieces[i].Add(10) }, done: make(chan struct{}, 1)}
						inner.share(1)
					}
					pieces[i].Add(1)
				}
				j.share(1 + round%3)
				for i := range pieces {
					want := int64(1)
					if giver == 0 && i == 3 {
						want = 21
					}
					if got := pieces[i].Load(); got != want {
						t.Errorf("piece %d of giver %d was done %d times, want %d", i, giver, got, want)
					}
				}
			}
		})
	}
	all.Wait()
}

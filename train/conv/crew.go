package conv

import (
	"sync"
	"sync/atomic"
	"time"
)

// A job is work in pieces, which any goroutine may take.
type job struct {
	pieces int
	f      func(piece int)
	next   atomic.Int64
	fault  atomic.Pointer[any] // of the first panic
	left   atomic.Int64        // helpers that have it and are not done
	done   chan struct{}       // gets one when left falls to 0 by a helper
}

// work takes pieces until there are none, or one has panicked.
func (j *job) work() {
	defer func() {
		if r := recover(); r != nil {
			j.fault.CompareAndSwap(nil, &r)
		}
	}()
	for i := int(j.next.Add(1)) - 1; i < j.pieces && j.fault.Load() == nil; i = int(j.next.Add(1)) - 1 {
		j.f(i)
	}
}

// A helper is a goroutine that works at the jobs of others. A step of a small network has some sixty Ops of a tenth
// of a millisecond: to start a goroutine for each, or to be woken by it, takes as long as the work. So a helper
// looks for the next job a while before it sleeps, who gave a job looks for its end a while, and takes back what
// the helper has not begun by then.
type helper struct {
	job    atomic.Pointer[job] // nil: free
	asleep atomic.Bool
	wake   chan struct{}
}

// begun stands for the job that a helper works at, which cannot be taken back.
var begun = new(job)

// patience is how long a goroutine looks before it sleeps.
const patience = 50 * time.Microsecond

// soon looks for what makes ready true, with patience, and says whether it came.
func soon(ready func() bool) bool {
	for begun := time.Now(); ; {
		for range 32 {
			if ready() {
				return true
			}
		}
		if time.Since(begun) > patience {
			return false
		}
	}
}

var crew struct {
	sync.Mutex
	helpers []*helper
}

// crewOf returns helpers, n or more.
func crewOf(n int) []*helper {
	crew.Lock()
	defer crew.Unlock()
	for len(crew.helpers) < n {
		h := &helper{wake: make(chan struct{}, 1)}
		crew.helpers = append(crew.helpers, h)
		go h.run()
	}
	return crew.helpers
}

func (h *helper) run() {
	for {
		if !soon(func() bool { return h.job.Load() != nil }) {
			h.sleep()
		}
		j := h.job.Load()
		if j == nil || !h.job.CompareAndSwap(j, begun) { // taken back
			continue
		}
		j.work()
		h.job.Store(nil)
		if j.left.Add(-1) == 0 {
			j.done <- struct{}{}
		}
	}
}

// sleep returns when a job was given.
func (h *helper) sleep() {
	h.asleep.Store(true)
	if h.job.Load() != nil && h.asleep.CompareAndSwap(true, false) {
		return
	}
	<-h.wake
}

// give gives a job to a free helper, and says whether it was free.
func (h *helper) give(j *job) bool {
	j.left.Add(1)
	if !h.job.CompareAndSwap(nil, j) {
		j.left.Add(-1)
		return false
	}
	if h.asleep.CompareAndSwap(true, false) {
		h.wake <- struct{}{}
	}
	return true
}

// share does a job with the help of at most n others, and returns when all of it is done.
func (j *job) share(n int) {
	given := make([]*helper, 0, 8)
	for _, h := range crewOf(n) {
		if len(given) < n && h.give(j) {
			given = append(given, h)
		}
	}
	j.work()
	for _, h := range given {
		if h.job.CompareAndSwap(j, nil) {
			j.left.Add(-1)
		}
	}
	if !soon(func() bool { return j.left.Load() == 0 }) {
		<-j.done
	}
}

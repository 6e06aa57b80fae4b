package work

import (
	"context"
	"fmt"
	"iter"
	"runtime/debug"
	"sync"
)

// Result is what Map made of one item: a value or an error.
type Result[R any] struct {
	Value R
	Err   error
}

// PanicError is the error of an item whose function panicked.
type PanicError struct {
	Value any
	Stack []byte
}

// Error returns the panic's value on one line; Stack holds where it happened.
func (e *PanicError) Error() string { return fmt.Sprintf("internal fault: %v", e.Value) }

// Map runs fn on every item on the given number of goroutines and yields the
// results in the order of the items, at most 2*workers of them in flight. A
// failed item comes out with its error and the rest go on. Where ctx ends, the
// items not yet begun come out with ctx's error. Stopping the loop early waits
// for the items in flight.
func Map[T, R any](ctx context.Context, items []T, workers int,
	fn func(context.Context, T) (R, error)) iter.Seq2[T, Result[R]] {
	return func(yield func(T, Result[R]) bool) {
		workers = max(workers, 1)
		results := make([]chan Result[R], 2*workers) // item i's is i modulo their number
		for i := range results {
			results[i] = make(chan Result[R], 1)
		}
		ahead := make(chan struct{}, len(results)) // a place for each item begun and not yet yielded
		stop := make(chan struct{})
		begin := feed(len(items), ahead, stop)
		var wg sync.WaitGroup
		for range workers {
			wg.Go(func() {
				for i := range begin {
					results[i%len(results)] <- guarded(ctx, items[i], fn)
				}
			})
		}
		defer wg.Wait()
		defer close(stop)
		for i, item := range items {
			r := <-results[i%len(results)]
			<-ahead
			if !yield(item, r) {
				return
			}
		}
	}
}

// feed sends 0..n-1, each after taking a place in ahead, until stop is closed.
func feed(n int, ahead chan<- struct{}, stop <-chan struct{}) <-chan int {
	begin := make(chan int)
	go func() {
		defer close(begin)
		for i := range n {
			select {
			case ahead <- struct{}{}:
			case <-stop:
				return
			}
			select {
			case begin <- i:
			case <-stop:
				return
			}
		}
	}()
	return begin
}

// guarded runs fn on one item; a panic becomes a *PanicError.
func guarded[T, R any](ctx context.Context, item T, fn func(context.Context, T) (R, error)) (r Result[R]) {
	defer func() {
		if v := recover(); v != nil {
			r.Err = &PanicError{v, debug.Stack()}
		}
	}()
	if r.Err = ctx.Err(); r.Err != nil {
		return r
	}
	r.Value, r.Err = fn(ctx, item)
	return r
}

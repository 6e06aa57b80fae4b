package work

import (
	"context"
	"errors"
	"runtime"
	"sync/atomic"
	"testing"
)

func TestMapYieldsInOrderWhateverTheWorkers(t *testing.T) {
	items := make([]int, 100)
	for i := range items {
		items[i] = i
	}
	for _, workers := range []int{0, 1, 3, 200} {
		next := 0
		for item, r := range Map(context.Background(), items, workers, square) {
			if item != next || r.Value != next*next || r.Err != nil {
				t.Fatalf("workers %d: got %d -> %v at %d", workers, item, r, next)
			}
			next++
		}
		if next != len(items) {
			t.Errorf("workers %d: %d results, want %d", workers, next, len(items))
		}
	}
}

func square(_ context.Context, n int) (int, error) {
	runtime.Gosched()
	return n * n, nil
}

func TestMapKeepsGoingPastErrorsAndPanics(t *testing.T) {
	boom := errors.New("boom")
	fn := func(_ context.Context, n int) (int, error) {
		switch n {
		case 1:
			return 0, boom
		case 2:
			panic("bang")
		}
		return n, nil
	}
	var errs []error
	for _, r := range Map(context.Background(), []int{0, 1, 2, 3}, 2, fn) {
		errs = append(errs, r.Err)
	}
	var p *PanicError
	if errs[0] != nil || errs[1] != boom || !errors.As(errs[2], &p) || errs[3] != nil {
		t.Errorf("got errors %v, want nil, boom, a PanicError, nil", errs)
	}
}

func TestMapStopsEarlyAndLooksOnlySoFarAhead(t *testing.T) {
	var begun atomic.Int64
	fn := func(_ context.Context, n int) (int, error) { begun.Add(1); return n, nil }
	for item := range Map(context.Background(), make([]int, 1000), 2, fn) {
		_ = item
		break
	}
	if n := begun.Load(); n > 6 {
		t.Errorf("%d items begun before the first was taken, want at most 6", n)
	}
}

func TestMapGivesTheContextsErrorToItemsNotBegun(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for _, r := range Map(ctx, []int{1, 2}, 1, square) {
		if r.Err != context.Canceled {
			t.Errorf("got %v, want %v", r.Err, context.Canceled)
		}
	}
}

package train

import (
	"fmt"
	"sync"
	"time"

	"prep/data"
)

// meter counts the patches that were trained on and tells how it goes, by all fits of a training, some
// of which run at once.
type meter struct {
	progress data.Progress
	start    time.Time
	mu       sync.Mutex
	patches  int            // that this run trained on
	planned  map[string]int // patches of each fit, by its name
	done     map[string]int
}

func newMeter(p data.Progress) *meter {
	return &meter{progress: p, start: time.Now(), planned: map[string]int{}, done: map[string]int{}}
}

// perSecond returns the patches trained on a second, evaluation included.
func (m *meter) perSecond() float64 {
	return float64(m.patches) / max(time.Since(m.start).Seconds(), 1e-9)
}

// plan says how many patches a fit will take.
func (m *meter) plan(fit string, patches int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.planned[fit] = patches
}

// skip says that fits, some of them unfinished, take no more.
func (m *meter) skip(fits ...string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, fit := range fits {
		m.planned[fit] = m.done[fit]
	}
}

// report counts the patches of one step of f, whose mean loss in this epoch is
// given. Progress is in patches of all fits, the final model's among them.
func (m *meter) report(f *fit, epoch, step, patches int, loss float64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	n := len(f.feeder.part)
	m.patches += patches
	m.done[f.Fit] = (epoch-1)*n + min(step*f.feeder.size, n)
	s := data.Step{Stage: "train", Note: fmt.Sprintf("%s, epoch %d of %d, loss %.3f", f.Fit, epoch, f.epochs, loss)}
	for fit, planned := range m.planned {
		s.Done, s.Total = s.Done+m.done[fit], s.Total+planned
	}
	m.progress.Report(s)
}

package features

import (
	"bytes"
	"context"
	"errors"
	"math"
	"os"
	"runtime"
	"strings"
	"testing"

	"prep/data"
	"prep/data/datatest"
	"prep/data/work"
)

// takes writes a set of two recordings with noise bursts, one of them silent
// around a hit.
func takes(t *testing.T) *data.Set {
	t.Helper()
	c := datatest.Contents{Audio: map[string][]float32{}}
	for _, id := range []string{"a", "b"} {
		x := make([]float32, 40000)
		for _, onset := range []int{50, 9000, 11000, 30000} {
			if id == "b" && onset == 30000 {
				clear(x[20000:])
			} else {
				burst(x[onset:min(onset+3000, len(x))], uint64(onset))
			}
			c.Hits = append(c.Hits, data.Hit{ID: data.HitID(id, onset), Recording: id, Start: max(onset-132, 0), Onset: onset, End: onset + 2000, Mark: data.NoMark})
		}
		c.Audio[id] = x
		c.Recordings = append(c.Recordings, data.Recording{ID: id, Name: id + ".wav", Rate: 44100})
	}
	return datatest.NewSet(t, c)
}

// burst writes decaying noise.
func burst(x []float32, seed uint64) {
	r := data.Rand(seed, "burst")
	for i := range x {
		x[i] = float32(0.3 * r.NormFloat64() * math.Exp(-float64(i)/800))
	}
}

func files(t *testing.T, set *data.Set, kind string) []byte {
	t.Helper()
	var all []byte
	for _, suffix := range []string{".npy", ".jsonl", ".json"} {
		b, err := os.ReadFile(set.Path("features", kind+suffix))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, b...)
	}
	return all
}

func TestRun(t *testing.T) {
	set := takes(t)
	c := Default()
	c.Kind = "mel+pcen"
	sum, err := Run(context.Background(), work.On(set, nil), c, data.Render{})
	if err != nil {
		t.Fatal(err)
	}
	if sum.Counts["patches"] != 7 || len(sum.Skips) != 1 || !strings.Contains(sum.Skips[0].Reason, "silent") {
		t.Errorf("got %+v, want 7 patches and a silent hit left out", sum)
	}
	p, err := set.Patches(c.Kind)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	if p.N != 7 || p.Channels != 2 || p.Bands != 64 || p.Frames != 64 {
		t.Errorf("got %d x %d x %d x %d", p.N, p.Channels, p.Bands, p.Frames)
	}
	if r, err := ParseRecipe(p.Recipe); err != nil || r.Config != c {
		t.Errorf("recipe: %v, %+v", err, r.Config)
	}
	samePatches(t, set, c, p)
	if again, err := Run(context.Background(), work.On(set, nil), c, data.Render{}); err != nil || !again.Unchanged {
		t.Errorf("second run: unchanged %v, %v", again.Unchanged, err)
	}
}

// samePatches compares what Run wrote with patches made on their own.
func samePatches(t *testing.T, set *data.Set, c Config, p *data.Patches) {
	t.Helper()
	hits, err := set.Hits()
	if err != nil {
		t.Fatal(err)
	}
	byID := map[string]data.Hit{}
	for _, h := range hits {
		byID[h.ID] = h
	}
	for i, id := range p.Hits {
		r, err := set.Audio(byID[id].Recording)
		if err != nil {
			t.Fatal(err)
		}
		want, err := c.patch(r, byID[id])
		r.Close()
		got, err2 := p.Patch(i)
		if err := errors.Join(err, err2); err != nil {
			t.Fatal(err)
		}
		for j := range want.Values {
			if got.Values[j] != want.Values[j] {
				t.Fatalf("hit %s value %d: got %v, want %v", id, j, got.Values[j], want.Values[j])
			}
		}
	}
}

func TestRunIsIndependentOfWorkers(t *testing.T) {
	var want []byte
	for _, procs := range []int{1, 4} {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(procs))
		set := takes(t)
		if _, err := Run(context.Background(), work.On(set, nil), Default(), data.Render{}); err != nil {
			t.Fatal(err)
		}
		got := files(t, set, "mel")
		if want != nil && !bytes.Equal(got, want) {
			t.Errorf("%d workers: other bytes", procs)
		}
		want = got
	}
}

func TestRunCopies(t *testing.T) {
	set := takes(t)
	hits, err := set.Hits()
	if err != nil {
		t.Fatal(err)
	}
	copied := hits[1]
	copied.Parent, copied.ID = copied.ID, copied.ID+"+1"
	if err := set.WriteHits(append(hits, copied)); err != nil {
		t.Fatal(err)
	}
	if _, err := Run(context.Background(), work.On(set, nil), Default(), data.Render{}); err == nil {
		t.Error("copies without render: no error")
	}
	render := func(r data.Reader, h data.Hit, use func(data.Reader, data.Hit) error) error { return use(r, h) }
	if _, err := Run(context.Background(), work.On(set, nil), Default(), data.Render{Audio: render}); err != nil {
		t.Fatal(err)
	}
	p, err := set.Patches("mel")
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	if got := p.Hits[p.N-1]; got != copied.ID {
		t.Errorf("last patch is of %s, want %s", got, copied.ID)
	}
}

func TestRunCancelled(t *testing.T) {
	set := takes(t)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Run(ctx, work.On(set, nil), Default(), data.Render{}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	left, _ := os.ReadDir(set.Path("features"))
	if len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestRunMissingAudio(t *testing.T) {
	set := takes(t)
	if err := os.Remove(set.Path("audio", "b.wav")); err != nil {
		t.Fatal(err)
	}
	_, err := Run(context.Background(), work.On(set, nil), Default(), data.Render{})
	if !errors.Is(err, os.ErrNotExist) || !strings.HasSuffix(err.Error(), "`prep ingest` brings it in again") {
		t.Errorf("got %v, want an end that names the recording", err)
	}
}

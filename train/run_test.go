package train

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"prep/data"
	"prep/data/datatest"
	"prep/data/work"
)

// small is a network that learns the test's classes in a second.
var small = []Layer{
	{Type: layerConv, Filters: 8, Kernel: Size{3, 3}, Stride: Size{2, 2}},
	{Type: layerNorm},
	{Type: layerPool, Kind: poolMax, Size: Size{2, 2}},
	{Type: layerDropout, Rate: 0.1},
}

func smallConfig() Config {
	c := Default()
	c.Name, c.Net, c.Layers = "small", "small", small
	c.Folds, c.Epochs, c.Batch = 3, 6, 16
	c.Jitter = Jitter{TimeShift: 1, BandMask: 2, Gain: 0.1}
	return c
}

// hitOf returns the n-th hit of a group, and its class.
func hitOf(group, n, classes int) (data.Hit, string) {
	recording := fmt.Sprintf("r%02d", group)
	onset := 1000 * (n + 1)
	return data.Hit{ID: data.HitID(recording, onset), Recording: recording, Start: onset, Onset: onset,
			End: onset + 100, Offset: onset + 60 + n%7, Found: data.FoundDetected, Mark: onset, Confidence: 1},
		fmt.Sprintf("class%d", n%classes)
}

// makeSet writes a set of groups with 12 hits each: a class is a bump in its
// own bands over noise. The first hit of each group has a copy.
func makeSet(t testing.TB, groups, classes int) *data.Set {
	t.Helper()
	var c datatest.Contents
	var copies []data.Hit
	for g := range groups {
		r := data.Recording{ID: fmt.Sprintf("r%02d", g), Name: fmt.Sprintf("%02d.wav", g), Group: fmt.Sprintf("voice%02d", g), Rate: 44100, Samples: 44100}
		c.Recordings = append(c.Recordings, r)
		for n := range 12 {
			h, class := hitOf(g, n, classes)
			c.Hits = append(c.Hits, h)
			c.Labels = append(c.Labels, data.Label{Recording: r.ID, Onset: h.Onset, Class: class, By: data.ByImport})
			if n == 0 {
				h.ID, h.Parent = h.ID+"+1", h.ID
				copies = append(copies, h)
			}
		}
	}
	c.Hits = append(c.Hits, copies...)
	set := datatest.NewSet(t, c)
	writePatches(t, set, c.Hits, classes)
	return set
}

func writePatches(t testing.TB, set *data.Set, hits []data.Hit, classes int) {
	t.Helper()
	w, err := set.CreatePatches("mel", 1, 16, 16)
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range hits {
		random := data.Rand(1, h.ID)
		class := (h.Onset/1000 - 1) % classes
		p := data.Patch{Hit: h.ID, Channels: 1, Bands: 16, Frames: 16, Values: make([]float32, 256)}
		for i := range p.Values {
			p.Values[i] = float32(random.NormFloat64())
			if i/16/4 == class {
				p.Values[i] += 2
			}
		}
		if err := w.Write(p); err != nil {
			t.Fatal(err)
		}
	}
	channels := []map[string]string{{"kind": "mel", "unit": "dB re the patch's peak"}}
	if err := w.Commit(map[string]any{"kind": "mel", "hop": 32, "channels": channels}); err != nil {
		t.Fatal(err)
	}
}

// modelBytes returns the bytes of every file of a model.
func modelBytes(t testing.TB, set *data.Set, name string) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	paths, err := filepath.Glob(set.Path("models", name, "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range paths {
		if files[filepath.Base(p)], err = os.ReadFile(p); err != nil {
			t.Fatal(err)
		}
	}
	return files
}

func sameFiles(t *testing.T, got, want map[string][]byte) {
	t.Helper()
	for name := range want {
		if !bytes.Equal(got[name], want[name]) {
			t.Errorf("%s differs", name)
		}
	}
	if len(got) != len(want) {
		t.Errorf("got %d files, want %d", len(got), len(want))
	}
}

func mustRun(t testing.TB, set *data.Set, c Config) Result {
	t.Helper()
	r, err := Run(context.Background(), work.On(set, nil), c)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestRunLearnsAndReports(t *testing.T) {
	set := makeSet(t, 6, 3)
	c := smallConfig()
	c.Epochs = 20
	r := mustRun(t, set, c)
	if r.Report.Accuracy < 0.9 {
		t.Errorf("accuracy: got %g, want at least 0.9", r.Report.Accuracy)
	}
	if got := r.Report.Baselines.Majority; got > 0.4 {
		t.Errorf("majority baseline: got %g, want about a third", got)
	}
	if r.Report.Hits != 72 || r.Report.Copies != 6 || len(r.Report.Folds) != 3 || len(r.Report.Groups) != 6 {
		t.Errorf("got %d hits, %d copies, %d folds, %d groups; want 72, 6, 3, 6",
			r.Report.Hits, r.Report.Copies, len(r.Report.Folds), len(r.Report.Groups))
	}
	if r.PatchesPerSecond <= 0 {
		t.Error("no speed is told")
	}
	again := mustRun(t, set, c)
	if !again.Unchanged || again.Report.Accuracy != r.Report.Accuracy {
		t.Errorf("a second run: unchanged %v, accuracy %g; want true, %g", again.Unchanged, again.Report.Accuracy, r.Report.Accuracy)
	}
}

// Folds that are trained at once, each with its share of the processors, come to the bytes of one after
// the other.
func TestSameSeedSameBits(t *testing.T) {
	c := smallConfig()
	c.Mixup, c.BalanceClasses, c.Epochs = 0.2, true, 2
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	var want *data.Set
	for _, threads := range []int{1, 2, 3, 7} {
		runtime.GOMAXPROCS(threads)
		set := makeSet(t, 4, 2)
		mustRun(t, set, c)
		if want == nil {
			want = set
		}
		sameFiles(t, modelBytes(t, set, c.Name), modelBytes(t, want, c.Name))
	}
	c.Seed++
	other := makeSet(t, 4, 2)
	mustRun(t, other, c)
	if bytes.Equal(modelBytes(t, other, c.Name)[weightsFile], modelBytes(t, want, c.Name)[weightsFile]) {
		t.Error("another seed gave the same weights")
	}
}

// A run is stopped at every step in turn by its progress, as Ctrl-C does, and
// begun again until it gets through.
func TestResumeEqualsUndisturbed(t *testing.T) {
	c := smallConfig()
	c.Epochs, c.Folds = 2, 2
	want := makeSet(t, 4, 2)
	mustRun(t, want, c)
	got := makeSet(t, 4, 2)
	for stops := 0; ; stops++ {
		ctx, cancel := context.WithCancel(context.Background())
		left := 5
		_, err := Run(ctx, work.On(got, func(data.Step) {
			if left--; left == 0 {
				cancel()
			}
		}), c)
		cancel()
		if err == nil {
			break
		}
		if !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		if stops > 20 {
			t.Fatal("the run does not get on between stops")
		}
	}
	sameFiles(t, modelBytes(t, got, c.Name), modelBytes(t, want, c.Name))
}

func TestWhatCannotBeTrainedIsRefused(t *testing.T) {
	for _, c := range []struct {
		name            string
		groups, classes int
		change          func(*Config)
		want            string
	}{
		{"one class", 3, 1, func(*Config) {}, `of one class, "class0"`},
		{"one group", 1, 2, func(*Config) {}, `of one group and one recording, "00.wav"`},
		{"large pool", 3, 2, func(c *Config) { c.Layers = []Layer{{Type: layerPool, Kind: poolMax, Size: Size{32, 1}}} }, "layer 1 (max pool 32x1): the pool is larger"},
		{"unknown net", 3, 2, func(c *Config) { c.Layers, c.Net = nil, "resnet" }, `net "resnet": neither a file nor one of`},
		{"no patches", 3, 2, func(c *Config) { c.Features = "cqt" }, "no cqt patches"},
		{"bad name", 3, 2, func(c *Config) { c.Name = "../x" }, "name is"},
		{"bad rate", 3, 2, func(c *Config) { c.LearningRate = -1 }, "learning_rate is -1"},
		{"one fold", 3, 2, func(c *Config) { c.Folds = 1 }, "folds is 1"},
	} {
		set := makeSet(t, c.groups, c.classes)
		config := smallConfig()
		c.change(&config)
		_, err := Run(context.Background(), work.On(set, nil), config)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q in it", c.name, err, c.want)
		}
		if files := modelBytes(t, set, "*"); len(files) > 0 {
			t.Errorf("%s: files were written", c.name)
		}
	}
}

// checkEmbeddings holds that the output layer makes of embeddings what the model predicts.
func checkEmbeddings(t *testing.T, m *Model, patches []data.Patch, want [][]float32) {
	t.Helper()
	embedded, err := m.Embed(patches)
	if err != nil || len(embedded) != len(patches) {
		t.Fatalf("%d embeddings of %d patches, %v", len(embedded), len(patches), err)
	}
	var kernel, bias blob
	for _, b := range m.weights.trained {
		switch b.Name {
		case "output." + partKernel:
			kernel = b
		case "output." + partBias:
			bias = b
		}
	}
	for i, e := range embedded {
		logits, sum := make([]float64, len(bias.Data)), 0.0
		for c := range logits {
			logits[c] = float64(bias.Data[c])
			for k, x := range e {
				logits[c] += float64(x) * float64(kernel.Data[k*len(logits)+c])
			}
			sum += math.Exp(logits[c])
		}
		for c := range logits {
			if got := math.Exp(logits[c]) / sum; math.Abs(got-float64(want[i][c])) > 1e-5 {
				t.Fatalf("patch %d: class %d from its embedding is %g, predicted %g", i, c, got, want[i][c])
			}
		}
	}
}

func TestModelPredictsAndRefusesDamage(t *testing.T) {
	set := makeSet(t, 3, 2)
	c := smallConfig()
	mustRun(t, set, c)
	dir := set.Path("models", c.Name)
	m, err := Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	patches, err := set.Patches("mel")
	if err != nil {
		t.Fatal(err)
	}
	defer patches.Close()
	var all []data.Patch
	for i := range 5 {
		p, err := patches.Patch(i)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
	together, err := m.Predict(all)
	if err != nil {
		t.Fatal(err)
	}
	for i, p := range all {
		alone, err := m.Predict([]data.Patch{p})
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(alone[0], together[i]) {
			t.Errorf("patch %d: alone %v, together %v", i, alone[0], together[i])
		}
	}
	if err := m.CheckRecipe(patches.Recipe); err != nil {
		t.Error(err)
	}
	if err := m.CheckRecipe([]byte(`{"kind": "mel", "hop": 64, "channels": [{"kind": "mel", "unit": "dB re the patch's peak"}]}`)); err == nil || !strings.Contains(err.Error(), "hop is 64, the model was trained with 32") {
		t.Errorf("another recipe: got %v", err)
	}
	checkEmbeddings(t, m, all, together)
	if _, err := m.Predict([]data.Patch{{Channels: 1, Bands: 8, Frames: 16, Values: make([]float32, 128)}}); err == nil {
		t.Error("a patch of another shape was taken")
	}
	mixed := "not the file that was written with the others of this folder"
	damage(t, filepath.Join(dir, weightsFile), mixed, func(b []byte) []byte { b[len(b)-1] ^= 1; return b })
	damage(t, filepath.Join(dir, modelFile), mixed, func(b []byte) []byte { return bytes.ReplaceAll(b, []byte("class1"), []byte("class7")) })
	if err := os.Remove(filepath.Join(dir, manifestFile)); err != nil { // as prep 0.1.0 made them
		t.Fatal(err)
	}
	damage(t, filepath.Join(dir, weightsFile), "truncated", func(b []byte) []byte { return b[:len(b)-3] })
	damage(t, filepath.Join(dir, modelFile), "truncated", func(b []byte) []byte { return b[:len(b)/2] })
	damage(t, filepath.Join(dir, modelFile), "has format 9, this program reads 1", func(b []byte) []byte {
		return bytes.Replace(b, []byte(`"format": 1`), []byte(`"format": 9`), 1)
	})
}

// damage changes a file of a model for the time of one Load, which must say so.
func damage(t *testing.T, path, want string, change func([]byte) []byte) {
	t.Helper()
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	changed := change(bytes.Clone(whole))
	if bytes.Equal(changed, whole) {
		t.Fatalf("%s: nothing is damaged", path)
	}
	if err := os.WriteFile(path, changed, 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := Load(filepath.Dir(path)); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("%s: got %v, want %q in it", filepath.Base(path), err, want)
	}
	if err := os.WriteFile(path, whole, 0o666); err != nil {
		t.Fatal(err)
	}
}

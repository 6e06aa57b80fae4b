package export

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"prep/data"
	"prep/data/pcm"
	"prep/features"
	"prep/train"
)

// runtimeFiles are the files of onnxruntime-web that the page loads; ORT_WEB names their folder,
// package/dist of `npm pack onnxruntime-web`.
var runtimeFiles = []string{"ort.wasm.min.js", "ort-wasm-simd-threaded.mjs", "ort-wasm-simd-threaded.wasm"}

// pageRate is that of the set of the test.
const pageRate = 8000

// The page of docs/interop names a WAV file that is dropped on it as prep does.
func TestPageNamesADroppedFile(t *testing.T) {
	ort := os.Getenv("ORT_WEB")
	if ort == "" {
		t.Skip("ORT_WEB names no folder with onnxruntime-web (package/dist of `npm pack onnxruntime-web`)")
	}
	chromium, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("no Chromium here")
	}
	old := filepath.Join("..", "..", "prep", "testdata", "set-0.1.0")
	set, model, dir := must(data.Open(old)), filepath.Join(old, "models", "tiny"), filepath.Join(t.TempDir(), "page")
	if _, err := AudioModel(t.Context(), set, model, dir); err != nil {
		t.Fatal(err)
	}
	for _, f := range runtimeFiles {
		link(t, filepath.Join(ort, f), dir)
	}
	link(t, filepath.Join("..", "..", "..", "docs", "interop", "name.html"), dir)
	server := httptest.NewServer(http.FileServer(http.Dir(dir)))
	t.Cleanup(server.Close)
	ctx := openBrowser(t, chromium)

	if err := chromedp.Run(ctx, chromedp.Navigate(server.URL+"/name.html"), until(`said.textContent == "Ready."`)); err != nil {
		t.Fatal(err)
	}
	for i, x := range hitsAlone(t, set) {
		name, onset := fmt.Sprintf("hit%d.wav", i), firstLoud(x)
		said, got := drop(t, ctx, name, must(pcm.Float.Encode(data.Clip{Rate: pageRate, Samples: x})))
		want := predicted(t, model, x, onset)
		if len(got) != len(want.probabilities) {
			t.Fatalf("%s: %v, want %v", said, got, want.probabilities)
		}
		for k, p := range want.probabilities {
			if math.Abs(got[k]-float64(p)) > .00051 { // it shows tenths of a percent
				t.Fatalf("%s: the page says %v, prep %v", said, got, want.probabilities)
			}
		}
		if at := fmt.Sprintf(", at %.1f ms", 1000*float64(onset)/pageRate); !strings.Contains(said, ": "+want.class+", ") || !strings.HasSuffix(said, at) {
			t.Errorf("the page says %q, want %s%s", said, want.class, at)
		}
	}
	silent := must(pcm.Int16.Encode(data.Clip{Rate: pageRate, Samples: make([]float32, 800)}))
	if said, rows := drop(t, ctx, "silent.wav", silent); !strings.Contains(said, "the file is silent") || len(rows) > 0 {
		t.Errorf("of a silent file the page says %q, %v", said, rows)
	}
	if said, rows := drop(t, ctx, "broken.wav", []byte("RIFF and no more")); !strings.Contains(said, "decode") || len(rows) > 0 {
		t.Errorf("of a broken file the page says %q, %v", said, rows)
	}
}

// drop gives the page a file, and returns what it says and the probabilities that it shows.
func drop(t *testing.T, ctx context.Context, name string, content []byte) (said string, shown []float64) {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, content, 0o666); err != nil {
		t.Fatal(err)
	}
	err := chromedp.Run(ctx, chromedp.SetUploadFiles("input", []string{file}),
		until(fmt.Sprintf(`said.textContent.startsWith("%s: ")`, name)),
		chromedp.Text("#said", &said),
		chromedp.Evaluate(`[...table.rows].map(r => parseFloat(r.cells[1].textContent) / 100)`, &shown))
	if err != nil {
		t.Fatal(err)
	}
	t.Log(said)
	return said, shown
}

func link(t *testing.T, file, dir string) {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, filepath.Base(file)), raw, 0o666)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// openBrowser returns a tab of a headless Chromium that ends with the test.
func openBrowser(t *testing.T, path string) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewExecAllocator(ctx, append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox)...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx, chromedp.WithErrorf(log.New(io.Discard, "", 0).Printf))
	t.Cleanup(cancel)
	return ctx
}

// until waits until an expression is true in the page.
func until(expression string) chromedp.Action {
	return chromedp.Poll(expression, nil, chromedp.WithPollingInterval(50*time.Millisecond), chromedp.WithPollingTimeout(2*time.Minute))
}

// hitsAlone returns some hits of the set, each with silence before and behind it.
func hitsAlone(t *testing.T, set *data.Set) (all [][]float32) {
	t.Helper()
	for _, h := range must(set.Originals())[:6] {
		a := must(set.Audio(h.Recording))
		x := append(make([]float32, 900), must(data.ReadSpan(a, h.Start, h.End))...)
		a.Close()
		all = append(all, append(x, make([]float32, 3000)...))
	}
	return all
}

// firstLoud is the page's onsetOf.
func firstLoud(x []float32) int {
	peak := pcm.Float.Loss(x).Peak
	for i, v := range x {
		if math.Abs(float64(v)) >= peak/10 {
			return i
		}
	}
	return -1
}

type prediction struct {
	class         string
	probabilities []float32
}

// predicted returns what prep makes of a hit.
func predicted(t *testing.T, folder string, x []float32, onset int) prediction {
	t.Helper()
	m := must(train.Load(folder))
	recipe := must(features.ParseRecipe(m.Recipe))
	extract := must(features.New(recipe.Config, recipe.Rate))
	patch := must(extract.Patch(data.Clip{Rate: recipe.Rate, Samples: x}, data.Hit{Onset: onset, Start: onset, End: onset + 100}))
	p := must(m.Predict([]data.Patch{patch}))[0]
	best := 0
	for k := range p {
		if p[k] > p[best] {
			best = k
		}
	}
	return prediction{m.Classes[best], p}
}

// model-audio.json says what the model takes.
func TestAudioModelSaysWhatItTakes(t *testing.T) {
	old, dir := filepath.Join("..", "..", "prep", "testdata", "set-0.1.0"), filepath.Join(t.TempDir(), "m")
	if _, err := AudioModel(t.Context(), must(data.Open(old)), filepath.Join(old, "models", "tiny"), dir); err != nil {
		t.Fatal(err)
	}
	var in audioInput
	if err := json.Unmarshal(must(os.ReadFile(filepath.Join(dir, audioInputFile))), &in); err != nil {
		t.Fatal(err)
	}
	if in.Format != 1 || in.Rate < 8000 || in.Onset < 0 || in.Onset >= in.Samples || len(in.Classes) < 2 {
		t.Errorf("%+v", in)
	}
	if _, err := AudioModel(t.Context(), must(data.Open(old)), filepath.Join(old, "models", "tiny"), dir); err == nil || !strings.Contains(err.Error(), "not empty") {
		t.Errorf("into a folder that holds a model: %v", err)
	}
}

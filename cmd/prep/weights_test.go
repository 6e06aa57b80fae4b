package main

import (
	"bytes"
	"cmp"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// richNet has a layer of every type, kernels and strides that are not square, and paddings
// whose two sides differ.
const richNet = `layers:
  - {type: conv, filters: 4, kernel: 4x3, stride: 2x1}
  - {type: batch_norm}
  - {type: pool, kind: max, size: 2x2}
  - {type: conv, filters: 6, kernel: 2x5, stride: 1x2}
  - {type: pool, kind: avg, size: 1x2}
  - {type: dropout, rate: 0.2}
  - {type: dense, units: 7}
  - {type: batch_norm}
  - {type: dense, units: 5}
`

// docs/interop/weights.py loads the weights of a model into PyTorch and Keras, which then
// give the probabilities that prep gives. INTEROP names a Python that has them.
func TestWeightsLoadElsewhere(t *testing.T) {
	if testing.Short() {
		t.Skip("it starts Python with large libraries")
	}
	script, err := filepath.Abs(filepath.Join("..", "..", "docs", "interop", "weights.py"))
	must(t, err)
	python, err := exec.LookPath(cmp.Or(os.Getenv("INTEROP"), "python3"))
	if err != nil {
		t.Skipf("no Python here: %v", err)
	}
	models, outer := "", t
	for _, tool := range []string{"torch", "keras"} {
		t.Run(tool, func(t *testing.T) {
			run := func(args ...string) (string, error) {
				cmd := exec.Command(python, args...)
				cmd.Env = append(os.Environ(), "KERAS_BACKEND="+cmp.Or(os.Getenv("KERAS_BACKEND"), "torch"))
				out, err := cmd.CombinedOutput()
				return string(out), err
			}
			if out, err := run("-c", "import numpy, safetensors, "+tool); err != nil {
				lines := strings.Split(strings.TrimSpace(out), "\n")
				t.Skipf("%s cannot load %s: %s; INTEROP may name another Python", python, tool, lines[len(lines)-1])
			}
			if models == "" {
				models = writeModels(outer)
			}
			out, err := run(script, tool, filepath.Join(models, "tiny"), filepath.Join(models, "rich"))
			if err != nil || strings.Count(out, "largest difference") != 2 {
				t.Fatalf("%v: %s", err, out)
			}
			t.Log(strings.TrimSpace(out))
		})
	}
}

// writeModels returns the folder of the models of a set: a tiny one, and one with a layer of
// every type on patches of two channels.
func writeModels(t *testing.T) string {
	t.Helper()
	dir := filepath.Dir(writeSet(t))
	must(t, os.WriteFile("rich.yaml", []byte(richNet), 0o666))
	for _, command := range [][]string{{"features", "--kind", "linear+mel"}, {"train", "--features", "linear+mel", "--net", "rich.yaml", "--name", "rich"}} {
		var said bytes.Buffer
		args := append([]string{"--config", "prep.yaml", "--set", "set", "-q"}, command...)
		if code, err := execute(t.Context(), args, &said, &said); code != 0 || err != nil {
			t.Fatalf("%v: exit %d, %v\n%s", command, code, err, said.String())
		}
	}
	return filepath.Join(dir, "set", "models")
}

// Command peers writes prep's own onsets of the takes that peers.py prepared
// to DIR/prep.json, for peers.py to score. Detectors that are named after DIR, for
// whole recordings and for live use, take the place of those that come with prep,
// which learned from these takes.
package main

import (
	"encoding/json"
	"log"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"

	"prep/data"
	"prep/segment"
)

func main() {
	runtime.GOMAXPROCS(1) // the garbage collector's time counts as ours
	paths, err := filepath.Glob(filepath.Join(os.Args[1], "*.f32"))
	if err != nil {
		log.Fatal(err)
	}
	detectors := append(os.Args[2:], "", "")
	for i, name := range []string{"prep", "prep causal"} {
		c := segment.Default()
		c.Causal, c.Detector = i == 1, detectors[i]
		write(paths, filepath.Join(os.Args[1], name+".json"), c)
	}
}

func write(paths []string, out string, c segment.Config) {
	onsets := map[string][]float64{}
	var spent time.Duration // of CPU
	for _, p := range paths {
		clip := read(p)
		start := cpu()
		hits, err := c.Hits(clip)
		spent += cpu() - start
		if err != nil {
			log.Fatal(err)
		}
		at := []float64{}
		for _, h := range hits {
			at = append(at, float64(h.Onset)/float64(clip.Rate))
		}
		onsets[strings.TrimSuffix(filepath.Base(p), ".f32")] = at
	}
	raw, err := json.Marshal(map[string]any{"cpu_s": spent.Seconds(), "onsets": onsets})
	if err == nil {
		err = os.WriteFile(out, raw, 0o666)
	}
	if err != nil {
		log.Fatal(err)
	}
}

// cpu returns the CPU time of this process.
func cpu() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		log.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// read reads raw 32-bit floats at 44.1 kHz.
func read(path string) data.Clip {
	raw, err := os.ReadFile(path)
	if err != nil {
		log.Fatal(err)
	}
	x := make([]float32, len(raw)/4)
	data.ReadFloats(x, raw)
	return data.Clip{Rate: 44100, Samples: x}
}

//go:build unix

package features

import (
	"encoding/binary"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"prep/data"
)

// vopecDir lies beside the repository.
const vopecDir = "../../shared/recordings/vopec"

// vopec returns the takes and, for each, a hit at every annotated onset. All
// count as 44.1 kHz: speed is measured here, not sound.
func vopec(b *testing.B) (clips []data.Clip, hits [][]data.Hit, n int) {
	err := filepath.WalkDir(vopecDir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".wav" {
			return err
		}
		clip, err := readPCM(path)
		if err != nil {
			return err
		}
		marks, err := os.ReadFile(strings.TrimSuffix(path, ".wav") + ".txt")
		if err != nil {
			return err
		}
		var at []data.Hit
		for line := range strings.Lines(string(marks)) {
			seconds, err := strconv.ParseFloat(strings.Fields(line)[0], 64)
			if err != nil {
				return err
			}
			onset := int(seconds * 44100)
			at = append(at, data.Hit{Onset: onset, End: onset + 2000})
		}
		clips, hits, n = append(clips, clip), append(hits, at), n+len(at)
		return nil
	})
	if err != nil {
		b.Skipf("without %s: %v", vopecDir, err)
	}
	return clips, hits, n
}

// readPCM reads the first channel of an integer WAV.
func readPCM(path string) (data.Clip, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return data.Clip{}, err
	}
	c := data.Clip{Rate: 44100}
	channels, bytes := 1, 2
	for at := 12; at+8 <= len(raw); {
		id, size := string(raw[at:at+4]), int(binary.LittleEndian.Uint32(raw[at+4:]))
		body := raw[at+8 : min(at+8+size, len(raw))]
		switch id {
		case "fmt ":
			channels, bytes = int(body[2]), int(body[14])/8
		case "data":
			for i := 0; i+bytes*channels <= len(body); i += bytes * channels {
				high := int16(binary.LittleEndian.Uint16(body[i+bytes-2:]))
				c.Samples = append(c.Samples, float32(high)/32768)
			}
		}
		at += 8 + size + size%2
	}
	return c, nil
}

// BenchmarkVOPEC makes the patches of all annotated VOPEC hits on one
// goroutine; testdata/bench.py does the same with librosa and torchaudio.
// cpu-ms/hit is what to compare. pcen-alone hears no more of a take than the
// samples under the patch.
func BenchmarkVOPEC(b *testing.B) {
	clips, hits, n := vopec(b)
	for _, kind := range AllKinds() {
		b.Run(kind, func(b *testing.B) { benchmarkPatches(b, kind, clips, hits, n) })
	}
	alone, at := cutOut(clips, hits)
	b.Run("pcen-alone", func(b *testing.B) { benchmarkPatches(b, "pcen", alone, at, n) })
}

func benchmarkPatches(b *testing.B, kind string, clips []data.Clip, hits [][]data.Hit, n int) {
	c := kindConfig(kind)
	if kind == "linear" {
		c.FFT = 512
	}
	e, err := New(c, 44100)
	if err != nil {
		b.Fatal(err)
	}
	before := cpuTime(b)
	for b.Loop() {
		for i, clip := range clips {
			e.Patches(clip, hits[i])
		}
	}
	b.ReportMetric((cpuTime(b)-before).Seconds()*1000/float64(b.N*n), "cpu-ms/hit")
	b.ReportMetric(float64(n), "hits")
}

// cutOut returns the samples under each hit's patch as a clip of its own.
func cutOut(clips []data.Clip, hits [][]data.Hit) (alone []data.Clip, at [][]data.Hit) {
	c := kindConfig("pcen")
	ahead := data.Rate(44100).N(c.PreRoll) + c.Window/2
	for i, clip := range clips {
		for _, h := range hits[i] {
			x := make([]float32, (c.Frames-1)*c.Hop+c.Window)
			clip.ReadAt(x, h.Onset-ahead)
			alone = append(alone, data.Clip{Rate: clip.Rate, Samples: x})
			at = append(at, []data.Hit{{Onset: ahead, End: ahead + h.Len()}})
		}
	}
	return alone, at
}

func cpuTime(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Skip(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

package decode

import (
	"bytes"
	"encoding/binary"
	"io"
	"math"
	"os"
	"testing"
)

// kind is a way to store samples, and how to write one of them.
type kind struct {
	name  string
	tag   uint16
	bits  int
	exact float64 // the largest error of one sample
	put   func(x float64) uint64
}

func integer(bits int) func(float64) uint64 {
	return func(x float64) uint64 { return uint64(int64(math.Round(x * float64(int64(1)<<(bits-1))))) }
}

var kinds = []kind{
	{"PCM 8-bit", tagPCM, 8, 1. / 256, func(x float64) uint64 { return integer(8)(x) + 128 }},
	{"PCM 16-bit", tagPCM, 16, 1. / 65536, integer(16)},
	{"PCM 24-bit", tagPCM, 24, 1e-7, integer(24)},
	{"PCM 32-bit", tagPCM, 32, 1e-7, integer(32)},
	{"PCM 40-bit", tagPCM, 40, 1e-7, integer(40)},
	{"float 32-bit", tagFloat, 32, 0, func(x float64) uint64 { return uint64(math.Float32bits(float32(x))) }},
	{"float 64-bit", tagFloat, 64, 0, math.Float64bits},
}

// signal returns n frames of a test signal, different in each channel.
func signal(n, channels int) []float32 {
	x := make([]float32, n*channels)
	for i := range x {
		x[i] = float32(0.9 * math.Sin(float64(i/channels)*0.1+float64(i%channels)))
	}
	x[0], x[channels] = -1, 0
	return x
}

// pack writes samples in the given kind.
func (k kind) pack(x []float32, big bool) []byte {
	var b []byte
	for _, v := range x {
		var s [8]byte
		n := k.bits / 8
		if big {
			binary.BigEndian.PutUint64(s[:], k.put(float64(v))<<(64-k.bits))
		} else {
			binary.LittleEndian.PutUint64(s[:], k.put(float64(v)))
		}
		b = append(b, s[:n]...)
	}
	return b
}

// readAll returns every interleaved sample that is left of a recording.
func readAll(a *Audio) (all []float32, err error) {
	buf := make([]float32, 1000*a.Channels)
	for {
		n, err := a.Read(buf)
		all = append(all, buf[:n*a.Channels]...)
		if err == io.EOF {
			return all, nil
		}
		if err != nil {
			return all, err
		}
	}
}

func decodeBytes(b []byte) (*Audio, []float32, error) {
	a, err := Open(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return nil, nil, err
	}
	x, err := readAll(a)
	return a, x, err
}

func decodeFile(t testing.TB, path string) (*Audio, []float32, error) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return decodeBytes(b)
}

// worst returns the largest difference over the common length.
func worst(a, b []float32) float64 {
	d := 0.0
	for i := range min(len(a), len(b)) {
		d = max(d, math.Abs(float64(a[i])-float64(b[i])))
	}
	return d
}

package segment

import (
	"bytes"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// file returns the shipped detector as its file is.
func file(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := shipped().offline.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestDetectorReadsWhatItWrites(t *testing.T) {
	got, err := readDetector(file(t))
	if err != nil || !reflect.DeepEqual(got, shipped().offline) {
		t.Errorf("%v, %v", got, err)
	}
}

// A detector's file that is cut, of another make or absurd is refused in a line.
func TestDetectorRefusesOthers(t *testing.T) {
	raw := file(t)
	head, _, _ := bytes.Cut(raw, []byte{'\n'})
	for what, c := range map[string]struct {
		raw  []byte
		want string
	}{
		"empty":       {nil, "is no detector"},
		"no JSON":     {[]byte("RIFF\n"), "is no detector"},
		"cut":         {raw[:len(raw)-1], "cut short"},
		"only a head": {append(bytes.Clone(head), '\n'), "cut short"},
		"longer":      {append(bytes.Clone(raw), 0), "more follows"},
		"a later one": {bytes.Replace(raw, []byte(`"format":1`), []byte(`"format":2`), 1), "has format 2"},
		"wide":        {bytes.Replace(raw, []byte(`"filters":12`), []byte(`"filters":1e6`), 1), "is no detector"},
		"negative":    {bytes.Replace(raw, []byte(`"filters":12`), []byte(`"filters":-2`), 1), "cut short"},
		"other bands": {bytes.Replace(raw, []byte(`"bands":40,"channels"`), []byte(`"bands":44,"channels"`), 1), ""},
	} {
		if _, err := readDetector(c.raw); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", what, err, c.want)
		}
	}
	c := Default()
	c.Detector = t.TempDir()
	if _, err := c.Open(); err == nil || !strings.Contains(err.Error(), "is no detector") {
		t.Errorf("a directory: %v", err)
	}
}

// A detector that a path names is used, and its digest is recorded.
func TestDetectorFromAFile(t *testing.T) {
	c := Default()
	c.Detector = filepath.Join(t.TempDir(), "own.bin")
	if err := os.WriteFile(c.Detector, file(t), 0o666); err != nil {
		t.Fatal(err)
	}
	if got, want := found(t, c, sequence()), found(t, Default(), sequence()); !reflect.DeepEqual(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	if len(c.recorded().DetectorSHA256) != 64 || Default().recorded().DetectorSHA256 != "" {
		t.Errorf("%+v", c.recorded())
	}
}

func FuzzDetector(f *testing.F) {
	f.Add(file(f))
	f.Add([]byte(`{"format":1,"network":{"bands":1,"channels":1,"layers":[{"frames":1,"bands":1,"inputs":1,"filters":1}]},"slope":1}` + "\n01234567"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		d, err := readDetector(raw)
		if err != nil {
			return
		}
		for _, l := range d.Network.Layers {
			for _, v := range l.Kernel {
				if math.IsNaN(float64(v)) {
					t.Fatal("a weight that is no number")
				}
			}
		}
	})
}

// The logarithm is near enough, and exact at powers of two.
func TestLog2(t *testing.T) {
	for x := float32(1e-8); x < 1e6; x *= 1.0173 {
		if got, want := float64(log2(x)), math.Log2(float64(x)); math.Abs(got-want) > 2e-4 {
			t.Errorf("log2(%g) is %g, want %g", x, got, want)
		}
	}
	for e := -20; e < 20; e++ {
		if got := log2(float32(math.Ldexp(1, e))); got != float32(e) {
			t.Errorf("log2(2^%d) is %g", e, got)
		}
	}
}

package layer3

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// peer runs another decoder, or skips the test, and returns its samples as it has
// them.
func peer(t *testing.T, name string, args ...string) []float32 {
	t.Helper()
	bin, err := exec.LookPath(name)
	if err != nil {
		t.Skipf("%s is not installed", name)
	}
	out, err := exec.Command(bin, args...).Output()
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	x := make([]float32, len(out)/4)
	for i := range x {
		x[i] = math.Float32frombits(binary.LittleEndian.Uint32(out[4*i:]))
	}
	return x
}

// decodeRandom makes random frames and returns the file of them and what they are
// decoded to.
func decodeRandom(t *testing.T, rate, channels, joint, frames int) (file []byte, samples []float32) {
	t.Helper()
	s := &stream{Rand: rand.New(rand.NewPCG(7, uint64(rate))), d: NewDecoder(rate, channels), rate: rate, channels: channels, joint: joint}
	for range frames {
		f := s.frame()
		file = append(file, f...)
		dst := make([]float32, s.d.FrameLen()*channels)
		side := 4 + s.sideLen()
		if err := s.d.Decode(dst, Frame{channels, joint, f[4:side], f[side:]}); err != nil {
			t.Fatal(err)
		}
		samples = append(samples, dst...)
	}
	return file, samples
}

// TestPeers holds what layer3 makes of random frames, in which all occurs that
// the format has, against ffmpeg's float decoder; at 24 kHz, where ffmpeg has two
// bands one line off (13818-3, table B.2, has 332, and so have LAME and mpg123),
// against mpg123, which has other positions of intensity stereo.
func TestPeers(t *testing.T) {
	for rate := range bandsOf {
		for _, test := range []struct{ channels, joint int }{{1, 0}, {2, midSide}, {2, midSide | intensity}} {
			if rate == 24000 && test.joint&intensity != 0 {
				continue
			}
			t.Run(fmt.Sprintf("%d Hz, %d channels, joint %d", rate, test.channels, test.joint), func(t *testing.T) {
				file, ours := decodeRandom(t, rate, test.channels, test.joint, 30)
				path := filepath.Join(t.TempDir(), "x.mp3")
				if err := os.WriteFile(path, file, 0o666); err != nil {
					t.Fatal(err)
				}
				args := []string{"ffmpeg", "-v", "error", "-c:a", "mp3float", "-f", "mp3", "-i", path, "-f", "f32le", "-"}
				if rate == 24000 {
					args = []string{"mpg123", "-q", "--no-gapless", "-e", "f32", "-s", path}
				}
				theirs := peer(t, args[0], args[1:]...)
				d := 0.0
				for i := range min(len(ours), len(theirs)) {
					d = max(d, math.Abs(float64(ours[i])-float64(theirs[i])))
				}
				if len(theirs) != len(ours) || d > 1e-5 {
					t.Errorf("%s: %d of %d values, off by %.2g", args[0], len(theirs), len(ours), d)
				}
			})
		}
	}
}

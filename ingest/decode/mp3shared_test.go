package decode

import (
	"math"
	"os"
	"path/filepath"
	"testing"
)

// TestMP3Shared holds the MP3s of ../shared/formats/more against ffmpeg's float
// decoder, and what lies behind an ID3v2 tag against the same without it.
func TestMP3Shared(t *testing.T) {
	for file, mono := range map[string]bool{
		"hecommon.mp3": false, "hits_js128.mp3": false, "hits_js96.mp3": false, "l3-test46.bit": false, "monostereo.mp3": true,
	} {
		t.Run(file, func(t *testing.T) {
			path := filepath.Join(shared, "formats", "more", file)
			if _, err := os.Stat(path); err != nil {
				t.Skipf("%s is not there", path)
			}
			a, x, err := decodeFile(t, path)
			if err != nil {
				t.Fatal(err)
			}
			args := []string{"-c:a", "mp3float", "-f", "mp3"}
			ref := ffmpeg(t, path, args...)
			if mono { // ffmpeg mixes to the channels of the first frame
				x, a.Channels = mixed(x), 1
			}
			if a.AlignmentUnknown { // then ffmpeg keeps the decoder's delay
				ref = ref[decoderDelay*a.Channels:]
			}
			d := worst(x, ref)
			t.Logf("%d of %d values, off by %.2g, note %q", len(x), len(ref), d, a.Note())
			limit := 1e-5
			if _, plain := a.src.(*mp3Source).frames.(*goMP3); plain {
				limit = goMP3Step
			}
			if d > limit || len(x)-len(ref) > decoderDelay*a.Channels || len(ref) > len(x) {
				t.Errorf("%d values that differ by %g at most, want %d", len(x), d, len(ref))
			}
		})
	}
}

// mixed mixes to mono as ffmpeg does with floats: stereo frames, whose channels
// differ, are louder by a half of the power than mono ones.
func mixed(x []float32) []float32 {
	y := make([]float32, len(x)/2)
	for i := range y {
		y[i] = x[2*i]
		if x[2*i] != x[2*i+1] {
			y[i] = (x[2*i] + x[2*i+1]) * math.Sqrt2 / 2
		}
	}
	return y
}

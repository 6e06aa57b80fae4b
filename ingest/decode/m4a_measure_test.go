//go:build measure

package decode

import (
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
)

// TestMeasureM4A prints how far M4A and ADTS of VOPEC's takes are from ffmpeg's
// float decoder and from where the takes began, by encoder and rate:
//
//	go test -tags measure -run TestMeasureM4A -v -timeout 1h ./ingest/decode
//
// It needs ffmpeg, and gst-launch-1.0 with voaacenc for VisualOn's encoder.
func TestMeasureM4A(t *testing.T) {
	takes, _ := filepath.Glob(filepath.Join(shared, "recordings/vopec/*/*.wav"))
	if len(takes) < 8 {
		t.Skip("no takes")
	}
	step := len(takes) / 8
	m := &m4aMeasure{dir: t.TempDir()}
	fmt.Println("| encoder | rate | streams | worst difference from ffmpeg | lag, samples | wrong length |\n|---|---|---|---|---|---|")
	for _, encoder := range []string{"ffmpeg aac", "VisualOn", "ffmpeg alac"} {
		for _, rate := range []int{8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000} {
			m.row = m4aRow{low: math.MaxInt, high: math.MinInt}
			for i := range 6 {
				m.original(t, takes[i*step], takes[i*step+1], rate, 1+i%2)
				m.encode(t, encoder)
			}
			fmt.Printf("| %s | %d | %d | %.2g | %s | %d |\n", encoder, rate, m.row.streams, m.row.worst, m.row.lags(), m.row.wrong)
		}
	}
}

type m4aRow struct {
	streams, wrong, low, high int
	worst                     float64
}

func (r m4aRow) lags() string {
	if r.low == r.high {
		return strconv.Itoa(r.low)
	}
	return fmt.Sprintf("%d to %d", r.low, r.high)
}

type m4aMeasure struct {
	dir      string
	row      m4aRow
	channels int
	rate     int
	x        []float32
}

func command(t *testing.T, name string, args ...string) {
	t.Helper()
	if out, err := exec.Command(name, args...).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v: %s", name, err, out)
	}
}

// original makes three seconds of two takes, the second on the right.
func (m *m4aMeasure) original(t *testing.T, left, right string, rate, channels int) {
	m.rate, m.channels = rate, channels
	command(t, "ffmpeg", "-v", "error", "-y", "-t", "3", "-i", left, "-t", "3", "-i", right,
		"-filter_complex", fmt.Sprintf("[0]aformat=channel_layouts=mono[a];[1]aformat=channel_layouts=mono[b];[a][b]amerge,aresample=%d", rate),
		"-ac", strconv.Itoa(channels), "-c:a", "pcm_s16le", filepath.Join(m.dir, "x.wav"))
	var err error
	if _, m.x, err = decodeFile(t, filepath.Join(m.dir, "x.wav")); err != nil {
		t.Fatal(err)
	}
}

// encode makes the streams of one encoder and measures them.
func (m *m4aMeasure) encode(t *testing.T, encoder string) {
	in := filepath.Join(m.dir, "x.wav")
	if encoder == "ffmpeg alac" {
		for _, name := range []string{"x.m4a", "x.caf"} {
			for _, format := range []string{"s16p", "s32p"} {
				command(t, "ffmpeg", "-v", "error", "-y", "-i", in, "-c:a", "alac", "-sample_fmt", format, filepath.Join(m.dir, name))
				m.measure(t, name)
			}
		}
		return
	}
	for _, kbps := range []int{32, 64, 128, 256} {
		if encoder == "VisualOn" {
			if exec.Command("gst-launch-1.0", "-q", "filesrc", "location="+in, "!", "wavparse", "!", "audioconvert", "!", "voaacenc",
				fmt.Sprintf("bitrate=%d", 1000*kbps), "!", "audio/mpeg,stream-format=adts", "!", "filesink", "location="+filepath.Join(m.dir, "x.aac")).Run() == nil {
				m.measure(t, "x.aac")
			}
			continue
		}
		command(t, "ffmpeg", "-v", "error", "-y", "-i", in, "-c:a", "aac", "-b:a", strconv.Itoa(kbps)+"k", filepath.Join(m.dir, "x.m4a"))
		m.measure(t, "x.m4a")
	}
}

// measure adds one file to the row.
func (m *m4aMeasure) measure(t *testing.T, name string) {
	path := filepath.Join(m.dir, name)
	if info, err := os.Stat(path); err != nil || info.Size() == 0 {
		return // the encoder has no such bit rate
	}
	a, x, err := decodeFile(t, path)
	if err != nil || a.Channels != m.channels || int(a.Rate) != m.rate {
		t.Fatalf("%s: %+v, %v", name, a, err)
	}
	peer := ffmpeg(t, path)
	if len(peer) < len(x) || len(x) == 0 {
		t.Errorf("%d values, ffmpeg has %d", len(x), len(peer))
	}
	m.row.streams++
	m.row.worst = max(m.row.worst, worst(x, peer))
	if !a.AlignmentUnknown && len(x) != len(m.x) {
		m.row.wrong++
	}
	lag := m.lag(x)
	m.row.low, m.row.high = min(m.row.low, lag), max(m.row.high, lag)
}

// lag returns by how many frames x comes later than the original, by the highest
// correlation within a few blocks.
func (m *m4aMeasure) lag(x []float32) int {
	const reach = 3000
	best, at := 0.0, 0
	lags := []int{}
	for l := range reach {
		lags = append(lags, l)
		if l < 100 {
			lags = append(lags, -l)
		}
	}
	slices.Sort(lags)
	for _, l := range lags {
		sum := 0.0
		for i := 0; i < len(m.x); i += m.channels {
			if j := i + l*m.channels; j >= 0 && j < len(x) {
				sum += float64(m.x[i]) * float64(x[j])
			}
		}
		if sum > best {
			best, at = sum, l
		}
	}
	return at
}

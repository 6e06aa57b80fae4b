package decode

import (
	"encoding/binary"
	"encoding/csv"
	"errors"
	"flag"
	"fmt"
	"hash/crc32"
	"math"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// The shared files lie beside the repository.
const (
	shared      = "../../../shared"
	verdictFile = "testdata/formats.tsv"
	formatsPage = "../../docs/formats.md"
)

var update = flag.Bool("update", false, "compare ../shared/formats with ffmpeg and minimp3 again, and write "+
	verdictFile+" and the table of "+formatsPage)

// verdict is one line of testdata/formats.tsv: what Decode makes of a file.
type verdict struct {
	file     string
	verdict  string // "exact", "within 2e-5 of ffmpeg", "refused", ...
	codec    string
	shape    string // "44100/2/1234": rate, channels, frames
	crc      string // of the samples as 32-bit floats, where they are exact
	expected string // codec and shape that ffprobe gives
	remark   string
}

// tsv reads a tab-separated file without its header, or skips the test.
func tsv(t testing.TB, path string) [][]string {
	t.Helper()
	f, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		t.Skipf("%s is not there", path)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.Comma, r.LazyQuotes = '\t', true
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows[1:]
}

func floats(b []byte) []float32 {
	x := make([]float32, len(b)/4)
	for i := range x {
		x[i] = math.Float32frombits(binary.LittleEndian.Uint32(b[4*i:]))
	}
	return x
}

func checksum(x []float32) string {
	h := crc32.NewIEEE()
	for _, v := range x {
		binary.Write(h, binary.LittleEndian, v)
	}
	return fmt.Sprintf("%08x", h.Sum32())
}

// TestFormats decodes every file of ../shared/formats and holds it against the
// committed verdicts, which -update makes by comparison with other decoders.
func TestFormats(t *testing.T) {
	known := map[string]verdict{}
	if !*update {
		for _, f := range tsv(t, verdictFile) {
			known[f[0]] = verdict{f[0], f[1], f[2], f[3], f[4], f[5], f[6]}
		}
	}
	var all []verdict
	for _, row := range tsv(t, filepath.Join(shared, "formats", "expected.tsv")) {
		t.Run(row[0], func(t *testing.T) {
			v := judge(t, row)
			all = append(all, v)
			if want, ok := known[v.file]; !*update && (!ok || v != want) {
				t.Errorf("got  %+v\nwant %+v", v, want)
			}
		})
	}
	if len(all) != 125 {
		t.Errorf("%d verdicts, want 125", len(all))
	}
	if *update {
		writeVerdicts(t, all)
		writeTable(t, all)
	}
}

// judge decodes the file of a row of expected.tsv. What only the other decoders
// can tell it takes from the committed verdicts, unless -update asks for it.
func judge(t *testing.T, row []string) verdict {
	path := filepath.Join(shared, "formats", filepath.FromSlash(row[0]))
	v := verdict{file: row[0], expected: row[1] + " " + row[2] + "/" + row[3] + "/" + row[4], remark: remarks[row[0]]}
	a, x, err := decodeFile(t, path)
	if err == nil && len(x) == 0 {
		err = brokenf("it holds no samples")
	}
	if err != nil {
		v.verdict, v.codec = "refused", strings.TrimSuffix(strings.SplitN(err.Error(), "; convert", 2)[0], " is not decoded")
		return v
	}
	v.codec = a.Codec
	v.shape = fmt.Sprintf("%d/%d/%d", a.Rate, a.Channels, len(x)/a.Channels)
	lossy := a.Codec == "MP3" || a.Codec == "Vorbis"
	if !lossy {
		v.crc = checksum(x)
	}
	v.verdict = committed(t, row[0])
	if *update || reference(path) != nil {
		v.verdict = compare(t, path, a, x, lossy)
	}
	return v
}

// committed returns the verdict that the committed table has on a file.
func committed(t *testing.T, file string) string {
	if *update {
		return ""
	}
	for _, f := range tsv(t, verdictFile) {
		if f[0] == file {
			return f[1]
		}
	}
	return ""
}

// compare says how near the samples are to those of minimp3's .pcm or ffmpeg.
func compare(t *testing.T, path string, a *Audio, x []float32, lossy bool) string {
	ref, peer := reference(path), "minimp3"
	if ref == nil {
		ref, peer = ffmpeg(t, path), "ffmpeg"
	} else {
		x = clipped(x)
	}
	switch {
	case len(ref) == 0:
		return "decoded; " + peer + " refuses it"
	case !lossy && len(ref) == len(x) && worst(ref, x) == 0:
		return "exact"
	case !lossy:
		return fmt.Sprintf("differs from %s by %.1g", peer, worst(ref, x))
	}
	for _, lag := range []int{0, 1, -decoderDelay, 1152 - decoderDelay, 2*1152 - decoderDelay} {
		p, q := ref, x
		if lag < 0 {
			p = p[min(-lag*a.Channels, len(p)):]
		} else {
			q = q[min(lag*a.Channels, len(q)):]
		}
		if d := worst(p, q); d < 4.0/32768 {
			s := fmt.Sprintf("within %.1g of %s", d, peer)
			if peer == "minimp3" || a.Codec == "MP3" {
				s = fmt.Sprintf("within %.1f LSB of %s", d*32768, peer)
			}
			if lag != 0 {
				s += fmt.Sprintf(", lag %d", lag)
			}
			return s
		}
	}
	return "differs from " + peer
}

// clipped returns what 16 bits can hold of x.
func clipped(x []float32) []float32 {
	y := make([]float32, len(x))
	for i, v := range x {
		y[i] = min(max(v, -1), 32767./32768)
	}
	return y
}

// reference returns minimp3's decoding of a bit stream, which lies beside it.
func reference(path string) (x []float32) {
	b, err := os.ReadFile(strings.TrimSuffix(path, ".bit") + ".pcm")
	if err != nil || !strings.HasSuffix(path, ".bit") {
		return nil
	}
	for ; len(b) >= 2; b = b[2:] {
		x = append(x, float32(int16(binary.LittleEndian.Uint16(b)))/32768)
	}
	return x
}

// ffmpeg decodes a file to interleaved float samples, or skips the test.
func ffmpeg(t testing.TB, path string, args ...string) []float32 {
	t.Helper()
	bin, err := exec.LookPath("ffmpeg")
	if err != nil {
		t.Skip("ffmpeg is not installed")
	}
	args = append(append([]string{"-v", "error"}, args...), "-i", path, "-map", "0:a:0", "-c:a", "pcm_f32le", "-f", "f32le", "-")
	out, _ := exec.Command(bin, args...).Output() // what it refuses has no samples
	return floats(out)
}

// remarks explain every row that is not plainly what ffmpeg makes of it.
var remarks = map[string]string{
	"go-audio-aiff/ableton.aif":                                "Ableton's own compression",
	"gopxl-beep/valid_44100hz_22050_samples.ogg":               "ffmpeg drops the first 128 samples; the file's granule position and its name say 22050",
	"oggvorbis/test.ogg":                                       "ffmpeg drops the first 128 samples; the file's granule position says 44100",
	"hound/crash-e5471f5b58397287b509db7d026e95f1724454f5.wav": "0 bits a sample; the valid bits stand for them",
	"hound/nonstandard-02.wav":                                 "0 valid bits: taken as all",
	"hound/pcmwaveformat-24bit-4byte-48kHz-stereo.wav":         "24 bits at the bottom of 4 bytes: hound's writer means them so; ffmpeg reads an unrelated 24.8 format",
	"hound/waveformatextensible-24bit-4byte-48kHz-stereo.wav":  "24 bits at the bottom of 4 bytes, against the specification, and recognized by it; ffmpeg reads an unrelated 24.8 format",
	"minimp3/l1-fl1.bit":                                       "Layer I is not decoded",
	"minimp3/l2-fl10.bit":                                      "Layer II is not decoded",
	"minimp3/l3-compl-cut.mp3":                                 "one frame alone, without the data it needs, is no recording",
	"minimp3/l3-compl.bit":                                     "the last frame is cut short and left out, as minimp3 does; ffmpeg conceals it",
	"minimp3/l3-he_free.bit":                                   "free format, which ffmpeg refuses",
	"minimp3/l3-nonstandard-compl-sideinfo-size.bit":           "l3-compl with one byte damaged: minimp3 drops 4 frames and shifts the rest; here 4 frames differ from l3-compl and all else is equal to it",
	"minimp3/l3-nonstandard-id3v1.bit":                         "one frame alone, before a tag, is no recording",
	"minimp3/l3-nonstandard-vbrtag-only.bit":                   "a tag frame alone: it promises 316 frames",
	"minimp3/l3-nonstandard-vbrtag-oob-read.bit":               "a tag frame alone: it promises 316 frames",
	"minimp3/l3-sin1k0db.bit":                                  "begins with the end of a frame; two frames whose data lies before the file are silent here, dropped by minimp3; the last is cut short",
	"scipy/test-1234Hz-le-1ch-10S-20bit-extra.wav":             "a rate below 4 kHz is no recording of percussion",
	"scipy/test-44100Hz-2ch-32bit-float-be.wav":                "RIFX, which ffmpeg does not read; equal to its little-endian twin within 1e-7",
	"scipy/test-44100Hz-be-1ch-4bytes.wav":                     "RIFX, which ffmpeg does not read; equal to its little-endian twin",
	"scipy/test-8000Hz-be-3ch-5S-24bit.wav":                    "RIFX, whose samples ffmpeg takes for little-endian; equal to the little-endian twin",
	"scipy/test-8000Hz-le-3ch-5S-36bit.wav":                    "5-byte integers, which ffmpeg refuses",
	"scipy/test-8000Hz-le-3ch-5S-45bit.wav":                    "6-byte integers, which ffmpeg refuses",
	"scipy/test-8000Hz-le-3ch-5S-53bit.wav":                    "7-byte integers, which ffmpeg refuses",
}

func write(t *testing.T, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o666); err != nil {
		t.Fatal(err)
	}
}

func writeVerdicts(t *testing.T, all []verdict) {
	var b strings.Builder
	b.WriteString("file\tverdict\tcodec\trate/channels/frames\tcrc32\tffprobe\tremark\n")
	for _, v := range all {
		fmt.Fprintln(&b, strings.Join([]string{v.file, v.verdict, v.codec, v.shape, v.crc, v.expected, v.remark}, "\t"))
	}
	write(t, verdictFile, b.String())
}

// writeTable replaces the last part of the page on formats, from the table's
// heading on.
func writeTable(t *testing.T, all []verdict) {
	const heading = "## The verdict on every file of ../shared/formats\n"
	page, err := os.ReadFile(formatsPage)
	if err != nil {
		t.Fatal(err)
	}
	before, _, found := strings.Cut(string(page), heading)
	if !found {
		t.Fatalf("%s has no heading %q", formatsPage, heading)
	}
	count := map[string]int{}
	for _, v := range all {
		count[strings.Fields(v.verdict)[0]]++
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s%s\n`go test ./ingest/decode -run TestFormats -update` writes this table (it needs ffmpeg): %d files, ", before, heading, len(all))
	fmt.Fprintf(&b, "%d of them decoded to the very samples of ffmpeg, %d within rounding of ffmpeg or minimp3, %d otherwise, %d refused.\n",
		count["exact"], count["within"], len(all)-count["exact"]-count["within"]-count["refused"], count["refused"])
	b.WriteString("Shapes are rate/channels/frames. \"1 LSB\" is 1/32768.\n\n")
	b.WriteString("| file | ffprobe | prep | verdict | remark |\n|---|---|---|---|---|\n")
	for _, v := range all {
		ours := v.codec
		if v.shape != "" {
			ours += " " + v.shape
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", shorten(v.file), v.expected, ours, v.verdict, v.remark)
	}
	write(t, formatsPage, b.String())
}

// shorten cuts the long hashes in hound's file names.
func shorten(name string) string {
	if len(name) > 60 {
		return name[:24] + "..." + path.Ext(name)
	}
	return name
}

// TestFormatsExplained holds that every difference from ffmpeg has a remark.
func TestFormatsExplained(t *testing.T) {
	for _, f := range tsv(t, verdictFile) {
		plain := f[1] == "exact" || strings.HasPrefix(f[1], "within") || f[1] == "refused" && strings.HasPrefix(f[5], "- -")
		same := f[1] == "refused" || strings.HasSuffix(f[5], f[3])
		if !(plain && same) && f[6] == "" {
			t.Errorf("%s: %s, %s against %s, and no remark", f[0], f[1], f[3], f[5])
		}
	}
	var names []string
	for _, f := range tsv(t, verdictFile) {
		names = append(names, f[0])
	}
	for file := range remarks {
		if !slices.Contains(names, file) {
			t.Errorf("a remark on %s, which has no row", file)
		}
	}
}

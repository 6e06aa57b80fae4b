package ingest

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"prep/data"
	"prep/data/corpus"
)

// phones are how takes come from phones: the ending, and what ffmpeg makes the
// file with.
var phones = []struct {
	ext  string
	args []string
}{
	{".m4a", []string{"-c:a", "aac", "-b:a", "64k"}},                              // iPhone's voice memos
	{".opus", []string{"-c:a", "libopus", "-b:a", "16k", "-application", "voip"}}, // WhatsApp
	{".ogg", []string{"-c:a", "libopus", "-b:a", "32k"}},                          // Telegram
	{".3gp", nil}, // Android's AMR
	{".webm", []string{"-c:a", "libopus", "-b:a", "64k"}}, // a browser
	{".wma", []string{"-c:a", "wmav2"}},                   // an old Windows phone
	{".mp4", []string{"-f", "lavfi", "-i", "testsrc=s=64x64:r=10", "-shortest", "-c:v", "mpeg4", "-c:a", "aac"}}, // a video
}

// phoneFolder makes 20 takes of the corpus as phones write them, labels beside
// them, or skips the test.
func phoneFolder(t *testing.T) (root string, labels int) {
	t.Helper()
	root, made := filepath.Join(t.TempDir(), "phones"), t.TempDir()
	c := corpus.Default()
	c.Voices, c.TakesPerVoice, c.HitsPerTake = 4, 5, 6
	i := 0
	for take := range corpus.Generate(c) {
		if err := take.Write(made); err != nil {
			t.Fatal(err)
		}
		from := filepath.Join(made, filepath.FromSlash(take.Name))
		text, err := os.ReadFile(from + ".txt")
		if err != nil {
			t.Fatal(err)
		}
		name := filepath.Join(root, take.Voice, fmt.Sprintf("it's take %d", i))
		write(t, name+".txt", string(text))
		kind := phones[min(i%6+i/19*6, 6)]
		args := append([]string{"-i", from + ".wav"}, kind.args...)
		if kind.args == nil {
			write(t, from+".amr", amr(take.Clip.Rate.D(len(take.Clip.Samples)).Seconds()))
			args = []string{"-i", from + ".amr", "-c:a", "copy"}
		}
		runFFmpeg(t, append(args, name+kind.ext)...)
		labels += len(take.Truth)
		i++
	}
	return root, labels
}

// amr returns a file of AMR, of noise, because few have an encoder: frames of
// 20 ms, 12.2 kbit/s.
func amr(seconds float64) string {
	r := rand.New(rand.NewPCG(1, 2))
	b := []byte("#!AMR\n")
	for range int(seconds*50) + 1 {
		b = append(b, 0x3c)
		for range 31 {
			b = append(b, byte(r.Uint32()))
		}
	}
	return string(b)
}

// runFFmpeg runs ffmpeg, or skips the test.
func runFFmpeg(t *testing.T, args ...string) {
	t.Helper()
	bin, err := exec.LookPath("ffmpeg")
	if err != nil {
		t.Skip("ffmpeg is not installed")
	}
	if out, err := exec.Command(bin, append([]string{"-v", "error", "-nostdin", "-y"}, args...)...).CombinedOutput(); err != nil {
		t.Skipf("ffmpeg %v: %s", args, out)
	}
}

// names returns the names of a set's recordings.
func recordingNames(t *testing.T, set *data.Set) (names []string) {
	t.Helper()
	all, err := set.Recordings()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range all {
		names = append(names, r.Name)
		if r.Group != filepath.Dir(r.Name) {
			t.Errorf("%s is of group %s", r.Name, r.Group)
		}
	}
	return names
}

// TestPhones ingests what phones write: without ffmpeg, with it, and after
// conversion by the loop that the refusal gives.
func TestPhones(t *testing.T) {
	root, labels := phoneFolder(t)
	dir := t.TempDir()
	ffmpeg, _ := exec.LookPath("ffmpeg")
	t.Chdir(filepath.Dir(root))
	c := config(filepath.Base(root))

	t.Setenv("PATH", dir)
	c.FFmpeg = true
	sum, _ := mustRun(t, filepath.Join(dir, "without"), c)
	refused := len(sum.Skips)
	if refused < 6 || sum.Counts["recordings"] != 20-refused || !strings.Contains(strings.Join(sum.Notes, "\n"), "not found on PATH") {
		t.Errorf("without ffmpeg: %+v", sum)
	}
	for _, s := range sum.Skips {
		if !strings.HasSuffix(s.Reason, notDecoded) || strings.Contains(s.Reason, "ffmpeg") {
			t.Errorf("%s: %s", s.Item, s.Reason)
		}
	}

	t.Setenv("PATH", filepath.Dir(ffmpeg)+string(os.PathListSeparator)+"/usr/bin"+string(os.PathListSeparator)+"/bin")
	sum, set := mustRun(t, filepath.Join(dir, "with"), c)
	all := recordingNames(t, set)
	if len(sum.Skips) > 0 || len(all) != 20 || sum.Counts["labels"] != labels {
		t.Errorf("with ffmpeg: %+v", sum)
	}
	record, err := os.ReadFile(set.Path("runs", "ingest.json"))
	if err != nil || !strings.Contains(string(record), `"ffmpeg": "`) {
		t.Errorf("the record of the run does not say which ffmpeg: %s, %v", record, err)
	}
	if sum, _ = mustRun(t, filepath.Join(dir, "with"), c); !sum.Unchanged {
		t.Errorf("with ffmpeg again: %+v", sum)
	}

	c.FFmpeg = false
	byHand := filepath.Join(dir, "by hand")
	sum, _ = mustRun(t, byHand, c)
	note := sum.Notes[slices.IndexFunc(sum.Notes, func(s string) bool { return strings.Contains(s, "for f in") })]
	if out, err := exec.Command("sh", "-c", note[strings.Index(note, "for f in"):]).CombinedOutput(); err != nil || len(out) > 0 {
		t.Fatalf("%s: %s, %v", note, out, err)
	}
	sum, set = mustRun(t, byHand, c)
	if got := recordingNames(t, set); len(sum.Skips) > 0 || !slices.Equal(got, all) || sum.Counts["labels"] != labels {
		t.Errorf("after conversion by hand: %q, %+v", got, sum)
	}
	if sum, _ = mustRun(t, byHand, c); !sum.Unchanged {
		t.Errorf("after conversion by hand, again: %+v", sum)
	}
}

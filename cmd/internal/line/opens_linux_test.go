package line

import (
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"prep/cmd/internal/config"
	"prep/cmd/internal/gallery"
	"prep/data"
	"prep/data/work"
)

// An unchanged run opens each source file once, to see that it is what it was,
// and no audio of the set; pictures and report from nothing open each recording
// at most three times.
func TestAudioIsOpenedSeldom(t *testing.T) {
	c := smallLine(t)
	dir := t.TempDir()
	set := create(t, dir)
	defer set.Close()
	e := work.On(set, nil)
	run := func() {
		if _, err := Run(t.Context(), e, c, func(Step) {}); err != nil {
			t.Fatal(err)
		}
	}
	run()
	recordings, err := set.Recordings()
	if err != nil {
		t.Fatal(err)
	}
	n := len(recordings)
	if opens := opensDuring(t, set, c, run); opens > n+n/10 {
		t.Errorf("an unchanged run opens %d audio files of %d recordings, want at most 1.1 each", opens, n)
	}
	page := func() {
		if _, err := ReportPage(set, c); err != nil {
			t.Fatal(err)
		}
	}
	if opens := opensDuring(t, set, c, page); opens > 0 {
		t.Errorf("the page of a summary opens %d audio files, want none", opens)
	}
	for _, made := range []string{"plots", "runs/plot.json", "runs/evaluate.json", "runs/report.json"} {
		os.RemoveAll(set.Path(filepath.FromSlash(made)))
	}
	anew := func() {
		_, drawn := gallery.Draw(t.Context(), e, GalleryConfig(c))
		_, reported := Report(t.Context(), e, c)
		if err := errors.Join(drawn, reported); err != nil {
			t.Fatal(err)
		}
	}
	opens := opensDuring(t, set, c, anew)
	if opens > 3*n || opens < n {
		t.Errorf("pictures and report open %d audio files of %d recordings, want 1 to 3 each", opens, n)
	}
	t.Logf("pictures and report: %d opens of %d recordings", opens, n)
}

// opensDuring returns how often a WAV file of the set or of the sources is
// opened while fn runs.
func opensDuring(t *testing.T, set *data.Set, c config.Config, fn func()) int {
	t.Helper()
	fd, err := unix.InotifyInit1(unix.IN_NONBLOCK)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(fd)
	for _, root := range append([]string{set.Path("audio")}, c.Ingest.Paths...) {
		err := filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
			if err == nil && d.IsDir() {
				_, err = unix.InotifyAddWatch(fd, path, unix.IN_OPEN)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	fn()
	return wavEvents(t, fd)
}

// wavEvents counts what an inotify descriptor has to say about WAV files.
// https://man7.org/linux/man-pages/man7/inotify.7.html
func wavEvents(t *testing.T, fd int) (n int) {
	buf := make([]byte, 1<<20)
	for {
		size, err := unix.Read(fd, buf)
		if errors.Is(err, unix.EAGAIN) {
			return n
		}
		if err != nil {
			t.Fatal(err)
		}
		for b := buf[:size]; len(b) > 0; {
			length := unix.SizeofInotifyEvent + int(binary.NativeEndian.Uint32(b[12:]))
			if strings.HasSuffix(strings.TrimRight(string(b[unix.SizeofInotifyEvent:length]), "\x00"), ".wav") {
				n++
			}
			b = b[length:]
		}
	}
}

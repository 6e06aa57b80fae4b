//go:build unix

package ingest

import (
	"context"
	"encoding/binary"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"prep/data"
	"prep/data/disk"
	"prep/data/work"
)

// hostileTree writes files of which some cannot be taken, and links to them.
func hostileTree(t *testing.T) (root string) {
	t.Helper()
	good := string(wav16(44100, 1, beep(441, 10)))
	root = tree(t, map[string]string{
		"sub/ok.wav": good, "sub/cut.wav": string(wav16(44100, 1, beep(4410, 10)))[:3000], "noext": string(wav16(44100, 1, beep(441, 11))),
		"empty.wav": "", "locked.wav": good, ".hidden/x.wav": good, "._ok.wav": "AppleDouble", "closed/x.wav": good,
		"sp ace/ünïcödé 🥁.wav": string(wav16(44100, 1, beep(441, 12))), "wrong.mp3": string(wav16(44100, 1, beep(441, 13))), "zero.wav": string(wav16(44100, 1, nil)),
	})
	join := func(name string) string { return filepath.Join(root, name) }
	link := func(to, name string) {
		if err := os.Symlink(to, join(name)); err != nil {
			t.Fatal(err)
		}
	}
	link("..", "sub/loop")
	link("absent", "dangling.wav")
	link("sub/ok.wav", "zz link.wav")
	if err := syscall.Mkfifo(join("pipe.wav"), 0o666); err != nil {
		t.Fatal(err)
	}
	return root
}

// TestRunHostileTree holds that what cannot be taken is skipped with its reason
// and nothing hangs.
func TestRunHostileTree(t *testing.T) {
	root := hostileTree(t)
	join := func(name string) string { return filepath.Join(root, name) }
	want := map[string]string{
		"sub/loop/": "symbolic link", "dangling.wav": "symbolic link to nothing", "pipe.wav": "named pipe",
		"empty.wav": "empty", "zero.wav": "no samples",
	}
	if os.Getuid() != 0 { // root reads everything
		os.Chmod(join("locked.wav"), 0)
		os.Chmod(join("closed"), 0)
		defer os.Chmod(join("closed"), 0o777)
		want["locked.wav"], want["closed/"] = "permission denied", "permission denied"
	}
	sum, set := mustRun(t, filepath.Join(root, "set"), config(root))
	skips := skipped(sum)
	for item, says := range want {
		if !strings.Contains(skips[item], says) {
			t.Errorf("%s: %q, want a word on %q", item, skips[item], says)
		}
		delete(skips, item)
	}
	if len(skips) > 0 {
		t.Errorf("also skipped %v", skips)
	}
	got := recordings(t, set)
	for name, alias := range map[string]string{
		"noext": "", "sp ace/ünïcödé 🥁.wav": "", "wrong.mp3": "", "sub/cut.wav": "",
	} {
		if r, ok := got[name]; !ok || len(r.Aliases) > 0 {
			t.Errorf("%s: %+v %s", name, r, alias)
		}
	}
	if note := got["sub/cut.wav"].Note; !strings.HasPrefix(note, "truncated") {
		t.Errorf("note %q", note)
	}
	if again, _ := mustRun(t, filepath.Join(root, "set"), config(root)); !again.Unchanged {
		t.Error("the set was ingested into itself")
	}
}

// TestFileChanges holds that a file that changes while it is read is refused,
// and nothing of it kept.
func TestFileChanges(t *testing.T) {
	path := filepath.Join(tree(t, map[string]string{"a.wav": string(wav16(44100, 1, beep(441, 10)))}), "a.wav")
	f, err := disk.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	before, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	later := time.Now().Add(time.Hour)
	os.Chtimes(path, later, later)
	dir := t.TempDir()
	v := converter{plans: plans{to: 44100}, channel: channelMean}
	_, err = v.convert(t.Context(), source{f, before}, func() (*data.AudioWriter, error) {
		return data.CreateAudio(filepath.Join(dir, "a.wav"), 44100)
	})
	if err == nil || !strings.Contains(err.Error(), "changed while") {
		t.Errorf("got %v, want that it changed", err)
	}
	if files := snapshot(t, dir); len(files) > 0 {
		t.Errorf("left %v", slices.Sorted(maps.Keys(files)))
	}
}

// TestRunDiskFull holds that a medium that fails ends the run with an error and
// leaves nothing half-written, and that the run can then be made again.
func TestRunDiskFull(t *testing.T) {
	const limit = 8 << 20 // what testing itself logs must stay below it
	root := tree(t, map[string]string{"a.wav": string(wav16(44100, 1, make([]int16, limit/4+1))), "b.wav": string(wav16(44100, 1, beep(4410, 11)))})
	dir := filepath.Join(t.TempDir(), "set")
	set, err := data.Create(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer set.Close()
	var old syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &old); err != nil {
		t.Skip(err)
	}
	small := old
	small.Cur = limit
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &small); err != nil {
		t.Skip(err)
	}
	_, err = Run(t.Context(), work.On(set, nil), config(root))
	if e := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &old); e != nil {
		t.Fatal(e)
	}
	if !errors.Is(err, syscall.EFBIG) {
		t.Fatalf("got %v, want %v", err, syscall.EFBIG)
	}
	for name := range snapshot(t, dir) {
		if strings.HasSuffix(name, ".jsonl") && !strings.Contains(name, "partial") || strings.Contains(name, "tmp") {
			t.Errorf("left %s", name)
		}
	}
	if _, err := Run(t.Context(), work.On(set, nil), config(root)); err != nil {
		t.Error(err)
	}
}

// TestRunKilledInLabels holds that a journal cut short is completed.
func TestRunKilledInLabels(t *testing.T) {
	root := tree(t, map[string]string{
		"a.wav": string(wav16(44100, 1, beep(44100, 10))), "a.txt": "0.1\t0.1\tK\n0.2\t0.2\tS\n0.3\t0.3\tK\n",
	})
	dir := filepath.Join(t.TempDir(), "set")
	mustRun(t, dir, config(root))
	want := snapshot(t, dir)
	journal := want[data.LabelsFile]
	for _, n := range []int{0, 10, strings.Index(journal, "\n") + 1, len(journal) - 5} {
		write(t, filepath.Join(dir, data.LabelsFile), journal[:n])
		os.Remove(filepath.Join(dir, data.RecordingsFile))
		os.Remove(filepath.Join(dir, "runs", stage+".json"))
		mustRun(t, dir, config(root))
		if got := snapshot(t, dir); !reflect.DeepEqual(got, want) {
			t.Errorf("cut at %d: other bytes than in one go", n)
		}
	}
}

// A file that takes minutes does not delay Ctrl-C: of 2 GB, which are a hole in
// the disk, next to nothing is read.
func TestRunIsCancelledWithinOneFile(t *testing.T) {
	const size = 2_000_000_000
	head := wav16(8000, 1, nil)
	binary.LittleEndian.PutUint32(head[4:], uint32(len(head)+size-8))
	binary.LittleEndian.PutUint32(head[len(head)-4:], size)
	root := tree(t, map[string]string{"long.wav": string(head)})
	if err := os.Truncate(filepath.Join(root, "long.wav"), int64(len(head)+size)); err != nil {
		t.Fatal(err)
	}
	set, err := data.Create(filepath.Join(t.TempDir(), "set"))
	if err != nil {
		t.Fatal(err)
	}
	defer set.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	begin := time.Now()
	if _, err := Run(ctx, work.On(set, nil), config(root)); !errors.Is(err, context.DeadlineExceeded) || time.Since(begin) > 20*time.Second {
		t.Errorf("%v after %v", err, time.Since(begin))
	}
}

package studio

import (
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"prep/cmd/internal/page"
	"prep/data/disk"
)

// On a disk that fails, at any point, a take fails with the disk's error; when the disk is well it
// is gone on with, and every sample is there.
func TestTakesOnASickDisk(t *testing.T) {
	for _, op := range []disk.Op{disk.OpMkdir, disk.OpCreate, disk.OpWrite, disk.OpSync, disk.OpRename} {
		for point := 1; ; point++ {
			set := newSet(t)
			takes, err := openTakes(set)
			check(t, err)
			n := 0
			end := disk.Inject(func(o disk.Op, path string) error {
				if o == op && strings.HasPrefix(path, set.Path()) {
					if n++; n == point {
						return syscall.EIO
					}
				}
				return nil
			})
			take := page.Take{ID: "tab/1", Person: "ada", Sound: "kick", Rate: 48000}
			err = recordAll(takes, take)
			end()
			if n < point {
				if err != nil || point == 1 {
					t.Errorf("%s %d: %v", op, point, err)
				}
				break
			}
			if !disk.IsFault(err) {
				t.Errorf("%s %d: %v", op, point, err)
			}
			if takes, err = openTakes(set); err != nil {
				t.Fatalf("%s %d: the program does not start again: %v", op, point, err)
			}
			if err := recordAll(takes, take); err != nil {
				t.Errorf("%s %d: on a disk that is well again: %v", op, point, err)
			}
			if len(takes.rows) != 1 {
				t.Fatalf("%s %d: the table is %v", op, point, takes.rows)
			}
			if _, x := samplesOf(t, filepath.Join(takes.dir, takes.rows[0].file)); !slices.Equal(x, ramp(0, 300)) {
				t.Errorf("%s %d: %d samples are there", op, point, len(x))
			}
		}
	}
}

// recordAll records 300 samples, from those on that are kept.
func recordAll(t *takes, take page.Take) error {
	r, err := t.record(take, day)
	if err != nil {
		return err
	}
	for have := r.Have(); have < 300; have = r.Have() {
		if err := r.Append(raw(ramp(have, have+100))); err != nil {
			r.Close()
			return err
		}
	}
	return r.Close()
}

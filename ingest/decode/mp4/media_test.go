package mp4

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"testing"
)

// failing is a file of which one read fails.
type failing struct {
	*bytes.Reader
	left int
	err  error
}

func (f *failing) ReadAt(p []byte, at int64) (int, error) {
	if f.left--; f.left == 0 {
		return 0, f.err
	}
	return f.Reader.ReadAt(p, at)
}

// readThrough reads everything that there is to read of a file.
func readThrough(r io.ReaderAt, size int64) (blocks int, err error) {
	tracks, err := Open(r, size)
	if err != nil {
		return 0, err
	}
	if _, _, err = tracks[0].Keep(1024, 8000); err != nil {
		return 0, err
	}
	p := tracks[0].Packets(0)
	for {
		if _, err := p.Next(); err != nil {
			return blocks, err
		}
		blocks++
	}
}

// TestFailingReads holds that the error of every single read comes out, and that
// a file which has become shorter is no shorter recording.
func TestFailingReads(t *testing.T) {
	mvex := atom("mvex", atom("trex", be32(0, 1, 1, 0, 3, 0)))
	moof := atom("moof", atom("traf", atom("tfhd", be32(0, 1)), atom("trun", be32(0x200, 1, 2))))
	for name, b := range map[string][]byte{
		"plain": movie{perChunk: 1, edits: elst([3]int{447, 1024, 1 << 16}), smpb: " 0 0 0 0"}.bytes(),
		"PCM":   movie{wide: true}.bytes(), "small": movie{small: 4}.bytes(),
		"fragments": slices.Concat(movie{extra: mvex}.bytes(), moof),
	} {
		size := int64(len(b))
		whole, err := readThrough(bytes.NewReader(b), size)
		if err != io.EOF || whole == 0 {
			t.Fatal(name, whole, err)
		}
		for _, fault := range []error{errors.New("the disk is broken"), io.EOF} {
			for n := 1; ; n++ {
				f := &failing{bytes.NewReader(b), n, fault}
				blocks, err := readThrough(f, size)
				if f.left > 0 {
					break // fewer reads than n
				}
				if fault != io.EOF && !errors.Is(err, fault) || fault == io.EOF && !errors.Is(err, io.ErrUnexpectedEOF) {
					t.Errorf("%s, read %d: %d blocks of %d, %v", name, n, blocks, whole, err)
				}
			}
		}
	}
}

// TestBoxSizes holds the three ways to write a size.
func TestBoxSizes(t *testing.T) {
	b := movie{indexFirst: true}.bytes()
	at := bytes.Index(b, []byte("mdat")) - 4
	open0 := slices.Concat(b[:at], be32(0), b[at+4:]) // up to the end
	if got := all(t, open(t, open0).Packets(0)); got != "a|bb|ccc|dddd|eeeee|" {
		t.Errorf("size 0: %s", got)
	}
	index := b[bytes.Index(b, []byte("ftyp"))-4 : at]
	long := slices.Concat(be32(1), []byte("free"), be32(0, 20), be32(7), index)
	if track := open(t, long); track.Cut || track.Format != "alac" {
		t.Errorf("64 bits: %+v", track.Entry)
	}
	if _, err := Open(bytes.NewReader(slices.Concat(be32(1), []byte("free"), be32(1, 20), index)), 100); !errors.Is(err, ErrNoSound) {
		t.Errorf("64 bits over the end: %v", err)
	}
	endless := bytes.Repeat(atom("free"), maxBoxes+1)
	if _, err := Open(bytes.NewReader(endless), int64(len(endless))); !errors.Is(err, ErrBroken) {
		t.Errorf("boxes without end: %v", err)
	}
}

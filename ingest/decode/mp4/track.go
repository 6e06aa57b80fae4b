package mp4

import (
	"encoding/binary"
	"io"
)

// Track is one track of sound.
type Track struct {
	Entry
	Cut bool // the file ends before its boxes do

	file       *file
	id         uint32
	timescale  int64 // units of the media's times in a second
	movieScale int64 // of the edits' durations
	edits      []edit
	smpb       string
	samples    samples
	fragmented bool
	defaults   int64 // the size of a sample in fragments that do not say it
}

// Most tracks and edits that are looked at.
const (
	maxTracks = 64
	maxEdits  = 1 << 12
)

// Open finds the tracks of sound in the first size bytes of r, in their
// order. It fails with an error that wraps ErrBroken or ErrNoSound, with an Unsupported,
// or with that of r.
func Open(r io.ReaderAt, size int64) ([]*Track, error) {
	f := &file{r: r, size: size}
	moov, ok, err := f.find(f.whole(), "moov")
	switch {
	case err != nil:
		return nil, err
	case !ok:
		return nil, f.indexless()
	}
	if _, ok, err = f.find(moov, "cmov"); err != nil {
		return nil, err
	} else if ok {
		return nil, Unsupported("QuickTime with a compressed index")
	}
	var tracks []*Track
	count := 0
	err = f.each(moov, 0, func(b box) error {
		if b.kind != "trak" {
			return nil
		}
		if count++; count > maxTracks {
			return brokenf("more than %d tracks", maxTracks)
		}
		t, err := f.track(moov, b)
		if t != nil {
			tracks = append(tracks, t)
		}
		return err
	})
	if err == nil && len(tracks) == 0 {
		err = ErrNoSound
	}
	return tracks, err
}

// indexless says what a file without moov is.
func (f *file) indexless() error {
	if _, ok, err := f.find(f.whole(), "mdat"); err != nil || !ok {
		return ErrNoSound // a picture, say
	}
	return brokenf("it has no index (moov): its writer was stopped before the end")
}

// track reads a trak box; it is nil for another track than one of sound.
func (f *file) track(moov, trak box) (*Track, error) {
	hdlr, ok, err := f.find(trak, "mdia", "hdlr")
	if err != nil || !ok {
		return nil, err
	}
	if h, err := f.read(hdlr, 8, 4); err != nil || string(h) != "soun" {
		return nil, err
	}
	t := &Track{file: f}
	if t.timescale, err = f.scale(trak, "mdia", "mdhd"); err != nil {
		return nil, err
	}
	if t.movieScale, err = f.scale(moov, "mvhd"); err != nil {
		return nil, err
	}
	if t.timescale == 0 || t.movieScale == 0 {
		return nil, brokenf("its clock stands still")
	}
	stbl, ok, err := f.find(trak, "mdia", "minf", "stbl")
	if err != nil || !ok {
		return nil, err
	}
	for _, read := range []func() error{
		func() error { return f.readEntry(stbl, &t.Entry) },
		func() error { return t.readSamples(stbl) },
		func() error { return t.readEdits(trak) },
		func() error { return t.readDefaults(moov, trak) },
		func() error { return t.readSMPB(moov) },
	} {
		if err := read(); err != nil {
			return nil, err
		}
	}
	t.Cut = f.cut
	return t, nil
}

// scale reads the timescale of a header box, 0 where there is none.
func (f *file) scale(outer box, path ...string) (int64, error) {
	b, ok, err := f.find(outer, path...)
	if err != nil || !ok {
		return 0, err
	}
	h, err := f.read(b, 0, 24)
	if err != nil || len(h) < 24 {
		return 0, err
	}
	at := 12
	if h[0] == 1 { // times of 64 bits
		at = 20
	}
	return int64(binary.BigEndian.Uint32(h[at:])), nil
}

// readDefaults reads what fragments leave out (mvex, trex).
func (t *Track) readDefaults(moov, trak box) error {
	f := t.file
	tkhd, ok, err := f.find(trak, "tkhd")
	if err != nil || !ok {
		return err
	}
	h, err := f.read(tkhd, 0, 24)
	if err != nil || len(h) < 24 {
		return err
	}
	at := 12
	if h[0] == 1 {
		at = 20
	}
	t.id = binary.BigEndian.Uint32(h[at:])
	mvex, ok, err := f.find(moov, "mvex")
	if err != nil || !ok {
		return err
	}
	t.fragmented = true
	return f.each(mvex, 0, func(b box) error {
		h, err := f.read(b, 0, 20)
		if b.kind == "trex" && len(h) == 20 && binary.BigEndian.Uint32(h[4:]) == t.id {
			t.defaults = int64(binary.BigEndian.Uint32(h[16:]))
		}
		return err
	})
}

package labelfile

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"

	"prep/data"
	"prep/data/riff"
)

// Markers inside WAV files, which recorders and editors write: a chunk "cue "
// of positions in samples and a list "adtl" of their names (labl), comments
// (note) and, of regions, lengths (ltxt). Multimedia Programming Interface and
// Data Specifications 1.0 (1991), pages 3-60 to 3-70. The loops of a sampler
// (smpl) and playlists (plst) are no labels. Adobe Audition says the same again
// in XMP (_PMX), which is read where there is no cue.

// Bounds on what is read of a file's chunks.
const (
	cueBytes    = 24 // of a cue point
	maxCueText  = 16 << 10
	maxXMPBytes = 16 << 20
)

// cue is a marker; its end is by length, where that is not 0.
type cue struct {
	id, position, offset, length uint32
	label, note, text            []byte
}

// cueFile is what the chunks of a file say about markers.
type cueFile struct {
	rate   float64
	cues   []cue
	texts  []cueText // in the order of the file
	loops  int
	xmp    []byte
	strays int // texts of no cue
}

// cueText is a chunk of the list adtl.
type cueText struct {
	kind   string
	id     uint32
	length uint32
	text   []byte
}

func isWAV(in *input) bool {
	return len(in.raw) >= 12 && string(in.raw[8:12]) == "WAVE"
}

func readWAV(in *input, out *reading) error {
	return readCues(bytes.NewReader(in.raw), int64(len(in.raw)), in, out)
}

// ReadWAV returns the markers inside a WAV file of size bytes, of which it reads
// nothing but their chunks. An error wraps ErrNoLabels when there are none.
func ReadWAV(r io.ReaderAt, size int64, src Source, o Options) (Reading, error) {
	out := &reading{Reading: Reading{Format: "wav"}}
	if err := readCues(r, size, &input{src: src, opts: o}, out); err != nil {
		return Reading{}, err
	}
	if len(out.Marks) == 0 && len(out.Faults) == 0 {
		return Reading{}, fmt.Errorf("%w: %s", ErrNoLabels, strings.Join(append(out.Notes, "no markers")[:max(1, len(out.Notes))], "; "))
	}
	return out.Reading, nil
}

func readCues(r io.ReaderAt, size int64, in *input, out *reading) error {
	walk, err := riff.Open(r, size)
	if err != nil {
		return err
	}
	f := cueFile{rate: float64(in.src.Rate)}
	if err := f.readChunks(walk); err != nil {
		out.addFault(1, fmt.Errorf("the chunks end early: %w", err))
	}
	if f.loops > 0 {
		out.note("left out: %s of a sampler (smpl), which are no labels", data.Counted(f.loops, "loop"))
	}
	if len(f.cues) == 0 && len(f.xmp) > 0 {
		return readXMP(&input{raw: f.xmp, enc: decoding{isText: true}, src: in.src, opts: in.opts}, out)
	}
	return f.addMarks(in, out)
}

// readChunks goes through all chunks of a file.
func (f *cueFile) readChunks(walk *riff.Walk) error {
	for {
		c, err := walk.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		switch c.ID {
		case "fmt ", "cue ", "smpl", "_PMX":
			limit := int64(maxXMPBytes)
			if c.ID == "cue " {
				limit = 4 + maxMarks*cueBytes
			}
			b, err := walk.Bytes(c, limit)
			if err != nil {
				return err
			}
			f.take(walk, c.ID, b)
		case "LIST":
			if err := f.readList(walk, c); err != nil {
				return err
			}
		}
	}
}

// take reads a chunk that is no list.
func (f *cueFile) take(walk *riff.Walk, id string, b []byte) {
	switch {
	case id == "fmt " && len(b) >= 8:
		f.rate = float64(walk.Order.Uint32(b[4:]))
	case id == "smpl" && len(b) >= 36:
		f.loops += int(min(walk.Order.Uint32(b[28:]), uint32(len(b)-36)/24))
	case id == "_PMX":
		f.xmp = b
	case id == "cue " && len(b) >= 4:
		for b = b[4:]; len(b) >= cueBytes; b = b[cueBytes:] {
			f.cues = append(f.cues, cue{id: walk.Order.Uint32(b), position: walk.Order.Uint32(b[4:]), offset: walk.Order.Uint32(b[20:])})
		}
	}
}

// readList reads a list of names, comments and lengths.
func (f *cueFile) readList(walk *riff.Walk, c riff.Chunk) error {
	list, kind, ok := walk.Within(c)
	for ok && kind == "adtl" && len(f.texts) < 3*maxMarks {
		c, err := list.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		fixed := 4
		if c.ID == "ltxt" {
			fixed = 20
		}
		b, err := list.Bytes(c, maxCueText)
		if err != nil {
			return err
		}
		if len(b) < fixed || c.ID != "labl" && c.ID != "note" && c.ID != "ltxt" {
			continue
		}
		t := cueText{kind: c.ID, id: list.Order.Uint32(b), text: bytes.TrimSpace(untilZero(b[fixed:]))}
		if c.ID == "ltxt" {
			t.length = list.Order.Uint32(b[4:])
		}
		f.texts = append(f.texts, t)
	}
	return nil
}

func untilZero(b []byte) []byte {
	before, _, _ := bytes.Cut(b, []byte{0})
	return before
}

// autoName is how programs name a marker that nobody named.
var autoName = regexp.MustCompile(`(?i)^(marker|marke|markierung|marqueur|mark|cue|point|region|loop)[ _-]*[0-9]+$`)

// addMarks joins texts with cues, decodes them and makes marks of the cues.
func (f *cueFile) addMarks(in *input, out *reading) error {
	if len(f.cues) == 0 {
		return nil
	}
	if !(f.rate > 0) {
		return errors.New("the file does not say its sampling rate, in which its markers are counted")
	}
	f.join(out)
	enc, err := f.decoding(in, out)
	if err != nil {
		return err
	}
	byPosition := f.byPosition()
	automatic := 0
	for i, c := range f.cues {
		at := c.offset
		if byPosition {
			at = c.position
		}
		m := Mark{Line: i + 1, Onset: float64(at) / f.rate, Class: enc.text(c.name())}
		if c.length > 0 {
			m.End = (float64(at) + float64(c.length)) / f.rate
		}
		if autoName.MatchString(m.Class) {
			if m.Class = enc.text(c.note); m.Class == "" {
				automatic++
			}
		}
		if !out.addMark(m) {
			break
		}
	}
	if automatic > 0 {
		out.note("%s named by a program (\"Marker 01\"): taken as moments without a class", data.Counted(automatic, "marker"))
	}
	if f.strays > 0 {
		out.note("left out: %s of the list adtl that belong to no marker", data.Counted(f.strays, "text"))
	}
	return nil
}

// byPosition says whether a writer filled in the positions in the playlist
// alone, which are those in the samples where there is no playlist.
func (f *cueFile) byPosition() bool {
	some := false
	for _, c := range f.cues {
		if c.offset != 0 {
			return false
		}
		some = some || c.position != 0
	}
	return some
}

func (c cue) name() []byte {
	for _, t := range [][]byte{c.label, c.note} {
		if len(t) > 0 {
			return t
		}
	}
	return c.text
}

// join gives each cue its texts, by ID; where IDs repeat, by order, if there are
// as many of a kind as cues.
func (f *cueFile) join(out *reading) {
	byID := map[uint32]*cue{}
	for i := range f.cues {
		byID[f.cues[i].id] = &f.cues[i]
	}
	repeated := len(byID) < len(f.cues)
	if repeated {
		out.note("markers share a number: their names are given to them in the order of the file")
	}
	seen := map[string]int{}
	for _, t := range f.texts {
		c := byID[t.id]
		if repeated {
			if c = nil; seen[t.kind] < len(f.cues) {
				c = &f.cues[seen[t.kind]]
			}
			seen[t.kind]++
		}
		if c == nil {
			f.strays++
			continue
		}
		c.take(t)
	}
}

// take takes in the first text of each kind.
func (c *cue) take(t cueText) {
	into := map[string]*[]byte{"labl": &c.label, "note": &c.note, "ltxt": &c.text}[t.kind]
	if len(*into) == 0 {
		*into = t.text
	}
	if t.length > 0 && c.length == 0 {
		c.length = t.length
	}
}

// decoding returns how the texts are decoded, as all of them together look.
func (f *cueFile) decoding(in *input, out *reading) (decoding, error) {
	var all []byte
	for _, c := range f.cues {
		all = append(append(append(append(all, c.name()...), '\n'), c.note...), '\n')
	}
	enc, notes, err := decodingOf(all, in.opts.Encoding)
	out.Notes = append(out.Notes, notes...)
	return enc, err
}

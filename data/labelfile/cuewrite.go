package labelfile

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"

	"prep/data/riff"
)

// WriteWAV writes a copy of a WAV file of size bytes with marks as markers,
// instead of those that it has: names in UTF-8, positions in its own samples. A
// mark of the whole recording is left out, for it has no position. It fails on a
// file of more than 4 GiB and on one that is no plain RIFF.
func WriteWAV(w io.Writer, wav io.ReaderAt, size int64, marks []Mark) error {
	kept, rate, err := plainChunks(wav, size)
	if err != nil {
		return err
	}
	cues := cueChunks(marks, rate)
	total := int64(4 + len(cues))
	for _, c := range kept {
		total += 8 + c.Size + c.Size%2
	}
	if total > math.MaxUint32 {
		return errors.New("a WAV file holds at most 4 GiB")
	}
	head := append(binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(total)), "WAVE"...)
	if _, err := w.Write(head); err != nil {
		return err
	}
	for _, c := range kept {
		if err := copyChunk(w, wav, c); err != nil {
			return err
		}
	}
	_, err = w.Write(cues)
	return err
}

// plainChunks returns the chunks of a WAV file but those of its markers, and its
// rate.
func plainChunks(wav io.ReaderAt, size int64) (kept []riff.Chunk, rate float64, err error) {
	walk, err := riff.Open(wav, size)
	if err != nil {
		return nil, 0, err
	}
	for {
		c, err := walk.Next()
		switch {
		case err == io.EOF && rate > 0:
			return kept, rate, nil
		case err == io.EOF:
			return nil, 0, errors.New("it has no sampling rate")
		case err != nil:
			return nil, 0, err
		case c.ID == "ds64" || walk.Order != binary.LittleEndian:
			return nil, 0, errors.New("markers are written into plain RIFF alone")
		case c.ID == "fmt ":
			if b, err := walk.Bytes(c, 8); err == nil && len(b) == 8 {
				rate = float64(binary.LittleEndian.Uint32(b[4:]))
			}
		}
		if _, kind, ok := walk.Within(c); c.ID != "cue " && !(c.ID == "LIST" && ok && kind == "adtl") {
			kept = append(kept, c)
		}
	}
}

func copyChunk(w io.Writer, wav io.ReaderAt, c riff.Chunk) error {
	if _, err := w.Write(binary.LittleEndian.AppendUint32([]byte(c.ID), uint32(c.Size))); err != nil {
		return err
	}
	if _, err := io.Copy(w, io.NewSectionReader(wav, c.At, c.Size)); err != nil {
		return fmt.Errorf("its chunk %q: %w", c.ID, err)
	}
	_, err := w.Write(make([]byte, c.Size%2))
	return err
}

// cueChunks returns the chunks "cue " and LIST adtl of marks: first all names,
// for libsndfile stops reading at the first text of another kind.
func cueChunks(marks []Mark, rate float64) []byte {
	o := binary.LittleEndian
	var points, names, notes, lengths []byte
	id := uint32(0)
	for _, m := range marks {
		if m.Whole {
			continue
		}
		id++
		at := uint32(math.Round(m.Onset * rate))
		points = o.AppendUint32(o.AppendUint32(points, id), at)
		points = append(append(points, "data"...), make([]byte, 8)...)
		points = o.AppendUint32(points, at)
		number := o.AppendUint32(nil, id)
		if text := slices.Concat(number, []byte(m.Class), []byte{0}); m.Class != "" {
			names = appendChunk(names, "labl", text)
			if autoName.MatchString(m.Class) {
				notes = appendChunk(notes, "note", text) // said twice, it is meant
			}
		}
		if length := uint32(math.Round(m.End*rate)) - at; m.End > m.Onset && length > 0 {
			lengths = appendChunk(lengths, "ltxt", slices.Concat(number, o.AppendUint32(nil, length), []byte("rgn "), make([]byte, 8)))
		}
	}
	b := appendChunk(nil, "cue ", append(o.AppendUint32(nil, id), points...))
	return appendChunk(b, "LIST", slices.Concat([]byte("adtl"), names, notes, lengths))
}

// appendChunk appends a chunk, padded to an even length.
func appendChunk(b []byte, id string, content []byte) []byte {
	b = binary.LittleEndian.AppendUint32(append(b, id...), uint32(len(content)))
	return append(append(b, content...), make([]byte, len(content)%2)...)
}

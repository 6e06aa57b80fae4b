package data

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math"

	"prep/data/disk"
)

// Canonical audio is a WAV file of one channel of 32-bit floats: RIFF, or RF64
// (EBU Tech 3306) above 4 GiB. Its header has one fixed size, so that the data
// starts at the same byte whichever it turns out to be: a JUNK chunk keeps the
// place of RF64's ds64 chunk.
const (
	wavHeader      = 12 + 36 + 26 + 12 + 8
	ds64Size       = 28
	formatFloat    = 3
	bytesPerSample = 4
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// AudioWriter writes canonical audio as a stream.
type AudioWriter struct {
	file *File
	buf  *bufio.Writer
	rate Rate
	n    int
	raw  []byte
	sum  uint32 // CRC-32C of the samples
}

// CreateAudio begins to write a canonical WAV file of the given rate at path.
func CreateAudio(path string, rate Rate) (*AudioWriter, error) {
	f, err := CreateFile(path)
	if err != nil {
		return nil, err
	}
	w := &AudioWriter{file: f, buf: bufio.NewWriterSize(f, 1<<16), rate: rate}
	if _, err := w.buf.Write(make([]byte, wavHeader)); err != nil {
		w.Abort()
		return nil, err
	}
	return w, nil
}

// Write appends samples, full scale 1.
func (w *AudioWriter) Write(samples []float32) error {
	w.raw = AppendFloats(w.raw[:0], samples)
	w.n += len(samples)
	w.sum = crc32.Update(w.sum, castagnoli, w.raw)
	_, err := w.buf.Write(w.raw)
	return err
}

// Len returns the number of samples written so far.
func (w *AudioWriter) Len() int { return w.n }

// Sum returns the CRC-32C (RFC 3720, 12.1) of the samples written so far, as
// the file has them, in 8 hexadecimal digits: a guard against accidents, which
// a cryptographic hash would be too at a sixth of the time of an ingest of WAV.
func (w *AudioWriter) Sum() string { return fmt.Sprintf("%08x", w.sum) }

// Commit completes the header and gives the file its name.
func (w *AudioWriter) Commit() error {
	err := w.buf.Flush()
	if err == nil {
		err = w.file.rewriteHead(wavHead(w.rate, w.n))
	}
	if err != nil {
		w.Abort()
		return err
	}
	return w.file.Commit()
}

// Abort removes what was written.
func (w *AudioWriter) Abort() { w.file.Abort() }

// wavHead returns the header of a file of n samples.
func wavHead(rate Rate, n int) []byte {
	bytes := uint64(n) * bytesPerSample
	riff, size32 := "RIFF", func(v uint64) uint32 { return uint32(v) }
	first := "JUNK"
	if bytes+wavHeader-8 > math.MaxUint32 {
		riff, first = "RF64", "ds64"
		size32 = func(uint64) uint32 { return math.MaxUint32 }
	}
	le := binary.LittleEndian
	h := append([]byte(riff), 0, 0, 0, 0)
	le.PutUint32(h[4:], size32(bytes+wavHeader-8))
	h = append(h, "WAVE"...)
	h = le.AppendUint32(append(h, first...), ds64Size)
	if riff == "RF64" {
		h = le.AppendUint64(h, bytes+wavHeader-8)
		h = le.AppendUint64(h, bytes)
		h = le.AppendUint64(h, uint64(n))
		h = le.AppendUint32(h, 0)
	} else {
		h = append(h, make([]byte, ds64Size)...)
	}
	h = le.AppendUint32(append(h, "fmt "...), 18)
	h = le.AppendUint16(h, formatFloat)
	h = le.AppendUint16(h, 1)
	h = le.AppendUint32(h, uint32(rate))
	h = le.AppendUint32(h, uint32(rate)*bytesPerSample)
	h = le.AppendUint16(h, bytesPerSample)
	h = le.AppendUint16(h, 8*bytesPerSample)
	h = le.AppendUint16(h, 0)
	h = le.AppendUint32(append(h, "fact"...), 4)
	h = le.AppendUint32(h, size32(uint64(n)))
	h = le.AppendUint32(append(h, "data"...), size32(bytes))
	return h
}

// AudioFile reads canonical audio at any position; it implements Reader and is
// safe for concurrent use.
type AudioFile struct {
	f    *disk.File
	rate Rate
	n    int
}

// errAudio is wrapped by every fault of a canonical audio file's content.
var errAudio = errors.New("not canonical audio")

// OpenAudio opens a file written by an AudioWriter. A file of another format
// or of a size other than its header's is refused with an error that wraps
// errAudio.
func OpenAudio(path string) (*AudioFile, error) {
	f, err := disk.Open(path)
	if err != nil {
		return nil, err
	}
	a := &AudioFile{f: f}
	if err := a.readHeader(); err != nil {
		f.Close()
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return a, nil
}

// readHeader takes rate and length from the header, which must be the one that
// wavHead writes for them.
func (a *AudioFile) readHeader() error {
	info, err := a.f.Stat()
	if err != nil {
		return err
	}
	h := make([]byte, wavHeader)
	if _, err := a.f.ReadAt(h, 0); err == io.EOF {
		return fmt.Errorf("%w: the header is cut short", errAudio)
	} else if err != nil {
		return err
	}
	a.n = int((info.Size() - wavHeader) / bytesPerSample)
	a.rate = Rate(binary.LittleEndian.Uint32(h[12+36+12:]))
	if string(h) != string(wavHead(a.rate, a.n)) || a.rate <= 0 || (info.Size()-wavHeader)%bytesPerSample != 0 {
		return fmt.Errorf("%w: header and size do not agree", errAudio)
	}
	return nil
}

// SampleRate returns the rate of the samples.
func (a *AudioFile) SampleRate() Rate { return a.rate }

// Len returns the number of samples.
func (a *AudioFile) Len() int { return a.n }

// Sum returns what the Sum of the file's AudioWriter was in the end.
func (a *AudioFile) Sum() (string, error) {
	h := crc32.New(castagnoli)
	if _, err := io.Copy(h, io.NewSectionReader(a.f, wavHeader, int64(a.n)*bytesPerSample)); err != nil {
		return "", fmt.Errorf("%s: %w", a.f.Name(), err)
	}
	return fmt.Sprintf("%08x", h.Sum32()), nil
}

// ReadAt implements Reader.
func (a *AudioFile) ReadAt(dst []float32, pos int) error {
	lo, hi := Overlap(pos, len(dst), a.n)
	clear(dst[:lo])
	clear(dst[hi:])
	if lo == hi {
		return nil
	}
	var buf [1 << 14]byte
	for at := lo; at < hi; {
		raw := buf[:min(len(buf), (hi-at)*bytesPerSample)]
		if _, err := a.f.ReadAt(raw, wavHeader+int64(pos+at)*bytesPerSample); err != nil {
			if err == io.EOF {
				err = io.ErrUnexpectedEOF
			}
			return fmt.Errorf("%s: %w", a.f.Name(), err)
		}
		for ; len(raw) > 0; raw = raw[bytesPerSample:] {
			dst[at] = math.Float32frombits(binary.LittleEndian.Uint32(raw))
			at++
		}
	}
	return nil
}

// WriteSpan writes the samples [start, end) as they lie on disk, little-endian float32, and
// zeros for what lies outside the recording. It returns the number of bytes that were written.
func (a *AudioFile) WriteSpan(w io.Writer, start, end int) (int64, error) {
	lo, hi := Overlap(start, max(end-start, 0), a.n)
	inside := io.NewSectionReader(a.f, wavHeader+int64(start+lo)*bytesPerSample, int64(hi-lo)*bytesPerSample)
	n, err := io.Copy(w, io.MultiReader(silence(lo), inside, silence(end-start-hi)))
	if err == nil && n < int64(end-start)*bytesPerSample {
		err = fmt.Errorf("%s: %w", a.f.Name(), io.ErrUnexpectedEOF)
	}
	return n, err
}

// silence reads as n samples of zero.
func silence(n int) io.Reader { return io.LimitReader(zeros{}, int64(n)*bytesPerSample) }

type zeros struct{}

// Read implements io.Reader.
func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// Fault returns the first error of the system that was met in reading the file,
// whatever was made of it since.
func (a *AudioFile) Fault() error { return a.f.Fault() }

// Close closes the file.
func (a *AudioFile) Close() error { return a.f.Close() }

package studio

import (
	"encoding/binary"
	"errors"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"time"

	"prep/data"
	"prep/data/disk"
)

// recorder writes the samples of a take into a WAV file of 32-bit floats. The file is readable
// at any moment: until the take ends, its header says that the sound goes on to the end of the file.
type recorder struct {
	path    string
	file    *disk.File // nil once the take has ended
	samples int
	synced  time.Time
	closed  func()
}

// wavHeader is the head of a WAV file of one channel of 32-bit floats (Microsoft and IBM,
// Multimedia Programming Interface and Data Specifications 1.0, 1991; format tag 3).
type wavHeader struct {
	RIFF     [4]byte
	Size     uint32 // of what follows
	WAVE     [4]byte
	Fmt      [4]byte
	FmtSize  uint32
	Tag      uint16
	Channels uint16
	Rate     uint32
	Bytes    uint32 // a second
	Block    uint16
	Bits     uint16
	Data     [4]byte
	DataSize uint32
}

const (
	headerSize = 44
	sampleSize = 4
	floatTag   = 3
	// maxSamples is what a WAV file holds: six hours at 48 kHz.
	maxSamples = (math.MaxUint32 - headerSize) / sampleSize
	// endless is the size of a chunk that goes on to the end of the file.
	endless   = math.MaxUint32
	syncEvery = time.Second
)

// create begins a take whose file will have a path.
func create(path string, rate data.Rate) (*recorder, error) {
	f, err := disk.OpenFile(path+unfinished, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return nil, err
	}
	h := wavHeader{[4]byte{'R', 'I', 'F', 'F'}, endless, [4]byte{'W', 'A', 'V', 'E'}, [4]byte{'f', 'm', 't', ' '}, 16,
		floatTag, 1, uint32(rate), uint32(rate) * sampleSize, sampleSize, 8 * sampleSize, [4]byte{'d', 'a', 't', 'a'}, endless}
	if err := binary.Write(f, binary.LittleEndian, h); err != nil {
		return nil, errors.Join(err, f.Close(), disk.Remove(path+unfinished))
	}
	if err := disk.SyncDir(filepath.Dir(path)); err != nil {
		return nil, errors.Join(err, f.Close(), disk.Remove(path+unfinished))
	}
	return &recorder{path: path, file: f}, nil
}

// reopen goes on with a take, whether it ended or its program died.
func reopen(path string) (*recorder, error) {
	if err := disk.Rename(path, path+unfinished); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	f, err := disk.OpenFile(path+unfinished, os.O_RDWR, 0)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	r := &recorder{path: path, file: f, samples: max(0, int(info.Size())-headerSize) / sampleSize}
	return r, r.seek()
}

// seek goes to the end of the whole samples, and cuts off what is behind.
func (r *recorder) seek() error {
	end := int64(headerSize + sampleSize*r.samples)
	_, err := r.file.Seek(end, 0)
	return errors.Join(r.file.Truncate(end), err)
}

// Have returns how many samples are kept.
func (r *recorder) Have() int { return r.samples }

// Append keeps more samples. Of what could not be written nothing is kept.
func (r *recorder) Append(raw []byte) error {
	n := len(raw) / sampleSize
	if r.samples+n > maxSamples {
		return errors.New("the take is as long as a WAV file can be: begin another")
	}
	if _, err := r.file.Write(raw[:n*sampleSize]); err != nil {
		return errors.Join(err, r.seek())
	}
	r.samples += n
	if time.Since(r.synced) < syncEvery {
		return nil
	}
	r.synced = time.Now()
	return r.file.Sync()
}

// Close ends the take. Of one without a sample nothing remains.
func (r *recorder) Close() error {
	if r.file == nil {
		return nil
	}
	defer r.closed()
	return r.end()
}

// end writes the true sizes and gives the file its name.
func (r *recorder) end() error {
	f := r.file
	r.file = nil
	if r.samples == 0 {
		return errors.Join(f.Close(), disk.Remove(r.path+unfinished))
	}
	size := func(n int, at int64) error {
		var b [4]byte
		binary.LittleEndian.PutUint32(b[:], uint32(n))
		_, err := f.WriteAt(b[:], at)
		return err
	}
	err := errors.Join(size(headerSize-8+sampleSize*r.samples, 4), size(sampleSize*r.samples, headerSize-4), f.Sync(), f.Close())
	if err != nil {
		return err
	}
	if err := disk.Rename(r.path+unfinished, r.path); err != nil {
		return err
	}
	return disk.SyncDir(filepath.Dir(r.path))
}

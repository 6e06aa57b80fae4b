package data

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"

	"prep/data/disk"
)

// The files of a set.
const (
	RecordingsFile = "recordings.jsonl"
	HitsFile       = "hits.jsonl"
	LabelsFile     = "labels.jsonl"
	// ShardsDir holds, by stage, what shards made and nobody has merged yet.
	ShardsDir = "shards"
)

// ErrNoSet says that a directory is not a set.
var ErrNoSet = errors.New("no set here; `prep ingest PATH --set DIR` makes one")

// Set is a directory that holds recordings, hits, labels, patches and models.
// Every file in it appears whole or not at all; labels.jsonl alone is appended.
type Set struct {
	dir    string
	audio  string     // the set whose audio it shares; its own where there is none
	lock   *disk.File // nil when read only
	shared bool       // the lock is held beside others
	made   bool       // the directory was not there before
}

// At returns the set in a directory that need not be there, for reading what
// there is of it.
func At(dir string) *Set { return &Set{dir: dir} }

// Look returns the set in a directory that need not be there, to see what would be
// done to it. It fails where the set is not fit for that: see Open.
func Look(dir string) (*Set, error) {
	s := At(dir)
	return s, s.inspect()
}

// Open opens a set for reading. A directory without recordings.jsonl is
// refused with an error that wraps ErrNoSet, and a set that holds what none of
// prep's has with one that wraps ErrForeign.
func Open(dir string) (*Set, error) {
	if err := isSet(dir); err != nil {
		return nil, err
	}
	return Look(dir)
}

// isSet fails with ErrNoSet unless a directory has the first file of a set.
func isSet(dir string) error {
	_, err := disk.Stat(filepath.Join(dir, RecordingsFile))
	if errors.Is(err, fs.ErrNotExist) {
		err = ErrNoSet
	}
	if err != nil {
		return fmt.Errorf("%s: %w", dir, err)
	}
	return nil
}

// Variant is Create for a set that shares the audio of s: the same recordings
// with other hits, labels or patches.
func (s *Set) Variant(dir string) (*Set, error) {
	v, err := Create(dir)
	if err == nil {
		v.audio = cmp.Or(s.audio, s.dir)
	}
	return v, err
}

// Path returns a path below the set, in the system's form.
func (s *Set) Path(elem ...string) string {
	return filepath.Join(append([]string{s.dir}, elem...)...)
}

// WriteFile writes a file of the set atomically; name has forward slashes.
func (s *Set) WriteFile(name string, fn func(io.Writer) error) error {
	return WriteFile(s.Path(filepath.FromSlash(name)), fn)
}

// Recordings returns the set's recordings, in order of their names.
func (s *Set) Recordings() ([]Recording, error) {
	return ReadLines[Recording](s.Path(RecordingsFile))
}

// WriteRecordings replaces the set's recordings.
func (s *Set) WriteRecordings(r []Recording) error {
	return WriteLines(s.Path(RecordingsFile), r)
}

// Hits returns the set's hits: the originals in the order of the recordings,
// then by onset; augmented copies behind them.
func (s *Set) Hits() ([]Hit, error) { return ReadLines[Hit](s.Path(HitsFile)) }

// Originals returns the hits that are no augmented copies, however many copies
// there are.
func (s *Set) Originals() ([]Hit, error) {
	return readLinesIf(s.Path(HitsFile), func(h Hit) bool { return h.Parent == "" })
}

// WriteHits replaces the set's hits.
func (s *Set) WriteHits(h []Hit) error { return WriteLines(s.Path(HitsFile), h) }

// Labels returns the journal of labels, as written.
func (s *Set) Labels() ([]Label, error) { return ReadJournal[Label](s.Path(LabelsFile)) }

// AppendLabels appends to the journal and syncs it before it returns.
func (s *Set) AppendLabels(l ...Label) error { return AppendLines(s.Path(LabelsFile), l) }

// CutLabels cuts the journal off behind its first size bytes: see ErrUnsure.
func (s *Set) CutLabels(size int64) error { return CutJournal(s.Path(LabelsFile), size) }

// audioPath returns where the audio of a recording lies.
func (s *Set) audioPath(id string) string {
	return filepath.Join(cmp.Or(s.audio, s.dir), "audio", id+".wav")
}

// Audio opens the canonical audio of a recording. The caller closes it.
func (s *Set) Audio(id string) (*AudioFile, error) { return OpenAudio(s.audioPath(id)) }

// HasAudio reports whether there is canonical audio of a recording's length. It
// opens none: what is in it, Check says.
func (s *Set) HasAudio(r Recording) (bool, error) {
	info, err := disk.Stat(s.audioPath(r.ID))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil && info.Size() == wavHeader+int64(r.Samples)*bytesPerSample, err
}

// CreateAudio begins to write the canonical audio of a recording.
func (s *Set) CreateAudio(id string, rate Rate) (*AudioWriter, error) {
	return CreateAudio(s.audioPath(id), rate)
}

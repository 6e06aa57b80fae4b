package data

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// The files of a set.
const (
	RecordingsFile = "recordings.jsonl"
	HitsFile       = "hits.jsonl"
	LabelsFile     = "labels.jsonl"
	lockName       = ".lock"
)

var (
	// ErrLocked says that another process is writing to the set.
	ErrLocked = errors.New("the set is locked by another run of prep; wait until it ends")
	// ErrNoSet says that a directory is not a set.
	ErrNoSet = errors.New("no set here; `prep ingest PATH --set DIR` makes one")
)

// Set is a directory that holds recordings, hits, labels, patches and models.
// Every file in it appears whole or not at all; labels.jsonl alone is appended.
type Set struct {
	dir   string
	audio string   // the set whose audio it shares; its own where there is none
	lock  *os.File // nil when read only
	made  bool     // the directory was not there before
	shard Shard    // whose items Work does
	parts *parts   // what Work takes the results from; nil outside Merge
	plan  *Plan    // what Run notes instead of running; nil but in Planning
}

// Open opens a set for reading. A directory without recordings.jsonl is
// refused with an error that wraps ErrNoSet.
func Open(dir string) (*Set, error) {
	s := &Set{dir: dir}
	_, err := os.Stat(s.Path(RecordingsFile))
	if errors.Is(err, fs.ErrNotExist) {
		err = ErrNoSet
		if waiting, _ := s.Sharded(); len(waiting) > 0 {
			err = fmt.Errorf("%w; `prep merge %s --set DIR` one of the shards that are here", ErrNoSet, waiting[0])
		}
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", dir, err)
	}
	return s, nil
}

// Create opens a set for writing, making the directory if need be. It takes
// the writer's lock, which dies with the process, or fails with an error that
// wraps ErrLocked; and it sweeps what a killed writer left half-written.
func Create(dir string) (*Set, error) { return Shard{}.Create(dir) }

// OpenWriter is Create for a set that must exist already: see Open.
func OpenWriter(dir string) (*Set, error) { return Shard{}.OpenWriter(dir) }

// Variant is Create for a set that shares the audio of s: the same recordings
// with other hits, labels or patches.
func (s *Set) Variant(dir string) (*Set, error) {
	v, err := Create(dir)
	if err == nil {
		v.audio = cmp.Or(s.audio, s.dir)
	}
	return v, err
}

// sweep removes temporary files of writers that were killed, and the parts of
// stages that are merged.
func (s *Set) sweep() error {
	merged, err := filepath.Glob(s.Path(shardsDir, "*"+tmpSuffix))
	if err != nil {
		return err
	}
	for _, dir := range merged {
		if err := os.RemoveAll(dir); err != nil {
			return err
		}
	}
	return filepath.WalkDir(s.dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() && strings.HasSuffix(path, tmpSuffix) {
			err = os.Remove(path)
		}
		return err
	})
}

// Close gives the lock back. Of a set into which nothing was written nothing
// remains.
func (s *Set) Close() error {
	if s.lock == nil {
		return nil
	}
	if s.shard.N == 0 {
		s.vanish()
	}
	return s.lock.Close()
}

// vanish removes the lock of a set that holds nothing else, and the directory if
// it was made for the set. It is no fault if that cannot be done.
func (s *Set) vanish() {
	if entries, err := os.ReadDir(s.dir); err != nil || len(entries) > 1 {
		return
	}
	os.Remove(s.Path(lockName))
	if s.made {
		os.Remove(s.dir)
	}
}

// isWritten reports whether a writer, or one of a shard, is at work on the set.
func (s *Set) isWritten() bool {
	lock, err := os.Open(s.Path(lockName))
	if err != nil {
		return false // no writer has ever been here
	}
	defer lock.Close()
	return lockFile(lock, false) != nil
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
	return ReadLinesIf(s.Path(HitsFile), func(h Hit) bool { return h.Parent == "" })
}

// WriteHits replaces the set's hits.
func (s *Set) WriteHits(h []Hit) error { return WriteLines(s.Path(HitsFile), h) }

// Labels returns the journal of labels, as written.
func (s *Set) Labels() ([]Label, error) { return ReadJournal[Label](s.Path(LabelsFile)) }

// AppendLabels appends to the journal and syncs it before it returns.
func (s *Set) AppendLabels(l ...Label) error { return AppendLines(s.Path(LabelsFile), l) }

// audioPath returns where the audio of a recording lies.
func (s *Set) audioPath(id string) string {
	return filepath.Join(cmp.Or(s.audio, s.dir), "audio", id+".wav")
}

// Audio opens the canonical audio of a recording. The caller closes it.
func (s *Set) Audio(id string) (*AudioFile, error) { return OpenAudio(s.audioPath(id)) }

// CreateAudio begins to write the canonical audio of a recording.
func (s *Set) CreateAudio(id string, rate Rate) (*AudioWriter, error) {
	return CreateAudio(s.audioPath(id), rate)
}

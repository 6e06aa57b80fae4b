package gallery

import (
	"sync"

	"prep/data"
	"prep/data/work"
)

// sounds keeps the audio that pictures are drawn of open, so that a recording
// with many pictures is opened once. It is safe for concurrent use.
type sounds struct {
	set  *data.Set
	mu   sync.Mutex
	open map[string]*data.AudioFile
}

func newSounds(set *data.Set) *sounds {
	return &sounds{set: set, open: map[string]*data.AudioFile{}}
}

// of returns the audio of a recording, which stays open.
func (s *sounds) of(id string) (*data.AudioFile, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if a, ok := s.open[id]; ok {
		return a, nil
	}
	a, err := s.set.Audio(id)
	if err != nil {
		return nil, work.NewFatal(err) // of the set, not of a picture
	}
	s.open[id] = a
	return a, nil
}

// fault returns the first error of the system that was met in reading any.
func (s *sounds) fault() error {
	for _, a := range s.open {
		if err := a.Fault(); err != nil {
			return err
		}
	}
	return nil
}

func (s *sounds) close() {
	for _, a := range s.open {
		a.Close()
	}
}

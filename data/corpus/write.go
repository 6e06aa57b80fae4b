package corpus

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"

	"prep/data"
	"prep/data/labelfile"
	"prep/data/pcm"
)

// Write makes the corpus below dir as a user's folder of recordings:
// DIR/voice-01/take-1.wav, mono, 16 bits, and beside it take-1.txt, an
// Audacity label track of points (onset, onset, class; seconds). It replaces
// files that are there.
func Write(dir string, c Config) error {
	if err := c.Validate(); err != nil {
		return err
	}
	for t := range Generate(c) {
		if err := t.Write(dir); err != nil {
			return fmt.Errorf("corpus: %w", err)
		}
	}
	return nil
}

// made matches the names of takes of Generate.
var made = regexp.MustCompile(`^voice-[0-9]+/take-[0-9]+\.wav$`)

// IsMade reports whether a recording of this name, below the folder of a corpus, is one that
// Write makes.
func IsMade(name string) bool { return made.MatchString(name) }

// Write writes the take below dir: see the function Write.
func (t Take) Write(dir string) error {
	base := filepath.Join(dir, filepath.FromSlash(t.Name))
	if err := os.MkdirAll(filepath.Dir(base), 0o777); err != nil {
		return err
	}
	err := data.WriteFile(base+".txt", func(w io.Writer) error { return t.writeLabels(w) })
	if err != nil {
		return err
	}
	return pcm.Int16.WriteFile(base+".wav", t.Clip)
}

// writeLabels writes the truth as an Audacity label track.
func (t Take) writeLabels(w io.Writer) error {
	marks := make([]labelfile.Mark, len(t.Truth))
	for i, e := range t.Truth {
		marks[i] = labelfile.Mark{Onset: float64(e.Onset) / float64(t.Clip.Rate), Class: e.Class}
	}
	return labelfile.WriteOne(w, "audacity", labelfile.Recording{Marks: marks})
}

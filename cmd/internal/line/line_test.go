package line

import (
	"testing"

	"prep/cmd/internal/config"
	"prep/data/corpus"
)

// smallLine is a configuration whose whole line takes about a second.
func smallLine(t *testing.T) config.Config {
	t.Helper()
	c := corpus.Default()
	c.Voices, c.TakesPerVoice, c.HitsPerTake = 3, 2, 14
	source := t.TempDir()
	if err := corpus.Write(source, c); err != nil {
		t.Fatal(err)
	}
	line := config.Default()
	line.Ingest.Paths = []string{source}
	line.Ingest.GroupFrom = "^([^/]+)/"
	line.Augment.Copies = 1
	line.Train.Folds, line.Train.Epochs = 3, 2
	return line
}

package train

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"

	"prep/data"
	"prep/data/disk"
)

// Stale says what has changed in a set since its model learned, or "": a network
// that was trained by all that it would learn from now, one of Adapt by the
// classes of the hits that it learned from. It fails where there is no such
// model, and when the set cannot be read.
func Stale(set *data.Set, name string) (why string, err error) {
	raw, err := bundleIn(ModelDir(set, name)).ReadFile(modelFile)
	if err != nil {
		return "", err
	}
	var d description
	if err := json.Unmarshal(raw, &d); err != nil {
		return "", fmt.Errorf("models/%s/%s: %w", name, modelFile, err)
	}
	if d.Head != nil {
		return renamed(set, name)
	}
	s, err := openSamples(set, d.Config)
	if disk.IsFault(err) && !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	if err != nil {
		return "it could not be trained on what is here now: " + err.Error(), nil
	}
	defer s.patches.Close()
	now, err := s.digest()
	if err == nil && now != d.TrainingData {
		why = "labels, groups or patches have changed since it was trained; `prep train` again"
	}
	return why, err
}

// renamed says which hits that a personal model learned from have another class
// now, or are gone.
func renamed(set *data.Set, name string) (why string, err error) {
	predictions, err := ReadPredictions(ModelDir(set, name))
	if err != nil {
		return "", err
	}
	lessons, err := set.Lessons()
	if err != nil {
		return "", err
	}
	class := map[string]string{}
	for _, e := range lessons {
		class[e.ID] = e.Class
	}
	changed := 0
	for _, p := range predictions {
		if class[p.Hit] != p.Class {
			changed++
		}
	}
	if changed > 0 {
		why = fmt.Sprintf("%d of the %d hits that it learned from are named otherwise now, or gone; `prep adapt` again", changed, len(predictions))
	}
	return why, nil
}

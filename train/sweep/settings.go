package sweep

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Settings is what sets an arm apart from the base: values by the dotted path
// of a setting, "net.kernel" or "features.kind" or "augment.copies". The
// sections are features, augment and train of prep.yaml, and net (Family). The
// key "name" names the arm.
type Settings map[string]any

// nameKey is the setting that names an arm.
const nameKey = "name"

// baseName is the name of the arm without settings.
const baseName = "base"

// Name returns the arm's name: the given one, or its settings in a line.
func (s Settings) Name() string {
	if name, ok := s[nameKey]; ok {
		return fmt.Sprint(name)
	}
	var words []string
	for _, path := range slices.Sorted(maps.Keys(s)) {
		words = append(words, path[strings.LastIndex(path, ".")+1:]+" "+valueText(s[path]))
	}
	if len(words) == 0 {
		return baseName
	}
	return strings.Join(words, ", ")
}

// valueText returns a value on one line: JSON for lists and maps.
func valueText(v any) string {
	switch v.(type) {
	case []any, map[string]any:
		text, err := json.Marshal(v)
		if err == nil {
			return string(text)
		}
	}
	return fmt.Sprint(v)
}

// fixed are settings that must be the same in all arms, or that something else
// decides, and why.
var fixed = map[string]string{
	"train.name":     "a sweep trains no model that is kept",
	"train.features": "set features.kind",
	"train.folds":    "all arms are tested on the same folds",
	"train.leaky":    "all arms are tested on the same folds",
}

// Tree returns the settings nested by section, as in prep.yaml. It fails on a
// path without a section and on a setting that arms may not have.
func (s Settings) Tree() (map[string]any, error) {
	tree := map[string]any{}
	for path, value := range s {
		if path == nameKey {
			continue
		}
		if why, ok := fixed[path]; ok {
			return nil, fmt.Errorf("arm %q: %s cannot be varied: %s", s.Name(), path, why)
		}
		keys := strings.Split(path, ".")
		if len(keys) < 2 || slices.Contains(keys, "") {
			return nil, fmt.Errorf("arm %q: %q: want section.setting, such as net.kernel or features.kind", s.Name(), path)
		}
		at := tree
		for _, key := range keys[:len(keys)-1] {
			below, ok := at[key].(map[string]any)
			if !ok {
				below = map[string]any{}
				at[key] = below
			}
			at = below
		}
		at[keys[len(keys)-1]] = value
	}
	return tree, nil
}

// OwnNetwork reports whether the settings choose a network of train's, in place
// of a family.
func (s Settings) OwnNetwork() bool { return s["train.net"] != nil || s["train.layers"] != nil }

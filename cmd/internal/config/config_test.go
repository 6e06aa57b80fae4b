package config

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"prep/cmd/internal/variants"
	"prep/data"
)

// docs/config.md shows every key of prep.yaml with its default.
func TestConfigIsDocumented(t *testing.T) {
	text, err := os.ReadFile("../../../docs/config.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), "```yaml\n")
	block, _, found := strings.Cut(rest, "```")
	if !found {
		t.Fatal("docs/config.md has no block of YAML")
	}
	if !strings.HasSuffix(Template, "\n\n"+block) {
		t.Error("cmd/internal/config/prep.yaml is not the block of docs/config.md")
	}
	var shown Config
	if err := data.DecodeYAML([]byte(block), &shown); err != nil {
		t.Fatal(err)
	}
	if got, want := settings(t, shown), settings(t, Default()); !reflect.DeepEqual(got, want) {
		t.Errorf("docs/config.md shows\n%v\nwhere the defaults are\n%v", got, want)
	}
	var keys map[string]any
	if err := yaml.Unmarshal([]byte(block), &keys); err != nil {
		t.Fatal(err)
	}
	missing(t, "", keys, settings(t, Default()))
}

// The files of examples/ load, and so does every arm of their sweeps.
func TestExamplesLoad(t *testing.T) {
	files, err := filepath.Glob("../../../examples/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal("no examples", err)
	}
	for _, file := range files {
		c, err := Load([]string{"--config", file})
		if err != nil {
			t.Errorf("%v", err)
			continue
		}
		if len(c.Sweep.Arms)+len(c.Sweep.Grid) == 0 {
			continue
		}
		base := variants.Base{Features: c.Features, Augment: c.Augment, Train: c.Train, Sweep: c.Sweep}
		if _, err := base.Variants(); err != nil {
			t.Errorf("%s: %v", file, err)
		}
	}
}

// settings returns a configuration as maps.
func settings(t *testing.T, c Config) (all map[string]any) {
	text, err := yaml.Marshal(c)
	if err == nil {
		err = yaml.Unmarshal(text, &all)
	}
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// missing reports the keys that are not shown; {} stands for keys that have a
// page of their own.
func missing(t *testing.T, path string, shown, all map[string]any) {
	for key, value := range all {
		if _, ok := shown[key]; !ok {
			t.Errorf("docs/config.md lacks %s%s", path, key)
		}
		deeper, _ := value.(map[string]any)
		if inner, _ := shown[key].(map[string]any); len(inner) > 0 {
			missing(t, path+key+".", inner, deeper)
		}
	}
}

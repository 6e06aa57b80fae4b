package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestNearestIsWhatWasMeant(t *testing.T) {
	names := []string{"features", "folds", "set", "hop", "threshold", "group-from"}
	for written, want := range map[string]string{
		"feature": "features", "fold": "folds", "sett": "set", "hopp": "hop", "treshold": "threshold", "group": "group-from",
		"zzz": "", "": "", "rate": "",
	} {
		if got := Nearest(written, names); got != want {
			t.Errorf("%q: got %q, want %q", written, got, want)
		}
	}
}

// What Init writes is a configuration of defaults, and a file of that name is kept.
func TestInitWritesTheDefaultsOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "prep.yaml")
	if err := Init(path); err != nil {
		t.Fatal(err)
	}
	c, err := Load([]string{"--config", path})
	if err != nil || c.Validate() != nil || c.Train.Net != Default().Train.Net {
		t.Fatalf("got %v, %v", err, c.Validate())
	}
	if err := os.WriteFile(path, []byte("set: mine\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := Init(path); err == nil || !strings.Contains(err.Error(), "there already") {
		t.Errorf("got %v", err)
	}
	if text, _ := os.ReadFile(path); string(text) != "set: mine\n" {
		t.Errorf("the file is now %q", text)
	}
}

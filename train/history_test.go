package train

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestHistoryOfARunIsRead(t *testing.T) {
	set := makeSet(t, 3, 2)
	if names, err := Models(set); err != nil || names != nil {
		t.Errorf("models of an untrained set: %v, %v", names, err)
	}
	mustRun(t, set, smallConfig())
	if err := os.MkdirAll(ModelDir(set, "begun"), 0o777); err != nil {
		t.Fatal(err)
	}
	if names, err := Models(set); err != nil || !slices.Equal(names, []string{"small"}) {
		t.Errorf("models: %v, %v", names, err)
	}
	if _, err := os.Stat(set.Path("models", "small", reportFile)); err != nil {
		t.Error(err)
	}
	history, err := ReadHistory(ModelDir(set, "small"))
	if err != nil {
		t.Fatal(err)
	}
	report, err := ReadReport(ModelDir(set, "small"))
	if err != nil {
		t.Fatal(err)
	}
	chose, final := 0, 0
	for _, e := range history {
		if e.Chose() {
			chose++
		}
		if e.Fit == finalFit {
			final++
		}
	}
	want := 0
	for _, f := range report.Folds {
		want += f.Epochs
	}
	if chose != want || final != report.FinalEpochs {
		t.Errorf("%d epochs chose and %d are final, want %d and %d", chose, final, want, report.FinalEpochs)
	}
	predictions, err := ReadPredictions(ModelDir(set, "small"))
	if err != nil || len(predictions) != report.Hits {
		t.Fatalf("%d predictions of %d hits: %v", len(predictions), report.Hits, err)
	}
	for _, p := range predictions {
		if got, want := p.Confidence(), slices.Max(p.Probabilities); got != want || want < 0.5 {
			t.Fatalf("confidence %v, want %v of %v", got, want, p.Probabilities)
		}
	}
}

func TestDamagedRecordsAreNamed(t *testing.T) {
	for _, c := range []struct{ file, text, want string }{
		{historyFile, "", "not a history: unexpected EOF"},
		{historyFile, "\"", "not a history"},
		{historyFile, "fit,epoch\nfold 1,1\n", "2 fields, want 6"},
		{historyFile, "a,b,c,d,e,f\nfold 1,one,1,1,1,1\n", historyFile + ":2: "},
		{historyFile, "a,b,c,d,e,f\nfold 1,1,1,1,1,1\nfold 1,2,1,1,x,1\n", historyFile + ":3: "},
		{reportFile, "{", reportFile},
	} {
		dir := t.TempDir()
		if _, err := ReadReport(dir); !os.IsNotExist(err) {
			t.Errorf("no report: %v", err)
		}
		if _, err := ReadHistory(dir); !os.IsNotExist(err) {
			t.Errorf("no history: %v", err)
		}
		if err := os.WriteFile(filepath.Join(dir, c.file), []byte(c.text), 0o666); err != nil {
			t.Fatal(err)
		}
		_, err := ReadHistory(dir)
		if c.file == reportFile {
			_, err = ReadReport(dir)
		}
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: got %v, want %q in it", c.text, err, c.want)
		}
	}
}

package work

import (
	"bytes"
	"io"
	"os"
	"testing"

	"prep/data"
)

func TestRunDoesNothingTwice(t *testing.T) {
	s, _ := data.Create(t.TempDir())
	defer s.Close()
	ran, editions := 0, Editions{"x": 1}
	run := func(config any) data.Summary {
		t.Helper()
		sum, err := On(s, nil).Run(Job{Stage: "x", Editions: editions, Config: config, Inputs: []string{"in"}, Outputs: []string{"out"}}, func() (data.Summary, error) {
			ran++
			return data.Summary{Stage: "x", Counts: map[string]int{"n": ran}}, s.WriteFile("out", func(w io.Writer) error { return nil })
		})
		if err != nil {
			t.Fatal(err)
		}
		return sum
	}
	run(1)
	if sum := run(1); !sum.Unchanged || ran != 1 || sum.Counts["n"] != 1 {
		t.Errorf("second run: %+v after %d runs", sum, ran)
	}
	run(2)
	s.WriteFile("in", func(w io.Writer) error { return nil })
	run(2)
	os.Remove(s.Path("out"))
	if sum := run(2); sum.Unchanged || ran != 4 {
		t.Errorf("new config, new input, lost output: ran %d times, want 4", ran)
	}
	editions = Editions{"x": 2}
	if sum := run(2); sum.Unchanged || sum.Because != "prep's x gives other values now (edition 2, it was 1)" {
		t.Errorf("a new edition: %+v", sum)
	}
	if sum, ok, err := LastRun(s, "x"); err != nil || !ok || sum.Because != "" {
		t.Errorf("the record holds why this run was: %+v", sum)
	}
}

// Labels that come while a stage is at work are not what it has read: it runs
// again, and its record does not hold them.
func TestARecordSaysWhatWasRead(t *testing.T) {
	s, _ := data.Create(t.TempDir())
	defer s.Close()
	label := func(onset int) {
		t.Helper()
		if err := s.AppendLabels(data.Label{Recording: "a", Onset: onset, Class: "kick", By: data.ByHuman}); err != nil {
			t.Fatal(err)
		}
	}
	label(1)
	ran := 0
	run := func() data.Summary {
		t.Helper()
		sum, err := On(s, nil).Run(Job{Stage: "x", Inputs: []string{data.LabelsFile}}, func() (data.Summary, error) {
			if ran++; ran == 1 {
				label(2) // the page goes on
			}
			return data.Summary{Stage: "x"}, nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return sum
	}
	run()
	if sum := run(); sum.Unchanged || sum.Because != "labels.jsonl has changed" {
		t.Errorf("got %+v, want a second run", sum)
	}
	if sum := run(); !sum.Unchanged || ran != 2 {
		t.Errorf("got %+v after %d runs, want nothing to do", sum, ran)
	}
}

// Labels are added to what a stage has read, and none is changed; a record is what
// was written.
func TestCheckSeesChangedLabelsAndRecords(t *testing.T) {
	s, _ := data.Create(t.TempDir())
	defer s.Close()
	label := data.Label{Recording: "a", Onset: 1, Class: "kick", By: data.ByHuman}
	s.AppendLabels(label, label)
	job := Job{Stage: "x", Inputs: []string{data.LabelsFile}}
	if _, err := On(s, nil).Run(job, func() (data.Summary, error) { return data.Summary{Stage: "x"}, nil }); err != nil {
		t.Fatal(err)
	}
	labels, _ := os.ReadFile(s.Path(data.LabelsFile))
	record, _ := os.ReadFile(s.Path("runs", "x.json"))
	replaced := func(text []byte, from, to string) []byte { return bytes.Replace(text, []byte(from), []byte(to), 1) }
	for _, c := range []struct {
		name   string
		labels []byte
		record []byte
		where  string // "" where nothing is wrong
	}{
		{"as it was", labels, record, ""},
		{"a label more", append(bytes.Clone(labels), labels...), record, ""},
		{"a label less", labels[:len(labels)/2], record, data.LabelsFile},
		{"another class", replaced(labels, "kick", "kicj"), record, data.LabelsFile},
		{"none", nil, record, data.LabelsFile},
		{"a count of the record", labels, replaced(record, `"unchanged": false`, `"unchanged": true`), "runs/x.json"},
		{"a blank of the record", labels, replaced(record, "  ", " "), "runs/x.json"},
		{"its digest's name", labels, replaced(record, `"sha256"`, `"sha257"`), "runs/x.json"},
		{"its last line break", labels, record[:len(record)-1], "runs/x.json"},
	} {
		os.WriteFile(s.Path(data.LabelsFile), c.labels, 0o666)
		os.WriteFile(s.Path("runs", "x.json"), c.record, 0o666)
		problems, err := Check(s)
		if err != nil || len(problems) > 1 || (len(problems) == 1) != (c.where != "") || c.where != "" && problems[0].Where != c.where {
			t.Errorf("%s: got %v, %v; want one of %q", c.name, problems, err, c.where)
		}
	}
}

// A record of prep 0.1.0 has the program's version and no editions.
func TestRecordWithoutEditionsIsStale(t *testing.T) {
	s, _ := data.Create(t.TempDir())
	defer s.Close()
	s.WriteFile("runs/x.json", func(w io.Writer) error {
		_, err := io.WriteString(w, `{"stage":"x","version":"0.1.0","config":1,"inputs":{},"outputs":{},"summary":{"stage":"x"}}`)
		return err
	})
	job := Job{Stage: "x", Editions: Editions{"x": 1}, Config: 1}
	sum, err := On(s, nil).Run(job, func() (data.Summary, error) { return data.Summary{Stage: "x"}, nil })
	if err != nil || sum.Unchanged || sum.Because != "a version of prep without editions made it" {
		t.Errorf("got %+v, %v", sum, err)
	}
	if again, err := Recorded(s, job); err != nil || !again {
		t.Errorf("recorded: %v, %v", again, err)
	}
}

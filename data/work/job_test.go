package work

import (
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

package console

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"prep/data"
)

func TestPaceTellsThroughputAndTimeLeft(t *testing.T) {
	p := paceOf(data.Step{Stage: "mel", Done: 120, Total: 200, Note: "hat"}, 100, 4*time.Second)
	if p.PerSecond != 25 || p.SecondsLeft != 3.2 || p.MemoryMB <= 0 {
		t.Errorf("got %+v, want 25 a second, 3.2 s left and some memory", p)
	}
	p.MemoryMB = 210
	if got, want := p.String(), "mel: 120 of 200, hat; 25/s, 3 s left, 210 MB"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if p := paceOf(data.Step{Stage: "mel", Done: 1, Total: 2}, 0, 0); p.PerSecond != 0 || p.SecondsLeft != 0 {
		t.Errorf("at the first step: got %+v, want no pace yet", p)
	}
}

func TestProgressInJSONIsALineAStep(t *testing.T) {
	var log bytes.Buffer
	l := &lines{print: func(p pace) { writeLine(&log, p) }} // its last line was long ago
	l.step(data.Step{Stage: "mel", Done: 1, Total: 2})
	l.step(data.Step{Stage: "mel", Done: 2, Total: 2}) // too soon
	var p pace
	if err := json.Unmarshal(log.Bytes(), &p); err != nil || strings.Count(log.String(), "\n") != 1 {
		t.Fatalf("got %q, %v; want one line", log.String(), err)
	}
	if p.Stage != "mel" || p.Done != 1 || p.Total != 2 || p.Level != "info" || p.Time == "" {
		t.Errorf("got %+v", p)
	}
}

// Where there is no terminal a step is a line, but not within seconds of the
// last one; the first of a stage begins its pace.
func TestProgressInALogIsALineNowAndThen(t *testing.T) {
	var log bytes.Buffer
	for _, format := range []string{Text, JSON} {
		p := NewProgress(&log, format)
		p(data.Step{Stage: "mel", Done: 1, Total: 2})
	}
	if log.Len() > 0 {
		t.Errorf("a run that has just begun says %q", log.String())
	}
	var told []pace
	l := &lines{print: func(p pace) { told = append(told, p) }}
	l.step(data.Step{Stage: "ingest", Done: 1, Total: 20})
	l.last, l.begun = l.last.Add(-lineEvery), l.begun.Add(-time.Minute)
	l.step(data.Step{Stage: "ingest", Done: 11, Total: 20})
	l.last = l.last.Add(-lineEvery)
	l.step(data.Step{Stage: "segment", Done: 5, Total: 20})
	if len(told) != 3 {
		t.Fatalf("%d lines, want 3", len(told))
	}
	if p := told[1]; p.PerSecond < 0.1 || p.PerSecond > 10.0/60 || p.SecondsLeft < 54 {
		t.Errorf("10 in a minute: got %+v", p)
	}
	if p := told[2]; p.Stage != "segment" || p.PerSecond != 0 {
		t.Errorf("a stage that begins: got %+v, want no pace yet", p)
	}
}

func TestTextIsFittedByWholeWords(t *testing.T) {
	for _, c := range []struct {
		text    string
		columns int
		want    string
	}{
		{"mel, 9 s left, 210 MB: hat", 30, "mel, 9 s left, 210 MB: hat    "},
		{"mel, 9 s left, 210 MB: hat", 24, "mel, 9 s left, 210 MB   "},
		{"mel, 9 s left, 210 MB: hat", 12, "mel, 9 s    "},
		{"ハット, 1 MB", 8, "ハット  "},
		{"averylongword", 5, "     "},
		{strings.Repeat("ab ", 40), 200, strings.TrimRight(strings.Repeat("ab ", 20), " ") + " "},
	} {
		if got := fitted(c.text, c.columns); got != c.want {
			t.Errorf("%q in %d columns: got %q, want %q", c.text, c.columns, got, c.want)
		}
	}
}

func TestTimesAreInTwoUnits(t *testing.T) {
	for seconds, want := range map[float64]string{0.4: "0 s", 9: "9 s", 59.6: "1 min 0 s", 200: "3 min 20 s", 7500: "2 h 5 min"} {
		if got := inWords(seconds); got != want {
			t.Errorf("%g: got %q, want %q", seconds, got, want)
		}
	}
}

// A run of seconds ends without a word, a longer one with its time and the most memory it had.
func TestTheEndOfARunTellsTimeAndMemory(t *testing.T) {
	var w bytes.Buffer
	TellEnd(&w, Text, time.Now())
	if w.Len() > 0 {
		t.Errorf("a short run ends with %q", w.String())
	}
	TellEnd(&w, Text, time.Now().Add(-72*time.Second))
	var mb int
	if n, err := fmt.Sscanf(w.String(), "took 1 min 12 s and at most %d MB of memory\n", &mb); n != 1 || mb < memoryMB()/2 {
		t.Errorf("got %q, %v", w.String(), err)
	}
	w.Reset()
	TellEnd(&w, JSON, time.Now().Add(-72*time.Second))
	var n Notice
	if err := json.Unmarshal(w.Bytes(), &n); err != nil || n.Level != Info || !strings.HasPrefix(n.Text, "took 1 min 12 s") {
		t.Errorf("got %q, %v", w.String(), err)
	}
}

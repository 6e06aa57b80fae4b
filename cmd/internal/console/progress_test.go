package console

import (
	"bytes"
	"encoding/json"
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

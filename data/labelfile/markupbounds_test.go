package labelfile

import (
	"flag"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"
)

var manyLabels = flag.Int("labels", 50_000, "how many labels the largest files of TestMarkupBounds have")

// Files of very many labels, or of one very long word, are read or refused in
// bounded memory: with what is not collected yet, at once at most three times
// the file, 800 bytes a label and 100 MB.
func TestMarkupBounds(t *testing.T) {
	n := *manyLabels
	one := task(`"annotations":[` + annotation(`"completed_by":1,`, region(.1, .15, `"kick"`)) + `],"predictions":[]`)
	cues := make([][3]uint32, n)
	for i := range cues {
		cues[i] = [3]uint32{uint32(i), uint32(i), uint32(i)}
	}
	for _, tc := range []struct {
		name, extension string
		file            func() string
		marks           int
		says            string
	}{
		{"tasks", ".json", func() string { return "[" + strings.Repeat(one+",", n-1) + one + "]" }, n, ""},
		{"a task of 65 MB", ".json", func() string { return `[{"data":{"audio":"` + strings.Repeat("a", 65<<20) + `"}}]` }, 0, "more than 64 MB"},
		{"points of a layer", ".svl", func() string {
			return svl(svModelOf("1", `dimensions="1"`, strings.Repeat(`<point frame="100" label="kick"/>`, n)))
		}, n, ""},
		{"XML of a word", ".svl", func() string { return `<sv><data><model name="` + strings.Repeat("a", 257<<20) + `"/></data></sv>` }, 0, "XML of more than 256 MB"},
		{"notes", ".mid", func() string { return string(midiOf(0, 100, strings.Repeat("\x14\x99\x24\x40", n))) }, n, ""},
		{"observations", ".jams", func() string {
			return jams("segment_open", "["+strings.Repeat(`{"time":0.1,"duration":0.05,"value":"kick","confidence":1},`, n-1)+`{"time":0.1,"value":"hat"}]`)
		}, n, ""},
		{"cues", ".wav", func() string { return string(wavOf(points(cues...))) }, n, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			b := []byte(tc.file())
			peak := watchHeap()
			begun := time.Now()
			r, err := Read("take"+tc.extension, b, Source{Rate: 1000}, Options{})
			took, most := time.Since(begun), peak()
			t.Logf("%d MB, %d labels: %.1f s, %d MB at once", len(b)>>20, len(r.Marks), took.Seconds(), most>>20)
			words := fmt.Sprint(err, r.Faults)
			if len(r.Marks) != tc.marks || !strings.Contains(words, tc.says) || most > uint64(3*len(b)+800*n+100<<20) {
				t.Errorf("%d labels of %d; %.300s", len(r.Marks), tc.marks, words)
			}
		})
	}
}

// watchHeap returns a function that says how much more the heap held at once
// since then.
func watchHeap() func() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	before, most := m.HeapAlloc, uint64(0)
	stop, done := make(chan bool), make(chan bool)
	go func() {
		defer close(done)
		for {
			select {
			case <-stop:
				return
			case <-time.After(20 * time.Millisecond):
				runtime.ReadMemStats(&m)
				most = max(most, m.HeapAlloc-min(m.HeapAlloc, before))
			}
		}
	}()
	return func() uint64 { close(stop); <-done; return most }
}

package labelfile

import (
	"bytes"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"
)

// costs reads a file and returns how long it took and what it held beyond the
// file and its text.
func costs(t *testing.T, name string, b []byte) (Reading, time.Duration, uint64, error) {
	t.Helper()
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	start := time.Now()
	r, err := Read(name, b, Source{}, Options{})
	took := time.Since(start)
	runtime.ReadMemStats(&after)
	return r, took, after.TotalAlloc - before.TotalAlloc, err
}

func TestBadInputIsBounded(t *testing.T) {
	rows := func(n int, row func(i int) string) []byte {
		var b bytes.Buffer
		b.WriteString("onset,end,label\n")
		for i := range n {
			b.WriteString(row(i))
		}
		return b.Bytes()
	}
	million := 1_000_000
	if testing.Short() {
		million = 10_000
	}
	some := million / 10
	for _, test := range []struct {
		name  string
		b     []byte
		marks int
		err   string
		bytes uint64
	}{
		{"a million rows", rows(million, func(i int) string { return fmt.Sprintf("%d.25,%d.5,kick\n", i, i) }), million, "", 1 << 30},
		{"faults alone", rows(some, func(int) string { return "soon,later,kick\n" }), 0, "", 1 << 30},
		{"a line without end", bytes.Repeat([]byte("0.5,kick,"), 24*million), 0, "longer than", 1 << 30},
		{"a line of letters that are not UTF-8", bytes.Repeat([]byte("\xe1\xee\xf7\xea\xe0"), max(10*million, 1<<18)), 0, "longer than", 1 << 30},
		{"cells without anything", bytes.Repeat([]byte(strings.Repeat(",", 60)+"\n"), million), 0, "no times", 1 << 30},
		{"cells without anything behind a header", rows(million, func(int) string { return strings.Repeat(",", 60) + "\n" }), 0, "", 1 << 30},
		{"rows of a thousand cells", rows(some/10, func(i int) string { return fmt.Sprintf("%d.5,,x%s\n", i, strings.Repeat(",", 1000)) }), some / 10, "", 1 << 30},
		{"quotes without end", rows(million/10, func(int) string { return "\"\n" }), 0, "", 1 << 30},
		{"times that go back", rows(some, func(i int) string { return fmt.Sprintf("%d.25,,kick\n", some-i) }), some, "", 1 << 30},
		{"a TextGrid that lies", []byte(strings.Replace(gridText(0, 1, "hits"), "size = 9", "size = 2000000000", 1)), 4, "", 1 << 20},
		{"a TextGrid of many tiers", []byte("ooTextFile TextGrid \"ooTextFile\" \"TextGrid\" 0 9 1000000 " + strings.Repeat("\"TextTier\" \"x\" 0 9 1 1 \"k\" ", million/10)), 1, "", 1 << 30},
	} {
		t.Run(test.name, func(t *testing.T) {
			r, took, bytes, err := costs(t, "a.csv", test.b)
			if test.err != "" && (!errors.Is(err, ErrNoLabels) || !strings.Contains(err.Error(), test.err)) || test.err == "" && err != nil && !strings.Contains(err.Error(), ErrNoLabels.Error()) {
				t.Errorf("error %v, want %q", err, test.err)
			}
			if len(r.Marks) != test.marks || bytes > test.bytes || took > 20*time.Second {
				t.Errorf("%d marks of %d, %d MB, %v", len(r.Marks), test.marks, bytes>>20, took)
			}
			t.Logf("%d MB in %v: %d marks, %d faults, %d MB taken; %.150v", len(test.b)>>20, took.Round(time.Millisecond), len(r.Marks), len(r.Faults), bytes>>20, err)
		})
	}
}

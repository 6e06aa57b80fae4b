package data

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"
)

// Whatever the text, its decoding ends soon and with little memory.
func TestYAMLEnds(t *testing.T) {
	merges := "a0: &a0 {hop: 1, rate: 2}\n"
	for i := range 40 {
		merges += fmt.Sprintf("a%d: &a%d {<<: [*a%d, *a%d, *a%d]}\n", i+1, i+1, i, i, i)
	}
	lists := "l0: &l0 [1,1]\n"
	for i := range 40 {
		lists += fmt.Sprintf("l%d: &l%d [*l%d,*l%d]\n", i+1, i+1, i, i)
	}
	keys := func(n int) string {
		var b strings.Builder
		b.WriteString("features:\n  notes:\n")
		for i := range n {
			fmt.Fprintf(&b, "    k%d: 1\n", i)
		}
		return b.String()
	}
	deep := func(n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, "%sk:\n", strings.Repeat(" ", i))
		}
		return b.String()
	}
	for _, tc := range []struct{ name, text, want string }{
		{"merges of merges", merges, "aliases stand for more than"},
		{"lists of lists", lists, "aliases stand for more than"},
		{"itself", "steps: &a [*a]\n", "stands for itself"},
		{"dashes", strings.Repeat("- ", 50_000), "nested more than 100 deep"},
		{"questions", strings.Repeat("? ", 50_000), "nested more than 100 deep"},
		{"brackets", strings.Repeat("[", 50_000), "nested more than 100 deep"},
		{"brackets a line", strings.Repeat("[\n", 50_000), "nested more than 100 deep"},
		{"braces", strings.Repeat("{a: ", 50_000), "nested more than 100 deep"},
		{"a list of many", "features: {sizes: [" + strings.Repeat("1,", 300_000) + "]}", "values"},
		{"colons", strings.Repeat("a: ", 50_000), "values"},
		{"anchors", strings.Repeat("&a ", 50_000), "values"},
		{"tags", strings.Repeat("!!x ", 50_000), "values"},
		{"indentation", deep(1000), "nested more than 100 deep"},
		{"many keys", keys(60_000), "lines of settings"},
		{"keys that fit", keys(3900), ""},
		{"a long text", strings.Repeat("x", maxYAML+1), "at most 1 MiB"},
		{"quotes", strings.Repeat("'", 100_000), ""},
		{"blank lines", strings.Repeat("\n", 1_000_000), ""},
		{"two documents", "features: {hop: 1}\n---\nfeatures: {hop: 2}\n", "line 3: a second document"},
		{"an empty second document", "features: {hop: 1}\n---\n", ""},
		{"an alias", "steps:\n- &a {hop: 1}\n- *a\n- {<<: *a, rate: 2}\n", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			start := time.Now()
			err := DecodeYAML([]byte(tc.text), new(yamlOuter))
			took := time.Since(start)
			runtime.ReadMemStats(&after)
			if tc.want != "" && (err == nil || !strings.Contains(err.Error(), tc.want)) {
				t.Errorf("got %v, want %q", err, tc.want)
			}
			if used := after.TotalAlloc - before.TotalAlloc; took > 10*time.Second || used > 1<<30 {
				t.Errorf("took %v and %d MB", took, used>>20)
			}
			t.Logf("%v, %d MB: %.80v", took.Round(time.Millisecond), (after.TotalAlloc-before.TotalAlloc)>>20, err)
		})
	}
}

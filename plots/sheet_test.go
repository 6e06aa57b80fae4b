package plots

import (
	"strings"
	"testing"

	"gonum.org/v1/plot/vg"
)

func TestFitEndsInAnEllipsis(t *testing.T) {
	for _, name := range []string{"kick", "", strings.Repeat("closed hat ", 100), "\xff\xfe\n\t", "語語語語語語語語語語"} {
		for width := vg.Length(0); width < 200; width += 13 {
			got := noteText.fit(name, width)
			if noteText.width(got) > max(width, noteText.width("…")) {
				t.Errorf("fit(%.20q, %v): %q is %v wide", name, width, got, noteText.width(got))
			}
			if got != oneLine(name) && !strings.HasSuffix(got, "…") {
				t.Errorf("fit(%.20q, %v): %q was cut without a sign", name, width, got)
			}
			if again := noteText.fit(got, width); again != got && width > 13 {
				t.Errorf("fit of %q is %q", got, again)
			}
		}
	}
}

func TestWrapKeepsAllWords(t *testing.T) {
	text := "They are harmonics, evenly spaced, and only some of them are octaves."
	lines := noteText.wrap(text, 90)
	if got := strings.Join(lines, " "); got != text || len(lines) < 3 {
		t.Errorf("got %q in %d lines", got, len(lines))
	}
	for _, line := range lines {
		if noteText.width(line) > 90 {
			t.Errorf("%q is %v wide", line, noteText.width(line))
		}
	}
}

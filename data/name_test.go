package data_test

import (
	"strings"
	"testing"

	"prep/data"
)

func TestNamesArePlainText(t *testing.T) {
	for _, tc := range []struct{ text, want string }{
		{"kick", "kick"}, {" hi hat\n", "hi hat"}, {"e\u0301", "é"}, {"C#", "C#"}, {"50%", "50%"}, {"ハイハット", "ハイハット"},
		{strings.Repeat("a", 255), strings.Repeat("a", 255)},
		{"", ""}, {" \t", ""}, {strings.Repeat("a", 256), ""}, {"a\nb", ""}, {"\x1b[31mred", ""}, {"a\u009bb", ""},
		{"a\x00b", ""}, {"a\u2028b", ""}, {"a\u202eb", ""}, {"\xff\xfe", ""}, {"a\xed\xa0\x80", ""}, {"a\ufffdb", ""},
	} {
		got, err := data.Name(tc.text)
		if got != tc.want || (err == nil) != (tc.want != "") {
			t.Errorf("%q: got %q, %v, want %q", tc.text, got, err, tc.want)
		}
	}
}

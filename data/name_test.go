package data_test

import (
	"strings"
	"testing"
	"unicode/utf8"

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

func TestFileNamesAreOfOneNameEach(t *testing.T) {
	long := strings.Repeat("ハ", 100)
	of := map[string]string{}
	for _, name := range []string{"kick", "C#", "50%", "hi-hat", "hi hat", "hi/hat", "hi:hat", "a\tb", long, long + "x", long[3:], "\xff", "\xfe"} {
		got := data.FileName(name)
		if other, taken := of[got]; taken || len(got) > 128 || strings.ContainsAny(got, "/\\: \t") || !utf8.ValidString(got) || data.FileName(got) != got {
			t.Errorf("%q: got %q, that of %q too", name, got, other)
		}
		of[got] = name
	}
	for _, same := range []string{"kick", "C#", "50%", "hi-hat"} {
		if of[same] != same {
			t.Errorf("%s has another name", same)
		}
	}
}

func FuzzName(f *testing.F) {
	f.Add("hi hat")
	f.Add("a\xffb\u202e")
	f.Fuzz(func(t *testing.T, text string) {
		name := data.FileName(text)
		if len(name) > 128 || strings.ContainsAny(name, "/\\\x00\n\x1b") || data.FileName(name) != name {
			t.Errorf("%q: a file called %q", text, name)
		}
		kept, err := data.Name(text)
		if err != nil {
			return
		}
		if again, err := data.Name(kept); err != nil || again != kept || len(kept) > data.MaxName || strings.ContainsFunc(kept, data.IsControl) {
			t.Errorf("%q: kept as %q, and that as %q, %v", text, kept, again, err)
		}
	})
}

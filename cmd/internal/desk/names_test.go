package desk

import (
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"

	"prep/data/datatest"
)

// A class has the key and the colour that it got first, whatever comes beside it later.
func TestNamesStay(t *testing.T) {
	n := Names(nil).With([]string{"kick", "hat", "snare"}, map[string]string{"k": "kick"})
	want := "[{kick k #ffb454} {hat 2 #6cc3ff} {snare 3 #7fd693}]"
	if got := fmt.Sprint(n); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	set := datatest.NewBursts(t, 1)
	if err := n.Write(set); err != nil {
		t.Fatal(err)
	}
	again, err := ReadNames(set)
	if err != nil || !reflect.DeepEqual(again, n) {
		t.Fatalf("read %v, %v", again, err)
	}
	more := again.With([]string{"click", "hat", "kick"}, map[string]string{"2": "rim"})
	want = "[{kick k #ffb454} {hat  #6cc3ff} {snare 3 #7fd693} {click 4 #ff8f9c} {rim 2 #c8a6ff}]"
	if got := fmt.Sprint(more); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got := fmt.Sprint(again); got != fmt.Sprint(n) {
		t.Errorf("With changed what it was given: %s", got)
	}
}

func TestEveryClassHasAKey(t *testing.T) {
	var classes []string
	for i := range 24 {
		classes = append(classes, fmt.Sprintf("%c-sound", 'a'+i))
	}
	n := Names(nil).With(classes, nil)
	if err := n.Check(); err != nil {
		t.Fatal(err)
	}
	for _, x := range n {
		if x.Key == "" {
			t.Errorf("%s has no key", x.Class)
		}
	}
	if n[10].Key != "k" || n[9].Key != "0" || n[12].Key != "b" { // k of k-sound; m is a command
		t.Errorf("keys are %v", n)
	}
}

func TestNamesThatCannotBe(t *testing.T) {
	set := datatest.NewBursts(t, 1)
	for text, want := range map[string]string{
		`{"names":[{"class":"","key":"k","colour":"#ffb454"}]}`:                                             "the name is empty",
		`{"names":[{"class":"a","key":"K","colour":"#ffb454"}]}`:                                            `key "K": must be one small letter or digit`,
		`{"names":[{"class":"a","key":"kk","colour":"#ffb454"}]}`:                                           `key "kk"`,
		`{"names":[{"class":"a","key":"k","colour":"red"}]}`:                                                `colour "red"`,
		`{"names":[{"class":"a","key":"k","colour":"#ffb454"},{"class":"a","key":"","colour":"#ffb454"}]}`:  `"a" is there twice`,
		`{"names":[{"class":"a","key":"k","colour":"#ffb454"},{"class":"b","key":"k","colour":"#ffb454"}]}`: `key k is that of "a" and of "b"`,
		`{"names":`: "unexpected end",
	} {
		if err := os.WriteFile(set.Path(NamesFile), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		if _, err := ReadNames(set); err == nil || !strings.Contains(err.Error(), want) || !strings.HasPrefix(err.Error(), NamesFile) {
			t.Errorf("%s: got %v, want %s", text, err, want)
		}
	}
}

func TestTwins(t *testing.T) {
	n := Names(nil).With([]string{"hi hat", "kick", "Hi-Hat"}, nil)
	if a, b, are := n.Twins(); !are || a != "hi hat" || b != "Hi-Hat" {
		t.Errorf("got %q, %q, %v", a, b, are)
	}
	if _, _, are := n[:2].Twins(); are {
		t.Error("twins where there are none")
	}
}

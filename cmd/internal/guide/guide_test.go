package guide

import (
	"errors"
	"io"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"

	"prep/data"
	"prep/data/datatest"
)

func TestABuildSaysItsCommit(t *testing.T) {
	for _, c := range []struct {
		settings []debug.BuildSetting
		revision string
		when     time.Time
	}{
		{nil, "", time.Time{}},
		{[]debug.BuildSetting{{Key: "vcs.modified", Value: "true"}, {Key: "vcs.revision", Value: "abc"}, {Key: "vcs.time", Value: "2026-11-28T14:45:00Z"}},
			"abc, modified", time.Date(2026, 11, 28, 14, 45, 0, 0, time.UTC)},
		{[]debug.BuildSetting{{Key: "vcs.revision", Value: "abc"}, {Key: "vcs.modified", Value: "false"}}, "abc", time.Time{}},
	} {
		if revision, when := buildOf(c.settings); revision != c.revision || !when.Equal(c.when) {
			t.Errorf("got %q, %v, want %q, %v", revision, when, c.revision, c.when)
		}
	}
}

// A list is completed at its end, and what a set is called cannot command a shell.
func TestValuesAreOfferedByWhatIsWritten(t *testing.T) {
	set := datatest.NewSet(t, datatest.Contents{Recordings: []data.Recording{
		{ID: "000000000000000a", Name: "ada/1.wav", Group: "ada", Rate: 44100, Samples: 10},
		{ID: "000000000000000b", Name: "ben/1.wav", Group: "ben", Rate: 44100, Samples: 10}}})
	cmd := &cobra.Command{Use: "label"}
	cmd.Flags().String("set", set.Path(), "")
	for _, c := range []struct {
		from    offer
		args    []string
		written string
		want    []string
	}{
		{groups, nil, "", []string{"ada", "ben"}},
		{groups, nil, "ada,b", []string{"ada,ben"}},
		{groups, []string{"ada"}, "", []string{"ben"}},
		{recordings, nil, "ben", []string{"ben/1.wav"}},
		{patchKinds, nil, "mel+mf", []string{"mel+mfcc"}},
		{fixed("a\x1bb", ":4"), nil, "", []string{"a\\u001bb", "\\u003a4"}},
		{models, nil, "", nil},
	} {
		if got, _ := c.from.complete(cmd, c.args, c.written); !slices.Equal(got, c.want) {
			t.Errorf("%q behind %q: got %q, want %q", c.written, c.args, got, c.want)
		}
	}
}

func TestAnOldNameSetsTheNewOne(t *testing.T) {
	var said strings.Builder
	kind := "mel"
	cmd := &cobra.Command{Use: "train", RunE: func(*cobra.Command, []string) error { return nil }}
	cmd.Flags().StringVar(&kind, "kind", kind, "the kind")
	Renamed(cmd, &said, "features", "kind")
	cmd.SetOut(io.Discard)
	cmd.SetArgs([]string{"--features", "pcen"})
	if err := cmd.Execute(); err != nil || kind != "pcen" || said.String() != "--features is --kind now\n" {
		t.Errorf("got %v, %q, %q", err, kind, said.String())
	}
	if usage := cmd.UsageString(); strings.Contains(usage, "features") {
		t.Errorf("help shows the old name: %s", usage)
	}
	err := FlagFault(cmd, errors.New("x"))
	if !strings.Contains(err.Error(), "see `train --help`") {
		t.Errorf("got %v", err)
	}
}

func TestAModelIsNamedByItsNameOrItsFolder(t *testing.T) {
	set := datatest.NewSet(t, datatest.Contents{Recordings: []data.Recording{}})
	if err := set.WriteFile("models/mine/report.json", func(w io.Writer) error { return nil }); err != nil {
		t.Fatal(err)
	}
	for named, want := range map[string]string{"mine": set.Path("models", "mine"), "other": "other", "": "", "a/mine": "a/mine", ".": "."} {
		if got := ModelFolder(set.Path(), named); got != want {
			t.Errorf("%q: got %q, want %q", named, got, want)
		}
	}
	if got := ModelFolder("", "mine"); got != "mine" {
		t.Errorf("without a set: got %q", got)
	}
}

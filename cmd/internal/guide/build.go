package guide

import (
	"runtime/debug"
	"time"
)

// Build returns what the program was built from, "" where the build does not say, and when that was committed.
func Build() (revision string, committed time.Time) {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "", committed
	}
	return buildOf(info.Settings)
}

func buildOf(settings []debug.BuildSetting) (revision string, committed time.Time) {
	for _, s := range settings {
		switch {
		case s.Key == "vcs.revision":
			revision = s.Value + revision
		case s.Key == "vcs.modified" && s.Value == "true":
			revision += ", modified"
		case s.Key == "vcs.time":
			committed, _ = time.Parse(time.RFC3339, s.Value) // a zero time is no date
		}
	}
	return revision, committed
}

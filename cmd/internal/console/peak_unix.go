//go:build unix

package console

import (
	"runtime"

	"golang.org/x/sys/unix"
)

// peakMB returns the most memory that the program has held at a time, in MB: see getrusage(2), which counts
// in KiB but on macOS.
func peakMB() int {
	var usage unix.Rusage
	if unix.Getrusage(unix.RUSAGE_SELF, &usage) != nil {
		return memoryMB()
	}
	bytes := float64(usage.Maxrss)
	if runtime.GOOS != "darwin" && runtime.GOOS != "ios" {
		bytes *= 1024
	}
	return int(bytes / 1e6)
}

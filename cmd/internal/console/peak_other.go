//go:build !unix

package console

import "runtime/metrics"

// peakMB returns the most memory that Go has had of the system at a time, in MB: it keeps the addresses of
// what it gives back.
func peakMB() int {
	total := []metrics.Sample{{Name: "/memory/classes/total:bytes"}}
	metrics.Read(total)
	return int(total[0].Value.Uint64() / 1e6)
}

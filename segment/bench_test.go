package segment

import (
	"testing"

	"prep/data"
)

// BenchmarkHits reports how many seconds of audio are segmented in a second,
// three hits in each.
func BenchmarkHits(b *testing.B) {
	const seconds = 30
	var onsets []int
	for at := 5000; at < seconds*int(rate)-5000; at += 14700 {
		onsets = append(onsets, at)
	}
	clip := data.Clip{Rate: rate, Samples: bursts(seconds*int(rate), 0.001, 1500, onsets...)}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Default().Hits(clip); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(seconds*float64(b.N)/b.Elapsed().Seconds(), "x_real_time")
}

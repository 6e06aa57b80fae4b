package data

import "testing"

func TestLongestHitIsTheLastBelowMaxHit(t *testing.T) {
	for _, rate := range []Rate{21, 4000, 8000, 11025, 22050, 37800, 44100, 48000, 96000, 192000, 384000} {
		n := LongestHit(rate)
		if rate.D(n) >= MaxHit || rate.D(n+1) < MaxHit {
			t.Errorf("at %d Hz: %d samples last %v and one more %v", rate, n, rate.D(n), rate.D(n+1))
		}
	}
	if got := LongestHit(44100); got != 2204 {
		t.Errorf("at 44100 Hz: got %d, want 2204", got)
	}
	if got := LongestHit(10); got != 1 {
		t.Errorf("at 10 Hz: got %d, want 1", got)
	}
}

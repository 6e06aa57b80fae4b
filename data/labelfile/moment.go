package labelfile

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Moments and durations as tables write them.

// number reads a number or a clock's time, minutes:seconds or
// hours:minutes:seconds, or one with its unit, "5 ms", in seconds; clock is true
// of the latter. A decimal comma is one of some languages. What is not a number ("nan" is one) is ok
// false.
func number(s string) (v float64, clock, ok bool) {
	s = strings.TrimSpace(s)
	if s == "" || !strings.ContainsRune("0123456789.,-+nN", rune(s[0])) {
		return 0, false, false
	}
	if !strings.Contains(s, ".") {
		s = strings.Replace(s, ",", ".", 1)
	}
	if strings.Contains(s, ":") {
		v, ok = clockTime(s)
		return v, true, ok
	}
	if strings.ContainsAny(s, "xXpP_iI") {
		return 0, false, false
	}
	if s[len(s)-1] == 's' {
		v, ok = withUnit(s)
		return v, true, ok
	}
	v, err := strconv.ParseFloat(s, 64)
	return v, false, err == nil
}

// clockTime reads minutes:seconds and hours:minutes:seconds.
func clockTime(s string) (float64, bool) {
	parts := strings.Split(s, ":")
	last := len(parts) - 1
	if last > 2 || strings.ContainsAny(s, "xXpP_iInNeE+-") {
		return 0, false
	}
	v, err := strconv.ParseFloat(parts[last], 64)
	if err != nil || v >= 60 {
		return 0, false
	}
	for i, unit := last-1, 60.0; i >= 0; i, unit = i-1, 60*unit {
		n, err := strconv.ParseUint(parts[i], 10, 32)
		if err != nil {
			return 0, false
		}
		v += unit * float64(n)
	}
	return v, true
}

// seconds reads a time of a table whose numbers count in units of so many
// seconds. It fails on what is no time of a recording.
func seconds(s string, unit float64) (float64, error) {
	v, clock, ok := number(s)
	if !ok || math.IsNaN(v) {
		return 0, fmt.Errorf("%.40q is not a time", s)
	}
	if !clock {
		v *= unit
	}
	if v < 0 || v > 1e9 {
		return 0, fmt.Errorf("%v s lies outside any recording", v)
	}
	return v, nil
}

// withUnit reads a number with its unit behind it: "0.5 s", "500ms".
func withUnit(s string) (float64, bool) {
	digits, unit := s[:len(s)-1], 1.
	if n, found := strings.CutSuffix(digits, "m"); found {
		digits, unit = n, 1e-3
	}
	v, err := strconv.ParseFloat(strings.TrimSpace(digits), 64)
	return v * unit, err == nil
}

// unitSeconds returns how many seconds a unit is; samples are those of the
// source. It is 0 where nobody knows.
func unitSeconds(unit string, src Source) float64 {
	switch unit {
	case "s", "":
		return 1
	case "ms":
		return 1e-3
	case "us":
		return 1e-6
	case "samples":
		if src.Rate > 0 {
			return 1 / float64(src.Rate)
		}
	}
	return 0
}

// micro writes a time to the microsecond, which tells samples apart at any rate
// up to 500 kHz.
func micro(seconds float64) string { return strconv.FormatFloat(seconds, 'f', 6, 64) }

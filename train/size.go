package train

import (
	"fmt"
	"strconv"
	"strings"
)

// Size is an extent on the plane of a patch: Bands (the height, frequency) by
// Frames (the width, time). In text it is "bands x frames" without spaces,
// "7x3"; a single number is a square.
type Size struct{ Bands, Frames int }

// String returns "bands x frames" as UnmarshalText reads it: "7x3".
func (s Size) String() string { return fmt.Sprintf("%dx%d", s.Bands, s.Frames) }

// MarshalText implements encoding.TextMarshaler.
func (s Size) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// maxSide bounds both sides of a window over a map.
const maxSide = 4096

// UnmarshalText reads "7x3" or "5". It fails unless both numbers are from 1 to 4096.
func (s *Size) UnmarshalText(text []byte) error {
	h, w, both := strings.Cut(string(text), "x")
	if !both {
		w = h
	}
	bands, errH := strconv.Atoi(h)
	frames, errW := strconv.Atoi(w)
	if errH != nil || errW != nil || bands < 1 || frames < 1 || bands > maxSide || frames > maxSide {
		return fmt.Errorf("size %.40q: want bands x frames such as 5x5, both from 1 to %d", text, maxSide)
	}
	*s = Size{bands, frames}
	return nil
}

// IsZero reports whether s was left out.
func (s Size) IsZero() bool { return s == Size{} }

// orElse returns s, and t when s was left out.
func (s Size) orElse(t Size) Size {
	if s.IsZero() {
		return t
	}
	return s
}

// Extent returns what s covers in milliseconds and hertz where frames are hopMs
// apart and bands hzPerBand (their mean distance when they are uneven, as mel
// bands are).
func (s Size) Extent(hopMs, hzPerBand float64) (ms, hz float64) {
	return float64(s.Frames) * hopMs, float64(s.Bands) * hzPerBand
}

package labelfile

import (
	"fmt"
	"strconv"
	"strings"
)

// Markers in XMP, as Adobe Audition writes them beside a recording (.xmp) or
// into it: lists of markers, each list a track with a rate in which the times of
// its markers are counted:
// https://github.com/adobe/xmp-docs/blob/master/XMPNamespaces/XMPDataTypes/Marker.md

// xmpMarker is a marker; times are as the file writes them.
type xmpMarker struct {
	start, duration, name, comment string
	rate                           float64
}

// xmpFile is what a file says.
type xmpFile struct {
	rate    float64 // of the track at hand: counts a second
	markers []xmpMarker
	within  []string // the elements that are open
}

func isXMP(in *input) bool {
	return strings.Contains(in.head, "<x:xmpmeta") || strings.Contains(in.head, "<?xpacket")
}

func readXMP(in *input, out *reading) error {
	f := xmpFile{rate: 1}
	if err := walkXML(xmlText(in, out), f.open, f.close); err != nil {
		out.addFault(1, fmt.Errorf("the XML cannot be read from here: %w", err))
	}
	for i, m := range f.markers {
		onset, err := xmpTime(m.start, m.rate)
		if err != nil {
			out.addFault(i+1, err)
			continue
		}
		k := Mark{Line: i + 1, Onset: onset, Class: m.name}
		if length, err := xmpTime(m.duration, m.rate); err == nil && length > 0 {
			k.End = onset + length
		}
		if k.Class == "" || autoName.MatchString(k.Class) {
			k.Class = m.comment
		}
		if !out.addMark(k) {
			break
		}
	}
	return nil
}

// open takes in the start of an element; properties are attributes or elements.
func (f *xmpFile) open(name string, a xmlAttrs) {
	f.within = append(f.within, name)
	if rate, ok := xmpRate(a["frameRate"]); ok {
		f.rate = rate
	}
	if name == "Tracks" {
		f.rate = 1
	}
	if f.inMarkers() && name == "li" && len(f.within) >= 3 && f.within[len(f.within)-3] == "markers" {
		f.markers = append(f.markers, xmpMarker{rate: f.rate})
	}
	for _, key := range []string{"startTime", "duration", "name", "comment"} {
		f.set(key, a[key])
	}
}

func (f *xmpFile) inMarkers() bool {
	for _, name := range f.within {
		if name == "markers" {
			return true
		}
	}
	return false
}

// set sets a property of the marker at hand.
func (f *xmpFile) set(key, value string) {
	if len(f.markers) == 0 || !f.inMarkers() || value == "" {
		return
	}
	m := &f.markers[len(f.markers)-1]
	into := map[string]*string{"startTime": &m.start, "duration": &m.duration, "name": &m.name, "comment": &m.comment}[key]
	if into != nil {
		*into = value
	}
}

func (f *xmpFile) close(name, text string) {
	f.within = f.within[:len(f.within)-1]
	text = strings.TrimSpace(text)
	if rate, ok := xmpRate(text); ok && name == "frameRate" {
		f.rate = rate
	}
	if name == "li" && len(f.within) >= 2 && f.within[len(f.within)-1] == "Alt" { // one language of several
		name = f.within[len(f.within)-2]
	}
	f.set(name, text)
}

// xmpRate reads a rate: "f44100", or "f30000s1001" for a fraction.
func xmpRate(text string) (float64, bool) {
	number, fraction, _ := strings.Cut(strings.TrimPrefix(text, "f"), "s")
	v, err := strconv.ParseFloat(number, 64)
	if by, err := strconv.ParseFloat(fraction, 64); err == nil && by > 0 {
		v /= by
	}
	return v, err == nil && v > 0 && strings.HasPrefix(text, "f")
}

// xmpTime reads a number of counts at a rate, which may follow: "2205f44100".
func xmpTime(text string, rate float64) (float64, error) {
	number, own, ok := strings.Cut(text, "f")
	if ok {
		if v, good := xmpRate("f" + own); good {
			rate = v
		}
	}
	if text == "" {
		number = "0"
	}
	v, err := strconv.ParseFloat(number, 64)
	if err != nil {
		return 0, fmt.Errorf("%.40q is not a number of counts", text)
	}
	return v / rate, nil
}

package labelfile

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"unicode/utf16"
	"unicode/utf8"
)

// Praat's binary TextGrids: big-endian; strings of classes have a byte for their
// length, others two, which are -1 before the number of the characters of UTF-16
// that follow; one of two units counts once (praat, abcio.cpp).

const binaryMagic = "ooBinaryFile"

func isBinaryTextGrid(in *input) bool {
	return len(in.raw) > len(binaryMagic) && string(in.raw[:len(binaryMagic)]) == binaryMagic
}

// octets reads numbers and strings from bytes.
type octets struct {
	b   []byte
	at  int
	err error
}

// take returns the next n bytes.
func (o *octets) take(n int) []byte {
	if o.err == nil && (n < 0 || n > len(o.b)-o.at) {
		o.err = fmt.Errorf("the TextGrid ends too early")
	}
	if o.err != nil {
		return make([]byte, 8)[:max(0, min(n, 8))]
	}
	o.at += n
	return o.b[o.at-n : o.at]
}

func (o *octets) count() int { return int(int32(binary.BigEndian.Uint32(o.take(4)))) }

// number returns the next number; one that is none is an error.
func (o *octets) number() float64 {
	v := math.Float64frombits(binary.BigEndian.Uint64(o.take(8)))
	if o.err == nil && (math.IsNaN(v) || math.IsInf(v, 0)) {
		o.err = fmt.Errorf("a time that is no number")
	}
	return v
}

// name returns the next string with a byte for its length.
func (o *octets) name() string { return string(o.take(int(o.take(1)[0]))) }

// text returns the next string with two bytes for its length.
func (o *octets) text() string {
	n := binary.BigEndian.Uint16(o.take(2))
	if n != 0xffff {
		return latin1(o.take(int(n)))
	}
	var units []uint16
	for range binary.BigEndian.Uint16(o.take(2)) {
		u := binary.BigEndian.Uint16(o.take(2))
		if units = append(units, u); u >= 0xd800 && u < 0xdc00 {
			units = append(units, binary.BigEndian.Uint16(o.take(2)))
		}
		if o.err != nil {
			break
		}
	}
	return string(utf16.Decode(units))
}

// latin1 reads the bytes of a string that Praat writes without UTF-16.
func latin1(b []byte) string {
	r := make([]rune, len(b))
	for i, c := range b {
		r[i] = rune(c)
	}
	return string(r)
}

// readBinaryTextGrid reads a TextGrid that Praat saved as a binary file. The
// line of a mark is its number in its tier.
func readBinaryTextGrid(in *input, out *reading) error {
	o := &octets{b: in.raw, at: len(binaryMagic)}
	if class := o.name(); class != "TextGrid" {
		return fmt.Errorf("%w: it is Praat's %q, not a TextGrid", ErrNoLabels, class)
	}
	g := grid{xmin: o.number(), xmax: o.number()}
	if o.take(1)[0] == 0 {
		return fmt.Errorf("%w: it has no tiers", ErrNoLabels)
	}
	for range min(o.count(), maxTiers) {
		t := tier{kind: o.name(), name: cleanName(o.text())}
		o.number()
		o.number()
		o.tier(&t, min(o.count(), maxIntervals))
		if g.tiers = append(g.tiers, t); o.err != nil {
			break
		}
	}
	g.choose(in, out)
	if o.err != nil {
		out.addFault(1, o.err)
	}
	return nil
}

// tier reads n intervals or points into a tier.
func (o *octets) tier(t *tier, n int) {
	for i := range n {
		m := Mark{Line: i + 1, Onset: o.number()}
		if t.kind == "IntervalTier" {
			m.End = o.number()
		}
		m.Class = cleanName(o.text())
		if o.err != nil {
			return
		}
		t.add(m)
	}
}

// writeBinaryTextGrid writes what writeTextGrid does, for Praat alone.
func writeBinaryTextGrid(w io.Writer, r Recording) error {
	end, intervals, points := gridOf(r)
	b := bufio.NewWriter(w)
	put := func(values ...any) {
		for _, v := range values {
			binary.Write(b, binary.BigEndian, v)
		}
	}
	name := func(s string) { put(uint8(len(s)), []byte(s)) }
	text := func(s string) {
		put(uint16(0xffff), uint16(utf8.RuneCountInString(s)), utf16.Encode([]rune(s)))
	}
	tiers := int32(1)
	if len(points) > 0 {
		tiers = 2
	}
	b.WriteString(binaryMagic)
	name("TextGrid")
	put(0., end, uint8(1), tiers)
	head := func(kind string, n int) {
		name(kind)
		text("hits")
		put(0., end, int32(n))
	}
	head("IntervalTier", len(intervals))
	for _, v := range intervals {
		put(v.from, v.to)
		text(v.text)
	}
	if len(points) > 0 {
		head("TextTier", len(points))
	}
	for _, v := range points {
		put(v.from)
		text(v.text)
	}
	return b.Flush()
}
